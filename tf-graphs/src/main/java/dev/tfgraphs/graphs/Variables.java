package dev.tfgraphs.graphs;

import com.google.common.collect.ImmutableList;
import dev.tfgraphs.graphs.random.Seeding;
import dev.tfgraphs.ops.Layer;
import dev.tfgraphs.ops.Model;
import dev.tfgraphs.ops.Shape;
import dev.tfgraphs.ops.Weight;
import java.util.HashMap;
import java.util.Map;
import java.util.OptionalLong;
import org.tensorflow.Output;

/**
 * A model's weights as resource variables, shared by all lowerings of the model in one graph. Never
 * VariableV2: its gradients crash and it cannot be shared safely.
 */
final class Variables {
  private final Emitter e;
  private final Seeds seeds;
  private final ImmutableList<Variable> all;
  private final Map<Layer, Map<String, Variable>> byLayer = new HashMap<>();
  private final Map<Layer, Resource> seedStates = new HashMap<>();

  Variables(Emitter e, Model model, long seed) {
    this.e = e;
    this.seeds = new Seeds(model, seed);
    ImmutableList.Builder<Variable> variables = ImmutableList.builder();
    for (Weight weight : model.weights()) {
      Variable variable = variable(weight);
      variables.add(variable);
      byLayer
          .computeIfAbsent(weight.layer(), layer -> new HashMap<>())
          .put(weight.spec().name(), variable);
    }
    this.all = variables.build();
  }

  ImmutableList<Variable> all() {
    return all;
  }

  Variable of(Layer layer, String weight) {
    Variable variable = byLayer.getOrDefault(layer, Map.of()).get(weight);
    if (variable == null) {
      throw new GraphException(
          layer + ": expected the name of one of its weights, received '" + weight + "'");
    }
    return variable;
  }

  /** Whether training changes a weight of this layer by gradient. */
  boolean train(Layer layer) {
    return byLayer.getOrDefault(layer, Map.of()).values().stream()
        .anyMatch(variable -> variable.weight().trainable());
  }

  /** The state {@code [seed, draws so far]} of a layer that draws random numbers in training. */
  Resource seedState(Layer layer, OptionalLong own) {
    return seedStates.computeIfAbsent(
        layer,
        key -> {
          Emitter init = e.under("seed_generator").initializing();
          Output<?> first = init.vector(seed(layer, own), 0L);
          return Resource.create(e.under("seed_generator"), "state", Shape.of(2), first);
        });
  }

  /** The seed with which a layer draws, its own or the trainer's. */
  long seed(Layer layer, OptionalLong own) {
    return Seeding.folded(own.orElse(seeds.of(layer)));
  }

  private Variable variable(Weight weight) {
    InitialValues values = new InitialValues(e.under(weight.path()).initializing());
    Shape shape = weight.spec().shape();
    Output<?> first = values.of(weight.spec().initializer(), shape, seeds.of(weight));
    return new Variable(weight, Resource.create(e, weight.path(), shape, first));
  }
}
