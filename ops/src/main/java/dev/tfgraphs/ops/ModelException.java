package dev.tfgraphs.ops;

/**
 * Thrown when a description is wrong: a setting, a shape, a name or a connection. The message says
 * which layer or argument, what was expected and what was received.
 */
public final class ModelException extends IllegalArgumentException {
  private static final long serialVersionUID = 1L;

  /** Makes an exception that says {@code message}. */
  public ModelException(String message) {
    super(message);
  }

  ModelException(String message, Throwable cause) {
    super(message, cause);
  }
}
