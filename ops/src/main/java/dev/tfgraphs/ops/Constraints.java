package dev.tfgraphs.ops;

import com.google.common.collect.ImmutableList;
import dev.tfgraphs.ops.Constraint.MinMaxNorm;
import dev.tfgraphs.ops.Constraint.NonNeg;
import dev.tfgraphs.ops.Constraint.UnitNorm;
import java.util.List;
import java.util.Map;

/** Keras's constraints (keras/src/constraints). */
final class Constraints {
  private static final ImmutableList<Integer> FIRST = ImmutableList.of(0);

  static final Kinds<Constraint> KINDS =
      Kinds.<Constraint>of(
              "constraint",
              "keras.constraints",
              Constraints::className,
              List.of(
                  Settings.of("NonNeg", new NonNeg()),
                  Settings.<UnitNorm>of(
                      "UnitNorm",
                      its -> new UnitNorm(its.with("axis", Form.AXES, Constraints::axes, FIRST))),
                  Settings.<MinMaxNorm>of(
                      "MaxNorm",
                      its ->
                          new MinMaxNorm(
                              0,
                              its.with("max_value", Form.NUMBER, MinMaxNorm::max, 2.0),
                              1,
                              its.with("axis", Form.AXES, Constraints::axes, FIRST))),
                  Settings.<MinMaxNorm>of(
                      "MinMaxNorm",
                      its ->
                          new MinMaxNorm(
                              its.with("min_value", Form.NUMBER, MinMaxNorm::min, 0.0),
                              its.with("max_value", Form.NUMBER, MinMaxNorm::max, 1.0),
                              its.with("rate", Form.NUMBER, MinMaxNorm::rate, 1.0),
                              its.with("axis", Form.AXES, Constraints::axes, FIRST)))))
          .alsoCalled(Map.of("nonneg", "NonNeg", "unitnorm", "UnitNorm", "maxnorm", "MaxNorm"));

  private Constraints() {}

  private static String className(Constraint constraint) {
    return constraint instanceof MinMaxNorm norm && norm.min() == 0 && norm.rate() == 1
        ? "MaxNorm"
        : constraint.getClass().getSimpleName();
  }

  private static ImmutableList<Integer> axes(UnitNorm constraint) {
    return ImmutableList.copyOf(constraint.axes());
  }

  private static ImmutableList<Integer> axes(MinMaxNorm constraint) {
    return ImmutableList.copyOf(constraint.axes());
  }
}
