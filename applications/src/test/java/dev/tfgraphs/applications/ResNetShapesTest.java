package dev.tfgraphs.applications;

import static dev.tfgraphs.ops.Shape.UNKNOWN;
import static org.junit.jupiter.api.Assertions.assertArrayEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;

import dev.tfgraphs.graphs.Lowered;
import dev.tfgraphs.graphs.Lowering;
import dev.tfgraphs.graphs.Mode;
import dev.tfgraphs.ops.Model;
import java.util.Arrays;
import java.util.List;
import java.util.stream.Stream;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.MethodSource;
import org.tensorflow.Graph;
import org.tensorflow.ndarray.Shape;
import org.tensorflow.op.Ops;
import org.tensorflow.op.core.Placeholder;
import org.tensorflow.types.TFloat32;

/** What the description says of shapes is what TensorFlow infers. */
class ResNetShapesTest {

  static Stream<Backbone> networks() {
    return Stream.concat(Stream.of(KerasResNet.values()), Stream.of(TorchResNet.values()));
  }

  @ParameterizedTest
  @MethodSource("networks")
  void everyLayerMakesTheShapeThatTensorFlowInfers(Backbone network) {
    for (int[] sizes : List.of(new int[] {224, 224, 3}, new int[] {UNKNOWN, UNKNOWN, 3})) {
      Model model = network.model(x -> Heads.classifier(x, 1000), sizes);
      for (Mode mode : List.of(Mode.TRAINING, Mode.INFERENCE)) {
        assertShapes(model, mode);
      }
    }
  }

  private static void assertShapes(Model model, Mode mode) {
    List<String> names = model.layers().stream().skip(1).map(model::nameOf).toList();
    assertFalse(names.isEmpty());
    try (Graph graph = new Graph()) {
      Ops tf = Ops.create(graph);
      Shape shape = Shape.of(sizes(model.input().shape()));
      Placeholder<TFloat32> images = tf.placeholder(TFloat32.class, Placeholder.shape(shape));
      Lowered lowered = Lowering.of(tf, model, 1).emit(mode, images);
      for (String name : names) {
        long[] inferred = lowered.output(name).asOutput().shape().asArray();
        assertArrayEquals(sizes(model.output(name).shape()), inferred, name);
      }
    }
  }

  private static long[] sizes(dev.tfgraphs.ops.Shape shape) {
    return Arrays.stream(shape.toArray()).asLongStream().toArray();
  }
}
