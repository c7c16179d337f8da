package dev.tfgraphs.graphs;

import com.google.common.collect.ImmutableList;
import com.google.common.collect.Ordering;
import com.google.common.primitives.Doubles;
import com.google.common.primitives.Longs;
import java.util.function.BiFunction;
import org.tensorflow.Operand;
import org.tensorflow.op.Ops;
import org.tensorflow.types.TFloat32;

/** How the learning rate follows from the number of steps done (keras/src/optimizers/schedules). */
public sealed interface Schedule {
  /** {@return the same rate at every step} */
  static Schedule constant(double rate) {
    return new Constant(rate);
  }

  /** {@return the rate {@code initial * decayRate^(step / decaySteps)}} */
  static ExponentialDecay exponentialDecay(double initial, long decaySteps, double decayRate) {
    return new ExponentialDecay(initial, decaySteps, decayRate, false);
  }

  /** {@return the rate {@code initial / (1 + decayRate * step / decaySteps)}} */
  static InverseTimeDecay inverseTimeDecay(double initial, long decaySteps, double decayRate) {
    return new InverseTimeDecay(initial, decaySteps, decayRate, false);
  }

  /**
   * {@return a rate that falls along a straight line from {@code initial} to 0.0001 in {@code
   * decaySteps} steps and stays there}
   */
  static PolynomialDecay polynomialDecay(double initial, long decaySteps) {
    return new PolynomialDecay(initial, decaySteps, 1e-4, 1, false);
  }

  /**
   * {@return a rate that falls along half a cosine from {@code initial} to 0 in {@code decaySteps}
   * steps and stays there}
   */
  static CosineDecay cosineDecay(double initial, long decaySteps) {
    return new CosineDecay(initial, decaySteps, 0, initial, 0);
  }

