package dev.tfgraphs.ops;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;

import com.google.gson.JsonElement;
import com.google.gson.JsonObject;
import java.util.HashSet;
import java.util.List;
import java.util.Set;
import java.util.stream.Collectors;
import java.util.stream.Stream;
import org.junit.jupiter.api.Named;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.MethodSource;

/** Shapes and weights of every kind of layer are Keras's, with known and with unknown sizes. */
class LayerShapesTest {
  /** What Keras has and this library has not. */
  private static final List<String> LEFT_OUT =
      List.of(
          "activation hard_shrink",
          "activation soft_shrink",
          "activation sparse_plus",
          "activation sparse_sigmoid",
          "activation squareplus",
          "softmax of two axes",
          "rescaling per channel");

  static Stream<Named<JsonObject>> cases() {
    return Fixture.objects(Fixture.json("layers.json").getAsJsonArray("cases")).stream()
        .map(one -> Named.of(one.get("name").getAsString(), one))
        .filter(one -> !LEFT_OUT.contains(one.getName()));
  }

  @ParameterizedTest(name = "{0}")
  @MethodSource("cases")
  void shapesAndWeightsAreThoseOfKeras(JsonObject one) {
    Layer layer = Fixture.layer(one);
    List<JsonObject> shapes = Fixture.objects(one.getAsJsonArray("shapes"));
    assertFalse(shapes.isEmpty());
    for (JsonObject shape : shapes) {
      List<Shape> inputs =
          shape.getAsJsonArray("inputs").asList().stream().map(Fixture::shape).toList();
      assertEquals(Fixture.shape(shape.get("output")), layer.infer(inputs), inputs.toString());
      assertEquals(
          Fixture.objects(one.getAsJsonArray("weights")).stream()
              .map(
                  weight ->
                      weight.get("name").getAsString()
                          + Fixture.shape(weight.get("shape"))
                          + weight.get("trainable").getAsBoolean())
              .toList(),
          layer.weights(inputs).stream()
              .map(spec -> spec.name() + spec.shape() + (spec.trainable() && trains(one)))
              .toList());
    }
  }

  private static boolean trains(JsonObject one) {
    JsonElement trainable = one.getAsJsonObject("config").get("trainable");
    return trainable == null || trainable.getAsBoolean(); // an operation has none
  }

  @ParameterizedTest(name = "{0}")
  @MethodSource("cases")
  void classNamesAreThoseOfKeras(JsonObject one) {
    String className = one.get("class_name").getAsString();
    assertEquals(className, Fixture.layer(one).className());
  }

  @Test
  void everyKindOfLayerIsCompared() {
    Set<Class<?>> compared =
        cases()
            .map(Named::getPayload)
            .map(one -> Fixture.layer(one))
            .map(Layer::getClass)
            .collect(Collectors.toSet());
    Set<Class<?>> kinds = kinds(Layer.class).collect(Collectors.toCollection(HashSet::new));
    kinds.removeAll(Set.of(Input.class, Model.class, CustomLayer.class));
    assertEquals(kinds, compared);
  }

  private static Stream<Class<?>> kinds(Class<?> type) {
    return type.isSealed()
        ? Stream.of(type.getPermittedSubclasses()).flatMap(LayerShapesTest::kinds)
        : Stream.of(type);
  }
}
