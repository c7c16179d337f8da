package dev.tfgraphs.graphs;

import com.google.common.collect.ImmutableSet;
import java.util.ArrayList;
import java.util.List;
import org.tensorflow.Output;

/** Cuts a pass behind some of its calls, as they come. */
final class Cutting {
  private final Emitter e;
  private final ImmutableSet<Integer> places;
  private final Notes notes;
  private final List<Backward.Cut> cuts = new ArrayList<>();
  private int calls;

  /**
   * Nothing cut so far.
   *
   * @param places the calls of layers behind which to cut, counted from 0, those of nested models
   *     too
   */
  Cutting(Emitter e, ImmutableSet<Integer> places, Notes notes) {
    this.e = e;
    this.places = places;
    this.notes = notes;
  }

  /**
   * What stands behind the next call of a layer, which made {@code result}: where the pass is cut,
   * the same value and what is known of it.
   */
  Output<?> next(Output<?> result) {
    if (!places.contains(calls++) || isKept(result)) {
      return result;
    }
    Output<?> kept = e.op("StopGradient", "kept").in(result).out();
    cuts.add(new Backward.Cut(result, kept));
    notes.same(result, kept);
    return kept;
  }

  /** A layer may pass on what it gets. */
  private boolean isKept(Output<?> result) {
    return cuts.stream().anyMatch(cut -> cut.kept().equals(result));
  }

  /** Where the pass was cut. */
  List<Backward.Cut> cuts() {
    return cuts;
  }
}
