package dev.tfgraphs.applications;

import static dev.tfgraphs.ops.Layers.input;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertThrows;

import com.google.common.collect.ImmutableMap;
import com.google.gson.JsonObject;
import dev.tfgraphs.ops.Model;
import dev.tfgraphs.ops.ModelException;
import dev.tfgraphs.ops.Node;
import dev.tfgraphs.ops.Shape;
import dev.tfgraphs.ops.Weight;
import java.util.Arrays;
import java.util.List;
import java.util.Objects;
import java.util.function.UnaryOperator;
import java.util.stream.IntStream;
import java.util.stream.Stream;
import org.junit.jupiter.api.Named;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.Arguments;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.EnumSource;
import org.junit.jupiter.params.provider.MethodSource;

/**
 * The networks are torchvision's and timm's: in Keras's words
 * (conformance/makers/torch_resnets.py), and in what PyTorch makes of images
 * (conformance/makers/torch_outputs.py).
 */
class TorchResNetTest {
  private static final JsonObject KERAS = Fixture.file("torch_resnets.json");
  private static final JsonObject TORCH = Fixture.file("torch/outputs.json");

  private static final ImmutableMap<String, String> PARAMETERS =
      ImmutableMap.of(
          "kernel", "weight",
          "gamma", "weight",
          "beta", "bias",
          "bias", "bias",
          "moving_mean", "running_mean",
          "moving_variance", "running_var");

  private static Stream<Named<JsonObject>> networks(JsonObject file, String list) {
    return Fixture.objects(file.getAsJsonArray(list))
        .map(row -> Named.of(row.get("network").getAsString(), row));
  }

  static Stream<Named<JsonObject>> layers() {
    return Stream.concat(networks(KERAS, "networks"), networks(KERAS, "timm"));
  }

  static Stream<Named<JsonObject>> names() {
    return Stream.concat(networks(TORCH, "names"), networks(TORCH, "timm"));
  }

  /** Small members by what they are, each in Keras's words and in PyTorch's. */
  static Stream<Arguments> tiny() {
    return Stream.concat(
        tiny("tiny", UnaryOperator.identity()), tiny("tiny_timm", TorchStyle::tweaked));
  }

  private static Stream<Arguments> tiny(String list, UnaryOperator<TorchStyle> tweak) {
    return Stream.of(KERAS, TORCH)
        .flatMap(file -> Fixture.objects(file.getAsJsonArray(list)))
        .map(
            row ->
                Arguments.of(
                    Named.of(list + ", " + style(row) + " of " + row.get("size"), row),
                    tinyModel(row, tweak)));
  }

  private static String style(JsonObject row) {
    return "%s %sx%s"
        .formatted(row.get("block").getAsString(), row.get("groups"), row.get("width"));
  }

  private static Backbone network(JsonObject row) {
    return Stream.<Backbone>concat(
            Arrays.stream(TorchResNet.values()), Arrays.stream(TimmResNet.values()))
        .filter(network -> network.modelName().equals(row.get("network").getAsString()))
        .findFirst()
        .orElseThrow();
  }

  @ParameterizedTest
  @MethodSource("layers")
  void aNetworkHasTheLayersOfItsLibraryInKerassOrder(JsonObject row) {
    JsonObject actual = KerasLines.facts(network(row).model());
    actual.addProperty("network", row.get("network").getAsString());
    assertEquals(row, actual);
  }

  /** What the hashes of the other networks stand for, to be read where they differ. */
  @ParameterizedTest
  @EnumSource(
      value = TorchResNet.class,
      names = {"RESNET18", "RESNEXT50_32X4D"})
  void eachLayerIsSetAsInTorchvision(TorchResNet network) {
    List<String> expected = Fixture.text("torch_" + network.modelName() + ".txt").lines().toList();
    assertEquals(expected, KerasLines.layers(network.model()));
  }

  /** The {@code state_dict} without the counters of batches, its names sorted. */
  @ParameterizedTest
  @MethodSource("names")
  void weightsAreCalledAndSizedAsPyTorchDoes(JsonObject row) {
    Model model = network(row).model();
    Stream<String> counters =
        model.weights().stream()
            .filter(weight -> weight.spec().name().equals("gamma"))
            .map(weight -> module(weight) + ".num_batches_tracked ()");
    List<String> lines =
        Stream.concat(model.weights().stream().map(TorchResNetTest::line), counters)
            .sorted()
            .toList();
    assertEquals(row.get("tensors").getAsInt(), lines.size());
    assertEquals(row.get("sha256").getAsString(), KerasLines.sha256(lines));
  }

