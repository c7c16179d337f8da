package dev.tfgraphs.graphs;

/**
 * Thrown where a predictor joins calls and as many samples wait already as may: nothing is wrong
 * with the call, which may be made again later. An HTTP server answers 503.
 */
public final class QueueFullException extends GraphException {
  private static final long serialVersionUID = 1L;

  QueueFullException(String message) {
    super(message);
  }
}
