package dev.tfgraphs.graphs;

import dev.tfgraphs.ops.Shape;
import java.util.Optional;
import org.tensorflow.Output;

/**
 * Metrics that are the mean, or the sum, of a number for each sample
 * (keras/src/metrics/reduction_metrics.py, accuracy_metrics.py, regression_metrics.py,
 * correlation_metrics.py).
 */
final class MeanMetrics {
  private final Emitter e;
  private final Arithmetic m;
  private final Gauge.Builder gauge;
  private final String name;
  private final Outcome outcome;

  MeanMetrics(Emitter e, Gauge.Builder gauge, String name, Outcome outcome) {
    this.e = e;
    this.m = new Arithmetic(e);
    this.gauge = gauge;
    this.name = name;
    this.outcome = outcome;
  }

  Output<?> result(Metric metric) {
    if (metric == PlainMetric.ROOT_MEAN_SQUARED_ERROR) {
      outcome.targets().needNumbers(name);
      Output<?> error = m.sub(outcome.prediction(), outcome.target());
      return m.apply("Sqrt", mean(m.square(error), Optional.empty()));
    }
    if (metric instanceof Metric.OfLoss of) {
      Losses.Values values = new Losses(e).values(of.loss(), outcome);
      return mean(values.values(), values.mask());
    }
    if (metric instanceof Metric.Own own && own.gathering() == Metric.Own.Gathering.SUM) {
      return sum(values(metric));
    }
    return mean(values(metric), Optional.empty());
  }

  /** The sum of all values, each times the weight of its sample. */
  private Output<?> sum(Output<?> values) {
    Output<?> weighted =
        outcome.weights().isPresent() ? m.mul(values, weights(values, Optional.empty())) : values;
    return gauge.gather("total", Shape.of(), m.total(weighted));
  }

  private Output<?> values(Metric metric) {
    if (metric instanceof PlainMetric accuracy) {
      return accuracy(accuracy);
    }
    if (metric instanceof Metric.BinaryAccuracy binary) {
      return binary(binary.threshold());
    }
    if (metric instanceof Metric.TopK top) {
      return topK(top.k());
    }
    if (metric instanceof Metric.Similarity similarity) {
      return similarity(similarity);
    }
    Metric.Own own = (Metric.Own) metric;
    return OwnFunction.apply(e, "metric", own.name(), own.function(), outcome);
  }

  /**
   * The mean over the samples of all batches. A sample's own values are averaged first, so that
   * large images count as much as small ones.
   */
  private Output<?> mean(Output<?> values, Optional<Output<?>> mask) {
    Output<?> sum = m.total(m.bySample(values));
    Output<?> number = samples(values);
    if (outcome.weights().isPresent()) {
      Output<?> weights = weights(values, mask);
      sum = m.total(m.bySample(m.mul(values, weights)));
      number = m.total(m.bySample(weights));
    }
    Output<?> total = gauge.gather("total", Shape.of(), sum);
    return m.divNoNan(total, gauge.gather("count", Shape.of(), number));
  }

  private Output<?> samples(Output<?> values) {
    return Arithmetic.rank(values) == 0 ? m.size(values) : m.number(Windows.size(e, values, 0));
  }

  /** Keras leaves a mask out of a mean without weights, whose masked values are 0. */
  private Output<?> weights(Output<?> values, Optional<Output<?>> mask) {
    if (Arithmetic.rank(values) == 0) {
      throw new GraphException(
          "metric '%s': expected a value for each sample to weight, received one for the batch"
              .formatted(name));
    }
    Output<?> given = outcome.weightsOn(e, values).orElseThrow();
    return mask.isPresent() ? m.mul(given, mask.get()) : given;
  }

  private Output<?> accuracy(PlainMetric metric) {
    Targets targets = outcome.targets();
    if (metric == PlainMetric.SPARSE_CATEGORICAL_ACCURACY) {
      targets.needClasses(name);
    }
    if (metric == PlainMetric.CATEGORICAL_ACCURACY) {
      targets.needNumbers(name);
    }
    if (metric == PlainMetric.EXACT_ACCURACY) {
      return equal(outcome.prediction(), likePrediction());
    }
    if (metric == PlainMetric.ACCURACY && targets.output().size(-1) == 1) {
      return binary(0.5);
    }
    return equal(m.argMax(outcome.prediction()), classes());
  }

  private Output<?> classes() {
    return outcome.targets().classes() ? outcome.target() : m.argMax(outcome.target());
  }

  private Output<?> binary(double threshold) {
    Output<?> above = m.apply("Greater", outcome.prediction(), m.scalar(threshold));
    return equal(m.number(above), likePrediction());
  }

  /** Targets shaped as the output, which class numbers are of outputs of one number. */
  private Output<?> likePrediction() {
    Targets targets = outcome.targets();
    if (targets.output().size(-1) != 1) {
      targets.needNumbers(name);
    }
    return targets.classes()
        ? m.apply("ExpandDims", m.number(outcome.target()), e.scalar(-1))
        : outcome.target();
  }

  private Output<?> topK(int k) {
    int classes = outcome.targets().output().size(-1);
    if (k > classes) {
      throw new GraphException(
          "top-k: expected k of at most " + classes + " classes, received " + k);
    }
    Output<?> wanted = classes();
    Output<?> rows = e.reshape(outcome.prediction(), e.vector(-1, classes));
    Output<?> in = m.apply("InTopKV2", rows, e.reshape(wanted, e.vector(-1)), e.scalar(k));
    Output<?> found = m.number(in);
    return Arithmetic.rank(wanted) == 1 ? found : e.reshape(found, e.shape(wanted));
  }

  private Output<?> equal(Output<?> a, Output<?> b) {
    return m.number(m.apply("Equal", a, b));
  }

  private Output<?> similarity(Metric.Similarity metric) {
    outcome.targets().needNumbers(name);
    Output<?> t = outcome.target();
    Output<?> y = outcome.prediction();
    if (metric.kind() == Metric.Similarity.Kind.COSINE) {
      return new Losses(e).cosine(metric.axis(), t, y);
    }
    int axis = Losses.axis(name, Arithmetic.rank(y), metric.axis());
    if (axis == 0) {
      throw new GraphException(
          "%s: expected an axis behind the batch, received %d".formatted(name, metric.axis()));
    }
    Output<?> product =
        metric.kind() == Metric.Similarity.Kind.PEARSON
            ? m.mul(standardized(t, axis), standardized(y, axis))
            : concordance(t, y, axis);
    return e.reduce("Mean", product, false, axis);
  }

  private Output<?> standardized(Output<?> x, int axis) {
    Output<?> centred = m.sub(x, m.keep("Mean", x, axis));
    return m.div(centred, m.apply("Sqrt", variance(centred, axis)));
  }

  private Output<?> variance(Output<?> x, int axis) {
    Output<?> error = m.apply("SquaredDifference", x, m.keep("Mean", x, axis));
    return m.keep("Mean", error, axis);
  }

  /** Keras takes the prediction's mean from both factors. */
  private Output<?> concordance(Output<?> t, Output<?> y, int axis) {
    Output<?> mean = m.keep("Mean", y, axis);
    Output<?> common = m.mul(m.mul(m.sub(t, mean), m.sub(y, mean)), 2);
    Output<?> apart = m.square(m.sub(m.keep("Mean", t, axis), mean));
    Output<?> norm = m.add(m.add(variance(t, axis), variance(y, axis)), apart);
    return m.div(common, m.add(norm, Arithmetic.EPSILON));
  }
}