  private static String module(Weight weight) {
    return weight.path().substring(0, weight.path().lastIndexOf('/'));
  }

  private static String line(Weight weight) {
    Shape kept = weight.spec().shape();
    int[] axes =
        switch (kept.rank()) {
          case 4 -> new int[] {3, 2, 0, 1};
          case 2 -> new int[] {1, 0};
          default -> new int[] {0};
        };
    String sizes =
        String.join(",", IntStream.of(axes).mapToObj(kept::size).map(String::valueOf).toList());
    String parameter = Objects.requireNonNull(PARAMETERS.get(weight.spec().name()));
    return module(weight) + "." + parameter + " (" + sizes + ")";
  }

  /** {@code num_params} in torchvision/models/resnet.py. */
  @ParameterizedTest
  @CsvSource({
    "RESNET18, 11689512",
    "RESNET34, 21797672",
    "RESNET50, 25557032",
    "RESNET101, 44549160",
    "RESNET152, 60192808",
    "RESNEXT50_32X4D, 25028904",
    "RESNEXT101_32X8D, 88791336",
    "RESNEXT101_64X4D, 83455272",
    "WIDE_RESNET50_2, 68883240",
    "WIDE_RESNET101_2, 126886696"
  })
  void aNetworkTrainsAsManyParametersAsPublished(TorchResNet network, long parameters) {
    assertEquals(parameters, KerasLines.trained(network.model()));
  }

  private static Model tinyModel(JsonObject row, UnaryOperator<TorchStyle> tweak) {
    TorchStyle style =
        row.get("block").getAsString().equals("basic")
            ? TorchStyle.BASIC
            : TorchStyle.bottleneck(row.get("groups").getAsInt(), row.get("width").getAsInt());
    int[] size = Fixture.shape(row.get("size")).toArray();
    Node images = input(size[0], size[1], 3);
    return Model.of(images, tweak.apply(style).features(images, List.of(1, 1)));
  }

  @ParameterizedTest
  @MethodSource("tiny")
  void aSmallMemberMakesTheFeaturesOfKerasAndPyTorch(JsonObject row, Model model) {
    Formulas.assertFeatures(row, model);
  }

  @ParameterizedTest
  @MethodSource("tiny")
  void everyWeightOfASmallMemberLearns(JsonObject row, Model model) {
    Formulas.assertLearns(model);
  }

  @ParameterizedTest
  @EnumSource(TorchResNet.class)
  void levelsAreTheLastOfTheirSize(TorchResNet network) {
    BackboneLevels.assertLast(network);
  }

  @ParameterizedTest
  @EnumSource(TimmResNet.class)
  void levelsOfATweakedNetworkAreTheLastOfTheirSize(TimmResNet network) {
    BackboneLevels.assertLast(network);
  }

  @Test
  void weightsAreWhereTorchvisionHasThem() {
    assertEquals(
        "https://download.pytorch.org/models/resnext50_32x4d-7cdf4587.pth",
        TorchResNet.RESNEXT50_32X4D.weightsAddress());
  }

  @Test
  void weightsAreWhereTimmHasThem() {
    assertEquals(
        networks(TORCH, "timm").map(row -> row.getPayload().get("weights").getAsString()).toList(),
        Arrays.stream(TimmResNet.values()).map(TimmResNet::weightsName).toList());
    assertEquals(
        "https://huggingface.co/timm/resnet50d.ra2_in1k/resolve/main/model.safetensors",
        TimmResNet.RESNET50D.weightsAddress());
  }

  @Test
  void imagesHaveHeightWidthAndChannels() {
    ModelException thrown =
        assertThrows(ModelException.class, () -> TorchResNet.RESNET18.backbone(224, 224));
    assertEquals(
        "layer 'conv1.pad' (ZeroPadding2D): expected an input (batch, height, width, channels),"
            + " received (None, 224, 224)",
        thrown.getMessage());
  }
}
