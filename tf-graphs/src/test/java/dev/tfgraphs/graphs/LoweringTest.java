package dev.tfgraphs.graphs;

import static dev.tfgraphs.graphs.Closeness.assertClose;
import static dev.tfgraphs.graphs.Closeness.assertFails;
import static dev.tfgraphs.ops.Layers.*;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertNotEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import com.google.common.collect.Sets;
import dev.tfgraphs.graphs.data.Dataset;
import dev.tfgraphs.graphs.data.Samples;
import dev.tfgraphs.ops.ActivationFunction;
import dev.tfgraphs.ops.Model;
import dev.tfgraphs.ops.Node;
import dev.tfgraphs.ops.Weight;
import java.util.List;
import java.util.Set;
import java.util.TreeSet;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;
import org.tensorflow.EagerSession;
import org.tensorflow.Graph;
import org.tensorflow.Operand;
import org.tensorflow.Output;
import org.tensorflow.Result;
import org.tensorflow.Session;
import org.tensorflow.ndarray.Shape;
import org.tensorflow.op.Ops;
import org.tensorflow.op.core.Placeholder;
import org.tensorflow.types.TFloat32;

/** A model in a graph that belongs to somebody who writes TensorFlow Java themselves. */
class LoweringTest {
  private static final HostTensor X =
      new HostTensor(dev.tfgraphs.ops.Shape.of(2, 8, 8, 3), SmallNet.images(2));

  private static Operand<TFloat32> entry(Ops tf, long... sizes) {
    return tf.placeholder(TFloat32.class, Placeholder.shape(Shape.of(sizes)));
  }

  private static HostTensor run(Session session, Operand<?> input, Operand<?> output) {
    try (TFloat32 x = X.toNative();
        Result result = session.runner().feed(input.asOutput(), x).fetch(output).run()) {
      return HostTensor.of(result.get(0));
    }
  }

  private static Model model() {
    return Networks.smallNet(4, ActivationFunction.SOFTMAX);
  }

  @Test
  void itsOutputsAreThoseOfATrainer() {
    try (Graph graph = new Graph();
        Trainer trainer =
            Trainer.of(
                model(),
                Compile.of(Optimizer.adam(), Loss.sparseCategoricalCrossentropy()).seed(7))) {
      Ops tf = Ops.create(graph);
      Operand<TFloat32> x = entry(tf, -1, 8, 8, 3);
      // the user's own ops lie before and behind the model
      Operand<TFloat32> halved = tf.math.mul(x, tf.constant(1f));
      Lowered lowered = Lowering.of(tf, model(), 7).emit(Mode.INFERENCE, halved);
      Operand<TFloat32> doubled = tf.math.mul(lowered.outputs().get(0), tf.constant(1f));
      try (Session session = new Session(graph)) {
        HostTensor expected = trainer.predict(Dataset.of(Samples.of(X.values(), 8, 8, 3)));
        assertClose("outputs", expected, run(session, x, doubled), 1e-6, 1e-7);
        assertClose("by name", expected, run(session, x, lowered.output("head")), 1e-6, 1e-7);
        assertEquals(
            dev.tfgraphs.ops.Shape.of(2, 2, 2, 8), run(session, x, lowered.output("c2")).shape());
      }
    }
  }

  @Test
  void itsVariablesAreTheModelsWeights() {
    try (Graph graph = new Graph()) {
      Ops tf = Ops.create(graph);
      Operand<TFloat32> x = entry(tf, -1, 8, 8, 3);
      Lowered lowered = Lowering.of(tf, model(), 7).emit(Mode.TRAINING, x);
      assertEquals(
          model().weights().stream().map(Weight::path).toList(),
          lowered.variables().stream().map(Variable::name).toList());
      // two moving averages
      assertEquals(2, lowered.updates().size());
      try (Session session = new Session(graph)) {
        session.initialize();
        Variable mean = lowered.variables().get(4);
        assertEquals("bn/moving_mean", mean.name());
        Session.Runner runner = session.runner();
        lowered.updates().forEach(runner::addTarget);
        try (TFloat32 data = X.toNative()) {
          runner.feed(x.asOutput(), data).run().close();
        }
        try (Result result = session.runner().fetch(mean.value()).run()) {
          assertNotEquals(0, HostTensor.of(result.get(0)).values()[0]);
        }
      }
    }
  }

