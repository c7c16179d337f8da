package dev.tfgraphs.applications;

import static dev.tfgraphs.ops.Shape.UNKNOWN;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertThrows;

import com.google.common.base.Ascii;
import com.google.common.collect.ImmutableList;
import com.google.gson.JsonArray;
import com.google.gson.JsonObject;
import dev.tfgraphs.graphs.HostTensor;
import dev.tfgraphs.ops.Interpolation;
import dev.tfgraphs.ops.Model;
import dev.tfgraphs.ops.ModelException;
import dev.tfgraphs.ops.Node;
import dev.tfgraphs.ops.Shape;
import java.util.List;
import java.util.stream.Stream;
import org.junit.jupiter.api.Named;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.MethodSource;

/** Detectors and segmenters are those of conformance/makers/dense_networks.py. */
class DenseNetworksTest {
  private static final JsonObject FILE = Fixture.file("dense_networks.json");

  /** Torchvision's with one block of two convolutions in each stage. */
  private static final class Tiny implements Backbone {
    private static final List<Integer> BLOCKS = List.of(1, 1, 1, 1);

    @Override
    public String name() {
      return "TINY";
    }

    @Override
    public ImagePreprocessing preprocessing() {
      return ImagePreprocessing.TORCH;
    }

    @Override
    public Node features(Node images) {
      return TorchStyle.BASIC.features(images, BLOCKS);
    }

    @Override
    public ImmutableList<String> levels() {
      return TorchStyle.BASIC.levels(BLOCKS);
    }

    @Override
    public Model model() {
      return backbone(224, 224, 3);
    }
  }

  private static Stream<Named<JsonObject>> rows(String list) {
    return Fixture.objects(FILE.getAsJsonArray(list))
        .map(row -> Named.of(row.get("network") + " " + row.get("size"), row));
  }

  static Stream<Named<JsonObject>> described() {
    return rows("described");
  }

  static Stream<Named<JsonObject>> computed() {
    return rows("computed");
  }

  private static Model model(JsonObject row, Backbone backbone) {
    int[] size = Fixture.shape(row.get("size")).toArray();
    int height = size[0];
    int width = size[1];
    return switch (row.get("network").getAsString()) {
      case "detector" -> SimpleNetworks.detector(backbone, 80, height, width, 3);
      case "segmenter" -> SimpleNetworks.segmenter(backbone, 21, height, width, 3);
      case "retinanet" -> RetinaNet.defaults().on(backbone, 80, height, width, 3);
      case "small retinanet" ->
          RetinaNet.defaults()
              .channels(64)
              .anchors(6)
              .interpolation(Interpolation.BILINEAR)
              .on(backbone, 3, height, width, 3);
      case "unet" -> UNet.defaults().on(backbone, 21, height, width, 3);
      case "small unet" ->
          UNet.defaults()
              .widths(32, 16, 8)
              .dropout(0.5)
              .interpolation(Interpolation.BILINEAR)
              .on(backbone, 3, height, width, 3);
      default -> throw new AssertionError(row);
    };
  }

  @ParameterizedTest
  @MethodSource("described")
  void aNetworkHasTheLayersOfKerasInItsOrder(JsonObject row) {
    String name = Ascii.toUpperCase(row.get("backbone").getAsString());
    Model model = model(row, KerasResNet.valueOf(name));
    JsonObject actual = KerasLines.facts(model);
    JsonObject expected = new JsonObject();
    actual.keySet().forEach(key -> expected.add(key, row.get(key)));
    assertEquals(expected, actual);
    assertEquals(
        row.getAsJsonArray("outputs").asList().stream().map(Fixture::shape).toList(),
        model.outputs().stream().map(Node::shape).toList());
  }

  @ParameterizedTest
  @MethodSource("computed")
  void aNetworkOnATinyBackboneMakesTheOutputsOfKeras(JsonObject row) {
    List<HostTensor> made = Formulas.predictedAll(model(row, new Tiny()));
    JsonArray expected = row.getAsJsonArray("outputs");
    assertEquals(expected.size(), made.size());
    for (int i = 0; i < made.size(); i++) {
      Formulas.assertNumbers(expected.get(i).getAsJsonObject(), made.get(i), tolerance(row));
    }
  }

  /**
   * At its own widths a head adds 2,304 products five times over, without a normalization: what
   * Keras makes in float32 is 2.5e-6 of the largest number away from its float64, and oneDNN's,
   * which adds in another order, 1.2e-5 from the former. Without oneDNN, with the environment's
   * TF_ENABLE_ONEDNN_OPTS=0, the tolerance of the others holds.
   */
  private static double tolerance(JsonObject row) {
    return row.get("network").getAsString().equals("retinanet") ? 3e-5 : Formulas.TOLERANCE;
  }

  /** A bias before a normalization moves nothing, and so nothing moves it. */
  @ParameterizedTest
  @MethodSource("computed")
  void everyWeightLearns(JsonObject row) {
    boolean biased = row.get("network").getAsString().equals("segmenter");
    String[] still = {"conv2d/bias", "conv2d_1/bias", "conv2d_2/bias", "conv2d_3/bias"};
    Formulas.assertLearns(model(row, new Tiny()), biased ? still : new String[0]);
  }

  /** As Lin et al. have it: a hundredth of the boxes show something. */
  @Test
  void classesAreRareWhenTrainingBegins() {
    double bias = -Math.log((1 - RetinaNet.PRIOR) / RetinaNet.PRIOR);
    assertEquals(0.01, 1 / (1 + Math.exp(-bias)), 1e-12);
    assertEquals(-4.59512, bias, 1e-5);
  }

  @ParameterizedTest
  @CsvSource({"100, 64, '(100, 64)'", "64, 33, '(64, 33)'", "-1, 16, '(None, 16)'"})
  void sizesAreThoseThat32Divides(int height, int width, String received) {
    Backbone backbone = KerasResNet.RESNET50;
    String expected = ": expected a height and width that 32 divides, received " + received;
    ModelException net =
        assertThrows(ModelException.class, () -> UNet.defaults().on(backbone, 2, height, width, 3));
    assertEquals("UNet" + expected, net.getMessage());
    ModelException retina =
        assertThrows(
            ModelException.class, () -> RetinaNet.defaults().on(backbone, 2, height, width, 3));
    assertEquals("RetinaNet" + expected, retina.getMessage());
  }

  @Test
  void theSimpleDetectorTakesImagesOfAnySize() {
    Model model = SimpleNetworks.detector(KerasResNet.RESNET50, 80);
    assertEquals(Shape.of(UNKNOWN, UNKNOWN, UNKNOWN, 3), model.input().shape());
    assertEquals(
        List.of(720, 720, 720, 36, 36, 36), model.outputs().stream().map(Node::channels).toList());
  }

  @Test
  void aUNetHasOneToFiveSteps() {
    ModelException thrown =
        assertThrows(ModelException.class, () -> UNet.defaults().widths(1, 2, 3, 4, 5, 6));
    assertEquals(
        "UNet: expected one to five widths, received [1, 2, 3, 4, 5, 6]", thrown.getMessage());
  }
}
