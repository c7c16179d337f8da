package dev.tfgraphs.graphs;

import static dev.tfgraphs.graphs.Closeness.assertFails;
import static dev.tfgraphs.ops.Layers.dense;
import static dev.tfgraphs.ops.Layers.globalAveragePooling2D;
import static dev.tfgraphs.ops.Layers.input;
import static org.junit.jupiter.api.Assertions.assertTrue;

import dev.tfgraphs.graphs.Own.Body;
import dev.tfgraphs.graphs.data.Batch;
import dev.tfgraphs.ops.Model;
import dev.tfgraphs.ops.Node;
import dev.tfgraphs.ops.Shape;
import java.util.List;
import java.util.stream.Stream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.Arguments;
import org.junit.jupiter.params.provider.MethodSource;
import org.tensorflow.Operand;
import org.tensorflow.Tensor;
import org.tensorflow.op.Ops;
import org.tensorflow.op.nn.Conv2d;
import org.tensorflow.op.nn.Conv2dBackpropInput;
import org.tensorflow.op.nn.DepthwiseConv2dNative;
import org.tensorflow.op.nn.LocalResponseNormalization;
import org.tensorflow.types.TFloat32;

/** What would train wrongly, or end the process, is refused when a trainer is made. */
class WrongGradientsTest {
  private static final List<Long> ONES = List.of(1L, 1L, 1L, 1L);
  private static final List<Long> TWO = List.of(1L, 2L, 2L, 1L);

  private static Operand<TFloat32> kernel(Ops tf) {
    return tf.constant(new float[3][3][2][2]);
  }

  private static final String DILATED =
      "; spaceToBatchNd, the op without dilations, and batchToSpaceNd compute the same";

  static Stream<Arguments> refused() {
    return Stream.of(
        Arguments.of(
            "dilations [1, 2, 2, 1] (Conv2D 'Conv2d')" + DILATED,
            (Body) (tf, x) -> tf.nn.conv2d(x, kernel(tf), ONES, "SAME", Conv2d.dilations(TWO))),
        Arguments.of(
            "explicit padding (Conv2D 'Conv2d'); a pad before it, and VALID padding, compute the"
                + " same",
            (Body)
                (tf, x) ->
                    tf.nn.conv2d(
                        x,
                        kernel(tf),
                        ONES,
                        "EXPLICIT",
                        Conv2d.explicitPaddings(0L, 0L, 1L, 1L, 1L, 1L, 0L, 0L))),
        Arguments.of(
            "dilations [1, 2, 2, 1] (Conv2DBackpropInput 'Conv2dBackpropInput')" + DILATED,
            (Body)
                (tf, x) ->
                    tf.nn.conv2dBackpropInput(
                        tf.shape(x),
                        kernel(tf),
                        x,
                        ONES,
                        "SAME",
                        Conv2dBackpropInput.dilations(TWO))),
        Arguments.of(
            "dilations [1, 2, 2, 1] (DepthwiseConv2dNative 'DepthwiseConv2dNative')" + DILATED,
            (Body)
                (tf, x) ->
                    tf.nn.depthwiseConv2dNative(
                        x,
                        tf.constant(new float[3][3][2][1]),
                        ONES,
                        "SAME",
                        DepthwiseConv2dNative.dilations(TWO))),
        Arguments.of(
            "rank 4 (LogSoftmax 'LogSoftmax'); a reshape to (rows, classes) before it and one back"
                + " compute the same",
            (Body) (tf, x) -> tf.nn.logSoftmax(x)),
        Arguments.of(
            "other than the default settings (LRN 'LocalResponseNormalization'); its formula in"
                + " other ops can be used",
            (Body)
                (tf, x) ->
                    tf.nn.localResponseNormalization(
                        x, LocalResponseNormalization.depthRadius(2L))),
        Arguments.of(
            "a loop (Exit 'loop/Exit'); the steps of the loop one after the other do",
            (Body) WrongGradientsTest::loop),
        Arguments.of(
            "a variable by reference (Mul 'Mul'); its identity can be used",
            (Body)
                (tf, x) ->
                    tf.math.mul(
                        x, tf.variable(org.tensorflow.ndarray.Shape.of(2), TFloat32.class))));
  }

  /** A loop that never ends, and never begins. */
  @SuppressWarnings("unchecked") // what goes in comes out
  private static Operand<TFloat32> loop(Ops tf, Operand<TFloat32> x) {
    return (Operand<TFloat32>)
        ((org.tensorflow.Graph) tf.scope().env())
            .whileLoop(
                new org.tensorflow.Output<?>[] {x.asOutput()},
                (graph, inputs, outputs) ->
                    outputs[0] =
                        Ops.create(graph)
                            .math
                            .less(Ops.create(graph).constant(0f), Ops.create(graph).constant(1f))
                            .asOutput(),
                (graph, inputs, outputs) ->
                    outputs[0] =
                        Ops.create(graph).math.neg((Operand<TFloat32>) inputs[0]).asOutput(),
                "loop")[0];
  }

  /** Images of two channels, once something has been learned of them. */
  private static Model model(Body body) {
    Node input = input(4, 4, 2);
    Node x = input.to(dense(2)).to(new Own(body).name("own")).to(globalAveragePooling2D());
    return Model.of(input, x.to(dense(1)));
  }

  private static Tensor zeros(int... sizes) {
    Shape shape = Shape.of(sizes);
    return new HostTensor(shape, new float[Math.toIntExact(shape.elements())]).toNative();
  }

  private static Trainer trainer(Model model, Loss loss) {
    return Trainer.of(model, Compile.of(Optimizer.sgd(0.1), loss).seed(1));
  }

  @ParameterizedTest
  @MethodSource("refused")
  void inALayer(String what, Body body) {
    assertFails(
        "gradients: layer 'own': expected ops of which TensorFlow has the right gradient, received "
            + what,
        () -> trainer(model(body), Loss.meanSquaredError()).close());
  }

  @Test
  void inALoss() {
    Node input = input(4, 4, 2);
    Loss loss =
        Loss.of("own", (tf, target, y) -> tf.math.neg(tf.math.mul(target, tf.nn.logSoftmax(y))));
    assertFails(
        "gradients: the loss: expected ops of which TensorFlow has the right gradient, received"
            + " rank 4 (LogSoftmax 'LogSoftmax_1'); a reshape to (rows, classes) before it and one"
            + " back compute the same",
        () -> trainer(Model.of(input, input.to(dense(2))), loss).close());
  }

  /** Nothing is asked of a gradient where nothing was learned, or where it is stopped. */
  @Test
  void notWhereNoGradientIsAsked() {
    Body dilated = (tf, x) -> tf.nn.conv2d(x, kernel(tf), ONES, "SAME", Conv2d.dilations(TWO));
    Node input = input(4, 4, 2);
    Node first = input.to(new Own(dilated)).to(globalAveragePooling2D());
    Body stopped = (tf, x) -> tf.math.add(x, tf.stopGradient(dilated.apply(tf, x)));
    for (Model model : List.of(Model.of(input, first.to(dense(1))), model(stopped))) {
      try (Trainer trainer = trainer(model, Loss.meanSquaredError());
          Batch batch = Batch.of(List.of(zeros(2, 4, 4, 2)), List.of(zeros(2, 1)))) {
        assertTrue(Double.isFinite(trainer.step(batch)));
      }
    }
  }
}
