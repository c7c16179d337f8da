package dev.tfgraphs.graphs;

import java.util.List;
import org.tensorflow.Output;
import org.tensorflow.proto.DataType;

/** Learning rates as ops of the step, in Keras's order of float32 operations. */
final class Schedules {
  private Schedules() {}

  /** The rate at {@code iterations}, an int64 scalar. */
  static Output<?> rate(Emitter e, Schedule schedule, Output<?> iterations) {
    Output<?> step = e.cast(iterations, DataType.DT_FLOAT);
    if (schedule instanceof Schedule.CosineDecay cosine) {
      return cosine(e, cosine, step);
    }
    if (schedule instanceof Schedule.PiecewiseConstantDecay stairs) {
      return stairs(e, stairs, iterations);
    }
    return e.scalar((float) ((Schedule.Constant) schedule).rate());
  }

  private static Output<?> cosine(Emitter e, Schedule.CosineDecay schedule, Output<?> step) {
    if (schedule.warmupSteps() == 0) {
      return decayed(e, schedule, step, schedule.initial());
    }
    Output<?> warmupSteps = e.scalar((float) schedule.warmupSteps());
    float rise = (float) (schedule.warmupTarget() - schedule.initial());
    Output<?> rising =
        e.add(
            e.mul(e.div(step, warmupSteps), e.scalar(rise)), e.scalar((float) schedule.initial()));
    Output<?> falling = decayed(e, schedule, e.sub(step, warmupSteps), schedule.warmupTarget());
    Output<?> warming = e.op("Less").in(step, warmupSteps).out();
    return e.op("SelectV2").in(warming, rising, falling).out();
  }

  private static Output<?> decayed(
      Emitter e, Schedule.CosineDecay schedule, Output<?> step, double peak) {
    Output<?> steps = e.scalar((float) schedule.decaySteps());
    Output<?> done = e.div(e.op("Minimum").in(step, steps).out(), steps);
    Output<?> cosine = e.op("Cos").in(e.mul(e.scalar((float) Math.PI), done)).out();
    Output<?> half = e.mul(e.scalar(0.5f), e.add(e.scalar(1f), cosine));
    float alpha = (float) schedule.alpha();
    Output<?> factor =
        e.add(e.mul(e.scalar((float) (1 - schedule.alpha())), half), e.scalar(alpha));
    return e.mul(e.scalar((float) peak), factor);
  }

  /** The last value, replaced by each earlier one whose boundary is not passed yet. */
  private static Output<?> stairs(
      Emitter e, Schedule.PiecewiseConstantDecay schedule, Output<?> iterations) {
    List<Double> values = schedule.values();
    Output<?> rate = e.scalar(values.get(values.size() - 1).floatValue());
    for (int i = schedule.boundaries().size() - 1; i >= 0; i--) {
      Output<?> before =
          e.op("LessEqual").in(iterations, e.scalar((long) schedule.boundaries().get(i))).out();
      rate = e.op("SelectV2").in(before, e.scalar(values.get(i).floatValue()), rate).out();
    }
    return rate;
  }
}
