package dev.tfgraphs.examples.serving;

/** Thrown when a request is refused; whoever asked is sent the message. */
final class RequestException extends RuntimeException {
  private static final long serialVersionUID = 1L;
  static final int INVALID = 400;
  static final int NOT_FOUND = 404;
  static final int TOO_LARGE = 413;
  static final int FAILED = 500;
  static final int UNAVAILABLE = 503;

  private final int status;

  /** Refuses with a status code of HTTP. */
  RequestException(int status, String message) {
    super(message);
    this.status = status;
  }

  RequestException(int status, String message, Throwable cause) {
    super(message, cause);
    this.status = status;
  }

  /** Refuses what is wrong in itself. */
  static RequestException invalid(String message) {
    return new RequestException(INVALID, message);
  }

  int status() {
    return status;
  }
}
