package dev.tfgraphs.pictures;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import com.google.common.collect.ImmutableList;
import com.google.common.collect.ImmutableMap;
import com.google.common.collect.ImmutableSortedMap;
import dev.tfgraphs.graphs.GradientHistory;
import dev.tfgraphs.graphs.GradientNorms;
import java.awt.image.BufferedImage;
import java.io.ByteArrayInputStream;
import java.io.IOException;
import java.nio.file.Path;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.function.DoubleUnaryOperator;
import java.util.stream.Collectors;
import java.util.stream.IntStream;
import javax.imageio.ImageIO;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

class GradientFlowTest {
  private static final String NOTHING =
      "no layer is dead or explodes: all are within 1/1000 and 1000 times the median";

  @TempDir private Path folder;

  /** Layers one behind another, called as those of Keras's residual networks. */
  private static GradientNorms norms(int layers, DoubleUnaryOperator norm) {
    ImmutableList.Builder<GradientNorms.OfWeight> weights = ImmutableList.builder();
    for (int i = 0; i < layers; i++) {
      String block = "conv%d_block%d_%d".formatted(2 + i / 39, 1 + i / 3 % 13, 1 + i % 3);
      double value = norm.applyAsDouble(i);
      weights.add(new GradientNorms.OfWeight(block + "_conv/kernel", i + 1, value));
      weights.add(new GradientNorms.OfWeight(block + "_conv/bias", i + 1, value / 5));
      weights.add(new GradientNorms.OfWeight(block + "_bn/gamma", i + 1, value / 3));
      weights.add(new GradientNorms.OfWeight(block + "_bn/beta", i + 1, value / 4));
    }
    return new GradientNorms(weights.build());
  }

  private static GradientNorms few(double... norms) {
    return new GradientNorms(
        IntStream.range(0, norms.length)
            .mapToObj(i -> new GradientNorms.OfWeight("layer_" + i + "/kernel", i + 1, norms[i]))
            .collect(ImmutableList.toImmutableList()));
  }

  private List<String> texts(Picture picture) {
    Path file = folder.resolve("picture.svg");
    picture.writeSvg(file);
    return Svg.read(file).texts();
  }

  @Test
  void barsOfAFewWeightsTellTheirKindsAndLayers() {
    List<String> texts = texts(GradientFlow.bars("Flow", norms(2, i -> 1 + i)));
    assertEquals(List.of("Flow", NOTHING, "kernel", "bias", "gamma", "beta"), texts.subList(0, 6));
    assertTrue(
        texts.containsAll(
            List.of("Gradient norm", "Layer", "conv2_block1_1_conv", "conv2_block1_2_bn")),
        texts::toString);
  }

  @Test
  void barsOfManyWeightsHaveAPanelForEachKindAndTheNamesOfStages() {
    List<String> texts = texts(GradientFlow.bars("Flow", norms(150, i -> Math.exp(-i / 20.0))));
    assertTrue(texts.containsAll(List.of("kernel", "bias", "gamma", "beta")), texts::toString);
    assertTrue(texts.contains("conv2_block1"), texts::toString);
    assertFalse(texts.contains("conv2_block1_1_conv"), texts::toString);
  }

  @ParameterizedTest
  @ValueSource(ints = {1, 2, 30, 31, 155, 400})
  void anyNumberOfWeightsCanBeDrawn(int layers) throws IOException {
    GradientNorms norms = norms(layers, i -> Math.pow(10, i % 7 - 3));
    for (Picture picture :
        List.of(
            GradientFlow.bars("Flow", norms),
            GradientFlow.bars("Flow", Map.of("one", norms)),
            GradientFlow.lines("Flow", Map.of("one", norms)))) {
      BufferedImage image = image(picture);
      assertTrue(image.getWidth() > 1000 && image.getWidth() < 3000, "" + image.getWidth());
      assertTrue(image.getHeight() > 600 && image.getHeight() < 2400, "" + image.getHeight());
      assertTrue(count(image, 0xff0072b2) > 40, "blue");
    }
  }

  @Test
  void deadAndExplodingLayersAreNamed() throws IOException {
    Picture picture = GradientFlow.bars("Flow", few(0, 1, 2, 1, 5000));
    List<String> texts = texts(picture);
    assertEquals("dead, at most 1/1000 of the median of norms above 0: layer_0", texts.get(1));
    assertEquals(
        "exploding, not finite or 1000 times the median of norms above 0 or more: layer_4",
        texts.get(2));
    assertTrue(count(image(picture), FlowFrame.tint().getRGB()) > 10000, "their ground");
    assertTrue(count(image(GradientFlow.bars("Flow", few(1, 2))), FlowFrame.tint().getRGB()) == 0);
  }

  @Test
  void ofManyDeadLayersSomeAreNamed() {
    double[] norms = new double[40];
    for (int i = 12; i < 40; i++) {
      norms[i] = 1;
    }
    String words = String.join(" ", texts(GradientFlow.bars("Flow", few(norms))));
    assertTrue(words.contains("layer_6, layer_7 and 4 more"), words);
  }

