package dev.tfgraphs.graphs;

import static dev.tfgraphs.graphs.Closeness.assertClose;
import static dev.tfgraphs.ops.Layers.*;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import com.google.common.collect.ImmutableList;
import com.google.common.collect.Streams;
import dev.tfgraphs.graphs.data.Dataset;
import dev.tfgraphs.graphs.data.Samples;
import dev.tfgraphs.ops.ActivationFunction;
import dev.tfgraphs.ops.Conv2D;
import dev.tfgraphs.ops.CustomLayer;
import dev.tfgraphs.ops.Dense;
import dev.tfgraphs.ops.Model;
import dev.tfgraphs.ops.Node;
import dev.tfgraphs.ops.Padding;
import dev.tfgraphs.ops.Regularizer;
import dev.tfgraphs.ops.Shape;
import dev.tfgraphs.ops.WeightSpec;
import java.util.ArrayList;
import java.util.Collections;
import java.util.List;
import java.util.function.BiFunction;
import java.util.function.Supplier;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.EnumSource;
import org.tensorflow.Graph;
import org.tensorflow.Operand;
import org.tensorflow.op.Ops;
import org.tensorflow.types.TFloat32;

class RecomputeTest {
  private static final Samples IMAGES = Samples.of(SmallNet.images(16), 8, 8, 3);
  private static final Samples SIZES = Samples.of(SmallNet.values(16), 2);
  private static final Samples KINDS =
      Samples.labels(0, 1, 2, 3, 0, 1, 2, 3, 0, 1, 2, 3, 0, 1, 2, 3);

