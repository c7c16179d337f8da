package dev.tfgraphs.savedmodel;

import com.google.common.collect.ImmutableList;
import com.google.common.collect.ImmutableListMultimap;
import com.google.common.collect.Multimaps;
import dev.tfgraphs.ops.Layer;
import dev.tfgraphs.ops.Model;
import dev.tfgraphs.ops.Weight;
import java.util.Comparator;
import java.util.LinkedHashMap;
import java.util.Map;

/** The weights of a model by the layers that own them. */
final class LayerWeights {
  private final ImmutableListMultimap<Layer, Weight> weights;

  LayerWeights(Model model) {
    this.weights = Multimaps.index(model.weights(), Weight::layer);
  }

  /** Those of one layer that is no model, as Keras keeps them: first those that can be trained. */
  ImmutableList<Weight> of(Layer layer) {
    return weights.get(layer).stream()
        .sorted(Comparator.comparing((Weight weight) -> !weight.spec().trainable()))
        .collect(ImmutableList.toImmutableList());
  }

  /** Whether a layer, or one inside it, has any. */
  boolean any(Layer layer) {
    return layer instanceof Model model
        ? model.allLayers().stream().anyMatch(weights::containsKey)
        : weights.containsKey(layer);
  }

  /**
   * Those inside a layer in the order of Keras's {@code layer.weights}: first those that train, and
   * all of them by the name of their own layer in its model, {@code conv1/kernel}.
   */
  ImmutableList<Map.Entry<String, Weight>> inside(Layer layer, String name) {
    return owners(layer, name).entrySet().stream()
        .flatMap(
            owner ->
                of(owner.getKey()).stream()
                    .map(
                        weight -> Map.entry(owner.getValue() + "/" + weight.spec().name(), weight)))
        .sorted(Comparator.comparing(entry -> !entry.getValue().trainable()))
        .collect(ImmutableList.toImmutableList());
  }

  /** The layers inside a layer that are no models, each once, with their names. */
  static Map<Layer, String> owners(Layer layer, String name) {
    Map<Layer, String> owners = new LinkedHashMap<>();
    if (layer instanceof Model model) {
      for (Layer inner : model.layers()) {
        owners(inner, model.nameOf(inner)).forEach(owners::putIfAbsent);
      }
    } else {
      owners.put(layer, name);
    }
    return owners;
  }
}