  @Test
  void itsWeightsTrainByTheUsersOwnGradients() {
    try (Graph graph = new Graph()) {
      Ops tf = Ops.create(graph);
      Operand<TFloat32> x = entry(tf, -1, 8, 8, 3);
      Lowered lowered = Lowering.of(tf, model(), 7).emit(Mode.TRAINING, x);
      Operand<TFloat32> loss =
          tf.math.mean(tf.math.square(lowered.outputs().get(0)), tf.constant(new int[] {0, 1}));
      Variable kernel = lowered.variables().get(0);
      var gradient =
          graph.addGradients(loss.asOutput(), new Output<?>[] {kernel.handle().asOutput()})[0];
      try (Session session = new Session(graph)) {
        HostTensor value = run(session, x, gradient);
        assertEquals(kernel.weight().spec().shape(), value.shape());
        double sum = 0;
        for (float element : value.values()) {
          sum += Math.abs(element);
        }
        assertTrue(sum > 0);
      }
    }
  }

  @Test
  void gradientsOfTheValuesItReadsAreThoseOfItsVariables() {
    try (Graph graph = new Graph()) {
      Ops tf = Ops.create(graph);
      Operand<TFloat32> x = entry(tf, -1, 8, 8, 3);
      Lowering lowering = Lowering.of(tf, model(), 7);
      Lowered lowered = lowering.emit(Mode.TRAINING, x);
      Operand<TFloat32> loss =
          tf.math.mean(tf.math.square(lowered.outputs().get(0)), tf.constant(new int[] {0, 1}));
      List<Variable> trained =
          lowered.variables().stream().filter(one -> one.weight().trainable()).toList();
      assertEquals(8, trained.size());
      Output<?>[] values =
          trained.stream().map(one -> lowered.value(one).asOutput()).toArray(Output<?>[]::new);
      Output<?>[] handles =
          trained.stream().map(one -> one.handle().asOutput()).toArray(Output<?>[]::new);
      Output<?>[] ofValues = graph.addGradients(loss.asOutput(), values);
      Output<?>[] ofHandles = graph.addGradients(loss.asOutput(), handles);
      try (Session session = new Session(graph)) {
        for (int i = 0; i < values.length; i++) {
          HostTensor expected = run(session, x, ofHandles[i]);
          assertClose(trained.get(i).name(), expected, run(session, x, ofValues[i]), 0, 0);
        }
      }
      Variable foreign = Lowering.of(tf, model(), 7).variables().all().get(0);
      assertFails(
          "lowered model: expected one of its variables, received 'c1/kernel' of another",
          () -> lowered.value(foreign).asOutput());
    }
  }

  @Test
  void itsOpsLieUnderTheUsersScope() {
    try (Graph graph = new Graph()) {
      Ops tf = Ops.create(graph);
      Operand<TFloat32> x = entry(tf, -1, 2);
      Node input = input(2);
      Model model = Model.of(input, input.to(dense(3)).to(new CustomLayerTest.Affine()));
      Ops scoped = tf.withSubScope("left").withSubScope("inner");
      Set<String> before = names(graph);
      Lowered left = Lowering.of(scoped, model, 1).emit(Mode.TRAINING, x);
      Set<String> made = Sets.difference(names(graph), before).immutableCopy();
      assertEquals(List.of(), made.stream().filter(one -> !one.startsWith("left/inner/")).toList());
      assertTrue(made.contains("left/inner/dense/MatMul"), made.toString());
      assertTrue(made.contains("left/inner/dense/kernel"), made.toString());
      Lowered plain = Lowering.of(tf, model, 1).emit(Mode.TRAINING, x);
      assertEquals("dense/kernel", plain.variables().get(0).handle().asOutput().op().name());
      assertEquals(
          plain.variables().stream().map(Variable::name).toList(),
          left.variables().stream().map(Variable::name).toList());
      try (Session session = new Session(graph)) {
        HostTensor rows = new HostTensor(dev.tfgraphs.ops.Shape.of(1, 2), new float[] {1, 2});
        try (TFloat32 fed = rows.toNative();
            Result result =
                session
                    .runner()
                    .feed(x.asOutput(), fed)
                    .fetch(left.outputs().get(0))
                    .fetch(plain.outputs().get(0))
                    .run()) {
          assertEquals(HostTensor.of(result.get(0)), HostTensor.of(result.get(1)));
        }
      }
    }
  }

  private static Set<String> names(Graph graph) {
    Set<String> names = new TreeSet<>();
    graph.operations().forEachRemaining(op -> names.add(op.name()));
    return names;
  }