  /**
   * {@return a rate that falls along half a cosine from {@code initial} to 0 in {@code
   * firstDecaySteps} steps, and again and again from {@code initial} in twice as many}
   */
  static CosineDecayRestarts cosineDecayRestarts(double initial, long firstDecaySteps) {
    return new CosineDecayRestarts(initial, firstDecaySteps, 2, 1, 0);
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

  /**
   * {@return a schedule of one's own: a scalar as ops of the number of steps done, a scalar too;
   * {@code Schedule.of((tf, step) -> tf.math.div(tf.constant(0.1f), tf.math.add(step,
   * tf.constant(1f))))}}
   */
  static Schedule of(BiFunction<Ops, Operand<TFloat32>, Operand<TFloat32>> rate) {
    return new Computed(rate);
  }

  /**
   * {@return this schedule put off by {@code steps} steps, in which the rate rises along a straight
   * line from 0 to its first rate; Keras has this for {@link #cosineDecay} alone}
   */
  default Schedule afterWarmup(long steps) {
    return new Warmup(this, steps);
  }

  /** The same rate at every step. */
  record Constant(double rate) implements Schedule {
    /**
     * Checks the rate.
     *
     * @throws GraphException if the rate is negative or not finite
     */
    public Constant {
      Checks.notNegative("learning rate", rate);
    }
  }

  /**
   * A constant fraction in equal times.
   *
   * @param initial the rate at step 0
   * @param decaySteps in how many steps the rate falls to {@code decayRate} of what it was
   * @param staircase whether it falls at multiples of {@code decaySteps} alone; not by default
   */
  record ExponentialDecay(double initial, long decaySteps, double decayRate, boolean staircase)
      implements Schedule {
    /**
     * Checks the settings.
     *
     * @throws GraphException if a rate is negative or not finite, or the decay has no steps
     */
    public ExponentialDecay {
      Checks.notNegative("exponential decay: initial rate", initial);
      Checks.notNegative("exponential decay: decay rate", decayRate);
      Checks.positive("exponential decay", "decay steps", decaySteps);
    }

    /** {@return this schedule in stairs or not} */
    public ExponentialDecay staircase(boolean staircase) {
      return new ExponentialDecay(initial, decaySteps, decayRate, staircase);
    }
  }

  /**
   * A hyperbola.
   *
   * @param initial the rate at step 0
   * @param decaySteps in how many steps the divisor grows by {@code decayRate}
   * @param staircase whether it grows at multiples of {@code decaySteps} alone; not by default
   */
  record InverseTimeDecay(double initial, long decaySteps, double decayRate, boolean staircase)
      implements Schedule {
    /**
     * Checks the settings.
     *
     * @throws GraphException if a rate is negative or not finite, or the decay has no steps
     */
    public InverseTimeDecay {
      Checks.notNegative("inverse time decay: initial rate", initial);
      Checks.notNegative("inverse time decay: decay rate", decayRate);
      Checks.positive("inverse time decay", "decay steps", decaySteps);
    }

    /** {@return this schedule in stairs or not} */
    public InverseTimeDecay staircase(boolean staircase) {
      return new InverseTimeDecay(initial, decaySteps, decayRate, staircase);
    }
  }

  /**
   * A power of what is left of the time: {@code (initial - end) * (1 - step / decaySteps)^power +
   * end}.
   *
   * @param initial the rate at step 0
   * @param decaySteps how many steps the fall takes
   * @param end the rate at the end; 0.0001 by default
   * @param power 1, a straight line, by default
   * @param cycle whether, past its end, the fall takes the next multiple of {@code decaySteps}; not
   *     by default
   */
  record PolynomialDecay(double initial, long decaySteps, double end, double power, boolean cycle)
      implements Schedule {
    /**
     * Checks the settings.
     *
     * @throws GraphException if a rate or the power is negative or not finite, or the decay has no
     *     steps
     */
    public PolynomialDecay {
      Checks.notNegative("polynomial decay: initial rate", initial);
      Checks.notNegative("polynomial decay: end rate", end);
      Checks.notNegative("polynomial decay: power", power);
      Checks.positive("polynomial decay", "decay steps", decaySteps);
    }

    /** {@return this schedule with another rate at its end} */
    public PolynomialDecay end(double end) {
      return new PolynomialDecay(initial, decaySteps, end, power, cycle);
    }

    /** {@return this schedule with another power} */
    public PolynomialDecay power(double power) {
      return new PolynomialDecay(initial, decaySteps, end, power, cycle);
    }

    /** {@return this schedule starting anew past its end, or not} */
    public PolynomialDecay cycle(boolean cycle) {
      return new PolynomialDecay(initial, decaySteps, end, power, cycle);
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
     * @throws GraphException if a rate or alpha is negative or not finite, or the decay has no
     *     steps
     */
    public CosineDecay {
      Checks.notNegative("cosine decay: initial rate", initial);
      Checks.notNegative("cosine decay: warm-up target", warmupTarget);
      Checks.positive("cosine decay", "decay steps", decaySteps);
      Checks.notNegative("cosine decay: alpha", alpha);
      Checks.notNegative("cosine decay", "warm-up steps", warmupSteps);
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

  /**
   * Half a cosine again and again (SGDR, Loshchilov and Hutter, 2016).
   *
   * @param initial the rate at step 0
   * @param firstDecaySteps how many steps the first fall takes
   * @param tMul how many times as long as the one before each fall takes; 2 by default
   * @param mMul how many times as high as the one before each fall starts; 1 by default
   * @param alpha what remains at the end, as a fraction of {@code initial}; 0 by default
   */
  record CosineDecayRestarts(
      double initial, long firstDecaySteps, double tMul, double mMul, double alpha)
      implements Schedule {
    /**
     * Checks the settings.
     *
     * @throws GraphException if a factor is negative or not finite, if the decay has no steps, or
     *     if falls become shorter, for which Keras knows no rate past their sum
     */
    public CosineDecayRestarts {
      Checks.notNegative("cosine decay restarts: initial rate", initial);
      Checks.notNegative("cosine decay restarts: mMul", mMul);
      Checks.notNegative("cosine decay restarts: alpha", alpha);
      Checks.positive("cosine decay restarts", "decay steps", firstDecaySteps);
      if (!(tMul >= 1)) {
        throw new GraphException(
            "cosine decay restarts: tMul: expected 1 or more, received " + tMul);
      }
    }

    /** {@return this schedule with falls each {@code tMul} times as long as the one before} */
    public CosineDecayRestarts tMul(double tMul) {
      return new CosineDecayRestarts(initial, firstDecaySteps, tMul, mMul, alpha);
    }

    /** {@return this schedule with falls each {@code mMul} times as high as the one before} */
    public CosineDecayRestarts mMul(double mMul) {
      return new CosineDecayRestarts(initial, firstDecaySteps, tMul, mMul, alpha);
    }

    /** {@return this schedule with falls that end at {@code alpha} of the initial rate} */
    public CosineDecayRestarts alpha(double alpha) {
      return new CosineDecayRestarts(initial, firstDecaySteps, tMul, mMul, alpha);
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
      values.forEach(value -> Checks.notNegative("piecewise constant decay: rate", value));
    }
  }

  /** A straight line from 0 to the first rate of a schedule, then the schedule. */
  record Warmup(Schedule schedule, long steps) implements Schedule {
    /**
     * Checks the steps.
     *
     * @throws GraphException if there is none
     */
    public Warmup {
      Checks.positive("warm-up", "steps", steps);
    }
  }

  /** A function on the graph. */
  record Computed(BiFunction<Ops, Operand<TFloat32>, Operand<TFloat32>> rate) implements Schedule {}
}
