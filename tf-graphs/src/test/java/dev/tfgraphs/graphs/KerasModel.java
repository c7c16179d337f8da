package dev.tfgraphs.graphs;

import static dev.tfgraphs.graphs.Closeness.get;

import com.google.common.collect.ImmutableList;
import com.google.gson.JsonArray;
import com.google.gson.JsonElement;
import com.google.gson.JsonObject;
import dev.tfgraphs.ops.Layer;
import dev.tfgraphs.ops.Layers;
import dev.tfgraphs.ops.Model;
import dev.tfgraphs.ops.Node;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.HashMap;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;

/**
 * A functional model read from Keras's config, as Keras reads it (keras/src/models/functional.py,
 * functional_from_config): first every layer in the order of the file, those of nested models where
 * these stand, so that seeds are drawn alike; then the calls as soon as what they need is there.
 */
final class KerasModel {
  private static final String TENSOR = "__keras_tensor__";

  private final Map<String, Layer> layers = new LinkedHashMap<>();
  private final Map<String, List<ImmutableList<Node>>> results = new HashMap<>();
  private final Map<String, List<JsonObject>> waiting = new LinkedHashMap<>();
  private final List<String> frozen = new ArrayList<>();

  private KerasModel() {}

  /** The model of a functional config. */
  static Model of(JsonObject config) {
    KerasModel reader = new KerasModel();
    List<JsonObject> rows = Golden.rows(config.get("layers"));
    rows.forEach(reader::make);
    reader.callAll();
    Model model =
        Model.of(
            reader.nodes(config.get("input_layers")), reader.nodes(config.get("output_layers")));
    return reader.frozen.isEmpty() ? model : model.freeze(reader.frozen.toArray(String[]::new));
  }

  private void make(JsonObject row) {
    JsonObject config = row.getAsJsonObject("config");
    String name = config.get("name").getAsString();
    switch (row.get("class_name").getAsString()) {
      case "InputLayer" -> {
        int[] sizes = Golden.sizes(config.get("batch_shape"));
        Node input = Layers.input(name, Arrays.copyOfRange(sizes, 1, sizes.length));
        results.put(name, List.of(ImmutableList.of(input)));
      }
      case "Functional" -> layers.put(name, of(config).name(name));
      default -> {
        layers.put(name, KerasConfig.layer(row).name(name));
        if (config.has("trainable") && !config.get("trainable").getAsBoolean()) {
          frozen.add(name);
        }
      }
    }
    if (layers.containsKey(name)) {
      results.put(name, new ArrayList<>());
      waiting.put(name, new ArrayList<>(Golden.rows(row.get("inbound_nodes"))));
    }
  }

  private void callAll() {
    while (!waiting.isEmpty()) {
      int before = waiting.values().stream().mapToInt(List::size).sum();
      waiting.forEach(this::call);
      waiting.values().removeIf(List::isEmpty);
      if (before == waiting.values().stream().mapToInt(List::size).sum()) {
        throw new IllegalArgumentException("calls that need what is not there: " + waiting);
      }
    }
  }

  /** The next calls of a layer, up to one whose inputs are not there yet. */
  private void call(String name, List<JsonObject> calls) {
    while (!calls.isEmpty()) {
      Optional<List<Node>> inputs = inputs(calls.get(0).get("args"));
      if (inputs.isEmpty()) {
        return;
      }
      Layer layer = get(layers, name);
      get(results, name)
          .add(
              layer instanceof Model model
                  ? model.call(inputs.get())
                  : ImmutableList.of(layer.on(inputs.get().toArray(Node[]::new))));
      calls.remove(0);
    }
  }

  /** All tensors among the arguments of a call, if all are there. */
  private Optional<List<Node>> inputs(JsonElement arguments) {
    List<Node> found = new ArrayList<>();
    for (JsonArray place : places(arguments, new ArrayList<>())) {
      List<ImmutableList<Node>> made = results.get(place.get(0).getAsString());
      if (made == null || made.size() <= place.get(1).getAsInt()) {
        return Optional.empty();
      }
      found.add(made.get(place.get(1).getAsInt()).get(place.get(2).getAsInt()));
    }
    return Optional.of(found);
  }

  private static List<JsonArray> places(JsonElement value, List<JsonArray> found) {
    if (value.isJsonArray()) {
      value.getAsJsonArray().forEach(element -> places(element, found));
    } else if (value.isJsonObject()
        && value.getAsJsonObject().get("class_name").getAsString().equals(TENSOR)) {
      found.add(value.getAsJsonObject().getAsJsonObject("config").getAsJsonArray("keras_history"));
    }
    return found;
  }

  /** One place or a list of places: layer, call, result. */
  private List<Node> nodes(JsonElement places) {
    JsonArray list = places.getAsJsonArray();
    if (list.get(0).isJsonPrimitive()) {
      return List.of(node(list));
    }
    return list.asList().stream().map(place -> node(place.getAsJsonArray())).toList();
  }

  private Node node(JsonArray place) {
    return get(results, place.get(0).getAsString())
        .get(place.get(1).getAsInt())
        .get(place.get(2).getAsInt());
  }
}