  @Test
  void bothModesShareVariablesAndTwoModelsShareNone() {
    try (Graph graph = new Graph()) {
      Ops tf = Ops.create(graph);
      Operand<TFloat32> x = entry(tf, -1, 8, 8, 3);
      Lowering first = Lowering.of(tf, model(), 1);
      Lowered inference = first.emit(Mode.INFERENCE, x);
      Lowered training = first.emit(Mode.TRAINING, x);
      Lowered other = Lowering.of(tf, model(), 2).emit(Mode.INFERENCE, x);
      Lowered same = Lowering.of(tf, model(), 1).emit(Mode.INFERENCE, x);
      assertEquals(inference.variables().get(0).handle(), training.variables().get(0).handle());
      try (Session session = new Session(graph)) {
        HostTensor one = run(session, x, inference.outputs().get(0));
        assertNotEquals(one, run(session, x, other.outputs().get(0)));
        assertEquals(one, run(session, x, same.outputs().get(0)));
        Session.Runner runner = session.runner();
        training.updates().forEach(runner::addTarget);
        try (TFloat32 data = X.toNative()) {
          runner.feed(x.asOutput(), data).run().close();
        }
        assertNotEquals(one, run(session, x, inference.outputs().get(0)));
        assertEquals(one, run(session, x, same.outputs().get(0)));
      }
    }
  }

  /**
   * TensorFlow Java takes imported ops called Init... for initializers, and gradients/ is its own.
   */
  @ParameterizedTest
  @ValueSource(
      strings = {"Init", "Initial_conv", "gradients", "optimizer", "learning_rate", "NoOp"})
  void noNameOfALayerIsInTheWay(String name) {
    Node input = input(name + "_in", 8, 8, 3);
    Node x = input.to(conv2D(2, 3).name(name)).to(batchNormalization().name(name + "_bn"));
    Node y = x.to(flatten()).to(dense(4).name("Init_head"));
    Model model = Model.of(input, y.to(softmax()));
    Compile compile = Compile.of(Optimizer.adam(), Loss.sparseCategoricalCrossentropy()).seed(1);
    try (Trainer trainer = Trainer.of(model, compile)) {
      assertEquals(
          1,
          trainer.fit(SmallNet.data(8, "class"), FitOptions.epochs(1).verbose(0)).epochs().size());
      assertTrue(trainer.weights().tensors().containsKey(name + "/kernel"));
    }
    try (Graph graph = new Graph()) {
      Ops tf = Ops.create(graph);
      Lowered lowered = Lowering.of(tf, model, 1).emit(Mode.INFERENCE, entry(tf, -1, 8, 8, 3));
      assertEquals(model.weights().size(), lowered.variables().size());
      graph
          .operations()
          .forEachRemaining(op -> assertTrue(!op.name().startsWith("Init"), op.name()));
    }
  }

  @Test
  void whatCannotBeLoweredIsSaid() {
    try (Graph graph = new Graph()) {
      Ops tf = Ops.create(graph);
      Lowering lowering = Lowering.of(tf, model(), 1);
      assertFails("lowering: expected 1 inputs, received 0", () -> lowering.emit(Mode.TRAINING));
      assertFails(
          "lowering: expected an operand of (None, 8, 8, 3) for input 'input', received one of"
              + " [-1, 8, 8, 1]",
          () -> lowering.emit(Mode.INFERENCE, entry(tf, -1, 8, 8, 1)));
      Lowered lowered = lowering.emit(Mode.INFERENCE, entry(tf, -1, 8, 8, 3));
      assertFails(
          "lowered model: expected the name of a layer, received 'c3'; near: c1, c2 (of 8)",
          () -> lowered.output("c3").asOutput());
      assertFails(
          "lowered model: expected the name of a layer, received 'x'; there are 8",
          () -> lowered.output("x").asOutput());
      assertFails(
          "lowering: expected an operand of (None, 8, 8, 3) for input 'input', received one of"
              + " unknown shape",
          () ->
              lowering.emit(
                  Mode.INFERENCE,
                  tf.placeholder(TFloat32.class, Placeholder.shape(Shape.unknown()))));
    }
    try (EagerSession session = EagerSession.create()) {
      assertFails(
          "lowering: expected the Ops of a graph, received an eager session's",
          () -> Lowering.of(Ops.create(session), model(), 1).variables());
    }
  }

  @Test
  void aLayerUsedTwiceHasNoOneOutput() {
    try (Graph graph = new Graph()) {
      Ops tf = Ops.create(graph);
      Model model = Networks.sharedLayer();
      Lowered lowered =
          Lowering.of(tf, model, 1).emit(Mode.INFERENCE, entry(tf, -1, 8), entry(tf, -1, 8));
      assertEquals(List.of(-1L, 16L), sizes(lowered.output("concatenate")));
      assertFails(
          "lowered model: expected a layer that is used once, received 'shared', which is used"
              + " several times",
          () -> lowered.output("shared").asOutput());
    }
  }

  private static List<Long> sizes(Operand<?> operand) {
    return java.util.Arrays.stream(operand.shape().asArray()).boxed().toList();
  }
}
