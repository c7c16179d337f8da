package dev.tfgraphs.graphs;

import static dev.tfgraphs.graphs.Closeness.assertClose;
import static dev.tfgraphs.graphs.Closeness.assertFails;
import static dev.tfgraphs.ops.Layers.conv2D;
import static dev.tfgraphs.ops.Layers.input;
import static dev.tfgraphs.ops.Layers.reLU;
import static dev.tfgraphs.ops.Layers.relu;
import static org.junit.jupiter.api.Assertions.assertArrayEquals;
import static org.junit.jupiter.api.Assertions.assertEquals;

import dev.tfgraphs.ops.Layer;
import dev.tfgraphs.ops.Model;
import dev.tfgraphs.ops.Node;
import dev.tfgraphs.ops.Padding;
import dev.tfgraphs.ops.Shape;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.stream.Stream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.EnumSource;
import org.junit.jupiter.params.provider.MethodSource;
import org.junit.jupiter.params.provider.ValueSource;
import org.tensorflow.Graph;
import org.tensorflow.GraphOperation;
import org.tensorflow.Output;
import org.tensorflow.Result;
import org.tensorflow.Session;
import org.tensorflow.ndarray.StdArrays;
import org.tensorflow.op.Ops;
import org.tensorflow.op.core.Placeholder;
import org.tensorflow.types.TFloat32;

/** Training remembers no more than its gradients need. */
class OwnGradientsTest {
  private static final float[] ABOUT_ZERO = {-2, -0f, 0, Float.MIN_NORMAL, 3};

  static Stream<Layer> rectifiers() {
    return Stream.of(relu(), reLU(), reLU().maxValue(6));
  }

  @ParameterizedTest
  @MethodSource("rectifiers")
  void gradientsOfReLUAskItsResultAndNotWhatItWasAppliedTo(Layer layer) {
    try (Graph graph = new Graph()) {
      Ops tf = Ops.create(graph);
      Node images = input(2, 2, 1);
      Lowering lowering = Lowering.of(tf, Model.of(images, images.to(layer)), 0);
      var x =
          tf.placeholder(
              TFloat32.class, Placeholder.shape(org.tensorflow.ndarray.Shape.of(-1, 2, 2, 1)));
      Output<?> y = lowering.emit(Mode.TRAINING, x).outputs().get(0).asOutput();
      var unused = graph.addGradients(y, new Output<?>[] {x.asOutput()});
      List<String> asked = new ArrayList<>();
      for (GraphOperation op : Operations.ofType(graph, "ReluGrad")) {
        asked.add(op.input(1).op().type());
      }
      // what comes of the copy behind StopGradient, which nothing runs, asks that
      assertEquals(1, asked.stream().filter("IdentityN"::equals).count(), asked.toString());
      assertEquals(asked.size() - 1, asked.stream().filter("StopGradient"::equals).count());
    }
  }

  @Test
  void gradientsOfReLUAreOneWhereItIsPositive() {
    assertArrayEquals(new float[] {0, 0, 0, 1, 1}, gradient(Optional.empty()));
  }

  @ParameterizedTest
  @ValueSource(strings = {"of_somebody", "tfgraphs.relu_of_somebody"})
  void anIdentityNOfSomebodyElseHasNoGradient(String name) {
    assertFails(
        "expected no IdentityN, of which TensorFlow has no gradient, received '" + name + "'",
        () -> gradient(Optional.of(name)));
  }

  private static float[] gradient(Optional<String> handedOn) {
    try (Graph graph = new Graph()) {
      Emitter e = Emitter.into(Ops.create(graph));
      Output<?> x = e.unfolded(e.vector(ABOUT_ZERO));
      Output<?> relu = OwnGradients.relu(e, x);
      Output<?> y =
          handedOn
              .<Output<?>>map(
                  name -> e.op("IdentityN", name).list(List.of(relu, x)).build().output(0))
              .orElse(relu);
      Output<?> gradient = graph.addGradients(y, new Output<?>[] {x})[0];
      try (Session session = new Session(graph);
          Result result = session.runner().fetch(gradient).run()) {
        return StdArrays.array1dCopyOf((TFloat32) result.get(0));
      }
    }
  }

