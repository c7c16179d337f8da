package dev.tfgraphs.graphs;

import static dev.tfgraphs.graphs.Closeness.assertClose;
import static dev.tfgraphs.graphs.Closeness.assertFails;
import static dev.tfgraphs.ops.Layers.*;
import static org.junit.jupiter.api.Assertions.assertEquals;

import dev.tfgraphs.ops.ActivationFunction;
import dev.tfgraphs.ops.Conv2DTranspose;
import dev.tfgraphs.ops.Interpolation;
import dev.tfgraphs.ops.Layer;
import dev.tfgraphs.ops.Model;
import dev.tfgraphs.ops.Node;
import dev.tfgraphs.ops.Padding;
import dev.tfgraphs.ops.RandomRotation;
import dev.tfgraphs.ops.RandomTranslation;
import dev.tfgraphs.ops.RandomWarp;
import dev.tfgraphs.ops.RandomZoom;
import dev.tfgraphs.ops.Resizing;
import dev.tfgraphs.ops.Shape;
import dev.tfgraphs.ops.Weight;
import java.util.ArrayList;
import java.util.List;
import java.util.Set;
import java.util.stream.Collectors;
import java.util.stream.Stream;
import org.junit.jupiter.api.Named;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.MethodSource;

/** Training goes where the loss falls: TensorFlow's gradient of every rule is the right one. */
class GradientsTest {
  static Stream<LayerCase> cases() {
    return LayerCase.supported().filter(one -> !refused(one));
  }

  /** What TensorFlow has no gradient of, or a wrong one (PreprocessingTest, and below). */
  static boolean refused(LayerCase one) {
    Layer layer = one.layer();
    return layer instanceof RandomWarp<?>
        || (layer instanceof Resizing resizing && resizing.interpolation() == Interpolation.AREA)
        || (layer instanceof Conv2DTranspose transpose && transpose.dilationRate().height() > 1);
  }

  /** Dilations, which TensorFlow's own gradients drop, on odd and even sizes, known and unknown. */
  static Stream<Named<Model>> dilated() {
    List<Named<Model>> models = new ArrayList<>();
    for (Padding padding : Padding.values()) {
      for (int[] size : new int[][] {{7, 9}, {8, 7}, {9, 8}}) {
        for (int kernel : new int[] {2, 3}) {
          for (int[] rate : new int[][] {{2, 2}, {3, 1}, {2, 3}}) {
            String name =
                kernel + " by " + rate[0] + ", " + rate[1] + " on " + size[0] + ", " + size[1];
            Layer conv = conv2D(2, kernel).dilationRate(rate[0], rate[1]).padding(padding);
            models.add(Named.of(padding + " " + name, on(conv, size[0], size[1], 2)));
            Layer groups =
                conv2D(4, kernel).groups(2).dilationRate(rate[0], rate[1]).padding(padding);
            models.add(Named.of(padding + " groups " + name, on(groups, size[0], size[1], 2)));
            Layer depthwise =
                depthwiseConv2D(kernel)
                    .depthMultiplier(2)
                    .dilationRate(rate[0], rate[1])
                    .padding(padding);
            models.add(
                Named.of(padding + " depthwise " + name, on(depthwise, size[0], size[1], 2)));
          }
        }
      }
    }
    return models.stream();
  }

  private static Model on(Layer layer, int... sizes) {
    Node input = input(sizes);
    return Model.of(input, input.to(layer));
  }

  private static Model unknown(Model model) {
    Node input = input(Shape.UNKNOWN, Shape.UNKNOWN, model.input().channels());
    return Model.of(input, input.to(model.layers().get(1)));
  }

  @ParameterizedTest(name = "{0}")
  @MethodSource("cases")
  void ofEveryLayer(LayerCase one) {
    List<HostTensor> inputs = new ArrayList<>();
    for (HostTensor input : one.inputs()) {
      inputs.add(spaced(input.shape(), inputs.size()));
    }
    try (FiniteDifferences differences =
        new FiniteDifferences(one.model(), inputs, one.weights())) {
      differences.check(one.name());
    }
  }

