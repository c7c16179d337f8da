package dev.tfgraphs.graphs;

import java.util.List;
import java.util.function.Function;
import org.tensorflow.GraphOperation;
import org.tensorflow.Operation;
import org.tensorflow.Output;

/**
 * Ops that run only where a condition holds: those of the other branch wait for the side of a
 * Switch that stays dead, and so stay dead themselves. Functional If has no place for them, as it
 * would take every weight and slot as an argument.
 */
final class Branch {
  /** The ops with which a branch is done; those made by the emitter run in this branch alone. */
  interface Body extends Function<Emitter, List<? extends Operation>> {}

  private Branch() {}

  /** Runs one of two bodies; the result is done when that body is. */
  static GraphOperation of(Emitter e, Output<?> condition, Body then, Body otherwise) {
    GraphOperation sides = e.op("Switch").in(condition, condition).build();
    Output<?> no = side(e, sides.output(0), otherwise);
    Output<?> yes = side(e, sides.output(1), then);
    return e.op("Merge").list(List.of(no, yes)).build();
  }

  private static Output<?> side(Emitter e, Output<?> live, Body body) {
    Output<?> entered = e.op("Identity").in(live).out();
    List<? extends Operation> done = body.apply(e.after(List.of(entered.op())));
    return e.after(done).op("Identity").in(entered).out();
  }
}
