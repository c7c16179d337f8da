package dev.tfgraphs.savedmodel;

import dev.tfgraphs.ops.Layer;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.Set;

/** Layers of a model and those that a file has in their places, to see whether two are swapped. */
final class LayerPairs {
  private record Pair(String model, String file) {}

  private final List<Layer> layers = new ArrayList<>();
  private final List<Pair> pairs = new ArrayList<>();

  /** Notes that the file has {@code stored} in the place of a layer called {@code name}. */
  void add(Layer layer, String name, String stored) {
    layers.add(layer);
    pairs.add(new Pair(name, stored));
  }

  /** Notes a problem for each layer that is in the place of another. */
  void check(WeightPlan plan) {
    LayerNames ours = LayerNames.of(layers, pairs.stream().map(Pair::model).toList());
    LayerNames theirs = LayerNames.of(layers, pairs.stream().map(Pair::file).toList());
    Map<String, String> wanted = new HashMap<>();
    pairs.forEach(pair -> wanted.put(ours.comparable(pair.model()), pair.model()));
    Set<String> said = new HashSet<>();
    for (Pair pair : pairs) {
      String stored = theirs.comparable(pair.file());
      String other = wanted.get(stored);
      if (other != null && !stored.equals(ours.comparable(pair.model())) && said.add(stored)) {
        plan.problem(
            "%s: received '%s' in its place%s (ReadOptions.byName takes layers by their names, byOrder by their places)"
                .formatted(
                    pair.model(),
                    pair.file(),
                    other.equals(pair.file()) ? "" : ", which is '" + other + "' here"));
      }
    }
  }
}
