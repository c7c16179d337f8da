package dev.tfgraphs.graphs;

/** A step was not made because its loss is no finite number. */
final class InvalidLoss extends GraphException {
  private static final long serialVersionUID = 1;

  private final boolean finiteWeights;

  /**
   * Says what is left.
   *
   * @param finiteWeights whether the weights before the step, which are those now, are finite: a
   *     step that was made may have spoilt them
   */
  InvalidLoss(String call, boolean finiteWeights, Throwable cause) {
    super(
        call
            + ": expected a finite loss, received one that is not; "
            + (finiteWeights
                ? "the weights are those before this step"
                : "the weights before this step are not finite either: a loss can be finite where"
                    + " its gradients are not, as those of a square root are at 0"),
        cause);
    this.finiteWeights = finiteWeights;
  }

  /** The same, told by another call. */
  InvalidLoss(String call, InvalidLoss cause) {
    this(call, cause.finiteWeights, cause);
  }
}