  /** Blocks with random layers, penalties and layers of one instance, between two heads. */
  private static Model rich() {
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
  private static Model unshared() {
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
    List<Double> losses = new ArrayList<>();
    List<Samples> images = Collections.nCopies(model.inputs().size(), IMAGES);
    Dataset data = Dataset.of(images, List.of(KINDS, SIZES));
    try (Trainer trainer = Trainer.of(model, compile);
        var batches = data.open(16, false, 0)) {
      batches.begin(0);
      try (var batch = batches.next().orElseThrow()) {
        for (int i = 0; i < steps; i++) {
          losses.add(trainer.step(batch));
        }
      }
      return new Trained(losses, trainer.weights());
    }
  }

  private static Compile compile(Precision precision) {
    return Compile.of(Optimizer.sgd(0.001).momentum(0.9))
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
    for (Supplier<Model> model : List.<Supplier<Model>>of(() -> unshared(), () -> rich())) {
      Trained kept = train(model.get(), compile, 5);
      Trained again = train(model.get(), compile.recompute(Recompute.BLOCKS), 5);
      for (int i = 0; i < 5; i++) {
        assertEquals(kept.losses.get(i), again.losses.get(i), 1e-5);
      }
      kept.weights
          .tensors()
          .forEach(
              (name, expected) -> assertClose(name, expected, again.weights.get(name), 1e-4, 1e-5));
    }
  }

  /**
   * Kernels of half precision add up in the order in which their threads end: two trainings that
   * keep everything differ as much.
   */
  @ParameterizedTest
  @EnumSource(names = "FLOAT32", mode = EnumSource.Mode.EXCLUDE)
  void lossesInHalfPrecisionAreThoseOfATrainingThatKeepsEverything(Precision precision) {
    Compile compile = compile(precision);
    for (Supplier<Model> model : List.<Supplier<Model>>of(() -> unshared(), () -> rich())) {
      List<Double> kept = train(model.get(), compile, 5).losses;
      List<Double> again = train(model.get(), compile.recompute(Recompute.BLOCKS), 5).losses;
      for (int i = 0; i < 5; i++) {
        assertEquals(kept.get(i), again.get(i), 0.005 * kept.get(i));
      }
    }
  }

  private static Graph graph(Model model, Recompute recompute) {
    Graph graph = new Graph();
    var unused =
        new TrainingGraph(graph, model, compile(Precision.FLOAT32).recompute(recompute), 1);
    return graph;
  }

  private static long count(Graph graph, String type, String prefix) {
    return Streams.stream(graph.operations())
        .filter(op -> op.type().equals(type) && op.name().startsWith(prefix))
        .count();
  }

  /** Those of single pixels are products on CPUs. */
  private static long convolutions(Graph graph, String prefix) {
    return count(graph, "Conv2D", prefix) + count(graph, "MatMul", prefix);
  }

  @Test
  void convolutionsAreThereOnceMoreAndReadsRandomStatesAndMovesAreNot() {
    try (Graph kept = graph(unshared(), Recompute.NONE);
        Graph again = graph(unshared(), Recompute.BLOCKS)) {
      assertEquals(0, convolutions(kept, "again/"));
      // all but those behind the last cut, of inference and of training
      assertEquals(18, convolutions(again, "again/"));
      assertEquals(convolutions(kept, "") + 18, convolutions(again, ""));
      for (String type :
          List.of("ReadVariableOp", "AssignAddVariableOp", "AssignVariableOp", "VarHandleOp")) {
        assertEquals(count(kept, type, ""), count(again, type, ""), type);
      }
    }
  }

  @Test
  void aNetworkWithoutANarrowPlaceTrainsAsItDoesOtherwise() {
    Node image = input(8, 8, 3);
    Node top = image.to(conv2D(4, 3)).to(globalAveragePooling2D());
    Dense kind = dense(4).activation(ActivationFunction.SOFTMAX).name("kind");
    Model model = Model.of(List.of(image), List.of(top.to(kind), top.to(dense(2).name("size"))));
    try (Graph again = graph(model, Recompute.BLOCKS)) {
      assertEquals(0, count(again, "Conv2D", "again/"));
    }
  }

  /** A user's layer, which keeps the shape and has no weights. */
  private static final class Own extends CustomLayer implements LoweredLayer {
    private final BiFunction<Ops, Operand<TFloat32>, Operand<TFloat32>> body;

    Own(BiFunction<Ops, Operand<TFloat32>, Operand<TFloat32>> body) {
      this.body = body;
    }

    @Override
    public Own name(String name) {
      return named(this, name);
    }

    @Override
    public Shape infer(List<Shape> inputs) {
      return only(inputs);
    }

    @Override
    public ImmutableList<WeightSpec> weights(List<Shape> inputs) {
      return ImmutableList.of();
    }

    @Override
    public Operand<TFloat32> lower(LayerContext context, List<Operand<TFloat32>> inputs) {
      return context.training() ? body.apply(context.tf(), inputs.get(0)) : inputs.get(0);
    }
  }

  private static Model with(Own own) {
    Node image = input(8, 8, 3);
    Node x = Networks.residualBlock(Networks.residualBlock(image, 8, 1), 8, 1).to(own);
    for (int i = 0; i < 3; i++) {
      x = Networks.residualBlock(x, 8, 1);
    }
    Dense kind = dense(4).activation(ActivationFunction.SOFTMAX).name("kind");
    Node top = x.to(globalAveragePooling2D());
    return Model.of(List.of(image), List.of(top.to(kind), top.to(dense(2).name("size"))));
  }

  @Test
  void whatAUsersLayerDrawsWithoutASeedIsDrawnOnce() {
    Own noisy =
        new Own(
            (tf, x) ->
                tf.math.mul(
                    x,
                    tf.stopGradient(tf.random.randomStandardNormal(tf.shape(x), TFloat32.class))));
    try (Graph again = graph(with(noisy), Recompute.BLOCKS)) {
      assertEquals(1, count(again, "RandomStandardNormal", ""));
      assertTrue(count(again, "Conv2D", "again/") > 0);
    }
  }

  @Test
  void wrongGradientsAreFoundBetweenCutsAndSaidOfTheirLayers() {
    Own ranked = new Own((tf, x) -> tf.nn.logSoftmax(x));
    for (Recompute recompute : Recompute.values()) {
      GraphException failure =
          assertThrows(
              GraphException.class,
              () -> Trainer.of(with(ranked), compile(Precision.FLOAT32).recompute(recompute)));
      assertTrue(
          String.valueOf(failure.getMessage()).startsWith("gradients: layer 'own': expected ops"),
          failure.getMessage());
    }
  }

  @Test
  void aWeightThatOnlyABlockedWayLeadsToIsNamed() {
    Own blocked = new Own((tf, x) -> tf.stopGradient(x));
    for (Recompute recompute : Recompute.values()) {
      GraphException failure =
          assertThrows(
              GraphException.class,
              () -> Trainer.of(with(blocked), compile(Precision.FLOAT32).recompute(recompute)));
      assertTrue(
          String.valueOf(failure.getMessage())
              .startsWith(
                  "gradients: expected a way from the loss to every weight that trains, received"
                      + " none to conv2d/kernel, "),
          failure.getMessage());
    }
  }
}
