package dev.tfgraphs.graphs;

import com.google.common.primitives.Ints;
import dev.tfgraphs.graphs.ConfusionMetric.FBetaScore;
import dev.tfgraphs.graphs.ConfusionMetric.IoU;
import dev.tfgraphs.ops.Shape;
import java.util.Optional;
import org.tensorflow.Output;
import org.tensorflow.proto.DataType;

/**
 * How far what is found and what is right are the same (keras/src/metrics/f_score_metrics.py,
 * iou_metrics.py).
 */
final class Overlaps {
  private final Emitter e;
  private final Arithmetic m;
  private final Gauge.Builder gauge;
  private final String name;
  private final Outcome outcome;

  Overlaps(Emitter e, Gauge.Builder gauge, String name, Outcome outcome) {
    this.e = e;
    this.m = new Arithmetic(e);
    this.gauge = gauge;
    this.name = name;
    this.outcome = outcome;
  }

  Output<?> score(FBetaScore metric) {
    outcome.targets().needNumbers(name);
    outcome.targets().needRows(name);
    Output<?> target = outcome.target();
    Output<?> found = m.number(found(metric, outcome.prediction()));
    boolean micro = metric.average() == FBetaScore.Average.MICRO;
    Output<?> common = counted("true_positives", m.mul(found, target), micro);
    Output<?> all = counted("found", found, micro);
    Output<?> right = counted("right", target, micro);
    Output<?> precision = m.div(common, m.add(all, Arithmetic.EPSILON));
    Output<?> recall = m.div(common, m.add(right, Arithmetic.EPSILON));
    double square = metric.beta() * metric.beta();
    Output<?> sum = m.add(m.mul(precision, square), recall);
    Output<?> mean = m.div(m.mul(precision, recall), m.add(sum, Arithmetic.EPSILON));
    Output<?> scores = m.mul(mean, 1 + square);
    return switch (metric.average()) {
      case NONE, MICRO -> scores;
      case MACRO -> m.mean(scores);
      case WEIGHTED -> m.sum(m.mul(scores, m.div(right, m.add(m.sum(right), Arithmetic.EPSILON))));
    };
  }

  private Output<?> found(FBetaScore metric, Output<?> prediction) {
    if (metric.threshold().isPresent()) {
      return m.apply("Greater", prediction, m.scalar(metric.threshold().getAsDouble()));
    }
    Output<?> largest = m.apply("GreaterEqual", prediction, m.keep("Max", prediction, 1));
    Output<?> something = m.apply("Greater", m.abs(prediction), m.scalar(1e-9));
    return m.apply("LogicalAnd", largest, something);
  }

  private Output<?> counted(String variable, Output<?> values, boolean micro) {
    Optional<Output<?>> weights = outcome.weightsOn(e, values);
    Output<?> weighted = weights.isPresent() ? m.mul(values, weights.get()) : values;
    return micro
        ? gauge.gather(variable, Shape.of(), m.total(weighted))
        : gauge.gather(
            variable,
            Shape.of(outcome.targets().output().size(-1)),
            e.reduce("Sum", weighted, false, 0));
  }

  Output<?> iou(IoU metric) {
    checkPlaces(metric);
    Output<?> target = numbers(metric.sparseTarget(), outcome.target());
    Output<?> prediction = numbers(metric.sparsePrediction(), found(metric, outcome.prediction()));
    int classes = metric.classes();
    Output<?> valid = m.apply("LogicalAnd", within(target, classes), within(prediction, classes));
    if (metric.ignoreClass().isPresent()) {
      Output<?> ignored = e.scalar(metric.ignoreClass().getAsInt());
      valid = m.apply("LogicalAnd", valid, m.apply("NotEqual", target, ignored));
    }
    Output<?> place = e.add(e.mul(target, e.scalar(classes)), prediction);
    // what has place -1 is left out of the sum
    Output<?> counted = m.where(valid, place, e.scalar(-1));
    Output<?> counts =
        m.apply("UnsortedSegmentSum", counts(counted), flat(counted), e.scalar(classes * classes));
    Output<?> table = gauge.gather("total_confusion_matrix", Shape.of(classes * classes), counts);
    return mean(metric, e.reshape(table, e.vector(classes, classes)));
  }

  /** Targets and predictions must have as many numbers, class by class. */
  private void checkPlaces(IoU metric) {
    Targets targets = outcome.targets();
    if (!metric.sparseTarget()) {
      targets.needNumbers(name);
    }
    boolean one = targets.output().size(-1) == 1;
    boolean sparseTarget = targets.classes() || !metric.sparseTarget();
    if (!one && sparseTarget == metric.sparsePrediction()) {
      throw new GraphException(
          "metric '%s': expected targets and outputs alike, received %s and %s; see %s"
              .formatted(
                  name,
                  sparseTarget ? "a class number for each place" : "a number for each class",
                  metric.sparsePrediction() ? "every output" : "the likeliest class",
                  "sparseTarget and sparsePrediction"));
    }
  }

  private Output<?> found(IoU metric, Output<?> prediction) {
    return metric.threshold().isPresent()
        ? m.apply("GreaterEqual", prediction, m.scalar(metric.threshold().getAsDouble()))
        : prediction;
  }

  /** Class numbers, int32 without a last axis of 1. */
  private Output<?> numbers(boolean sparse, Output<?> x) {
    if (!sparse) {
      return m.argMax(x);
    }
    int last = Arithmetic.rank(x) - 1;
    boolean thin = last == outcome.targets().output().rank() - 1 && x.shape().get(last) == 1;
    Output<?> places =
        thin ? e.op("Squeeze").in(x).attr("squeeze_dims", new long[] {last}).out() : x;
    return e.cast(places, DataType.DT_INT32);
  }

  private Output<?> within(Output<?> x, int classes) {
    return m.apply(
        "LogicalAnd",
        m.apply("GreaterEqual", x, e.scalar(0)),
        m.apply("Less", x, e.scalar(classes)));
  }

  private Output<?> flat(Output<?> x) {
    return e.reshape(x, e.vector(-1));
  }

  /** Whole numbers as in Keras: float32 stops counting at 16 million, a few hundred images. */
  private Output<?> counts(Output<?> places) {
    Output<?> ones = m.apply("Fill", e.shape(places), e.scalar(1L));
    Optional<Output<?>> weights = outcome.weightsOn(e, places);
    return flat(weights.isPresent() ? e.mul(ones, e.cast(weights.get(), DataType.DT_INT64)) : ones);
  }

  private Output<?> mean(IoU metric, Output<?> table) {
    Output<?> common = m.apply("DiagPart", table);
    Output<?> all =
        e.sub(e.add(e.reduce("Sum", table, false, 0), e.reduce("Sum", table, false, 1)), common);
    Output<?> wanted = e.vector(Ints.toArray(metric.targetClasses()));
    Output<?> intersection = m.number(m.apply("GatherV2", common, wanted, e.scalar(0)));
    Output<?> union = m.number(m.apply("GatherV2", all, wanted, e.scalar(0)));
    Output<?> occurs = m.number(m.apply("Greater", union, m.scalar(1e-9)));
    Output<?> each = m.mul(occurs, m.div(intersection, m.add(union, Arithmetic.EPSILON)));
    return m.div(m.sum(each), m.add(m.sum(occurs), Arithmetic.EPSILON));
  }
}
