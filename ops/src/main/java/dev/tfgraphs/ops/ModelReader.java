package dev.tfgraphs.ops;

import com.google.common.collect.ImmutableList;
import com.google.common.collect.ImmutableSet;
import java.util.ArrayList;
import java.util.Collections;
import java.util.HashMap;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import org.jspecify.annotations.Nullable;

/**
 * Models of configs. Layers are made in the order of the file, those of nested models where these
 * stand, so that names and seeds are as in Keras, and then called (keras/src/models/functional.py,
 * functional_from_config).
 */
final class ModelReader {
  static final String SEQUENTIAL = "Sequential";

  /** The setting of a sequential model that says for which shape it was built. */
  static final String BUILT = "build_input_shape";

  private static final ImmutableSet<String> CLASSES =
      ImmutableSet.of("Functional", "Model", SEQUENTIAL);

  /** Layers that stand in several models, by what Keras calls them in a file. */
  private final Map<Object, Layer> shared = new HashMap<>();

  static boolean reads(String className) {
    return CLASSES.contains(className);
  }

  static Model read(Config config) {
    if (!reads(config.className())) {
      throw config.expected(
          "a model of the class Functional or Sequential", "'" + config.className() + "'");
    }
    return new ModelReader().model(config);
  }

  /**
   * The settings in an object: of a sequential model, early versions of Keras have only the list of
   * layers there, and others the shape for which it was built beside them.
   *
   * @throws ModelException if the object has no {@code config}, without which Keras makes nothing
   */
  static @Nullable Object settings(
      String where, String className, Map<String, @Nullable Object> object) {
    if (!object.containsKey("config")) {
      throw new ModelException(
          where + ": expected an object with a 'config', received " + ConfigValue.shown(object));
    }
    Object settings = object.get("config");
    if (!className.equals(SEQUENTIAL)) {
      return settings;
    }
    Map<String, @Nullable Object> all = new LinkedHashMap<>();
    if (settings instanceof List<?>) {
      all.put("layers", settings);
    } else if (settings instanceof Map<?, ?> map) {
      map.forEach((key, value) -> all.put((String) key, value));
    }
    if (object.get("build_config") instanceof Map<?, ?> built) {
      all.putIfAbsent(BUILT, built.get("input_shape"));
    }
    return Collections.unmodifiableMap(all);
  }

  /** A layer or model as it stands in another model's list, the same wherever Keras shares it. */
  Layer layer(ConfigValue row) {
    Object id = row.map().get("shared_object_id");
    Layer known = id == null ? null : shared.get(id);
    if (known != null) {
      return known;
    }
    Config config = row.object();
    Layer layer = reads(config.className()) ? model(config) : LayerKinds.read(config);
    if (id != null) {
      shared.put(id, layer);
    }
    return layer;
  }

  /** Keras writes {@code x + y} as an Add, too, which broadcasts otherwise. */
  static void requireNoOperation(ConfigValue row) {
    if (row.map().get("module") instanceof String module
        && module.startsWith(LayerKinds.OPERATIONS)
        && !"Flip".equals(row.map().get("class_name"))) {
      throw row.object().named("layer").expected("a layer", "an operation of " + module);
    }
  }

  private Model model(Config config) {
    Optional<String> name = config.find("name").map(ConfigValue::text);
    Config placed = config.named("model");
    List<Row> rows = new ArrayList<>();
    try {
      Model model =
          config.className().equals(SEQUENTIAL)
              ? new SequentialReader(this, placed, rows).model()
              : new FunctionalReader(this, placed, rows).model();
      Model named = name.map(model::name).orElse(model);
      return finished(named, placed, rows);
    } catch (ModelException e) {
      throw Settings.placed(e, placed);
    }
  }

  /** With what does not train frozen, and no call that would behave otherwise than it was told. */
  private static Model finished(Model model, Config config, List<Row> rows) {
    String[] held =
        rows.stream()
            .filter(row -> row.held)
            .map(row -> model.nameOf(row.layer))
            .toArray(String[]::new);
    boolean trains = config.find("trainable").map(ModelReader::flag).orElse(true);
    Model partly = held.length == 0 ? model : model.freeze(held);
    Model result = trains ? partly : model.freeze();
    for (Row row : rows) {
      for (Inbound call : row.calls) {
        if (call.training().isPresent() && differs(row.layer, result.frozen())) {
          throw row.config.expected(
              "calls that are told of training by who runs the model",
              "training=" + call.training().get());
        }
      }
    }
    return result;
  }

  private static boolean flag(ConfigValue value) {
    return value.isNull() || value.flag();
  }

  /** Whether a layer does something else in training. */
  private static boolean differs(Layer layer, Set<Layer> frozen) {
    if (layer instanceof Model model) {
      return model.allLayers().stream().anyMatch(one -> differs(one, frozen));
    }
    return layer instanceof BatchNormalization
        ? !frozen.contains(layer)
        : layer instanceof Dropout
            || layer instanceof SpatialDropout2D
            || layer instanceof GaussianNoise
            || layer instanceof RandomImageLayer
            || layer instanceof CustomLayer;
  }

  /** One layer of a model's list. */
  static final class Row {
    final Config config;
    final String key;
    final Layer layer;
    final boolean held;
    final ImmutableList<Inbound> calls;
    final List<ImmutableList<Node>> results = new ArrayList<>();

    Row(ModelReader reader, ConfigValue row, ImmutableList<Inbound> calls) {
      Config written = row.object();
      this.config = written.named("layer");
      this.key = row.map().get("name") instanceof String name ? name : keyOf(written);
      this.layer = reader.layer(row);
      this.held =
          !(layer instanceof Input)
              && !written.find("trainable").map(ModelReader::flag).orElse(true);
      this.calls = calls;
    }

    private static String keyOf(Config written) {
      return written.find("name").map(ConfigValue::text).orElse(written.where());
    }

    /** The results of the next call on {@code inputs}. */
    ImmutableList<Node> call(List<Node> inputs) {
      ImmutableList<Node> made = new Call(layer, ImmutableList.copyOf(inputs)).outputs();
      results.add(made);
      return made;
    }
  }
}
