package dev.tfgraphs.graphs;

import com.google.common.collect.ImmutableList;
import com.google.common.collect.ImmutableMap;
import dev.tfgraphs.ops.Model;
import dev.tfgraphs.ops.Node;
import dev.tfgraphs.ops.Shape;
import java.util.List;
import java.util.Optional;
import org.tensorflow.Output;

/**
 * An output that is judged, and where what it should be enters the graph.
 *
 * @param name the output's name
 * @param index its place among the model's outputs
 */
record Head(String name, int index, Objective objective, Loss loss, Targets targets, Slot target) {

  /** The outputs of {@code model} that have a loss, in its order. */
  static ImmutableList<Head> of(Emitter e, Model model, ImmutableMap<String, Objective> all) {
    ImmutableList.Builder<Head> heads = ImmutableList.builder();
    int index = 0;
    for (String name : all.keySet()) {
      Objective objective = get(all, name);
      Optional<Loss> loss = objective.loss();
      if (loss.isPresent()) {
        Emitter under = all.size() == 1 ? e.under("target") : e.under("target").under(name);
        heads.add(create(under, name, index, objective, loss.get(), model));
      } else {
        checkBare(name, objective);
      }
      index++;
    }
    return heads.build();
  }

  /** What counts and is reported beside a loss needs one. */
  private static void checkBare(String name, Objective objective) {
    boolean measured = !objective.metrics().isEmpty() || !objective.weightedMetrics().isEmpty();
    if (measured || objective.weight().isPresent()) {
      throw new GraphException(
          "compile: expected a loss beside the %s of output '%s', received none"
              .formatted(measured ? "metrics" : "loss weight", name));
    }
  }

  private static Objective get(ImmutableMap<String, Objective> all, String name) {
    return all.getOrDefault(name, Objective.NONE);
  }

  private static Head create(
      Emitter e, String name, int index, Objective objective, Loss loss, Model model) {
    Node output = model.outputs().get(index);
    Targets targets = Targets.of(loss, output.shape());
    Probabilities.check(name, output, loss);
    Slot slot = Slot.target(e, "batch", targets.type());
    return new Head(name, index, objective, loss, targets, slot);
  }

  /** Targets enter with or without a last axis of 1; ops see the one form. */
  Output<?> wanted(Emitter e, Output<?> output) {
    Shape shape = targets.shape();
    if (shape.with(0, 1).isKnown()) {
      return e.reshape(target.value(), e.vector(shape.toArray()));
    }
    if (targets.kind() == Targets.Kind.SEQUENCES) {
      Output<?> rows = Windows.size(e, output, 0);
      return e.reshape(target.value(), e.op("Pack").list(List.of(rows, e.scalar(-1))).out());
    }
    Output<?> sizes = e.shape(output);
    return e.reshape(
        target.value(),
        targets.classes()
            ? e.op("StridedSlice").in(sizes, e.vector(0), e.vector(-1), e.vector(1)).out()
            : sizes);
  }
}
