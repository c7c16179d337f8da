package dev.tfgraphs.graphs;

import static dev.tfgraphs.graphs.Closeness.assertFails;
import static dev.tfgraphs.ops.Layers.*;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertNotEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import com.google.common.collect.ImmutableList;
import dev.tfgraphs.graphs.data.Dataset;
import dev.tfgraphs.graphs.data.Samples;
import dev.tfgraphs.ops.CustomLayer;
import dev.tfgraphs.ops.Initializer;
import dev.tfgraphs.ops.Model;
import dev.tfgraphs.ops.Node;
import dev.tfgraphs.ops.Shape;
import dev.tfgraphs.ops.WeightSpec;
import java.util.List;
import java.util.function.BiFunction;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.MethodSource;
import org.tensorflow.Graph;
import org.tensorflow.Operand;
import org.tensorflow.op.Ops;
import org.tensorflow.op.core.Placeholder;
import org.tensorflow.types.TFloat32;
import org.tensorflow.types.TInt32;

/** A user's own kind of layer trains like any other. */
class CustomLayerTest {
  /** {@code scale * x + shift} for each place of the last axis; in training twice that. */
  static final class Affine extends CustomLayer implements LoweredLayer {
    @Override
    public Affine name(String name) {
      return named(this, name);
    }

    @Override
    public Shape infer(List<Shape> inputs) {
      return only(inputs);
    }

    @Override
    public ImmutableList<WeightSpec> weights(List<Shape> inputs) {
      Shape channels = Shape.of(only(inputs).size(-1));
      return ImmutableList.of(
          WeightSpec.trainable("scale", channels, Initializer.ones()),
          WeightSpec.trainable("shift", channels, Initializer.zeros()));
    }

    @Override
    public Operand<TFloat32> lower(LayerContext context, List<Operand<TFloat32>> inputs) {
      Ops tf = context.tf();
      Operand<TFloat32> y =
          tf.math.add(tf.math.mul(inputs.get(0), context.weight("scale")), context.weight("shift"));
      return context.training() ? tf.math.mul(y, tf.constant(2f)) : y;
    }
  }

  private static class Unlowered extends CustomLayer {
    @Override
    public Unlowered name(String name) {
      return named(this, name);
    }

    @Override
    public Shape infer(List<Shape> inputs) {
      return only(inputs);
    }
  }

  /** Asks for a weight that it does not have. */
  private static final class Forgetful extends Unlowered implements LoweredLayer {
    @Override
    public Operand<TFloat32> lower(LayerContext context, List<Operand<TFloat32>> inputs) {
      return context.weight("kernel");
    }
  }

  private static Compile compile() {
    return Compile.of(Optimizer.sgd(0.05), Loss.meanSquaredError()).seed(1);
  }

  /**
   * Targets are 3 x - 1 for the first place and -x + 2 for the second; training makes 2 (s x + t).
   */
  @Test
  void itsWeightsGoWhereTheLossIsLeast() {
    Node input = input(2);
    Model model = Model.of(input, input.to(new Affine().name("affine")));
    float[] x = new float[64];
    float[] y = new float[64];
    for (int i = 0; i < x.length; i++) {
      x[i] = (i * 7 % 16 - 8) / 8f;
      y[i] = i % 2 == 0 ? 3 * x[i] - 1 : -x[i] + 2;
    }
    try (Trainer trainer = Trainer.of(model, compile())) {
      Dataset data = Dataset.of(Samples.of(x, 2), Samples.of(y, 2));
      History history = trainer.fit(data, FitOptions.epochs(200).batchSize(16).verbose(0));
      assertTrue(history.get("loss").get(0) > 1);
      assertEquals(0, history.get("loss").get(199), 1e-6);
      Weights weights = trainer.weights();
      assertEquals(1.5f, weights.get("affine/scale").values()[0], 1e-3f);
      assertEquals(-0.5f, weights.get("affine/scale").values()[1], 1e-3f);
      assertEquals(-0.5f, weights.get("affine/shift").values()[0], 1e-3f);
      assertEquals(1f, weights.get("affine/shift").values()[1], 1e-3f);
    }
  }

  @Test
  void twoOfAKindHaveTheirOwnWeightsAndOneUsedTwiceSharesThem() {
    Node input = input(2);
    Affine shared = new Affine();
    Node x = input.to(shared).to(new Affine()).to(shared);
    Model model = Model.of(input, x);
    assertEquals(4, model.weights().size());
    Dataset data = Dataset.of(Samples.of(new float[] {1, 2}, 2), Samples.of(new float[] {0, 0}, 2));
    try (Trainer trainer = Trainer.of(model, compile())) {
      Weights before = trainer.weights();
      assertEquals(1, trainer.fit(data, FitOptions.epochs(1).verbose(0)).epochs().size());
      before
          .tensors()
          .forEach((name, tensor) -> assertNotEquals(tensor, trainer.weights().get(name), name));
    }
  }

