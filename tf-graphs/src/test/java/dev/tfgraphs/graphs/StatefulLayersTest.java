package dev.tfgraphs.graphs;

import static dev.tfgraphs.graphs.Closeness.assertClose;
import static dev.tfgraphs.graphs.Closeness.assertFails;
import static dev.tfgraphs.ops.Layers.*;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertNotEquals;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import com.google.common.collect.ImmutableList;
import dev.tfgraphs.graphs.data.Dataset;
import dev.tfgraphs.graphs.data.Samples;
import dev.tfgraphs.ops.CustomLayer;
import dev.tfgraphs.ops.Initializer;
import dev.tfgraphs.ops.Layer;
import dev.tfgraphs.ops.Model;
import dev.tfgraphs.ops.Node;
import dev.tfgraphs.ops.Shape;
import dev.tfgraphs.ops.WeightSpec;
import java.util.List;
import java.util.OptionalLong;
import java.util.function.BiConsumer;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.MethodSource;
import org.tensorflow.Graph;
import org.tensorflow.Operand;
import org.tensorflow.op.Ops;
import org.tensorflow.types.TFloat32;

/** Users' own layers track statistics and draw random numbers, as the library's do. */
class StatefulLayersTest {
  private static final HostTensor X = new HostTensor(Shape.of(2, 2), new float[] {1, 2, 3, 6});

  /** Sums and products of a few small numbers. */
  private static final double ROUNDING = 1e-6;

  /** A layer that keeps the shape of its input. */
  private abstract static class Same extends CustomLayer implements LoweredLayer {
    @Override
    public Layer name(String name) {
      return named(this, name);
    }

    @Override
    public Shape infer(List<Shape> inputs) {
      return only(inputs);
    }
  }

  /** {@code x} less its mean: the batch's in training, and otherwise what it was on the whole. */
  private static final class Centering extends Same {
    @Override
    public ImmutableList<WeightSpec> weights(List<Shape> inputs) {
      Shape channels = Shape.of(only(inputs).size(-1));
      return ImmutableList.of(WeightSpec.tracked("moving_mean", channels, Initializer.zeros()));
    }

    @Override
    public Operand<TFloat32> lower(LayerContext context, List<Operand<TFloat32>> inputs) {
      Ops tf = context.tf();
      Operand<TFloat32> x = inputs.get(0);
      if (!context.trains()) {
        return tf.math.sub(x, context.weight("moving_mean"));
      }
      Operand<TFloat32> mean = tf.math.mean(x, tf.constant(0));
      Operand<TFloat32> way = tf.math.sub(mean, context.tracked("moving_mean"));
      Operand<TFloat32> step = tf.math.mul(way, tf.constant(0.5f));
      context.track("moving_mean", tf.math.add(context.tracked("moving_mean"), step));
      return tf.math.sub(x, mean);
    }
  }

  /** {@code x} plus normal noise in training. */
  private static final class Noisy extends Same {
    private final OptionalLong seed;

    Noisy(OptionalLong seed) {
      this.seed = seed;
    }

    @Override
    public boolean needsSeed() {
      return seed.isEmpty();
    }

    @Override
    public Operand<TFloat32> lower(LayerContext context, List<Operand<TFloat32>> inputs) {
      Ops tf = context.tf();
      Operand<TFloat32> x = inputs.get(0);
      return context.training()
          ? tf.math.add(
              x,
              tf.random.statelessRandomNormal(tf.shape(x), context.drawSeed(seed), TFloat32.class))
          : x;
    }
  }

  private static Model of(Layer... layers) {
    Node input = input(2);
    Node x = input;
    for (Layer layer : layers) {
      x = x.to(layer);
    }
    return Model.of(input, x);
  }

