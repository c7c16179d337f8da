package dev.tfgraphs.graphs;

/** How the weighted values of a batch become its loss (keras/src/losses/loss.py). */
public enum Reduction {
  /** Their sum over their number, not over the weights' sum; Keras's default. */
  SUM_OVER_BATCH_SIZE,
  /** Their sum. */
  SUM,
  /** Keras's other word for {@link #SUM_OVER_BATCH_SIZE}. */
  MEAN,
  /** Their sum over the sum of the weights. */
  MEAN_WITH_SAMPLE_WEIGHT,
  /** The values themselves: training follows the gradient of their sum and reports their mean. */
  NONE
}
