package dev.tfgraphs.graphs;

import java.util.List;
import org.tensorflow.Operand;
import org.tensorflow.Output;
import org.tensorflow.op.Ops;
import org.tensorflow.proto.DataType;
import org.tensorflow.types.TFloat32;

/** Learning rates as ops of the step, in Keras's order of float32 operations. */
final class Schedules {
  private final Emitter e;
  private final Output<?> iterations;
  private final Output<?> step;

  private Schedules(Emitter e, Output<?> iterations) {
    this.e = e;
    this.iterations = iterations;
    this.step = e.cast(iterations, DataType.DT_FLOAT);
  }

  /** The rate at {@code iterations}, an int64 scalar. */
  static Output<?> rate(Emitter e, Schedule schedule, Output<?> iterations) {
    return new Schedules(e, iterations).rate(schedule);
  }

  private Output<?> rate(Schedule schedule) {
    if (schedule instanceof Schedule.ExponentialDecay decay) {
      Output<?> periods = periods(decay.decaySteps(), decay.staircase());
      return e.mul(scalar(decay.initial()), pow(scalar(decay.decayRate()), periods));
    }
    if (schedule instanceof Schedule.InverseTimeDecay decay) {
      Output<?> growth =
          e.mul(scalar(decay.decayRate()), periods(decay.decaySteps(), decay.staircase()));
      return e.div(scalar(decay.initial()), e.add(e.scalar(1f), growth));
    }
    if (schedule instanceof Schedule.PolynomialDecay polynomial) {
      return polynomial(polynomial);
    }
    if (schedule instanceof Schedule.CosineDecay cosine) {
      return cosine(cosine);
    }
    if (schedule instanceof Schedule.CosineDecayRestarts restarts) {
      return restarts(restarts);
    }
    if (schedule instanceof Schedule.PiecewiseConstantDecay stairs) {
      return stairs(stairs);
    }
    if (schedule instanceof Schedule.Warmup warmup) {
      return warmup(warmup);
    }
    return schedule instanceof Schedule.Computed computed
        ? computed(computed)
        : scalar(((Schedule.Constant) schedule).rate());
  }

  private Output<?> periods(long decaySteps, boolean staircase) {
    Output<?> periods = e.div(step, count(decaySteps));
    return staircase ? e.op("Floor").in(periods).out() : periods;
  }

  private Output<?> polynomial(Schedule.PolynomialDecay schedule) {
    Output<?> steps = count(schedule.decaySteps());
    Output<?> done;
    if (schedule.cycle()) {
      Output<?> cycles = e.op("Ceil").in(e.div(step, steps)).out();
      Output<?> first = e.op("Equal").in(step, e.scalar(0f)).out();
      done = e.div(step, e.mul(steps, select(first, e.scalar(1f), cycles)));
    } else {
      done = e.div(e.op("Minimum").in(step, steps).out(), steps);
    }
    Output<?> left = pow(e.sub(e.scalar(1f), done), scalar(schedule.power()));
    Output<?> end = scalar(schedule.end());
    return e.add(e.mul(e.sub(scalar(schedule.initial()), end), left), end);
  }

  private Output<?> cosine(Schedule.CosineDecay schedule) {
    if (schedule.warmupSteps() == 0) {
      return decayed(schedule, step, schedule.initial());
    }
    Output<?> warmupSteps = count(schedule.warmupSteps());
    Output<?> rise = scalar(schedule.warmupTarget() - schedule.initial());
    Output<?> rising = e.add(e.mul(e.div(step, warmupSteps), rise), scalar(schedule.initial()));
    Output<?> falling = decayed(schedule, e.sub(step, warmupSteps), schedule.warmupTarget());
    return select(e.op("Less").in(step, warmupSteps).out(), rising, falling);
  }

