package dev.tfgraphs.graphs;

/** A step was not made because its loss is no finite number. */
final class InvalidLoss extends GraphException {
  private static final long serialVersionUID = 1;

  InvalidLoss(String call, Throwable cause) {
    super(
        call
            + ": expected a finite loss, received one that is not; the weights are those before"
            + " this step",
        cause);
  }
}
