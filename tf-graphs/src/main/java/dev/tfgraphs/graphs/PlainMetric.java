package dev.tfgraphs.graphs;

/** Metrics without settings. */
enum PlainMetric implements Metric {
  ACCURACY,
  CATEGORICAL_ACCURACY,
  SPARSE_CATEGORICAL_ACCURACY,
  ROOT_MEAN_SQUARED_ERROR
}
