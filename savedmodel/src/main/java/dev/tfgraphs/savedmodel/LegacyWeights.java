package dev.tfgraphs.savedmodel;

import com.google.common.collect.ImmutableList;
import com.google.common.collect.ImmutableMap;
import com.google.common.collect.LinkedListMultimap;
import com.google.common.collect.ListMultimap;
import dev.tfgraphs.graphs.Weights;
import dev.tfgraphs.ops.Layer;
import dev.tfgraphs.ops.Model;
import dev.tfgraphs.ops.Weight;
import java.io.IOException;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.stream.Collectors;

/**
 * Keras's older files of weights, {@code .h5}: a group for each layer under its name, with the
 * names of its weights in an attribute. Whole models have them at {@code model_weights}. Keras's
 * source: legacy/saving/legacy_h5_format.py; Keras 2's: saving/legacy/hdf5_format.py.
 */
final class LegacyWeights {
  private static final String LAYERS = "layer_names";
  private static final String WEIGHTS = "weight_names";
  private static final String WHOLE_MODEL = "model_weights";
  private static final String TOP_LEVEL = "top_level_model_weights";

  /** A layer of the file that has weights. */
  private record Stored(String name, ImmutableList<StoredTensor> tensors) {}

  private final WeightPlan plan;
  private final Model model;
  private final LayerWeights weights;
  private final Set<Layer> done = new HashSet<>();

  private LegacyWeights(WeightPlan plan, Model model) {
    this.plan = plan;
    this.model = model;
    this.weights = new LayerWeights(model);
  }

  /** Whether a file is laid out so. */
  static boolean isIn(Hdf5Group root) {
    return root.has(LAYERS) || root.group(WHOLE_MODEL).isPresent();
  }

  /** Gives the tensors under {@code root} their places in the model. */
  static void plan(Hdf5Group root, WeightPlan plan, Model model, ReadOptions.Match match)
      throws IOException {
    Hdf5Group group = root.has(LAYERS) ? root : root.group(WHOLE_MODEL).orElse(root);
    LegacyWeights reading = new LegacyWeights(plan, model);
    List<Stored> stored = new ArrayList<>();
    for (String name : group.texts(LAYERS)) {
      Stored layer = stored(group, name);
      if (!layer.tensors().isEmpty()) {
        stored.add(layer);
      }
    }
    if (match == ReadOptions.Match.NAMES) {
      reading.byName(stored);
    } else {
      reading.byOrder(stored, match);
    }
    if (group.group(TOP_LEVEL).isPresent()) {
      stored(group, TOP_LEVEL).tensors().forEach(plan::unused);
    }
  }

  private static Stored stored(Hdf5Group group, String name) throws IOException {
    Hdf5Group layer =
        group.group(name).orElseThrow(() -> group.file().expected("a group", name, "nothing"));
    ImmutableList.Builder<StoredTensor> tensors = ImmutableList.builder();
    for (String weight : layer.texts(WEIGHTS)) {
      tensors.add(
          layer
              .tensor(weight)
              .orElseThrow(
                  () -> group.file().expected("a tensor", layer.path() + "/" + weight, "nothing")));
    }
    return new Stored(name, tensors.build());
  }

  private List<Layer> layersWithWeights() {
    return model.layers().stream().filter(weights::any).toList();
  }

  private void byName(List<Stored> stored) {
    ImmutableMap<String, Layer> layers =
        layersWithWeights().stream()
            .collect(ImmutableMap.toImmutableMap(model::nameOf, layer -> layer));
    for (Stored each : stored) {
      Layer layer = layers.get(each.name());
      if (layer == null) {
        each.tensors().forEach(plan::unused);
      } else {
        assign(layer, each);
      }
    }
  }

  private void byOrder(List<Stored> stored, ReadOptions.Match match) {
    List<Layer> layers = layersWithWeights();
    if (layers.size() != stored.size()) {
      throw plan.failure(
          "expected the %d layers with weights of the model in their order, received %d: %s; the model has %s (ReadOptions.byName takes them by their names)"
              .formatted(
                  layers.size(),
                  stored.size(),
                  some(stored.stream().map(Stored::name).toList()),
                  some(layers.stream().map(model::nameOf).toList())));
    }
    LayerPairs pairs = new LayerPairs();
    for (int i = 0; i < stored.size(); i++) {
      pairs.add(layers.get(i), model.nameOf(layers.get(i)), stored.get(i).name());
      assign(layers.get(i), stored.get(i));
    }
    if (match == ReadOptions.Match.ORDER_AND_NAMES) {
      pairs.check(plan);
    }
  }

