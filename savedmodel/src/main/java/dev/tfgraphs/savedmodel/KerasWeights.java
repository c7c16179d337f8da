package dev.tfgraphs.savedmodel;

import com.google.common.collect.ImmutableList;
import com.google.common.collect.ImmutableListMultimap;
import com.google.common.collect.ImmutableSet;
import com.google.common.collect.Iterables;
import dev.tfgraphs.graphs.Weights;
import dev.tfgraphs.ops.Layer;
import dev.tfgraphs.ops.Model;
import dev.tfgraphs.ops.Weight;
import java.io.IOException;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.HashSet;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.stream.Collectors;

/**
 * Keras 3's files of weights, {@code .weights.h5}: a group for each layer under its class and a
 * number, {@code layers/conv2d_1/vars}, its weights in it by their numbers. Keras's source:
 * saving/saving_lib.py.
 */
final class KerasWeights {
  /** The Keras whose layout is written. */
  static final String VERSION = "3.15.1";

  /** How deep models may be nested: more than anybody needs, and less than Java's stack takes. */
  private static final int DEPTH = 100;

  private static final String LAYERS = "layers";
  private static final String VARS = "vars";
  private static final String OPTIMIZER = "optimizer/vars";

  /** The optimizer without what scales the loss in float16, where there is such. */
  private static final String INNER = "optimizer/inner_optimizer/vars";

  /** The two classes of Keras that a nested model may have. */
  private static final String FUNCTIONAL = "functional";

  private static final String SEQUENTIAL = "sequential";

  /**
   * What else Keras keeps beside weights: the optimizer's variables, the states of random layers
   * and those of metrics.
   */
  private static final ImmutableSet<String> OTHERS =
      ImmutableSet.of(
          "optimizer",
          "seed_generator",
          "generator",
          "metrics",
          "_metrics",
          "_compile_metrics",
          "_loss_tracker");

  /** What TensorFlow 2.13 called the layers. */
  private static final String OLD_LAYERS = "_layer_checkpoint_dependencies";

  private final WeightPlan plan;
  private final ReadOptions options;
  private final LayerWeights weights;
  private final Set<Layer> done = new HashSet<>();
  private final Set<String> used = new HashSet<>();

  private KerasWeights(WeightPlan plan, Model model, ReadOptions options) {
    this.plan = plan;
    this.options = options;
    this.weights = new LayerWeights(model);
  }

  /** Gives the tensors under {@code root} their places in the model. */
  static void plan(MergedGroup root, WeightPlan plan, Model model, ReadOptions options)
      throws IOException {
    KerasWeights reading = new KerasWeights(plan, model, options);
    reading.assignAll(model, root);
    for (StoredTensor tensor : reading.tensors(root)) {
      if (!reading.used.contains(tensor.name())) {
        plan.unused(tensor);
      }
    }
  }

  /**
   * The variables of the optimizer, if the file has one.
   *
   * @param where how errors call their place
   */
  static Optional<OptimizerVariables> optimizer(String where, MergedGroup root) throws IOException {
    ImmutableList<StoredTensor> outer = variables(root, OPTIMIZER);
    ImmutableList<StoredTensor> inner = variables(root, INNER);
    if (inner.isEmpty()) {
      return outer.isEmpty()
          ? Optional.empty()
          : Optional.of(OptimizerVariables.numbered(where, outer));
    }
    return Optional.of(OptimizerVariables.numbered(where, inner).scaledBy(where, outer));
  }

  /** Variables in Keras's order, none if there is no such group. */
  private static ImmutableList<StoredTensor> variables(MergedGroup root, String path)
      throws IOException {
    Optional<MergedGroup> vars = root.group(path);
    if (vars.isEmpty()) {
      return ImmutableList.of();
    }
    ImmutableListMultimap<Integer, StoredTensor> numbered = vars.get().numbered();
    for (int i = 0; i < numbered.size(); i++) {
      if (numbered.get(i).size() != 1) {
        Hdf5File file = root.parts().get(0).file();
        throw file.expected("variables 0, 1, 2, ...", path, numbered.keySet().toString());
      }
    }
    return ImmutableList.copyOf(numbered.values());
  }

  private static Optional<MergedGroup> layers(MergedGroup group) {
    return group.group(LAYERS).or(() -> group.group(OLD_LAYERS));
  }

