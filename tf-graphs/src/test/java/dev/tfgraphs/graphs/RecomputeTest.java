package dev.tfgraphs.graphs;

import static dev.tfgraphs.graphs.Closeness.assertClose;
import static dev.tfgraphs.graphs.Closeness.get;
import static dev.tfgraphs.ops.Layers.*;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertTrue;

import com.google.common.collect.ImmutableMap;
import dev.tfgraphs.graphs.data.Batch;
import dev.tfgraphs.graphs.data.Dataset;
import dev.tfgraphs.graphs.data.Samples;
import dev.tfgraphs.ops.ActivationFunction;
import dev.tfgraphs.ops.Conv2D;
import dev.tfgraphs.ops.Dense;
import dev.tfgraphs.ops.Model;
import dev.tfgraphs.ops.Node;
import dev.tfgraphs.ops.Padding;
import dev.tfgraphs.ops.Regularizer;
import java.util.ArrayList;
import java.util.Collections;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.function.BiFunction;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.EnumSource;
import org.tensorflow.Operand;
import org.tensorflow.TensorFlow;
import org.tensorflow.op.Ops;
import org.tensorflow.types.TFloat32;

class RecomputeTest {
  private static final Samples IMAGES = Samples.of(SmallNet.images(16), 8, 8, 3);
  private static final Samples SIZES = Samples.of(SmallNet.values(16), 2);
  private static final Samples KINDS =
      Samples.labels(0, 1, 2, 3, 0, 1, 2, 3, 0, 1, 2, 3, 0, 1, 2, 3);

  /** Blocks with random layers, penalties and layers of one instance, between two heads. */
  static Model rich() {
    Node image = input("image", 8, 8, 3);
    Node extra = input("extra", 8, 8, 3);
    Conv2D shared = conv2D(8, 3).padding(Padding.SAME).kernelRegularizer(Regularizer.l2(0.01));
    Node x = add(conv(image), conv(extra)).to(relu());
    Model backbone = block(8, 8, 8);
    for (int i = 0; i < 3; i++) {
      x = Networks.residualBlock(x, 8, 1).to(dropout(0.25));
      x = x.to(backbone);
      x = add(x, x.to(shared).to(batchNormalization())).to(relu());
    }
    x = x.to(conv2D(8, 1).activityRegularizer(Regularizer.l2(1e-4))).to(gaussianNoise(0.1));
    for (int i = 0; i < 2; i++) {
      x = Networks.residualBlock(x, 16, 1 + i);
    }
    Node top = x.to(globalAveragePooling2D());
    Dense kind = dense(4).activation(ActivationFunction.SOFTMAX).name("kind");
    Node size = top.to(dropout(0.1)).to(dense(2).name("size"));
    return Model.of(List.of(image, extra), List.of(top.to(kind), size));
  }

  private static Node conv(Node image) {
    return image.to(conv2D(8, 3).padding(Padding.SAME)).to(batchNormalization());
  }

  private static Model block(int height, int width, int channels) {
    Node input = input(height, width, channels);
    return Model.of(input, Networks.residualBlock(input, channels, 1).to(spatialDropout2D(0.1)));
  }

  /** As {@link #rich}, but every layer is called once. */
  static Model unshared() {
    Node image = input("image", 8, 8, 3);
    Node x = conv(image).to(relu());
    for (int i = 0; i < 4; i++) {
      x = Networks.residualBlock(x, 8, 1).to(dropout(0.25)).to(block(8, 8, 8));
    }
    Conv2D penalized = conv2D(8, 1).activityRegularizer(Regularizer.l2(1e-4));
    x = add(x, x.to(penalized)).to(gaussianNoise(0.1));
    Node top = Networks.residualBlock(x, 16, 2).to(globalAveragePooling2D());
    Dense kind = dense(4).activation(ActivationFunction.SOFTMAX).name("kind");
    kind = kind.kernelRegularizer(Regularizer.l2(0.01));
    return Model.of(List.of(image), List.of(top.to(kind), top.to(dense(2).name("size"))));
  }

  private record Trained(List<Double> losses, Weights weights) {}

