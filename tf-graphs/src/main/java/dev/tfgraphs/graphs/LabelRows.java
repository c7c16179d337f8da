package dev.tfgraphs.graphs;

import org.tensorflow.Tensor;

/**
 * Whether rows of labels, each filled up with 0, can be laid along the steps of an output. Keras
 * trains on what cannot, by a loss of some 709 that says nothing.
 */
final class LabelRows {
  private LabelRows() {}

  /**
   * Fails if one of the rows cannot.
   *
   * @param rows what {@code labels} are the numbers of, {@code (batch, length)}
   */
  static void check(String call, Tensor rows, int[] labels, int steps) {
    int length = Math.toIntExact(rows.shape().get(1));
    for (int from = 0; from < labels.length; from += length) {
      int needed = 0;
      for (int i = from; i < from + length && labels[i] != 0; i++) {
        needed += i > from && labels[i] == labels[i - 1] ? 2 : 1;
      }
      checkFilled(call, rows, labels, from, from + length);
      if (needed > steps) {
        throw new GraphException(
            "%s: expected labels that fit into %d steps, one for each and one between equal ones,"
                    .formatted(call, steps)
                + " received some that need %d in sample %d of a batch"
                    .formatted(needed, from / length));
      }
    }
  }

  private static void checkFilled(String call, Tensor rows, int[] labels, int from, int to) {
    for (int i = from + 1; i < to; i++) {
      if (labels[i] != 0 && labels[i - 1] == 0) {
        throw new GraphException(
            "%s: expected labels from 1 on, with 0 behind the last, received %d behind a 0 %s"
                .formatted(call, labels[i], Admission.placed(rows, i)));
      }
    }
  }
}
