package dev.tfgraphs.graphs;

import static dev.tfgraphs.graphs.Closeness.get;
import static dev.tfgraphs.ops.Layers.*;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import com.google.common.collect.ImmutableMap;
import dev.tfgraphs.graphs.data.Dataset;
import dev.tfgraphs.graphs.data.Samples;
import dev.tfgraphs.ops.Model;
import dev.tfgraphs.ops.Node;
import dev.tfgraphs.ops.Padding;
import dev.tfgraphs.ops.Shape;
import java.util.Arrays;
import java.util.Map;
import java.util.Random;
import java.util.TreeMap;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.EnumSource;

/** What a frozen graph computes is what the model computes; the trainer is the oracle. */
class FrozenGraphTest {
  /** Folding rounds kernels anew: sums of some hundred terms of float32. */
  private static final double ROUNDING = 1e-5;

  private static Map<String, Model> models() {
    Node image = input(16, 16, 3);
    Node small =
        image.to(conv2D(8, 3).padding(Padding.SAME).useBias(false)).to(batchNormalization());
    Node deep = small.to(relu()).to(depthwiseConv2D(3).depthMultiplier(2)).to(batchNormalization());
    Node up = deep.to(conv2DTranspose(4, 3).strides(2)).to(batchNormalization().scale(false));
    Node kernel = image.to(conv2D(4, 3)); // has two readers: nothing to fold
    Node both = add(kernel.to(batchNormalization()), kernel).to(flatten()).to(dense(3));
    return ImmutableMap.of(
        "residual", Networks.cifarResNet(8, input(32, 32, 3)),
        "kinds", Model.of(image, up.to(globalAveragePooling2D()).to(dense(3)).to(softmax())),
        "shared", Model.of(image, both));
  }

  /** Weights after some training: no zeros, no ones. */
  private static Weights weights(Model model) {
    Random random = new Random(5);
    Map<String, HostTensor> drawn = new TreeMap<>();
    try (Trainer trainer = Trainer.of(model, Compile.of(Optimizer.sgd(0.1)).seed(2))) {
      trainer.weights().tensors().forEach((name, first) -> drawn.put(name, around(first, random)));
    }
    return Weights.of(drawn);
  }

  private static HostTensor around(HostTensor first, Random random) {
    float[] values = first.values().clone();
    for (int i = 0; i < values.length; i++) {
      values[i] = values[i] * (0.6f + random.nextFloat()) + 0.1f * random.nextFloat();
    }
    return new HostTensor(first.shape(), values);
  }

  private static HostTensor images(Model model, int count) {
    Random random = new Random(3);
    Shape shape = model.input().shape().with(0, count);
    float[] values = new float[Math.toIntExact(shape.elements())];
    for (int i = 0; i < values.length; i++) {
      values[i] = random.nextFloat();
    }
    return new HostTensor(shape, values);
  }

  private static Dataset dataset(HostTensor images) {
    int[] shape = images.shape().toArray();
    return Dataset.of(Samples.of(images.values(), Arrays.copyOfRange(shape, 1, shape.length)));
  }

  @ParameterizedTest
  @EnumSource(
      value = Precision.class,
      names = {"FLOAT32", "MIXED_BFLOAT16"})
  void aPredictorPredictsWhatTheModelDoes(Precision precision) {
    // 8 bits of precision, through some ten layers
    double tolerance = precision == Precision.FLOAT32 ? ROUNDING : 0.05;
    models()
        .forEach(
            (name, model) -> {
              Weights weights = weights(model);
              HostTensor images = images(model, 3);
              PredictorOptions options = PredictorOptions.defaults().precision(precision);
              try (Trainer trainer = Trainer.of(model, Compile.of(Optimizer.sgd(0.1)));
                  Predictor predictor = Predictor.of(model, weights, options)) {
                trainer.assign(weights);
                float[] expected = trainer.predict(dataset(images)).values();
                float[] received = predictor.predict(images).get(0).values();
                assertTrue(expected.length > 0);
                for (int i = 0; i < expected.length; i++) {
                  double scale = Math.max(1, Math.abs(expected[i]));
                  assertEquals(expected[i], received[i], tolerance * scale, name);
                }
              }
            });
  }

  @Test
  void normalizationBehindConvolutionsIsGone() {
    assertEquals(0, count("FusedBatchNormV3", get(models(), "residual")));
    assertEquals(0, count("FusedBatchNormV3", get(models(), "kinds")));
    assertEquals(1, count("FusedBatchNormV3", get(models(), "shared")));
    models().values().forEach(model -> assertEquals(0, count("VarHandleOp", model)));
  }

  /** Of an AddV2 TensorFlow cannot tell that it spreads nothing, and lets it alone. */
  @Test
  void sumsAreOfTheKindThatConvolutionsTakeIn() {
    assertEquals(3, count("AddN", get(models(), "residual")));
    assertEquals(0, count("AddV2", get(models(), "residual")));
    Node image = input(Shape.UNKNOWN, Shape.UNKNOWN, 3); // may differ in size once there are images
    Model unknown = Model.of(image, add(image.to(conv2D(3, 3)), image));
    assertEquals(0, count("AddN", unknown));
    Node whole = input(4, 4, 3);
    Model spread = Model.of(whole, add(whole.to(conv2D(3, 4)), whole));
    assertEquals(0, count("AddN", spread));
  }

  private static int count(String type, Model model) {
    try (FrozenGraph frozen = FrozenGraph.of(model, weights(model), Precision.FLOAT32)) {
      return Operations.ofType(frozen.graph(), type).size();
    }
  }

  @Test
  void nothingNativeIsLeft() {
    Model model = get(models(), "kinds");
    Weights weights = weights(model);
    NativeObjects.assertNoneLeft(
        () -> {
          try (Predictor predictor = Predictor.of(model, weights)) {
            var unused = predictor.predict(images(model, 2));
          }
        });
  }
}