  private void assignAll(Model model, MergedGroup group) throws IOException {
    Optional<MergedGroup> stored = layers(group);
    if (stored.isEmpty()) {
      return; // all is missing
    }
    Map<Layer, String> places =
        options.match() == ReadOptions.Match.NAMES
            ? byName(model, stored.get())
            : byOrder(model, stored.get());
    LayerPairs pairs = new LayerPairs();
    for (Layer layer : model.layers()) {
      Optional<MergedGroup> found =
          Optional.ofNullable(places.get(layer)).flatMap(stored.get()::group);
      if (found.isPresent() && weights.any(layer)) {
        Optional<MergedGroup> vars = found.get().group(VARS);
        vars.flatMap(own -> own.text("name"))
            .ifPresent(name -> pairs.add(layer, model.nameOf(layer), name));
        assign(layer, found.get(), vars);
      }
    }
    if (options.match() == ReadOptions.Match.ORDER_AND_NAMES) {
      pairs.check(plan);
    }
  }

  private void assign(Layer layer, MergedGroup group, Optional<MergedGroup> vars)
      throws IOException {
    if (layer instanceof Model nested) {
      assignAll(nested, group);
      return;
    }
    if (vars.isEmpty() || !done.add(layer)) {
      return; // what is used twice is stored once
    }
    ImmutableList<Weight> wanted = weights.of(layer);
    vars.get()
        .numbered()
        .forEach(
            (number, tensor) -> {
              if (number >= 0 && number < wanted.size()) {
                plan.put(wanted.get(number).path(), tensor);
                used.add(tensor.name());
              }
            });
  }

  /** Where Keras puts each layer: its class, counted in the order of the layers. */
  private static Map<Layer, String> byOrder(Model model) {
    Map<Layer, String> places = new LinkedHashMap<>();
    Map<String, Integer> counts = new HashMap<>();
    for (Layer layer : model.layers()) {
      String name = layer.automaticName();
      places.put(layer, numbered(name, counts.merge(name, 1, Integer::sum) - 1));
    }
    return places;
  }

  /**
   * Where layers are whose order is that of the file. A model that is described in Java may be a
   * Sequential one of Keras's: where a file has no others, all models are counted as such, and
   * where it has weights in models of both classes, these have to be known.
   */
  private Map<Layer, String> byOrder(Model model, MergedGroup stored) throws IOException {
    Map<Layer, String> places = byOrder(model);
    List<Layer> models =
        places.keySet().stream().filter(Model.class::isInstance).collect(Collectors.toList());
    if (models.isEmpty()) {
      return places;
    }
    if (stored.names().stream().noneMatch(name -> isOf(FUNCTIONAL, name))) {
      models.forEach(each -> places.put(each, numbered(SEQUENTIAL, models.indexOf(each))));
      return places;
    }
    models.removeIf(each -> !weights.any(each));
    int functional = count(FUNCTIONAL, stored);
    int sequential = count(SEQUENTIAL, stored);
    long known = models.stream().filter(each -> isOf(SEQUENTIAL, each.automaticName())).count();
    boolean mixed = functional > 0 && sequential > 0;
    if (mixed && !(known == sequential && models.size() - known == functional)) {
      places.putAll(byName(model, models, stored, functional + " functional and " + sequential));
    }
    return places;
  }

  /** Where models are whose order says nothing. */
  private Map<Layer, String> byName(
      Model model, List<Layer> models, MergedGroup stored, String received) {
    Map<String, String> named =
        options.match() == ReadOptions.Match.ORDER ? Map.of() : named(stored);
    Map<Layer, String> places = new HashMap<>();
    for (Layer each : models) {
      String place = named.get(model.nameOf(each));
      if (place == null) {
        throw plan.failure(
            "expected '%s' among the models by its name, received %s sequential ones whose order is not known; name it as in the file, or read the model from Keras's config"
                .formatted(model.nameOf(each), received));
      }
      places.put(each, place);
    }
    return places;
  }

  private static boolean isOf(String name, String place) {
    return place.equals(name) || place.matches(name + "_\\d+");
  }

  /** How many models of a class have weights. */
  private int count(String name, MergedGroup layers) throws IOException {
    int count = 0;
    for (String place : layers.names()) {
      Optional<MergedGroup> group = isOf(name, place) ? layers.group(place) : Optional.empty();
      if (group.isPresent() && !tensors(group.get()).isEmpty()) {
        count++;
      }
    }
    return count;
  }

  private static String numbered(String name, int before) {
    return before == 0 ? name : name + "_" + before;
  }

