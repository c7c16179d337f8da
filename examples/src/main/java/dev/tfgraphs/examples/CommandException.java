package dev.tfgraphs.examples;

import org.jspecify.annotations.Nullable;

/**
 * Thrown when a command was asked for something impossible. The message says which option or file,
 * what was expected and what was received.
 */
final class CommandException extends RuntimeException {
  private static final long serialVersionUID = 1L;

  private final String reason;

  CommandException(String message) {
    super(message);
    this.reason = message;
  }

  CommandException(String message, Throwable cause) {
    super(message, cause);
    this.reason = message;
  }

  private CommandException(String reason, String advice, @Nullable Throwable cause) {
    super(reason + "; " + advice, cause);
    this.reason = reason;
  }

  /** The same whose message ends with what to do about it. */
  CommandException advising(String advice) {
    return new CommandException(reason, advice, getCause());
  }

  /** The message without advice, which only some commands can take. */
  String reason() {
    return reason;
  }
}