  private static Trained train(Model model, Compile compile, int steps) {
    return onBatch(
        model,
        compile,
        (trainer, batch) -> {
          List<Double> losses = new ArrayList<>();
          for (int i = 0; i < steps; i++) {
            losses.add(trainer.step(batch));
          }
          return new Trained(losses, trainer.weights());
        });
  }

  private static <T> T onBatch(Model model, Compile compile, BiFunction<Trainer, Batch, T> body) {
    try (Trainer trainer = Trainer.of(model, compile);
        var batches = data(model).open(16, false, 0)) {
      batches.begin(0);
      try (var batch = batches.next().orElseThrow()) {
        return body.apply(trainer, batch);
      }
    }
  }

  private static Dataset data(Model model) {
    return Dataset.of(Collections.nCopies(model.inputs().size(), IMAGES), List.of(KINDS, SIZES));
  }

  static Compile compile(Precision precision) {
    return compile(precision, Optimizer.sgd(0.001).momentum(0.9));
  }

  private static Compile compile(Precision precision, Optimizer optimizer) {
    return Compile.of(optimizer)
        .loss("kind", Loss.sparseCategoricalCrossentropy())
        .loss("size", Loss.meanSquaredError())
        .precision(precision)
        .seed(3);
  }

  /**
   * Two trainings that keep everything differ by as much: TensorFlow sums penalties in the order in
   * which its threads end.
   */
  @Test
  void lossesWeightsAndAveragesAreThoseOfATrainingThatKeepsEverything() {
    Compile compile = compile(Precision.FLOAT32);
    for (Model model : List.of(unshared(), rich())) {
      Trained kept = train(model, compile, 5);
      Trained again = train(model, compile.recompute(Recompute.BLOCKS), 5);
      for (int i = 0; i < 5; i++) {
        assertEquals(kept.losses.get(i), again.losses.get(i), 1e-5);
      }
      kept.weights
          .tensors()
          .forEach(
              (name, expected) -> assertClose(name, expected, again.weights.get(name), 1e-4, 1e-5));
    }
  }

  /** What a step of rate 1 takes from each weight that trains: its gradient. */
  private static ImmutableMap<String, float[]> gradients(Model model, Compile compile) {
    return onBatch(
        model,
        compile,
        (trainer, batch) -> {
          Weights before = trainer.weights();
          trainer.step(batch);
          Weights after = trainer.weights();
          return trainer.graph().variables().stream()
              .filter(variable -> variable.weight().trainable())
              .map(Variable::name)
              .collect(
                  ImmutableMap.toImmutableMap(
                      name -> name,
                      name -> difference(before.get(name).values(), after.get(name).values())));
        });
  }

  private static float[] difference(float[] from, float[] less) {
    float[] difference = new float[from.length];
    for (int i = 0; i < from.length; i++) {
      difference[i] = from[i] - less[i];
    }
    return difference;
  }

  private static double norm(float[] values) {
    double squares = 0;
    for (float value : values) {
      squares += (double) value * value;
    }
    return Math.sqrt(squares);
  }

  private static String layer(String weight) {
    return weight.substring(0, weight.lastIndexOf('/'));
  }

  /**
   * Both ways make the same numbers, but may add them up in another order, and kernels of half
   * precision add up as their threads end; each of some thirty layers hands its roundings on. A
   * gradient is compared to those of all of its layer, because a bias in front of a batch
   * normalization has none but roundings.
   */
  private static void assertSameGradients(Model model, Precision precision) {
    assertFalse(Cuts.of(model).isEmpty());
    Compile compile = compile(precision, Optimizer.sgd(1));
    Map<String, float[]> kept = gradients(model, compile);
    Map<String, float[]> again = gradients(model, compile.recompute(Recompute.BLOCKS));
    assertEquals(kept.keySet(), again.keySet());
    Map<String, Double> norms = new HashMap<>();
    kept.forEach((name, taken) -> norms.merge(layer(name), norm(taken), Math::hypot));
    kept.forEach(
        (name, expected) -> {
          double norm = get(norms, layer(name));
          assertTrue(norm > 0.01, name);
          assertEquals(
              0,
              norm(difference(expected, get(again, name))) / norm,
              64 * rounding(precision),
              name);
        });
  }