  @Test
  void everyLayerIsCheckedButThoseThatTrainingRefuses() {
    assertEquals(
        List.of(
            "transpose dilation 2",
            "transpose dilation 2 same",
            "resizing area larger",
            "resizing area smaller",
            "resizing area antialias",
            "random rotation",
            "random zoom",
            "random zoom of height and width",
            "random translation"),
        LayerCase.supported().filter(GradientsTest::refused).map(LayerCase::name).toList());
    Set<Class<?>> unchecked =
        LayerCase.supported().map(one -> one.layer().getClass()).collect(Collectors.toSet());
    cases().forEach(one -> unchecked.remove(one.layer().getClass()));
    assertEquals(
        Set.of(RandomRotation.class, RandomTranslation.class, RandomZoom.class), unchecked);
  }

  @ParameterizedTest(name = "{0}")
  @MethodSource("dilated")
  void dilationsInTrainingAreThoseOfInference(Model model) {
    Node in = model.input();
    HostTensor x = spaced(Shape.of(1, in.shape().size(1), in.shape().size(2), in.channels()), 0);
    List<HostTensor> weights = weights(model);
    HostTensor expected = output(model, Mode.INFERENCE, x, weights);
    // sums in another order
    assertClose("known sizes", expected, output(model, Mode.TRAINING, x, weights), 1e-5, 1e-5);
    assertClose(
        "unknown sizes", expected, output(unknown(model), Mode.TRAINING, x, weights), 1e-5, 1e-5);
    try (FiniteDifferences differences = new FiniteDifferences(model, List.of(x), weights)) {
      differences.check("dilated");
    }
  }

  private static HostTensor output(Model model, Mode mode, HostTensor x, List<HostTensor> weights) {
    try (Workbench bench = new Workbench(model, mode)) {
      bench.assign(weights);
      return bench.run(mode, List.of(x)).get(0);
    }
  }

  @Test
  void ofLogSoftmaxOverTheLastOfFourAxes() {
    Model model = on(activation(ActivationFunction.LOG_SOFTMAX), 3, 2, 4);
    List<HostTensor> x = List.of(spaced(Shape.of(2, 3, 2, 4), 0));
    try (FiniteDifferences differences = new FiniteDifferences(model, x, List.of())) {
      assertEquals(48, differences.check("log_softmax"));
    }
  }

  @Test
  void ofSizesThatOnlyDataDecides() {
    Model model = Networks.unknownSizes();
    List<HostTensor> x = List.of(spaced(Shape.of(1, 8, 4, 3), 0));
    try (FiniteDifferences differences = new FiniteDifferences(model, x, weights(model))) {
      assertEquals(96 + 216 + 8 + 864 + 6 + 216 + 4 + 8 + 15, differences.check("unknown sizes"));
    }
  }

  @Test
  void ofASharedLayerAreTheSumOverItsUses() {
    Model model = Networks.sharedLayer();
    List<HostTensor> x = List.of(spaced(Shape.of(2, 8), 0), spaced(Shape.of(2, 8), 1));
    try (FiniteDifferences differences = new FiniteDifferences(model, x, weights(model))) {
      assertEquals(16 + 16 + 72 + 17, differences.check("shared layer"));
    }
  }

  @Test
  void transposedConvolutionsWithDilationAreRefusedInTraining() {
    Model model = on(conv2DTranspose(2, 3).dilationRate(2).name("up"), 4, 4, 1);
    assertFails(
        "layer 'up': cannot be lowered: expected no dilation in training (TensorFlow's gradient"
            + " drops it), received dilation rate (2, 2)",
        () -> new Workbench(model, Mode.TRAINING).close());
  }

  /**
   * Distinct values that alternate in sign, at least three steps apart from each other and from the
   * bends of activations, at multiples of a quarter; inputs of one case differ by half a distance.
   */
  static HostTensor spaced(Shape shape, int which) {
    float[] values = new float[Math.toIntExact(shape.elements())];
    for (int i = 0; i < values.length; i++) {
      int place = (int) ((long) i * 37 % values.length);
      values[i] = (place - values.length / 2) * 0.0625f + 0.03f + which * 0.03125f;
    }
    return new HostTensor(shape, values);
  }

  /** Multiples of 1/32 for every weight of a model, in its order; variances positive. */
  static List<HostTensor> weights(Model model) {
    List<HostTensor> weights = new ArrayList<>();
    for (Weight weight : model.weights()) {
      float[] values = new float[Math.toIntExact(weight.spec().shape().elements())];
      for (int i = 0; i < values.length; i++) {
        int draw = (i * i * 7 + i * 13 + weights.size()) % 31;
        values[i] = (weight.spec().name().contains("variance") ? draw + 8 : draw - 15) / 32f;
      }
      weights.add(new HostTensor(weight.spec().shape(), values));
    }
    return weights;
  }
}