  private static String some(List<String> names) {
    return names.stream().limit(8).collect(Collectors.joining(", "))
        + (names.size() > 8 ? ", ..." : "");
  }

  private void assign(Layer layer, Stored stored) {
    if (layer instanceof Model) {
      assignInner(layer, stored);
      return;
    }
    ImmutableList<Weight> wanted = weights.of(layer);
    Map<String, Weight> byName = new HashMap<>();
    wanted.forEach(weight -> byName.put(weight.spec().name(), weight));
    List<String> names = stored.tensors().stream().map(tensor -> last(tensor, 1)).toList();
    // Keras 1 has other names, and Keras 2 calls the kernels of some layers otherwise
    boolean named = byName.keySet().containsAll(names) && Set.copyOf(names).size() == names.size();
    boolean first = done.add(layer);
    for (int i = 0; i < names.size(); i++) {
      StoredTensor tensor = stored.tensors().get(i);
      Weight place = i < wanted.size() ? wanted.get(i) : null;
      place = named ? byName.get(names.get(i)) : place;
      if (place == null) {
        plan.unused(tensor);
      } else {
        put(place, tensor, first);
      }
    }
  }

  /** A layer that is also inside another model is stored with each, and the numbers are one. */
  private void put(Weight weight, StoredTensor tensor, boolean first) {
    if (first) {
      plan.put(weight.path(), tensor);
    }
  }

  /**
   * A nested model's tensors, which lie in the order of what trained when they were written, and
   * are told by name.
   */
  private void assignInner(Layer layer, Stored stored) {
    Map<Layer, String> owners = LayerWeights.owners(layer, "");
    List<String> parents = stored.tensors().stream().map(tensor -> last(tensor, 2)).toList();
    LayerNames ours = LayerNames.of(owners.keySet(), owners.values());
    LayerNames theirs = LayerNames.of(owners.keySet(), parents);
    ListMultimap<String, Weight> wanted = LinkedListMultimap.create();
    owners.forEach(
        (owner, name) ->
            weights
                .of(owner)
                .forEach(
                    weight ->
                        wanted.put(ours.comparable(name) + "/" + weight.spec().name(), weight)));
    Set<Layer> before = Set.copyOf(done);
    for (int i = 0; i < parents.size(); i++) {
      StoredTensor tensor = stored.tensors().get(i);
      List<Weight> places = wanted.get(theirs.comparable(parents.get(i)) + "/" + last(tensor, 1));
      if (places.isEmpty()) {
        plan.unused(tensor);
      } else {
        Weight weight = places.size() == 1 ? places.get(0) : places.remove(0);
        put(weight, tensor, !before.contains(weight.layer()));
      }
    }
    done.addAll(owners.keySet());
  }

  /** A name of the path of a tensor, counted from its end, without Keras 2's {@code :0}. */
  private static String last(StoredTensor tensor, int fromEnd) {
    String[] names = tensor.name().split("/", -1);
    return names.length < fromEnd ? "" : names[names.length - fromEnd].replaceFirst(":\\d+$", "");
  }

  /** The weights as Keras 3 lays such files out. */
  static Hdf5Writer.Group written(Model model, Weights values) {
    LayerWeights weights = new LayerWeights(model);
    Hdf5Writer.Group root = new Hdf5Writer.Group();
    root.attribute(LAYERS, model.layers().stream().map(model::nameOf).toList());
    root.attribute("backend", "tensorflow").attribute("keras_version", KerasWeights.VERSION);
    for (Layer layer : model.layers()) {
      String name = model.nameOf(layer);
      ImmutableList<Map.Entry<String, Weight>> inside = weights.inside(layer, name);
      Hdf5Writer.Group group = root.group(name);
      group.attribute(WEIGHTS, inside.stream().map(Map.Entry::getKey).toList());
      inside.forEach(
          each ->
              group.dataset(
                  each.getKey(),
                  StoredTensor.of(each.getKey(), values.get(each.getValue().path()))));
    }
    root.group(TOP_LEVEL).attribute(WEIGHTS, List.of());
    return root;
  }
}