  /** Half of what lies between 1 and the next larger number. */
  private static double rounding(Precision precision) {
    return switch (precision) {
      case FLOAT32 -> 0x1p-24;
      case MIXED_BFLOAT16 -> 0x1p-8;
      case MIXED_FLOAT16 -> 0x1p-11;
    };
  }

  @ParameterizedTest
  @EnumSource
  void gradientsAreThoseOfATrainingThatKeepsEverything(Precision precision) {
    assertSameGradients(unshared(), precision);
    assertSameGradients(rich(), precision);
  }

  @Test
  void gradientsPassThroughOpsThatMustNotBeMadeAgain() {
    assertTrue(TensorFlow.isOpStateful("CheckNumerics"));
    assertSameGradients(with(checked()), Precision.FLOAT32);
  }

  /** Made of an op with a gradient that counts as one with a state. */
  static Own checked() {
    return new Own((tf, x) -> checked(tf, tf.math.square(x)));
  }

  private static Operand<TFloat32> checked(Ops tf, Operand<TFloat32> x) {
    return tf.scope()
        .env()
        .opBuilder("CheckNumerics", tf.scope().makeOpName("CheckNumerics"), tf.scope())
        .addInput(x.asOutput())
        .setAttr("message", "own")
        .build()
        .output(0);
  }

  @Test
  void gradientsPassFrozenLayersOfNestedModels() {
    Node inner = input(8, 8, 8);
    Node x = inner;
    for (int i = 0; i < 3; i++) {
      x = Networks.residualBlock(x, 8, 1);
    }
    Model nested = Model.of(inner, x).freeze("conv2d_2", "batch_normalization_2", "conv2d_5");
    Node image = input(8, 8, 3);
    Node features = conv(image).to(nested).to(nested.unfreeze());
    assertSameGradients(headed(image, features), Precision.FLOAT32);
  }

  @Test
  void featuresOfFrozenLayersMayBeMadeBefore() {
    Node image = input(8, 8, 3);
    Node stem = conv(image).to(relu());
    Node x = stem;
    for (int i = 0; i < 4; i++) {
      x = Networks.residualBlock(x, 8, 1);
    }
    Model model = headed(image, x).freeze(Model.of(image, stem));
    assertFalse(Cuts.of(model).isEmpty());
    Compile compile = compile(Precision.FLOAT32);
    FitOptions options = FitOptions.epochs(3).batchSize(8).verbose(0);
    try (Trainer kept = Trainer.of(model, compile);
        Trainer again = Trainer.of(model, compile.recompute(Recompute.BLOCKS))) {
      List<Double> losses = kept.fit(data(model), options).get("loss");
      FeatureCache cache = FeatureCache.memory();
      List<Double> byFeatures = again.fit(data(model), options.features(cache)).get("loss");
      assertEquals(3, losses.size());
      for (int i = 0; i < 3; i++) {
        assertEquals(losses.get(i), byFeatures.get(i), 1e-6 * losses.get(i));
      }
    }
  }

  @Test
  void normsOfGradientsAreThoseOfATrainingThatKeepsEverything() {
    Compile compile = compile(Precision.FLOAT32);
    for (Model model : List.of(unshared(), rich())) {
      Map<String, Double> kept = onBatch(model, compile, GradientNorms::ofLoss).byLayer();
      Map<String, Double> again =
          onBatch(model, compile.recompute(Recompute.BLOCKS), GradientNorms::ofLoss).byLayer();
      assertEquals(kept.keySet(), again.keySet());
      kept.forEach((layer, norm) -> assertEquals(norm, get(again, layer), 1e-6 * norm, layer));
    }
  }

  static Model with(Own own) {
    Node image = input(8, 8, 3);
    Node x = Networks.residualBlock(Networks.residualBlock(image, 8, 1), 8, 1).to(own);
    for (int i = 0; i < 3; i++) {
      x = Networks.residualBlock(x, 8, 1);
    }
    return headed(image, x);
  }

  private static Model headed(Node image, Node x) {
    Dense kind = dense(4).activation(ActivationFunction.SOFTMAX).name("kind");
    Node top = x.to(globalAveragePooling2D());
    return Model.of(List.of(image), List.of(top.to(kind), top.to(dense(2).name("size"))));
  }
}