  @Test
  void itWithoutARuleIsRefused() {
    Node input = input(2);
    Model model = Model.of(input, input.to(dense(2)).to(new Unlowered().name("mine")));
    assertFails(
        "layer 'mine': cannot be lowered: expected a class that implements LoweredLayer, received"
            + " dev.tfgraphs.graphs.CustomLayerTest$Unlowered",
        () -> Trainer.of(model, compile()).close());
  }

  @Test
  void itsErrorsNameIt() {
    Node input = input(2);
    Model model = Model.of(input, input.to(dense(2)).to(new Forgetful().name("mine")));
    assertFails(
        "layer 'mine': cannot be lowered: layer 'mine' (Forgetful): expected the name of one of its"
            + " weights, received 'kernel'",
        () -> Trainer.of(model, compile()).close());
  }

  /** Infers {@code (batch, 4)} and makes what it is told to. */
  private static final class Wrong extends CustomLayer implements LoweredLayer {
    private final BiFunction<Ops, Operand<TFloat32>, Operand<TFloat32>> ops;

    Wrong(BiFunction<Ops, Operand<TFloat32>, Operand<TFloat32>> ops) {
      this.ops = ops;
    }

    @Override
    public Wrong name(String name) {
      return named(this, name);
    }

    @Override
    public Shape infer(List<Shape> inputs) {
      return only(inputs).with(-1, 4);
    }

    @Override
    public Operand<TFloat32> lower(LayerContext context, List<Operand<TFloat32>> inputs) {
      return ops.apply(context.tf(), inputs.get(0));
    }
  }

  record Result(String message, BiFunction<Ops, Operand<TFloat32>, Operand<TFloat32>> ops) {}

  @SuppressWarnings("unchecked") // what a careless layer does
  private static Operand<TFloat32> careless(Operand<?> operand) {
    return (Operand<TFloat32>) operand;
  }

  private static Operand<TFloat32> elsewhere() {
    return Ops.create(new Graph()).constant(new float[1][4]);
  }

  static List<Result> wrong() {
    return List.of(
        new Result(
            "expected a result of (None, 4), received (1, 4)",
            (tf, x) -> tf.constant(new float[1][4])),
        new Result("expected a result of (None, 4), received (None, 2)", (tf, x) -> tf.math.neg(x)),
        new Result(
            "expected a result of (None, 4), received (4,)", (tf, x) -> tf.constant(new float[4])),
        new Result(
            "expected a result of DT_FLOAT, received DT_INT32",
            (tf, x) -> careless(tf.constant(new int[1][4]))),
        new Result(
            "expected a result in the graph of the model, received one in another",
            (tf, x) -> elsewhere()));
  }

  @ParameterizedTest
  @MethodSource("wrong")
  void aResultOtherThanTheLayerPromisesIsRefused(Result result) {
    Node input = input(2);
    Model model = Model.of(input, input.to(new Wrong(result.ops()).name("x")));
    assertFails(
        "layer 'x': cannot be lowered: " + result.message(),
        () -> Trainer.of(model, compile()).close());
  }

  private static Operand<TFloat32> doubled(Ops tf, Operand<TFloat32> x) {
    return tf.concat(List.of(x, x), tf.constant(-1));
  }

  /** The same, of unknown rank for TensorFlow. */
  private static Operand<TFloat32> hidden(Ops tf, Operand<TFloat32> x) {
    Operand<TInt32> sizes =
        tf.placeholderWithDefault(tf.shape(x), org.tensorflow.ndarray.Shape.unknown());
    return tf.reshape(x, sizes);
  }

  @Test
  void aResultIsMeasuredByTheInputsOfEachUse() {
    Node inner = input("inner", Shape.UNKNOWN, 2);
    Model nested = Model.of(inner, inner.to(new Wrong(CustomLayerTest::doubled)));
    Node a = input("a", 3, 2);
    Node b = input("b", 5, 2);
    Model model = Model.of(List.of(a, b), List.of(a.to(nested), b.to(nested)));
    try (Graph graph = new Graph()) {
      Ops tf = Ops.create(graph);
      Lowered lowered =
          Lowering.of(tf, model, 1).emit(Mode.INFERENCE, entry(tf, 1, 3, 2), entry(tf, -1, 5, 2));
      assertEquals(
          List.of("[1, 3, 4]", "[-1, 5, 4]"),
          lowered.outputs().stream().map(output -> output.shape().toString()).toList());
    }
  }

  @Test
  void aResultOfUnknownShapeIsWhatTheLayerInfers() {
    Node input = input(4);
    Node x = input.to(new Wrong(CustomLayerTest::hidden)).to(new Wrong(CustomLayerTest::hidden));
    try (Graph graph = new Graph()) {
      Ops tf = Ops.create(graph);
      Lowered lowered =
          Lowering.of(tf, Model.of(input, x), 1).emit(Mode.INFERENCE, entry(tf, -1, 4));
      assertTrue(lowered.outputs().get(0).shape().isUnknown());
    }
  }

  private static Operand<TFloat32> entry(Ops tf, long... sizes) {
    return tf.placeholder(
        TFloat32.class, Placeholder.shape(org.tensorflow.ndarray.Shape.of(sizes)));
  }
}