  @Test
  void aTrackedWeightMovesInTrainingAndServesInInference() {
    try (Workbench bench = new Workbench(of(new Centering()), Mode.TRAINING, Mode.INFERENCE)) {
      HostTensor trained = bench.run(Mode.TRAINING, List.of(X)).get(0);
      assertClose("trained", new float[] {-1, -2, 1, 2}, trained.values(), 0, ROUNDING);
      assertClose("once", new float[] {1, 2}, bench.weights().get(0).values(), 0, ROUNDING);
      bench.run(Mode.TRAINING, List.of(X));
      assertClose("twice", new float[] {1.5f, 3}, bench.weights().get(0).values(), 0, ROUNDING);
      HostTensor inferred = bench.run(Mode.INFERENCE, List.of(X)).get(0);
      assertClose("inferred", new float[] {-0.5f, -1, 1.5f, 3}, inferred.values(), 0, ROUNDING);
    }
  }

  /** The second use sees what the first has left, and centers what is centered already. */
  @Test
  void aLayerUsedTwiceMovesItsWeightTwice() {
    Centering centering = new Centering();
    try (Workbench bench = new Workbench(of(centering, centering), Mode.TRAINING)) {
      bench.run(Mode.TRAINING, List.of(X));
      assertClose("mean", new float[] {0.5f, 1}, bench.weights().get(0).values(), 0, ROUNDING);
    }
  }

  @Test
  void aFrozenLayerKeepsItsTrackedWeight() {
    Model model = of(new Centering()).freeze();
    try (Workbench bench = new Workbench(model, Mode.TRAINING)) {
      assertEquals(X, bench.run(Mode.TRAINING, List.of(X)).get(0));
      assertClose("mean", new float[] {0, 0}, bench.weights().get(0).values(), 0, 0);
    }
  }

  @Test
  void noiseIsNewInEveryStepAndTheSameFromTheSameSeed() {
    Model model = of(new Noisy(OptionalLong.empty()), new Noisy(OptionalLong.of(3)));
    try (Workbench first = new Workbench(model, Mode.TRAINING, Mode.INFERENCE);
        Workbench second = new Workbench(model, Mode.TRAINING)) {
      HostTensor once = first.run(Mode.TRAINING, List.of(X)).get(0);
      HostTensor again = first.run(Mode.TRAINING, List.of(X)).get(0);
      assertNotEquals(once, again);
      assertEquals(once, second.run(Mode.TRAINING, List.of(X)).get(0));
      assertEquals(again, second.run(Mode.TRAINING, List.of(X)).get(0));
      assertEquals(X, first.run(Mode.INFERENCE, List.of(X)).get(0));
    }
  }

  /** Its seed is drawn in its place, so that what comes after it starts as behind a dropout. */
  @Test
  void itsNoiseIsThatOfTheLibrarysLayer() {
    try (Workbench own = new Workbench(of(new Noisy(OptionalLong.empty())), Mode.TRAINING);
        Workbench ours = new Workbench(of(gaussianNoise(1)), Mode.TRAINING)) {
      for (int step = 0; step < 3; step++) {
        HostTensor expected = ours.run(Mode.TRAINING, List.of(X)).get(0);
        assertEquals(expected, own.run(Mode.TRAINING, List.of(X)).get(0));
      }
    }
  }

  @Test
  void aTrainerTrainsWithThem() {
    Layer head = dense(1).name("head");
    Model model = of(new Noisy(OptionalLong.empty()), new Centering().name("centering"), head);
    Compile compile = Compile.of(Optimizer.sgd(0.01), Loss.meanSquaredError()).seed(1);
    Dataset data = Dataset.of(Samples.of(X.values(), 2), Samples.of(new float[] {1, 2}, 1));
    FitOptions options = FitOptions.epochs(20).verbose(0);
    try (Trainer one = Trainer.of(model, compile);
        Trainer two = Trainer.of(model, compile)) {
      assertEquals(one.fit(data, options).get("loss"), two.fit(data, options).get("loss"));
      assertEquals(one.weights(), two.weights());
      float mean = one.weights().get("centering/moving_mean").values()[0];
      // twenty means of two numbers with noise of deviation 1, the last ones weighing most
      assertTrue(Math.abs(mean - 2) < 2, () -> "mean: " + mean);
      assertNotEquals(0, mean);
    }
  }

