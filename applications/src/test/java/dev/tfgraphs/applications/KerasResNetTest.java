package dev.tfgraphs.applications;

import static dev.tfgraphs.applications.KerasResNet.RESNET50;
import static dev.tfgraphs.ops.ActivationFunction.LINEAR;
import static dev.tfgraphs.ops.ActivationFunction.SIGMOID;
import static dev.tfgraphs.ops.Layers.dense;
import static dev.tfgraphs.ops.Layers.input;
import static dev.tfgraphs.ops.Layers.maxPooling2D;
import static dev.tfgraphs.ops.Layers.rescaling;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertThrows;

import com.google.common.base.Ascii;
import com.google.gson.JsonElement;
import com.google.gson.JsonObject;
import dev.tfgraphs.ops.Model;
import dev.tfgraphs.ops.ModelException;
import dev.tfgraphs.ops.Node;
import dev.tfgraphs.ops.Shape;
import java.util.Arrays;
import java.util.List;
import java.util.stream.Stream;
import org.junit.jupiter.api.Named;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.EnumSource;
import org.junit.jupiter.params.provider.MethodSource;

/** The six networks are those of Keras, layer by layer, with whatever options Keras has. */
class KerasResNetTest {
  private static final int UNKNOWN = Shape.UNKNOWN;

  private static Stream<JsonObject> rows(String list) {
    return Fixture.objects(Fixture.file("keras_resnets.json").getAsJsonArray(list));
  }

  static Stream<Named<JsonObject>> networks() {
    return rows("networks")
        .map(row -> Named.of(network(row) + (isTop(row) ? "" : " without its top"), row));
  }

  static Stream<Named<JsonObject>> options() {
    return rows("options").map(row -> Named.of(network(row) + ": " + row.get("case"), row));
  }

  static Stream<Named<JsonObject>> onNodes() {
    return rows("on_a_node").map(row -> Named.of(network(row).name(), row));
  }

  static KerasResNet network(JsonObject row) {
    return KerasResNet.valueOf(Ascii.toUpperCase(row.get("network").getAsString()));
  }

  private static boolean isTop(JsonObject row) {
    return row.get("top").getAsBoolean();
  }

  private static void assertFacts(JsonObject row, Model model) {
    JsonObject actual = KerasLines.facts(model);
    JsonObject expected = new JsonObject();
    actual.keySet().forEach(key -> expected.add(key, row.get(key)));
    assertEquals(expected, actual);
  }

  @ParameterizedTest
  @MethodSource("networks")
  void aNetworkHasTheLayersAndWeightsOfKerasInItsOrder(JsonObject row) {
    KerasResNet network = network(row);
    assertFacts(row, isTop(row) ? network.model() : network.backbone(224, 224, 3));
  }

  /** What the hashes of the other networks stand for, to be read where they differ. */
  @ParameterizedTest
  @EnumSource(
      value = KerasResNet.class,
      names = {"RESNET50", "RESNET50V2"})
  void eachLayerIsSetAsInKeras(KerasResNet network) {
    List<String> expected = Fixture.text(network.modelName() + ".txt").lines().toList();
    assertEquals(expected, KerasLines.layers(network.model()));
  }

  /** As its documentation has them. */
  @ParameterizedTest
  @CsvSource({
    "RESNET50, 25636712",
    "RESNET101, 44707176",
    "RESNET152, 60419944",
    "RESNET50V2, 25613800",
    "RESNET101V2, 44675560",
    "RESNET152V2, 60380648"
  })
  void aNetworkHasAsManyParametersAsPublished(KerasResNet network, long parameters) {
    assertEquals(parameters, network.model().parameters());
  }

  private static Model withOptions(KerasResNet network, String options) {
    return switch (options) {
      case "classes" -> network.model(x -> Heads.classifier(x, 10), 64, 64, 3);
      case "logits" -> network.model(x -> Heads.classifier(x, 7, LINEAR), 224, 224, 3);
      case "sigmoid" -> network.model(x -> Heads.classifier(x, 1, SIGMOID), 100, 75, 3);
      case "no head" -> network.backbone(UNKNOWN, UNKNOWN, 3);
      case "no head of 224" -> network.backbone(224, 224, 3);
      case "average" -> network.model(Heads::averagePooling, 32, 32, 3);
      case "max" -> network.model(Heads::maxPooling, 33, 95, 1);
      case "max of unknown sizes" -> network.model(Heads::maxPooling, UNKNOWN, UNKNOWN, 3);
      case "unknown height" -> network.backbone(UNKNOWN, 64, 4);
      case "another name" -> network.backbone(64, 64, 3).name("backbone");
      default -> throw new AssertionError(options);
    };
  }

