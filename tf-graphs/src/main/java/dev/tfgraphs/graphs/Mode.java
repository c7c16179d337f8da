package dev.tfgraphs.graphs;

/** For what a model is lowered. */
public enum Mode {
  /** Dropout drops, batch normalization uses the batch's statistics and moves its averages. */
  TRAINING,
  /** Nothing random, and the moving averages as they are. */
  INFERENCE
}
