package dev.tfgraphs.ops;

import java.util.ArrayList;
import java.util.Comparator;
import java.util.HashMap;
import java.util.LinkedHashMap;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import org.jspecify.annotations.Nullable;

/** Configs of models, as Keras 3 writes them. */
final class ModelWriter {
  private final Set<Layer> frozen;
  private final Map<Layer, Long> shared;

  private ModelWriter(Model model) {
    this.frozen = model.frozen();
    Map<Layer, Integer> places = new LinkedHashMap<>();
    count(model, places);
    this.shared = new HashMap<>();
    places.forEach(
        (layer, times) -> {
          if (times > 1) {
            shared.put(layer, shared.size() + 1L);
          }
        });
  }

  static Config config(Model model) {
    return new ModelWriter(model).written(model, model.name().orElse(Names.ofModel(model)));
  }

  private static void count(Model model, Map<Layer, Integer> places) {
    for (Layer layer : model.layers()) {
      if (places.merge(layer, 1, Integer::sum) == 1 && layer instanceof Model part) {
        count(part, places);
      }
    }
  }

  private Config written(Model model, String name) {
    Map<String, @Nullable Object> settings = new LinkedHashMap<>();
    settings.put("name", name);
    settings.put("trainable", trains(model));
    if (model.isSequential()) {
      settings.put("dtype", LayerKinds.FLOAT32);
      settings.put("layers", model.layers().stream().map(layer -> row(model, layer)).toList());
      settings.put(ModelReader.BUILT, Forms.SHAPE.write(model.input().shape()));
    } else {
      Uses uses = new Uses(model);
      settings.put(
          "layers",
          model.layers().stream()
              .map(
                  layer -> {
                    Map<String, @Nullable Object> row = row(model, layer);
                    row.put("name", model.nameOf(layer));
                    row.put("inbound_nodes", uses.of(layer));
                    return row;
                  })
              .toList());
      settings.put("input_layers", uses.places(model.inputs()));
      settings.put("output_layers", uses.places(model.outputs()));
    }
    return Config.of(model.className(), settings);
  }

  private boolean trains(Layer layer) {
    if (layer instanceof Model model) {
      Set<Layer> all = model.freezable();
      return all.isEmpty() || !frozen.containsAll(all);
    }
    return !frozen.contains(layer);
  }

  private Map<String, @Nullable Object> row(Model owner, Layer layer) {
    String name = owner.nameOf(layer);
    Map<String, @Nullable Object> row =
        layer instanceof Model model
            ? object(written(model, name))
            : LayerKinds.config(layer, Optional.of(name), trains(layer))
                .toObject(LayerKinds.module(layer));
    Long id = shared.get(layer);
    if (id != null) {
      row.put("shared_object_id", id);
    }
    return row;
  }

  /** A model's config as Keras writes it in files. */
  static Map<String, @Nullable Object> object(Config model) {
    boolean sequential = model.className().equals(ModelReader.SEQUENTIAL);
    Map<String, @Nullable Object> object =
        model.toObject(sequential ? "keras" : "keras.src.models.functional");
    object.put("registered_name", sequential ? null : model.className());
    return object;
  }

  /** The calls of a model's layers by their numbers, in the order in which they were made. */
  private static final class Uses {
    private final Model model;
    private final Map<Layer, List<Call>> calls = new HashMap<>();

    Uses(Model model) {
      this.model = model;
      model.calls().stream()
          .sorted(Comparator.comparingLong(Call::order))
          .forEachOrdered(
              call -> calls.computeIfAbsent(call.layer(), layer -> new ArrayList<>()).add(call));
    }

    List<@Nullable Object> of(Layer layer) {
      List<@Nullable Object> inbound = new ArrayList<>();
      for (Call call : new LinkedHashSet<>(calls.getOrDefault(layer, List.of()))) {
        if (!call.inputs().isEmpty()) {
          inbound.add(arguments(call));
        }
      }
      return inbound;
    }

    private Map<String, @Nullable Object> arguments(Call call) {
      List<@Nullable Object> tensors = new ArrayList<>();
      call.inputs().forEach(input -> tensors.add(tensor(input)));
      boolean several = call.layer() instanceof Merge || tensors.size() > 1;
      Map<String, @Nullable Object> arguments = new LinkedHashMap<>();
      arguments.put("args", several ? List.of(tensors) : tensors);
      arguments.put("kwargs", Map.of());
      return arguments;
    }

    private Map<String, @Nullable Object> tensor(Node node) {
      Map<String, @Nullable Object> config = new LinkedHashMap<>();
      config.put("shape", Forms.SHAPE.write(node.shape()));
      config.put("dtype", "float32");
      config.put("keras_history", place(node, 0));
      Map<String, @Nullable Object> tensor = new LinkedHashMap<>();
      tensor.put("class_name", "__keras_tensor__");
      tensor.put("config", config);
      return tensor;
    }

    private List<Object> place(Node node, int first) {
      long call = calls.getOrDefault(node.layer(), List.of()).indexOf(node.call());
      return List.of(model.nameOf(node.layer()), first + call, (long) node.index());
    }

    /** Inputs or outputs, of which Keras counts the calls of nested functional models from 1. */
    Object places(List<Node> nodes) {
      List<List<Object>> places =
          nodes.stream()
              .map(
                  node ->
                      place(
                          node, node.layer() instanceof Model part && !part.isSequential() ? 1 : 0))
              .toList();
      return places.size() == 1 ? places.get(0) : places;
    }
  }
}