  @ParameterizedTest
  @MethodSource("options")
  void optionsAreThoseOfKeras(JsonObject row) {
    Model model = withOptions(network(row), row.get("case").getAsString());
    assertEquals(Fixture.shape(row.get("input_shape")).batched(), model.input().shape());
    assertEquals(Fixture.shape(row.get("output_shape")), model.output().shape());
    List<String> layers = KerasLines.layers(model);
    assertEquals(
        row.getAsJsonArray("tail").asList().stream().map(JsonElement::getAsString).toList(),
        layers.subList(layers.size() - 2, layers.size()));
    assertFacts(row, model);
  }

  /** Keras's {@code input_tensor}. */
  @ParameterizedTest
  @MethodSource("onNodes")
  void aNetworkStandsOnAnyNode(JsonObject row) {
    Node photo = input("photo", 128, 128, 3);
    Node x = photo.to(rescaling(1 / 127.5).offset(-1)).to(maxPooling2D(2));
    Node features = Heads.averagePooling(network(row).features(x));
    Model model = Model.of(photo, features.to(dense(5)));
    assertEquals(
        row.getAsJsonArray("names").asList().stream().map(JsonElement::getAsString).toList(),
        model.layers().stream().map(model::nameOf).filter(name -> !name.contains("conv")).toList());
    assertFacts(row, model);
  }

  @Test
  void aHeadCanBeOnesOwn() {
    Model model = RESNET50.model(x -> Heads.maxPooling(x).to(dense(3)), 64, 64, 3);
    assertEquals(Shape.of(UNKNOWN, 3), model.output().shape());
    assertEquals("resnet50", model.name().orElseThrow());
  }

  /** Keras asks for known ones with a top, although its pooling does not need them. */
  @Test
  void aClassifierTakesUnknownSizes() {
    Model model = RESNET50.model(x -> Heads.classifier(x, 10), UNKNOWN, UNKNOWN, 3);
    assertEquals(Shape.of(UNKNOWN, 10), model.output().shape());
  }

  @ParameterizedTest
  @EnumSource(KerasResNet.class)
  void levelsAreTheLastOfTheirSize(KerasResNet network) {
    BackboneLevels.assertLast(network);
  }

  @Test
  void aNetworkKnowsItsBlocks() {
    assertEquals(List.of(3, 4, 6, 3), RESNET50.blocks());
  }

  @ParameterizedTest
  @CsvSource({
    "'31, 64, 3', '(None, 31, 64, 3)'",
    "'64, 31, 3', '(None, 64, 31, 3)'",
    "'-1, 8, 3', '(None, None, 8, 3)'",
    "'64, 64', '(None, 64, 64)'",
    "'2048', '(None, 2048)'"
  })
  void imagesOfOtherSizesAreRefused(String sizes, String shape) {
    int[] given = Arrays.stream(sizes.split(", ")).mapToInt(Integer::parseInt).toArray();
    for (KerasResNet network : KerasResNet.values()) {
      ModelException thrown =
          assertThrows(ModelException.class, () -> network.features(input(given)));
      assertEquals(
          network.modelName()
              + ": expected images (batch, height, width, channels) of 32 x 32 or more, received "
              + shape,
          thrown.getMessage());
    }
  }

  @Test
  void aClassifierHasClasses() {
    ModelException thrown =
        assertThrows(
            ModelException.class, () -> RESNET50.model(x -> Heads.classifier(x, 0), 32, 32, 3));
    assertEquals("layer Dense: expected positive units, received 0", thrown.getMessage());
  }

  @Test
  void channelsMustBeKnown() {
    ModelException thrown =
        assertThrows(ModelException.class, () -> RESNET50.backbone(64, 64, UNKNOWN));
    assertEquals(
        "layer 'conv1_pad' (ZeroPadding2D): expected an input with a known number of channels,"
            + " received (None, 64, 64, None)",
        thrown.getMessage());
  }
}
