package dev.tfgraphs.graphs;

import com.google.common.primitives.Doubles;
import com.google.common.primitives.Floats;
import dev.tfgraphs.graphs.ConfusionMetric.AreaUnderCurve;
import dev.tfgraphs.graphs.ConfusionMetric.Best;
import dev.tfgraphs.graphs.ConfusionMetric.Counts;
import dev.tfgraphs.ops.Shape;
import java.util.List;
import java.util.Optional;
import java.util.OptionalInt;
import java.util.stream.IntStream;
import org.tensorflow.Output;
import org.tensorflow.proto.DataType;

/**
 * Metrics of what is found above thresholds (keras/src/metrics/confusion_metrics.py,
 * metrics_utils.py).
 */
final class Confusions {
  /** What Keras puts outputs to that are not among the likeliest. */
  private static final double LOWEST = -1e10;

  /**
   * Outputs {@code (values, number)}, and what they count for right and for wrong: {@code (values,
   * number, 2)}.
   */
  private record Labels(Output<?> outputs, Output<?> counts, int number) {}

  private final Emitter e;
  private final Arithmetic m;
  private final Gauge.Builder gauge;
  private final String name;
  private final Outcome outcome;

  Confusions(Emitter e, Gauge.Builder gauge, String name, Outcome outcome) {
    this.e = e;
    this.m = new Arithmetic(e);
    this.gauge = gauge;
    this.name = name;
    this.outcome = outcome;
    outcome.targets().needNumbers(name);
  }

  Output<?> result(ConfusionMetric metric) {
    if (metric instanceof Counts counts) {
      return counts(counts);
    }
    return metric instanceof Best best ? best(best) : area((AreaUnderCurve) metric);
  }

  private Output<?> counts(Counts metric) {
    double[] thresholds =
        metric.thresholds().isEmpty()
            ? new double[] {metric.topK().isPresent() ? LOWEST : 0.5}
            : metric.thresholds().stream().mapToDouble(Double::doubleValue).toArray();
    Output<?> outputs =
        metric.topK().isPresent()
            ? likeliest(outcome.prediction(), metric.topK().getAsInt())
            : outcome.prediction();
    ConfusionTable table = table(labels(outputs, metric.classId()), thresholds);
    Output<?> rates =
        switch (metric.count()) {
          case TRUE_POSITIVES -> table.truePositives();
          case FALSE_POSITIVES -> table.falsePositives();
          case TRUE_NEGATIVES -> table.trueNegatives();
          case FALSE_NEGATIVES -> table.falseNegatives();
          case PRECISION -> table.precision(m);
          case RECALL -> table.recall(m);
        };
    return e.reshape(rates, thresholds.length == 1 ? e.vector(new int[0]) : e.vector(-1));
  }

  private Output<?> likeliest(Output<?> outputs, int k) {
    int classes = outcome.targets().output().size(-1);
    if (k > classes) {
      throw new GraphException(
          "top-k: expected k of at most " + classes + " classes, received " + k);
    }
    Output<?> places = e.op("TopKV2").in(outputs, e.scalar(k)).build().output(1);
    Output<?> hot = m.apply("OneHot", places, e.scalar(classes), m.scalar(1), m.scalar(0));
    Output<?> mask = e.reduce("Sum", hot, false, Arithmetic.rank(hot) - 2);
    return m.add(m.mul(outputs, mask), m.mul(m.oneMinus(mask), LOWEST));
  }

  private Output<?> best(Best metric) {
    double[] thresholds =
        metric.numThresholds() == 1 ? new double[] {0.5} : even(metric.numThresholds());
    ConfusionTable table = table(labels(outcome.prediction(), metric.classId()), thresholds);
    Output<?> wanted =
        switch (metric.rates()) {
          case SENSITIVITY_AT_SPECIFICITY, RECALL_AT_PRECISION -> table.recall(m);
          case SPECIFICITY_AT_SENSITIVITY -> table.specificity(m);
          case PRECISION_AT_RECALL -> table.precision(m);
        };
    Output<?> bound =
        switch (metric.rates()) {
          case SENSITIVITY_AT_SPECIFICITY -> table.specificity(m);
          case SPECIFICITY_AT_SENSITIVITY, PRECISION_AT_RECALL -> table.recall(m);
          case RECALL_AT_PRECISION -> table.precision(m);
        };
    Output<?> enough = m.apply("GreaterEqual", bound, m.scalar(metric.value()));
    return e.reduceAll("Max", m.where(enough, wanted, m.scalar(0)));
  }

  private Output<?> area(AreaUnderCurve metric) {
    int columns = outcome.targets().output().size(-1);
    if (metric.multiLabel() && outcome.targets().output().rank() != 2) {
      throw new GraphException(
          "metric '%s': expected outputs (batch, labels) for several labels, received %s"
              .formatted(name, outcome.targets().output()));
    }
    if (!metric.labelWeights().isEmpty() && metric.labelWeights().size() != columns) {
      throw new GraphException(
          "metric '%s': expected a weight for each of %d labels, received %d"
              .formatted(name, columns, metric.labelWeights().size()));
    }
    Output<?> outputs =
        metric.fromLogits() ? m.apply("Sigmoid", outcome.prediction()) : outcome.prediction();
    Labels labels = labels(outputs, metric);
    Output<?> terms = new Curves(m, metric).terms(table(labels, thresholds(metric)));
    Output<?> areas = e.reduce("Sum", terms, false, 0);
    if (!metric.multiLabel() || metric.labelWeights().isEmpty()) {
      return e.reduceAll("Mean", areas);
    }
    Output<?> weights = vector(metric.labelWeights());
    return m.divNoNan(m.total(m.mul(areas, weights)), m.total(weights));
  }

