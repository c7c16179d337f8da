package dev.tfgraphs.savedmodel;

import com.google.common.collect.HashMultiset;
import com.google.common.collect.ImmutableList;
import com.google.common.collect.ImmutableMap;
import com.google.common.collect.LinkedListMultimap;
import com.google.common.collect.ListMultimap;
import com.google.common.collect.Multiset;
import dev.tfgraphs.graphs.Weights;
import dev.tfgraphs.ops.Layer;
import dev.tfgraphs.ops.Model;
import dev.tfgraphs.ops.Weight;
import java.io.IOException;
import java.util.ArrayList;
import java.util.Collection;
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

  /** The same layer of Keras's ResNet50 in its first version and today. */
  private static final String OLD_RESNET50 = "res2a_branch2a";

  private static final String RESNET50 = "conv2_block1_1_conv";

  /** A layer of the file that has weights. */
  private record Stored(String name, ImmutableList<StoredTensor> tensors) {}

  private final WeightPlan plan;
  private final Model model;
  private final ReadOptions options;
  private final LayerWeights weights;
  private final Set<Layer> done = new HashSet<>();

  private LegacyWeights(WeightPlan plan, Model model, ReadOptions options) {
    this.plan = plan;
    this.model = model;
    this.options = options;
    this.weights = new LayerWeights(model);
  }

  /** Whether a file is laid out so. */
  static boolean isIn(Hdf5Group root) {
    return root.has(LAYERS) || root.group(WHOLE_MODEL).isPresent();
  }

  /** Gives the tensors under {@code root} their places in the model. */
  static void plan(Hdf5Group root, WeightPlan plan, Model model, ReadOptions options)
      throws IOException {
    Hdf5Group group = root.has(LAYERS) ? root : root.group(WHOLE_MODEL).orElse(root);
    LegacyWeights reading = new LegacyWeights(plan, model, options);
    List<Stored> stored = new ArrayList<>();
    for (String name : group.texts(LAYERS)) {
      Stored layer = stored(group, name);
      if (!layer.tensors().isEmpty()) {
        stored.add(layer);
      }
    }
    reading.checkResNet50(stored);
    if (options.match() == ReadOptions.Match.NAMES) {
      reading.byName(stored);
    } else {
      reading.byOrder(stored);
    }
    if (group.group(TOP_LEVEL).isPresent()) {
      stored(group, TOP_LEVEL).tensors().forEach(plan::unused);
    }
  }

  private static Stored stored(Hdf5Group group, String name) throws IOException {
    Hdf5Group layer =
        group.group(name).orElseThrow(() -> group.file().expected("a group", name, "nothing"));
    return new Stored(name, tensors(layer));
  }

  /** The tensors that a group names, in their order. */
  static ImmutableList<StoredTensor> tensors(Hdf5Group group) throws IOException {
    ImmutableList.Builder<StoredTensor> tensors = ImmutableList.builder();
    for (String name : group.texts(WEIGHTS)) {
      tensors.add(
          group
              .tensor(name)
              .orElseThrow(
                  () -> group.file().expected("a tensor", group.path() + "/" + name, "nothing")));
    }
    return tensors.build();
  }

  /** In the order of the file two of its layers would change their places, which shapes allow. */
  private void checkResNet50(List<Stored> stored) {
    if (options.layerNames().isEmpty()
        && stored.stream().anyMatch(layer -> layer.name().equals(OLD_RESNET50))
        && layersWithWeights().stream().anyMatch(layer -> model.nameOf(layer).equals(RESNET50))) {
      throw plan.failure(
          "expected the weights of Keras's ResNet50, received those of its first version (release"
              + " v0.2 of deep-learning-models) with other names in another order;"
              + " ReadOptions.renamed takes them with the layerNames() of"
              + " PublishedWeights.recognize(FileContents.of(file).layers())");
    }
  }

  private List<Layer> layersWithWeights() {
    return model.layers().stream().filter(weights::any).toList();
  }

  private void byName(List<Stored> stored) {
    ImmutableMap<String, Layer> layers =
        layersWithWeights().stream()
            .collect(ImmutableMap.toImmutableMap(model::nameOf, layer -> layer));
    for (Stored each : stored) {
      Layer layer = layers.get(plan.renamed(each.name()));
      if (layer == null) {
        each.tensors().forEach(plan::unused);
      } else {
        assign(layer, each);
      }
    }
  }

  private void byOrder(List<Stored> stored) {
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
    if (options.match() == ReadOptions.Match.ORDER_AND_NAMES) {
      pairs.check(plan);
    }
  }

  private static String some(List<String> names) {
    return names.stream().limit(8).collect(Collectors.joining(", "))
        + (names.size() > 8 ? ", ..." : "");
  }

  private void assign(Layer layer, Stored stored) {
    if (layer instanceof Model && options.match() == ReadOptions.Match.ORDER) {
      assignInOrder(layer, stored);
    } else if (layer instanceof Model) {
      inner(layer, stored).asMap().forEach(this::assignOwn);
    } else {
      assignOwn(layer, stored.tensors());
    }
  }

  /** The tensors of one layer, by their names if these are Keras's of today, or by their order. */
  private void assignOwn(Layer layer, Collection<StoredTensor> tensors) {
    if (!done.add(layer)) {
      return; // it is inside another model too and stored with each, and the numbers are one
    }
    ImmutableList<Weight> wanted = weights.of(layer);
    Map<String, Weight> byName = new HashMap<>();
    wanted.forEach(weight -> byName.put(weight.spec().name(), weight));
    List<String> names = tensors.stream().map(tensor -> last(tensor, 1)).toList();
    // Keras 1 has other names, and Keras 2 calls the kernels of some layers otherwise
    boolean named = byName.keySet().containsAll(names) && Set.copyOf(names).size() == names.size();
    int i = 0;
    for (StoredTensor tensor : tensors) {
      Weight inOrder = i < wanted.size() ? wanted.get(i) : null;
      Weight place = named ? byName.get(names.get(i)) : inOrder;
      if (place == null) {
        plan.unused(tensor);
      } else {
        plan.put(place.path(), tensor);
      }
      i++;
    }
  }

  /** A nested model's tensors by their order, which is that of what trains. */
  private void assignInOrder(Layer layer, Stored stored) {
    ImmutableList<Map.Entry<String, Weight>> wanted = weights.inside(layer, stored.name());
    Set<Layer> before = Set.copyOf(done);
    for (int i = 0; i < stored.tensors().size(); i++) {
      StoredTensor tensor = stored.tensors().get(i);
      if (i >= wanted.size()) {
        plan.unused(tensor);
      } else if (!before.contains(wanted.get(i).getValue().layer())) {
        plan.put(wanted.get(i).getValue().path(), tensor);
        done.add(wanted.get(i).getValue().layer());
      }
    }
  }

  /**
   * A nested model's tensors by the layers that own them. They lie in the order of what trained
   * when they were written, and so they are told by name; of layers called alike in models inside
   * it, the first has the first.
   */
  private ListMultimap<Layer, StoredTensor> inner(Layer layer, Stored stored) {
    Map<Layer, String> owners = LayerWeights.owners(layer, stored.name());
    List<String> parents =
        stored.tensors().stream().map(tensor -> plan.renamed(last(tensor, 2))).toList();
    LayerNames ours = LayerNames.of(owners.keySet(), owners.values());
    LayerNames theirs = LayerNames.of(owners.keySet(), parents);
    ListMultimap<String, Layer> named = LinkedListMultimap.create();
    owners.forEach((owner, name) -> named.put(ours.comparable(name), owner));
    ListMultimap<Layer, StoredTensor> inner = LinkedListMultimap.create();
    Multiset<String> before = HashMultiset.create();
    for (int i = 0; i < parents.size(); i++) {
      StoredTensor tensor = stored.tensors().get(i);
      List<Layer> places = named.get(theirs.comparable(parents.get(i)));
      int place = before.add(parents.get(i) + "/" + last(tensor, 1), 1);
      if (place < places.size()) {
        inner.put(places.get(place), tensor);
      } else {
        plan.unused(tensor);
      }
    }
    return inner;
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
