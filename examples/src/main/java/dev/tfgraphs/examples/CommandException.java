package dev.tfgraphs.examples;

/**
 * Thrown when a command was asked for something impossible. The message says which option or file,
 * what was expected and what was received.
 */
final class CommandException extends RuntimeException {
  private static final long serialVersionUID = 1L;

  CommandException(String message) {
    super(message);
  }

  CommandException(String message, Throwable cause) {
    super(message, cause);
  }
}
