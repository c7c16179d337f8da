package dev.tfgraphs.graphs;

import dev.tfgraphs.graphs.ConfusionMetric.AreaUnderCurve;
import dev.tfgraphs.graphs.ConfusionMetric.AreaUnderCurve.Curve;
import dev.tfgraphs.graphs.ConfusionMetric.AreaUnderCurve.Summation;
import org.tensorflow.Output;

/** The strips under a curve, one between two thresholds (keras/src/metrics: AUC.result). */
record Curves(Arithmetic m, AreaUnderCurve metric) {

  /** The areas of the strips, {@code (thresholds - 1, labels)}. */
  Output<?> terms(ConfusionTable table) {
    if (metric.curve() == Curve.PR && metric.summation() == Summation.INTERPOLATION) {
      return interpolated(table);
    }
    return switch (metric.curve()) {
      case ROC -> strips(table.falseAlarms(m), table.recall(m));
      case PR -> strips(table.recall(m), table.precision(m));
      case PRGAIN -> gains(table);
    };
  }

  private Output<?> strips(Output<?> x, Output<?> y) {
    Output<?> heights =
        switch (metric.summation()) {
          case INTERPOLATION -> m.div(m.add(before(y), after(y)), m.scalar(2));
          case MINORING -> m.apply("Minimum", before(y), after(y));
          case MAJORING -> m.max(before(y), after(y));
        };
    return m.mul(m.sub(before(x), after(x)), heights);
  }

  /** Between the counts (Davis and Goadrich, 2006). */
  private Output<?> interpolated(ConfusionTable table) {
    Output<?> right = table.truePositives();
    Output<?> found = m.add(right, table.falsePositives());
    Output<?> more = m.sub(before(right), after(right));
    Output<?> slope = m.divNoNan(more, m.max(m.sub(before(found), after(found)), 0));
    Output<?> intercept = m.sub(after(right), m.mul(slope, after(found)));
    Output<?> zero = m.scalar(0);
    Output<?> both =
        m.apply(
            "LogicalAnd",
            m.apply("Greater", before(found), zero),
            m.apply("Greater", after(found), zero));
    Output<?> ratio = m.divNoNan(before(found), m.max(after(found), 0));
    Output<?> safe = m.where(both, ratio, m.scalar(1));
    Output<?> area = m.mul(slope, m.add(more, m.mul(intercept, m.log(safe))));
    return m.divNoNan(area, m.max(m.add(after(right), after(table.falseNegatives())), 0));
  }

  private Output<?> gains(ConfusionTable table) {
    Output<?> right = table.truePositives();
    Output<?> odds =
        m.divNoNan(
            m.add(right, table.falseNegatives()),
            m.add(table.trueNegatives(), table.falsePositives()));
    Output<?> none = m.apply("Equal", right, m.scalar(0));
    Output<?> recall = gain(odds, table.falseNegatives(), right);
    Output<?> precision = gain(odds, table.falsePositives(), right);
    return strips(
        m.max(m.where(none, m.scalar(0), recall), 0), m.where(none, m.scalar(1), precision));
  }

  private Output<?> gain(Output<?> odds, Output<?> wrong, Output<?> right) {
    return m.oneMinus(m.mul(odds, m.divNoNan(wrong, right)));
  }

  private Output<?> before(Output<?> x) {
    return m.apply("Slice", x, m.e().vector(0, 0), m.e().vector(metric.numThresholds() - 1, -1));
  }

  private Output<?> after(Output<?> x) {
    return m.apply("Slice", x, m.e().vector(1, 0), m.e().vector(-1, -1));
  }
}