  /** Where the file says that a layer of the same name is. */
  private Map<Layer, String> byName(Model model, MergedGroup layers) {
    Map<String, String> named = named(layers);
    if (named.isEmpty()) {
      throw plan.failure(
          "expected layers with their names, received a file without; it can be read by order");
    }
    Map<Layer, String> places = new LinkedHashMap<>();
    for (Layer layer : model.layers()) {
      String place = named.get(model.nameOf(layer));
      if (place != null) {
        places.put(layer, place);
      }
    }
    return places;
  }

  /** The places of a file by the names of what is there. */
  private Map<String, String> named(MergedGroup layers) {
    Map<String, String> named = new HashMap<>();
    for (String place : layers.names()) {
      layers
          .group(place + "/" + VARS)
          .flatMap(vars -> vars.text("name"))
          .ifPresent(name -> named.put(plan.renamed(name), place));
    }
    return named;
  }

  /** All weights in a group, also those of layers that are not known here. */
  private List<StoredTensor> tensors(MergedGroup group) throws IOException {
    List<StoredTensor> tensors = new ArrayList<>();
    addTensors(group, tensors, new HashSet<>(), 0);
    return tensors;
  }

  private void addTensors(
      MergedGroup group, List<StoredTensor> tensors, Set<MergedGroup> seen, int depth)
      throws IOException {
    if (depth > DEPTH) {
      throw plan.failure("expected models nested less than %d times".formatted(DEPTH));
    }
    if (!seen.add(group)) {
      return; // two names of one group, or a circle
    }
    for (String name : group.names()) {
      Optional<MergedGroup> inner = OTHERS.contains(name) ? Optional.empty() : group.group(name);
      if (inner.isPresent() && name.equals(VARS)) {
        tensors.addAll(inner.get().numbered().values());
      } else if (inner.isPresent()) {
        // layers of a model do not count as deeper than the model
        boolean list = name.equals(LAYERS) || name.equals(OLD_LAYERS);
        addTensors(inner.get(), tensors, seen, list ? depth : depth + 1);
      }
    }
  }

  /**
   * A group of variables as it is written.
   *
   * @param path where its variables go, {@code layers/conv2d/vars}
   * @param name the layer's
   */
  record Entry(String path, String name, ImmutableList<StoredTensor> tensors) {}

  /** The groups that Keras 3 makes of a model. */
  static ImmutableList<Entry> entries(Model model, Weights values) {
    ImmutableList.Builder<Entry> entries = ImmutableList.builder();
    String name = model.name().orElse(model.automaticName());
    entries.add(new Entry(VARS, name, ImmutableList.of()));
    addEntries(model, "", new LayerWeights(model), values, new HashSet<>(), entries);
    return entries.build();
  }

  private static void addEntries(
      Model model,
      String prefix,
      LayerWeights weights,
      Weights values,
      Set<Layer> done,
      ImmutableList.Builder<Entry> entries) {
    byOrder(model)
        .forEach(
            (layer, place) -> {
              if (done.add(layer)) {
                String path = prefix + LAYERS + "/" + place + "/";
                List<StoredTensor> tensors = new ArrayList<>();
                for (Weight weight : weights.of(layer)) {
                  String name = path + VARS + "/" + tensors.size();
                  tensors.add(StoredTensor.of(name, values.get(weight.path())));
                }
                entries.add(
                    new Entry(path + VARS, model.nameOf(layer), ImmutableList.copyOf(tensors)));
                if (layer instanceof Model nested) {
                  addEntries(nested, path, weights, values, done, entries);
                }
              }
            });
  }

  /** A file with everything in it. */
  static Hdf5Writer.Group written(
      Model model, Weights values, Optional<OptimizerVariables> optimizer) {
    Hdf5Writer.Group root = new Hdf5Writer.Group();
    for (Entry entry : entries(model, values)) {
      Hdf5Writer.Group group = root.group(entry.path()).attribute("name", entry.name());
      for (int i = 0; i < entry.tensors().size(); i++) {
        group.dataset(Integer.toString(i), entry.tensors().get(i));
      }
    }
    optimizer.ifPresent(variables -> writeOptimizer(root, variables));
    return root;
  }

  /** An optimizer that scales the loss has the other's variables behind its own. */
  private static void writeOptimizer(Hdf5Writer.Group root, OptimizerVariables variables) {
    ImmutableList<StoredTensor> outer = variables.outer();
    write(root.group(OPTIMIZER), Iterables.concat(outer, variables.tensors()));
    if (!outer.isEmpty()) {
      write(root.group(INNER), variables.tensors());
    }
  }

  private static void write(Hdf5Writer.Group group, Iterable<StoredTensor> variables) {
    int number = 0;
    for (StoredTensor tensor : variables) {
      group.dataset(Integer.toString(number++), tensor);
    }
  }
}
