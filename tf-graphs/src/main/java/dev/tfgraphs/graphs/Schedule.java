package dev.tfgraphs.graphs;

import com.google.common.collect.ImmutableList;
import com.google.common.collect.Ordering;
import com.google.common.primitives.Doubles;
import com.google.common.primitives.Longs;

/** How the learning rate follows from the number of steps done (keras/src/optimizers/schedules). */
public sealed interface Schedule {
  /** {@return the same rate at every step} */
  static Schedule constant(double rate) {
    return new Constant(rate);
  }

  /**
   * {@return a rate that falls along half a cosine from {@code initial} to 0 in {@code decaySteps}
   * steps and stays there}
   */
  static CosineDecay cosineDecay(double initial, long decaySteps) {
    return new CosineDecay(initial, decaySteps, 0, initial, 0);
  }

  /**
   * {@return {@code values[i]} up to and including step {@code boundaries[i]}, the last value after
   * them}
   *
   * @param boundaries steps, rising
   * @param values one more than boundaries
   */
  static Schedule piecewiseConstantDecay(long[] boundaries, double[] values) {
    return new PiecewiseConstantDecay(
        ImmutableList.copyOf(Longs.asList(boundaries)),
        ImmutableList.copyOf(Doubles.asList(values)));
  }

  /** The same rate at every step. */
  record Constant(double rate) implements Schedule {
    /**
     * Checks the rate.
     *
     * @throws GraphException if the rate is negative or not finite
     */
    public Constant {
      checkRate("learning rate", rate);
    }
  }

  /**
   * Half a cosine, after an optional linear warm-up.
   *
   * @param initial the rate at step 0
   * @param decaySteps how many steps the fall takes, warm-up not counted
   * @param alpha what remains at the end, as a fraction of the peak; 0 by default
   * @param warmupTarget the rate at the end of the warm-up
   * @param warmupSteps how many steps the warm-up takes; 0, none, by default
   */
  record CosineDecay(
      double initial, long decaySteps, double alpha, double warmupTarget, long warmupSteps)
      implements Schedule {
    /**
     * Checks the settings.
     *
     * @throws GraphException if a rate is negative or not finite, or the decay has no steps
     */
    public CosineDecay {
      checkRate("cosine decay: initial rate", initial);
      checkRate("cosine decay: warm-up target", warmupTarget);
      if (decaySteps <= 0 || warmupSteps < 0) {
        throw new GraphException(
            "cosine decay: expected positive decay steps, received "
                + decaySteps
                + " after "
                + warmupSteps);
      }
    }

    /** {@return this schedule ending at {@code alpha} of its peak} */
    public CosineDecay alpha(double alpha) {
      return new CosineDecay(initial, decaySteps, alpha, warmupTarget, warmupSteps);
    }

    /**
     * {@return this schedule after rising from its initial rate to {@code target} in {@code steps}
     * steps}
     */
    public CosineDecay warmup(double target, long steps) {
      return new CosineDecay(initial, decaySteps, alpha, target, steps);
    }
  }

  /** A staircase. */
  record PiecewiseConstantDecay(ImmutableList<Long> boundaries, ImmutableList<Double> values)
      implements Schedule {
    /**
     * Checks the steps.
     *
     * @throws GraphException if there is not one more value than boundaries, or if boundaries do
     *     not rise
     */
    public PiecewiseConstantDecay {
      if (values.size() != boundaries.size() + 1) {
        throw new GraphException(
            "piecewise constant decay: expected one more value than boundaries, received "
                + values.size()
                + " and "
                + boundaries.size());
      }
      if (!Ordering.natural().isStrictlyOrdered(boundaries)) {
        throw new GraphException(
            "piecewise constant decay: expected rising boundaries, received " + boundaries);
      }
      values.forEach(value -> checkRate("piecewise constant decay: rate", value));
    }
  }

  private static void checkRate(String what, double rate) {
    if (!(rate >= 0) || Double.isInfinite(rate)) {
      throw new GraphException(what + ": expected 0 or more, received " + rate);
    }
  }
}
