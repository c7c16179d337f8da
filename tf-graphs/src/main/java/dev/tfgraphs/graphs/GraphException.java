package dev.tfgraphs.graphs;

/**
 * Thrown when a description cannot be run: data that do not fit a model, an op that cannot be
 * trained, a closed trainer, a failure of TensorFlow. The message says where, what was expected and
 * what was received.
 */
public sealed class GraphException extends RuntimeException
    permits InvalidLoss, QueueFullException {
  private static final long serialVersionUID = 1L;

  /** Makes an exception that says {@code message}. */
  public GraphException(String message) {
    super(message);
  }

  /** Makes an exception that says {@code message} and keeps its cause. */
  public GraphException(String message, Throwable cause) {
    super(message, cause);
  }
}
