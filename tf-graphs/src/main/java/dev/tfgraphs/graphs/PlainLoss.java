package dev.tfgraphs.graphs;

import com.google.common.base.Ascii;
import org.tensorflow.Output;

/** Losses without settings, as the formulas of keras/src/losses/losses.py. */
enum PlainLoss implements Loss {
  MEAN_SQUARED_ERROR,
  MEAN_ABSOLUTE_ERROR,
  MEAN_ABSOLUTE_PERCENTAGE_ERROR,
  MEAN_SQUARED_LOGARITHMIC_ERROR,
  LOG_COSH,
  KL_DIVERGENCE,
  POISSON,
  HINGE,
  SQUARED_HINGE,
  CATEGORICAL_HINGE;

  /** The values {@code (batch, ...)} of target and prediction, without the last axis. */
  Output<?> values(Arithmetic m, Output<?> t, Output<?> y) {
    return switch (this) {
      case MEAN_SQUARED_ERROR -> m.mean(m.apply("SquaredDifference", t, y));
      case MEAN_ABSOLUTE_ERROR -> m.mean(m.abs(m.sub(t, y)));
      case MEAN_ABSOLUTE_PERCENTAGE_ERROR -> {
        Output<?> scale = m.max(m.abs(t), Arithmetic.EPSILON);
        yield m.mul(m.mean(m.abs(m.div(m.sub(t, y), scale))), 100);
      }
      case MEAN_SQUARED_LOGARITHMIC_ERROR ->
          m.mean(m.square(m.sub(logarithm(m, y), logarithm(m, t))));
      case LOG_COSH -> {
        Output<?> soft = m.apply("Softplus", m.mul(m.sub(y, t), -2));
        yield m.mean(m.sub(m.add(m.sub(y, t), soft), m.scalar(Math.log(2))));
      }
      case KL_DIVERGENCE -> {
        Output<?> wanted = m.clip(t, Arithmetic.EPSILON, 1);
        Output<?> found = m.clip(y, Arithmetic.EPSILON, 1);
        yield m.sum(m.mul(wanted, m.log(m.div(wanted, found))));
      }
      case POISSON -> m.mean(m.sub(y, m.mul(t, m.log(m.add(y, Arithmetic.EPSILON)))));
      case HINGE -> m.mean(beyond(m, t, y));
      case SQUARED_HINGE -> m.mean(m.square(beyond(m, t, y)));
      case CATEGORICAL_HINGE -> {
        Output<?> wrong = m.last("Max", m.mul(m.oneMinus(t), y));
        yield m.max(m.add(m.sub(wrong, m.sum(m.mul(t, y))), 1), 0);
      }
    };
  }

  /** Keras's name of the metric that is the mean of this loss. */
  String keras() {
    return this == LOG_COSH ? "logcosh" : Ascii.toLowerCase(name());
  }

  private static Output<?> logarithm(Arithmetic m, Output<?> x) {
    return m.log(m.add(m.max(x, Arithmetic.EPSILON), 1));
  }

  /** {@code max(1 - t y, 0)}, where targets that are all 0 or 1 stand for -1 and 1. */
  private static Output<?> beyond(Arithmetic m, Output<?> target, Output<?> prediction) {
    Output<?> bits =
        m.apply(
            "LogicalOr",
            m.apply("Equal", target, m.scalar(0)),
            m.apply("Equal", target, m.scalar(1)));
    int[] axes = new int[Arithmetic.rank(bits)];
    for (int i = 0; i < axes.length; i++) {
      axes[i] = i;
    }
    Output<?> binary = m.e().reduce("All", bits, false, axes);
    Output<?> signs = m.where(binary, m.sub(m.mul(target, 2), m.scalar(1)), target);
    return m.max(m.oneMinus(m.mul(signs, prediction)), 0);
  }
}
