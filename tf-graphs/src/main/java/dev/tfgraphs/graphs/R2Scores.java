package dev.tfgraphs.graphs;

import dev.tfgraphs.ops.Shape;
import org.tensorflow.Output;

/** How much of the targets' variance is explained (keras/src/metrics/regression_metrics.py). */
final class R2Scores {
  private final Emitter e;
  private final Arithmetic m;
  private final Gauge.Builder gauge;
  private final Outcome outcome;

  R2Scores(Emitter e, Gauge.Builder gauge, String name, Outcome outcome) {
    this.e = e;
    this.m = new Arithmetic(e);
    this.gauge = gauge;
    this.outcome = outcome;
    outcome.targets().needNumbers(name);
    outcome.targets().needRows(name);
  }

  Output<?> result(Metric.R2Score metric) {
    Output<?> target = outcome.target();
    Output<?> ones = m.apply("Fill", e.shape(target), m.scalar(1));
    Output<?> weights =
        outcome.weightsOn(e, target).<Output<?>>map(given -> m.mul(ones, given)).orElse(ones);
    Output<?> weighted = m.mul(target, weights);
    Output<?> error = m.square(m.sub(target, outcome.prediction()));
    Output<?> sum = columns("sum", weighted);
    Output<?> squares = columns("squared_sum", m.mul(target, weighted));
    Output<?> residual = columns("residual", m.mul(error, weights));
    Output<?> mean = m.div(sum, columns("count", weights));
    Output<?> variance = m.sub(squares, m.mul(sum, mean));
    Output<?> scores = m.oneMinus(m.div(residual, variance));
    Output<?> finite = m.where(m.apply("IsInf", scores), m.scalar(0), scores);
    Output<?> numbers = gauge.gather("num_samples", Shape.of(), m.size(target));
    Output<?> score =
        switch (metric.aggregation()) {
          case NONE -> finite;
          case UNIFORM_AVERAGE -> m.mean(finite);
          case VARIANCE_WEIGHTED_AVERAGE -> m.div(m.sum(m.mul(variance, finite)), m.sum(variance));
        };
    return metric.regressors() == 0 ? score : adjusted(score, numbers, metric.regressors());
  }

  private Output<?> columns(String variable, Output<?> x) {
    Shape shape = Shape.of(outcome.targets().output().size(-1));
    return gauge.gather(variable, shape, e.reduce("Sum", x, false, 0));
  }

  /** As it is while there are too few numbers to adjust by, of which Keras counts all columns. */
  private Output<?> adjusted(Output<?> score, Output<?> numbers, int regressors) {
    Output<?> free = m.sub(m.sub(numbers, m.scalar(regressors)), m.scalar(1));
    Output<?> enough = m.apply("Greater", free, m.scalar(0));
    Output<?> above = m.mul(m.oneMinus(score), m.sub(numbers, m.scalar(1)));
    return m.where(enough, m.oneMinus(m.div(above, free)), score);
  }
}
