package dev.tfgraphs.graphs;

import org.tensorflow.GraphOperation;
import org.tensorflow.Output;

/** Right and wrong, found and not found, each {@code (thresholds, labels)}. */
record ConfusionTable(
    Output<?> truePositives,
    Output<?> falsePositives,
    Output<?> trueNegatives,
    Output<?> falseNegatives) {

  /**
   * The table of what is above thresholds, {@code (thresholds, labels, 2)} with right and wrong at
   * the end, of all there is, {@code (labels, 2)}.
   */
  static ConfusionTable of(Arithmetic m, Output<?> above, Output<?> all) {
    GraphOperation found = unpacked(m, above, 2);
    GraphOperation total = unpacked(m, all, 1);
    return new ConfusionTable(
        found.output(0),
        found.output(1),
        m.sub(total.output(1), found.output(1)),
        m.sub(total.output(0), found.output(0)));
  }

  private static GraphOperation unpacked(Arithmetic m, Output<?> x, int axis) {
    return m.e().op("Unpack").in(x).attr("num", 2).attr("axis", axis).build();
  }

  Output<?> precision(Arithmetic m) {
    return m.divNoNan(truePositives, m.add(truePositives, falsePositives));
  }

  Output<?> recall(Arithmetic m) {
    return m.divNoNan(truePositives, m.add(truePositives, falseNegatives));
  }

  Output<?> specificity(Arithmetic m) {
    return m.divNoNan(trueNegatives, m.add(trueNegatives, falsePositives));
  }

  /** What is found of what is wrong. */
  Output<?> falseAlarms(Arithmetic m) {
    return m.divNoNan(falsePositives, m.add(falsePositives, trueNegatives));
  }
}
