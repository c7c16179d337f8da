package dev.tfgraphs.ops;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import com.google.common.base.Splitter;
import com.google.gson.JsonObject;
import java.util.List;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/** Names, order of layers and order of weights are Keras's. */
class ModelOrderTest {
  @ParameterizedTest
  @ValueSource(
      strings = {
        "resnet18",
        "flexible_resnet",
        "resnet20",
        "sequential_like",
        "nested",
        "nested_twice",
        "shared_layer",
        "shared_model",
        "multiple_inputs_outputs",
        "frozen",
        "unknown_sizes",
        "many_inputs",
        "custom_names_repeat"
      })
  void layersAndWeightsStandInTheOrderOfKeras(String name) {
    JsonObject fixture = Fixture.json("summaries/" + name + ".json");
    Model model = Networks.named(name);
    assertEquals(fixture.get("name").getAsString(), Names.ofModel(model));
    List<JsonObject> layers = Fixture.objects(fixture.getAsJsonArray("layers"));
    assertTrue(layers.size() > 2);
    assertEquals(
        layers.stream()
            .map(
                layer ->
                    layer.get("name").getAsString() + " " + layer.get("class_name").getAsString())
            .toList(),
        model.layers().stream()
            .map(layer -> model.nameOf(layer) + " " + layer.className())
            .toList());
    List<JsonObject> weights = Fixture.objects(fixture.getAsJsonArray("weights"));
    assertEquals(
        weights.stream()
            .map(
                weight ->
                    weight.get("path").getAsString()
                        + Fixture.shape(weight.get("shape"))
                        + weight.get("trainable").getAsBoolean())
            .toList(),
        model.weights().stream()
            .map(weight -> ownPath(weight) + weight.spec().shape() + weight.trainable())
            .toList());
  }

  /** Without the nested models, which Keras's paths leave out. */
  private static String ownPath(Weight weight) {
    List<String> parts = Splitter.on('/').splitToList(weight.path());
    return String.join("/", parts.subList(parts.size() - 2, parts.size()));
  }
}