  @Test
  void convolutionsOfSinglePixelsTrainAsProductsOnCpus() {
    assertEquals(List.of("MatMul"), multiplied(conv2D(32, 1), Mode.TRAINING));
    assertEquals(List.of("Conv2D"), multiplied(conv2D(31, 1), Mode.TRAINING));
    assertEquals(
        List.of("AvgPool", "MatMul"),
        multiplied(conv2D(32, 1).strides(2).padding(Padding.SAME), Mode.TRAINING));
    assertEquals(List.of("Conv2D"), multiplied(conv2D(32, 1), Mode.INFERENCE));
    assertEquals(List.of("Conv2D"), multiplied(conv2D(32, 1).strides(2), Mode.INFERENCE));
    assertEquals(List.of("Conv2D"), multiplied(conv2D(32, 1).groups(2), Mode.TRAINING));
    assertEquals(List.of("Conv2D"), multiplied(conv2D(32, 3), Mode.TRAINING));
  }

  /** cuDNN takes them as they are. */
  @Test
  void convolutionsOfSinglePixelsStayWhatTheyAreOnGpus() {
    assertEquals(List.of("Conv2D"), multiplied(conv2D(32, 1), Mode.TRAINING, true));
    assertEquals(List.of("Conv2D"), multiplied(conv2D(32, 1).strides(2), Mode.TRAINING, true));
  }

  /** How a device has it written changes the order of sums alone. */
  @ParameterizedTest
  @EnumSource(Padding.class)
  void theFormsForCpusAndGpusHaveOneGradient(Padding padding) {
    Layer layer = conv2D(32, 1).strides(2).padding(padding);
    List<HostTensor> onCpu = gradients(layer, false);
    List<HostTensor> onGpu = gradients(layer, true);
    assertClose("of the images", onCpu.get(0), onGpu.get(0), 1e-5, 1e-6);
    assertClose("of the kernel", onCpu.get(1), onGpu.get(1), 1e-5, 1e-6);
  }

  /** Of the sum of squares, for images of odd sizes. */
  private static List<HostTensor> gradients(Layer layer, boolean gpu) {
    try (Graph graph = new Graph()) {
      Ops tf = Ops.create(graph);
      Node images = input(7, 5, 32);
      Lowering lowering = Lowering.of(tf, Model.of(images, images.to(layer)), 3, () -> gpu);
      var x =
          tf.reshape(
              tf.math.cos(tf.range(tf.constant(0f), tf.constant(2f * 7 * 5 * 32), tf.constant(1f))),
              tf.constant(new int[] {2, 7, 5, 32}));
      Lowered lowered = lowering.emit(Mode.TRAINING, x);
      Output<?> squares = tf.math.square(lowered.outputs().get(0)).asOutput();
      Output<?> kernel = lowered.value(lowered.variables().get(0)).asOutput();
      Output<?>[] found = graph.addGradients(squares, new Output<?>[] {x.asOutput(), kernel});
      try (Session session = new Session(graph);
          Result result = session.runner().fetch(found[0]).fetch(found[1]).run()) {
        return List.of(HostTensor.of(result.get(0)), HostTensor.of(result.get(1)));
      }
    }
  }

  private static List<String> multiplied(Layer layer, Mode mode) {
    return multiplied(layer, mode, false);
  }

  private static List<String> multiplied(Layer layer, Mode mode, boolean gpu) {
    try (Graph graph = new Graph()) {
      Ops tf = Ops.create(graph);
      Node images = input(Shape.UNKNOWN, Shape.UNKNOWN, 32);
      Lowering lowering = Lowering.of(tf, Model.of(images, images.to(layer)), 0, () -> gpu);
      var x =
          tf.placeholder(
              TFloat32.class, Placeholder.shape(org.tensorflow.ndarray.Shape.of(-1, -1, -1, 32)));
      var unused = lowering.emit(mode, x);
      return Stream.of("AvgPool", "Conv2D", "MatMul")
          .flatMap(type -> Operations.ofType(graph, type).stream().map(op -> type))
          .toList();
    }
  }
}
