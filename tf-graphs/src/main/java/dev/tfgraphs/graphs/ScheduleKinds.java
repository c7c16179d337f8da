package dev.tfgraphs.graphs;

import com.google.common.collect.ImmutableList;
import dev.tfgraphs.graphs.Schedule.CosineDecay;
import dev.tfgraphs.graphs.Schedule.CosineDecayRestarts;
import dev.tfgraphs.graphs.Schedule.ExponentialDecay;
import dev.tfgraphs.graphs.Schedule.InverseTimeDecay;
import dev.tfgraphs.graphs.Schedule.PiecewiseConstantDecay;
import dev.tfgraphs.graphs.Schedule.PolynomialDecay;
import dev.tfgraphs.ops.ConfigValue;
import dev.tfgraphs.ops.Form;
import dev.tfgraphs.ops.Kinds;
import dev.tfgraphs.ops.Settings;
import java.util.List;
import java.util.Optional;

/** Keras's schedules (keras/src/optimizers/schedules/learning_rate_schedule.py). */
final class ScheduleKinds {
  private static final Form<Optional<Double>> TARGET = Form.optional(Form.NUMBER);
  private static final Form<ImmutableList<Long>> BOUNDARIES = Form.list(Form.LONG);
  private static final Form<ImmutableList<Double>> VALUES = Form.list(Form.NUMBER);

  static final Kinds<Schedule> KINDS =
      Kinds.of(
          "schedule",
          "keras.optimizers.schedules",
          schedule -> schedule.getClass().getSimpleName(),
          List.of(exponential(), inverseTime(), polynomial(), cosine(), restarts(), piecewise()));

  /**
   * A rate as a number, or a schedule as an object. Keras keeps the rate as float32 and writes what
   * a double makes of that; it is read as the shortest number that is the same float.
   */
  static final Form<Schedule> RATE =
      Form.of(
          value -> value.isNumber() ? rate(value) : KINDS.read(value),
          schedule ->
              schedule instanceof Schedule.Constant constant
                  ? (Object) (double) (float) constant.rate()
                  : KINDS.write(schedule));

  private ScheduleKinds() {}

  private static Schedule rate(ConfigValue value) {
    double rate = value.number();
    float single = (float) rate;
    return Schedule.constant(single == rate ? Double.parseDouble(Float.toString(single)) : rate);
  }

  /** Keras names schedules; nothing follows from the name. */
  private static <S extends Schedule> Settings<S> named(String name, Settings<S> settings) {
    return settings.with(
        "name", Form.optional(Form.TEXT), made -> Optional.of(name), (made, read) -> made);
  }

  private static Settings<ExponentialDecay> exponential() {
    return named(
        "ExponentialDecay",
        Settings.<ExponentialDecay>of(
                "ExponentialDecay",
                its ->
                    Schedule.exponentialDecay(
                        its.required(
                            "initial_learning_rate", Form.NUMBER, ExponentialDecay::initial),
                        its.required("decay_steps", Form.LONG, ExponentialDecay::decaySteps),
                        its.required("decay_rate", Form.NUMBER, ExponentialDecay::decayRate)))
            .with(
                "staircase", Form.FLAG, ExponentialDecay::staircase, ExponentialDecay::staircase));
  }

  private static Settings<InverseTimeDecay> inverseTime() {
    return named(
        "InverseTimeDecay",
        Settings.<InverseTimeDecay>of(
                "InverseTimeDecay",
                its ->
                    Schedule.inverseTimeDecay(
                        its.required(
                            "initial_learning_rate", Form.NUMBER, InverseTimeDecay::initial),
                        its.required("decay_steps", Form.LONG, InverseTimeDecay::decaySteps),
                        its.required("decay_rate", Form.NUMBER, InverseTimeDecay::decayRate)))
            .with(
                "staircase", Form.FLAG, InverseTimeDecay::staircase, InverseTimeDecay::staircase));
  }

  private static Settings<PolynomialDecay> polynomial() {
    return named(
        "PolynomialDecay",
        Settings.<PolynomialDecay>of(
                "PolynomialDecay",
                its ->
                    Schedule.polynomialDecay(
                        its.required(
                            "initial_learning_rate", Form.NUMBER, PolynomialDecay::initial),
                        its.required("decay_steps", Form.LONG, PolynomialDecay::decaySteps)))
            .with("end_learning_rate", Form.NUMBER, PolynomialDecay::end, PolynomialDecay::end)
            .with("power", Form.NUMBER, PolynomialDecay::power, PolynomialDecay::power)
            .with("cycle", Form.FLAG, PolynomialDecay::cycle, PolynomialDecay::cycle));
  }

  private static Settings<CosineDecay> cosine() {
    return named(
        "CosineDecay",
        Settings.<CosineDecay>of(
                "CosineDecay",
                its -> {
                  CosineDecay plain =
                      Schedule.cosineDecay(
                          its.required("initial_learning_rate", Form.NUMBER, CosineDecay::initial),
                          its.required("decay_steps", Form.LONG, CosineDecay::decaySteps));
                  Optional<Double> target =
                      its.with("warmup_target", TARGET, ScheduleKinds::target, Optional.empty());
                  long steps = its.with("warmup_steps", Form.LONG, CosineDecay::warmupSteps, 0L);
                  // without a target, Keras does not warm up in whatever number of steps
                  return target.isPresent() ? plain.warmup(target.get(), steps) : plain;
                })
            .with("alpha", Form.NUMBER, CosineDecay::alpha, CosineDecay::alpha));
  }

  private static Optional<Double> target(CosineDecay schedule) {
    return schedule.warmupSteps() == 0 && schedule.warmupTarget() == schedule.initial()
        ? Optional.empty()
        : Optional.of(schedule.warmupTarget());
  }

  private static Settings<CosineDecayRestarts> restarts() {
    return named(
        "SGDRDecay",
        Settings.<CosineDecayRestarts>of(
                "CosineDecayRestarts",
                its ->
                    Schedule.cosineDecayRestarts(
                        its.required(
                            "initial_learning_rate", Form.NUMBER, CosineDecayRestarts::initial),
                        its.required(
                            "first_decay_steps", Form.LONG, CosineDecayRestarts::firstDecaySteps)))
            .with("t_mul", Form.NUMBER, CosineDecayRestarts::tMul, CosineDecayRestarts::tMul)
            .with("m_mul", Form.NUMBER, CosineDecayRestarts::mMul, CosineDecayRestarts::mMul)
            .with("alpha", Form.NUMBER, CosineDecayRestarts::alpha, CosineDecayRestarts::alpha));
  }

  private static Settings<PiecewiseConstantDecay> piecewise() {
    return named(
        "PiecewiseConstant",
        Settings.<PiecewiseConstantDecay>of(
            "PiecewiseConstantDecay",
            its ->
                new PiecewiseConstantDecay(
                    its.required("boundaries", BOUNDARIES, PiecewiseConstantDecay::boundaries),
                    its.required("values", VALUES, PiecewiseConstantDecay::values))));
  }
}