  @Test
  void whatIsNoNumberIsDrawnAsFarAsItGoes() {
    GradientNorms norms = few(Double.NaN, Double.POSITIVE_INFINITY, 0);
    String words = String.join(" ", texts(GradientFlow.bars("Flow", norms)));
    assertTrue(words.contains("of norms above 0 or more: layer_0, layer_1"), words);
    assertTrue(texts(GradientFlow.lines("Flow", Map.of("a", norms))).contains("a"));
    assertTrue(texts(GradientFlow.bars("Flow", Map.of("a", norms))).contains("a"));
    assertTrue(texts(GradientFlow.heatMap("Flow", history(norms, norms))).contains("Step"));
  }

  @Test
  void networksLieOverEachOther() throws IOException {
    Map<String, GradientNorms> networks =
        ImmutableMap.of(
            "With Identity", norms(20, i -> 1), "Without Identity", norms(56, i -> 1e-3 * i));
    for (Picture picture :
        List.of(GradientFlow.lines("Flow", networks), GradientFlow.bars("Flow", networks))) {
      List<String> texts = texts(picture);
      assertEquals("Flow", texts.get(0));
      assertTrue(
          texts.containsAll(List.of("With Identity", "Without Identity", "1", "Gradient norm")),
          texts::toString);
      String words = String.join(" ", texts);
      assertTrue(words.contains("Without Identity: dead, at most 1/1000"), words);
      BufferedImage image = image(picture);
      assertTrue(count(image, 0xff0072b2) > 300 && count(image, 0xffd55e00) > 300);
    }
  }

  private static GradientHistory history(GradientNorms... norms) {
    return new GradientHistory(
        IntStream.range(0, norms.length)
            .boxed()
            .collect(
                ImmutableSortedMap.toImmutableSortedMap(
                    Long::compare, i -> 10L * i, i -> norms[i])));
  }

  @Test
  void aTrainingIsAMapOfDepthsAndSteps() throws IOException {
    GradientNorms[] steps =
        IntStream.range(0, 30)
            .mapToObj(step -> few(1e-4, Math.pow(10, -step / 10.0), 1e2))
            .toArray(GradientNorms[]::new);
    Picture picture = GradientFlow.heatMap("Flow", history(steps));
    List<String> texts = texts(picture);
    assertTrue(
        texts.get(1).startsWith("Step 290: exploding, not finite or 1000 times"), texts::toString);
    assertTrue(
        texts.containsAll(List.of("Step", "0", "50", "1", "2", "3", "0.001", "100")),
        texts::toString);
    BufferedImage image = image(picture);
    // the first row is the least of all, the last is the largest
    assertEquals(0xff440154, image.getRGB(400, image.getHeight() - 150));
    assertEquals(0xfffde724, image.getRGB(400, 200));
  }

  @ParameterizedTest
  @ValueSource(ints = {1, 2, 3000})
  void anyNumberOfStepsCanBeDrawn(int count) throws IOException {
    GradientNorms[] steps =
        IntStream.range(0, count).mapToObj(i -> few(1, 2)).toArray(GradientNorms[]::new);
    assertTrue(image(GradientFlow.heatMap("Flow", history(steps))).getWidth() < 1600);
  }

  @Test
  void nothingIsRefused() {
    assertMessage(
        "gradient flow: expected norms of gradients, received none",
        () -> GradientFlow.lines("Flow", Map.of()));
    assertMessage(
        "gradient flow: expected norms of gradients, received none",
        () -> GradientFlow.heatMap("Flow", history()));
    assertMessage(
        "gradient flow: expected the norm of a weight or more, received that of none",
        () -> GradientFlow.bars("Flow", few()));
  }

  private static void assertMessage(String message, Runnable call) {
    assertEquals(message, assertThrows(IllegalArgumentException.class, call::run).getMessage());
  }

  @Test
  void labelsAreTheLayersTheBlocksTheStagesOrSome() {
    List<String> layers =
        IntStream.range(0, 24)
            .mapToObj(i -> "conv%d_block%d_%d".formatted(2 + i / 8, 1 + i / 4 % 2, i % 4))
            .toList();
    assertEquals(24, LayerLabels.of(layers, 24).size());
    assertEquals(new LayerLabels.Label("conv2_block2", 4, 7), LayerLabels.of(layers, 23).get(1));
    assertEquals(new LayerLabels.Label("conv3", 8, 15), LayerLabels.of(layers, 5).get(1));
    List<String> automatic =
        IntStream.range(0, 24)
            .mapToObj(i -> (i % 2 == 0 ? "conv2d_" : "batch_normalization_") + i / 2)
            .toList();
    Set<String> some =
        LayerLabels.of(automatic, 8).stream()
            .map(LayerLabels.Label::text)
            .collect(Collectors.toSet());
    assertEquals(8, some.size());
    assertTrue(automatic.containsAll(some), some::toString);
  }

  private static BufferedImage image(Picture picture) throws IOException {
    return ImageIO.read(new ByteArrayInputStream(picture.png()));
  }

  private static int count(BufferedImage image, int colour) {
    int found = 0;
    for (int y = 0; y < image.getHeight(); y++) {
      for (int x = 0; x < image.getWidth(); x++) {
        found += image.getRGB(x, y) == colour ? 1 : 0;
      }
    }
    return found;
  }
}