  /** Does what it is told to and returns its input. */
  private static final class Careless extends Same {
    private final BiConsumer<LayerContext, Operand<TFloat32>> doing;

    Careless(BiConsumer<LayerContext, Operand<TFloat32>> doing) {
      this.doing = doing;
    }

    @Override
    public ImmutableList<WeightSpec> weights(List<Shape> inputs) {
      Shape channels = Shape.of(2);
      return ImmutableList.of(
          WeightSpec.trainable("scale", channels, Initializer.ones()),
          WeightSpec.tracked("mean", channels, Initializer.zeros()));
    }

    @Override
    public Operand<TFloat32> lower(LayerContext context, List<Operand<TFloat32>> inputs) {
      doing.accept(context, inputs.get(0));
      return inputs.get(0);
    }
  }

  record Wrong(String message, Mode mode, BiConsumer<LayerContext, Operand<TFloat32>> doing) {}

  static List<Wrong> wrong() {
    return List.of(
        new Wrong(
            "layer 'x' (Careless): expected the name of one of its weights, received 'mode'",
            Mode.TRAINING,
            (context, x) -> context.track("mode", context.weight("scale"))),
        new Wrong(
            "expected a weight that is tracked, received 'scale', which trains",
            Mode.TRAINING,
            (context, x) -> context.track("scale", context.weight("scale"))),
        new Wrong(
            "expected a weight that is tracked, received 'scale', which trains",
            Mode.INFERENCE,
            (context, x) -> context.tracked("scale").asOutput()),
        new Wrong(
            "expected weights to be tracked in training only, received inference",
            Mode.INFERENCE,
            (context, x) -> context.track("mean", context.weight("scale"))),
        new Wrong(
            "expected a value of (2,) for 'mean', received one of (None, 2)",
            Mode.TRAINING,
            (context, x) -> context.track("mean", x)),
        new Wrong(
            "expected a value in the graph of the model for 'mean', received one in another",
            Mode.TRAINING,
            (context, x) -> context.track("mean", Ops.create(new Graph()).constant(new float[2]))),
        new Wrong(
            "expected random numbers in training only, received inference",
            Mode.INFERENCE,
            (context, x) -> context.drawSeed(OptionalLong.of(1)).asOutput()),
        new Wrong(
            "expected a layer whose needsSeed() is true where it draws without a seed of its own",
            Mode.TRAINING,
            (context, x) -> context.drawSeed(OptionalLong.empty()).asOutput()));
  }

  @ParameterizedTest
  @MethodSource("wrong")
  void whatWouldTrainWrongInSilenceIsRefused(Wrong wrong) {
    Model model = of(new Careless(wrong.doing()).name("x"));
    assertFails(
        "layer 'x': cannot be lowered: " + wrong.message(),
        () -> new Workbench(model, wrong.mode()).close());
  }

  @Test
  void aValueWhoseShapeOnlyTheStepKnowsIsCheckedThere() {
    Layer careless =
        new Careless(
            (context, x) -> {
              Ops tf = context.tf();
              context.track("mean", tf.reshape(x, tf.constant(new int[] {-1})));
            });
    try (Workbench bench = new Workbench(of(careless), Mode.TRAINING)) {
      bench.run(Mode.TRAINING, List.of(new HostTensor(Shape.of(1, 2), new float[] {3, 4})));
      assertClose("mean", new float[] {3, 4}, bench.weights().get(1).values(), 0, 0);
      RuntimeException failure =
          assertThrows(RuntimeException.class, () -> bench.run(Mode.TRAINING, List.of(X)));
      assertTrue(
          String.valueOf(failure.getMessage())
              .contains("Shape of tensor Reshape [4] is not compatible with expected shape [2]"),
          failure::getMessage);
    }
  }
}