  private static double[] thresholds(AreaUnderCurve metric) {
    double[] thresholds = even(metric.numThresholds());
    for (int i = 0; i < metric.inner().size(); i++) {
      thresholds[i + 1] = metric.inner().get(i);
    }
    // so that 0 and 1 themselves are above the first and below the last
    thresholds[0] -= 1e-7;
    thresholds[thresholds.length - 1] += 1e-7;
    return thresholds;
  }

  private static double[] even(int number) {
    double[] thresholds = new double[number];
    for (int i = 0; i < number; i++) {
      thresholds[i] = i / (number - 1.0);
    }
    return thresholds;
  }

  private Output<?> vector(List<Double> values) {
    return e.vector(Floats.toArray(values));
  }

  private Labels labels(Output<?> outputs, OptionalInt classId) {
    if (classId.isEmpty()) {
      return labels(outputs, outcome.target(), List.of(), 1);
    }
    int classes = outcome.targets().output().size(-1);
    int wanted = classId.getAsInt();
    if (wanted < 0 || wanted >= classes) {
      throw new GraphException(
          "metric '%s': expected a class from 0 to %d, received %d"
              .formatted(name, classes - 1, wanted));
    }
    return labels(only(wanted, outputs), only(wanted, outcome.target()), List.of(), 1);
  }

  private Output<?> only(int classId, Output<?> x) {
    return m.apply("GatherV2", x, e.vector(classId), e.scalar(-1));
  }

  private Labels labels(Output<?> outputs, AreaUnderCurve metric) {
    return metric.multiLabel()
        ? labels(outputs, outcome.target(), List.of(), outcome.targets().output().size(-1))
        : labels(outputs, outcome.target(), metric.labelWeights(), 1);
  }

  private Labels labels(
      Output<?> outputs, Output<?> target, List<Double> labelWeights, int number) {
    Output<?> right = m.number(m.apply("NotEqual", target, m.scalar(0)));
    Output<?> wrong = m.oneMinus(right);
    Output<?> both =
        e.op("Pack").list(List.of(right, wrong)).attr("axis", (long) Arithmetic.rank(right)).out();
    if (!labelWeights.isEmpty()) {
      both = m.mul(both, m.apply("ExpandDims", vector(labelWeights), e.scalar(-1)));
    }
    Optional<Output<?>> weights = outcome.weightsOn(e, both);
    Output<?> counts = weights.isPresent() ? m.mul(both, weights.get()) : both;
    return new Labels(
        e.reshape(outputs, e.vector(-1, number)),
        e.reshape(counts, e.vector(-1, number, 2)),
        number);
  }

  /** What is gathered at thresholds: evenly spaced ones from a histogram, which is far smaller. */
  private ConfusionTable table(Labels labels, double[] thresholds) {
    Output<?> found =
        evenlySpaced(thresholds) ? histogram(labels, thresholds) : compared(labels, thresholds);
    Output<?> above = gauge.gather("above", Shape.of(thresholds.length, labels.number(), 2), found);
    Output<?> sums = e.reduce("Sum", labels.counts(), false, 0);
    return ConfusionTable.of(m, above, gauge.gather("all", Shape.of(labels.number(), 2), sums));
  }

  /** As {@code numpy.allclose} has it, with Keras's tolerance. */
  private static boolean evenlySpaced(double[] thresholds) {
    double[] even = even(thresholds.length);
    boolean close = thresholds.length >= 3;
    for (int i = 0; i < thresholds.length; i++) {
      double inside = Math.min(1, Math.max(0, thresholds[i]));
      close &= Math.abs(inside - even[i]) <= 1e-7 + 1e-5 * even[i];
    }
    return close;
  }

  private Output<?> histogram(Labels labels, double[] thresholds) {
    int buckets = thresholds.length;
    Output<?> scaled = m.mul(m.clip(labels.outputs(), 0, 1), buckets - 1);
    Output<?> bucket = m.sub(m.apply("Ceil", scaled), m.scalar(1));
    if (thresholds[0] < 0) {
      bucket = m.apply("Relu", bucket);
    }
    // what is at the first threshold has place -1, which the sum leaves out
    Output<?> place = e.cast(bucket, DataType.DT_INT32);
    int number = labels.number();
    if (number > 1) {
      int[] columns = IntStream.range(0, number).toArray();
      place = e.add(e.mul(place, e.scalar(number)), e.vector(columns));
    }
    Output<?> counts = e.reshape(labels.counts(), e.vector(-1, 2));
    Output<?> sums =
        m.apply(
            "UnsortedSegmentSum",
            counts,
            e.reshape(place, e.vector(-1)),
            e.scalar(buckets * number));
    Output<?> histogram = e.reshape(sums, e.vector(buckets, number, 2));
    return e.op("Cumsum").in(histogram, e.scalar(0)).attr("reverse", true).out();
  }

  private Output<?> compared(Labels labels, double[] thresholds) {
    Output<?> bounds = e.reshape(vector(Doubles.asList(thresholds)), e.vector(-1, 1, 1));
    Output<?> above = m.number(m.apply("Greater", labels.outputs(), bounds));
    Output<?> found = m.mul(m.apply("ExpandDims", above, e.scalar(-1)), labels.counts());
    return e.reduce("Sum", found, false, 1);
  }
}
