package dev.tfgraphs.graphs;

/** A step was not made because its loss is no finite number. */
final class InvalidLoss extends GraphException {
  private static final long serialVersionUID = 1;

  /**
   * Says what is known of it.
   *
   * @param received what the loss was
   * @param why what has led to it, and what may help
   */
  InvalidLoss(String call, String received, String why, Throwable cause) {
    super(
        "%s: expected a finite loss, received %s: %s; this step has changed nothing"
            .formatted(call, received, why),
        cause);
  }
}
