package dev.tfgraphs.graphs.data;

/** What TensorFlow says of a failure, without the names of its nodes. */
final class NativeMessage {

  private NativeMessage() {}

  static String of(Throwable failure) {
    String message = failure.getMessage();
    if (message == null || message.isBlank()) {
      return failure.getClass().getSimpleName();
    }
    String first = message.strip().lines().findFirst().orElse("");
    return first
        .replaceAll("\\s*\\[Op:\\w+\\].*$", "")
        .replaceAll("^(\\{\\{.*?\\}\\}\\s*)+", "")
        .replaceAll("\\{\\{\\w+ [^}]*\\}\\}\\s*", "")
        .strip();
  }
}