  private Output<?> decayed(Schedule.CosineDecay schedule, Output<?> since, double peak) {
    Output<?> steps = count(schedule.decaySteps());
    Output<?> done = e.div(e.op("Minimum").in(since, steps).out(), steps);
    Output<?> half = e.mul(e.scalar(0.5f), onePlusCosine(done));
    Output<?> factor = e.add(e.mul(scalar(1 - schedule.alpha()), half), scalar(schedule.alpha()));
    return e.mul(scalar(peak), factor);
  }

  private Output<?> onePlusCosine(Output<?> fraction) {
    return e.add(e.scalar(1f), e.op("Cos").in(e.mul(scalar(Math.PI), fraction)).out());
  }

  /** Which fall it is follows from a geometric series, in floats as Keras computes it. */
  private Output<?> restarts(Schedule.CosineDecayRestarts schedule) {
    Output<?> done = e.div(step, count(schedule.firstDecaySteps()));
    Output<?> one = e.scalar(1f);
    Output<?> restart;
    Output<?> within;
    if ((float) schedule.tMul() == 1) {
      restart = e.op("Floor").in(done).out();
      within = e.sub(done, restart);
    } else {
      Output<?> longer = scalar(schedule.tMul());
      Output<?> shrinks = e.sub(one, longer);
      Output<?> powers = e.op("Log").in(e.sub(one, e.mul(done, shrinks))).out();
      restart = e.op("Floor").in(e.div(powers, e.op("Log").in(longer).out())).out();
      Output<?> length = pow(longer, restart);
      within = e.div(e.sub(done, e.div(e.sub(one, length), shrinks)), length);
    }
    Output<?> peak = e.mul(e.scalar(0.5f), pow(scalar(schedule.mMul()), restart));
    Output<?> alpha = scalar(schedule.alpha());
    Output<?> factor = e.add(e.mul(e.sub(one, alpha), e.mul(peak, onePlusCosine(within))), alpha);
    return e.mul(scalar(schedule.initial()), factor);
  }

  /** The last value, replaced by each earlier one whose boundary is not passed yet. */
  private Output<?> stairs(Schedule.PiecewiseConstantDecay schedule) {
    List<Double> values = schedule.values();
    Output<?> rate = scalar(values.get(values.size() - 1));
    for (int i = schedule.boundaries().size() - 1; i >= 0; i--) {
      Output<?> boundary = e.scalar((long) schedule.boundaries().get(i));
      Output<?> before = e.op("LessEqual").in(iterations, boundary).out();
      rate = select(before, scalar(values.get(i)), rate);
    }
    return rate;
  }

  /** While it warms up, the schedule stands at its step 0. */
  private Output<?> warmup(Schedule.Warmup schedule) {
    Output<?> since = e.sub(iterations, e.scalar(schedule.steps()));
    Output<?> started = e.op("Maximum").in(since, e.scalar(0L)).out();
    Output<?> risen = e.div(step, count(schedule.steps()));
    return e.mul(
        e.op("Minimum").in(risen, e.scalar(1f)).out(), rate(e, schedule.schedule(), started));
  }

  @SuppressWarnings("unchecked") // the step is cast to float32
  private Output<?> computed(Schedule.Computed schedule) {
    Ops scope = e.tf().withSubScope("schedule");
    Operand<TFloat32> rate = schedule.rate().apply(scope, (Output<TFloat32>) step);
    org.tensorflow.ndarray.Shape shape = rate.asOutput().shape();
    if (shape.isUnknown() || shape.numDimensions() != 0) {
      throw new GraphException("schedule: expected a scalar, received shape " + shape);
    }
    return rate.asOutput();
  }

  private Output<?> pow(Output<?> base, Output<?> exponent) {
    return e.op("Pow").in(base, exponent).out();
  }

  private Output<?> select(Output<?> condition, Output<?> yes, Output<?> no) {
    return e.op("SelectV2").in(condition, yes, no).out();
  }

  private Output<?> scalar(double value) {
    return e.scalar((float) value);
  }

  private Output<?> count(long steps) {
    return e.scalar((float) steps);
  }
}
