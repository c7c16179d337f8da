package dev.tfgraphs.graphs;

import java.util.Map;

/** What hears of a fit's progress. */
public interface Callback {
  /**
   * Called after each epoch and its validation.
   *
   * @param epoch counted from 0
   * @param logs loss and metrics of the epoch, those of the validation under {@code val_...}
   */
  default void epochEnd(int epoch, Map<String, Double> logs) {}

  /**
   * Called after each step.
   *
   * @param step counted from 0 in each epoch
   */
  default void batchEnd(int step) {}
}
