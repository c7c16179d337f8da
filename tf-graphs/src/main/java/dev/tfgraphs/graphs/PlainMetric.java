package dev.tfgraphs.graphs;

import com.google.common.base.Ascii;

/** Metrics without settings. */
enum PlainMetric implements Metric {
  ACCURACY,
  CATEGORICAL_ACCURACY,
  SPARSE_CATEGORICAL_ACCURACY,
  EXACT_ACCURACY,
  ROOT_MEAN_SQUARED_ERROR;

  /** Keras's name, which two have: one is chosen by what the loss takes, the other has a class. */
  String keras() {
    return this == EXACT_ACCURACY ? "accuracy" : Ascii.toLowerCase(name());
  }
}
