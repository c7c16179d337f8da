package dev.tfgraphs.graphs;

import com.google.common.primitives.Ints;
import dev.tfgraphs.ops.Constraint;
import dev.tfgraphs.ops.Constraint.MinMaxNorm;
import dev.tfgraphs.ops.Constraint.NonNeg;
import dev.tfgraphs.ops.Constraint.UnitNorm;
import java.util.List;
import org.tensorflow.Output;

/** What brings weights back to their constraints, as ops (keras/src/constraints/constraints.py). */
final class Constraints {
  private static final float EPSILON = 1e-7f;

  private Constraints() {}

  /** What {@code constraint} makes of a weight. */
  static Output<?> apply(Emitter e, Constraint constraint, Output<?> weight) {
    if (constraint instanceof NonNeg) {
      return e.op("Maximum").in(weight, e.scalar(0f)).out();
    }
    if (constraint instanceof UnitNorm unit) {
      return e.div(weight, e.add(e.scalar(EPSILON), norms(e, weight, unit.axes())));
    }
    MinMaxNorm bounds = (MinMaxNorm) constraint;
    Output<?> norms = norms(e, weight, bounds.axes());
    Output<?> factor = e.div(desired(e, bounds, norms), e.add(e.scalar(EPSILON), norms));
    return e.mul(weight, factor);
  }

  private static Output<?> desired(Emitter e, MinMaxNorm bounds, Output<?> norms) {
    Output<?> clipped =
        e.op("ClipByValue")
            .in(norms, e.scalar((float) bounds.min()), e.scalar((float) bounds.max()))
            .out();
    if (bounds.rate() == 1) {
      return clipped;
    }
    Output<?> moved = e.mul(e.scalar((float) bounds.rate()), clipped);
    return e.add(moved, e.mul(e.scalar((float) (1 - bounds.rate())), norms));
  }

  private static Output<?> norms(Emitter e, Output<?> weight, List<Integer> axes) {
    Output<?> squares = e.op("Square").in(weight).out();
    return e.op("Sqrt").in(e.reduce("Sum", squares, true, Ints.toArray(axes))).out();
  }
}
