package dev.tfgraphs.graphs;

import static dev.tfgraphs.graphs.Closeness.get;
import static dev.tfgraphs.ops.Layers.input;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import dev.tfgraphs.ops.ActivationFunction;
import dev.tfgraphs.ops.Call;
import dev.tfgraphs.ops.Conv2DTranspose;
import dev.tfgraphs.ops.Input;
import dev.tfgraphs.ops.Model;
import dev.tfgraphs.ops.ModelException;
import dev.tfgraphs.ops.Node;
import dev.tfgraphs.ops.RandomCrop;
import dev.tfgraphs.ops.Shape;
import java.util.List;
import java.util.stream.Stream;
import org.junit.jupiter.api.Named;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.MethodSource;
import org.tensorflow.Graph;
import org.tensorflow.Output;
import org.tensorflow.op.Ops;
import org.tensorflow.proto.DataType;

/**
 * What the description says of shapes is what TensorFlow infers, without a session: where both know
 * a size it is the same, and TensorFlow knows none that the description does not know.
 */
class ShapeContractTest {
  static Stream<LayerCase> cases() {
    return LayerCase.supported();
  }

  static Stream<Named<Model>> networks() {
    int any = Shape.UNKNOWN;
    return Stream.of(
        Named.of("ResNet-20", Networks.cifarResNet(20, input(32, 32, 3))),
        Named.of("ResNet-20 of odd sizes", Networks.cifarResNet(20, input(33, 31, 1))),
        Named.of("ResNet-18", Networks.resNet18(input(224, 224, 3), 1000)),
        Named.of("ResNet-18 of unknown sizes", Networks.resNet18(input(any, any, 3), 10)),
        Named.of("ResNet-18 of unknown height", Networks.resNet18(input(any, 64, 3), 10)),
        Named.of("small net", Networks.smallNet(4, ActivationFunction.SOFTMAX)),
        Named.of("nested model", Networks.nested()),
        Named.of("shared model", Networks.sharedModel()),
        Named.of("shared layer", Networks.sharedLayer()),
        Named.of("inputs and outputs", Networks.severalInputsAndOutputs()),
        Named.of("unknown sizes", Networks.unknownSizes()));
  }

  @ParameterizedTest(name = "{0}")
  @MethodSource("cases")
  void ofEveryLayer(LayerCase one) {
    assertContract(one.model());
  }

  @ParameterizedTest(name = "{0}")
  @MethodSource("networks")
  void ofNetworks(Model model) {
    assertContract(model);
  }

  @Test
  void ofEveryLayerWhereHeightAndWidthAreUnknown() {
    int[][] unknown = {{1}, {2}, {1, 2}};
    int checked = 0;
    for (LayerCase one : cases().toList()) {
      for (int[] axes : unknown) {
        checked += checkedWithout(one, axes);
      }
    }
    // all cases of images whose layers can be described without these sizes
    assertEquals(578, checked);
  }

  private static int checkedWithout(LayerCase one, int... axes) {
    List<Shape> shapes = one.inputs().stream().map(HostTensor::shape).toList();
    if (shapes.stream().anyMatch(shape -> shape.rank() != 4)) {
      return 0;
    }
    for (int axis : axes) {
      shapes = shapes.stream().map(shape -> shape.with(axis, Shape.UNKNOWN)).toList();
    }
    Model model;
    try {
      model = one.model(shapes);
    } catch (ModelException undescribed) {
      return 0;
    }
    assertContract(model);
    return 1;
  }

  private static void assertContract(Model model) {
    for (Mode mode : Mode.values()) {
      boolean other = mode == Mode.INFERENCE ? randomCrop(model) : dilatedTranspose(model);
      if (!other) {
        assertContract(model, mode);
      }
    }
  }

  /** What inference leaves at its size (PreprocessingTest). */
  private static boolean randomCrop(Model model) {
    return model.allLayers().stream().anyMatch(RandomCrop.class::isInstance);
  }

  /** What training refuses (GradientsTest). */
  private static boolean dilatedTranspose(Model model) {
    return model.allLayers().stream()
        .anyMatch(
            layer ->
                layer instanceof Conv2DTranspose transpose
                    && transpose.dilationRate().height() > 1);
  }

  private static void assertContract(Model model, Mode mode) {
    try (Graph graph = new Graph()) {
      Lowering lowering = Lowering.of(Ops.create(graph), model, 1);
      List<Output<?>> inputs =
          model.inputs().stream().<Output<?>>map(node -> entry(lowering, node)).toList();
      Lowered lowered = lowering.emit(mode, inputs);
      int nodes = assertNodes(model, lowered, "", mode.toString());
      assertEquals(lowered.pass().byName().size(), nodes);
      for (int i = 0; i < model.outputs().size(); i++) {
        assertAgree(model.outputs().get(i).shape(), lowered.rawOutputs().get(i), "output " + i);
      }
    }
  }

  private static Output<?> entry(Lowering lowering, Node node) {
    return lowering
        .emitter()
        .op("Placeholder")
        .attr("dtype", DataType.DT_FLOAT)
        .attr("shape", Shapes.toTensorFlow(node.shape()))
        .out();
  }

  /** Compares the last call of each layer; returns how many layers there are. */
  private static int assertNodes(Model model, Lowered lowered, String path, String where) {
    int layers = 0;
    for (int i = 0; i < model.calls().size(); i++) {
      Call call = model.calls().get(i);
      boolean last =
          model.calls().stream().skip(i + 1).noneMatch(next -> next.layer() == call.layer());
      if (!last || call.layer() instanceof Input) {
        continue;
      }
      String name = path + model.nameOf(call.layer());
      Output<?> output = get(lowered.pass().byName(), name);
      if (path.isEmpty()) {
        assertAgree(call.outputs().get(0).shape(), output, where + ": " + name);
      } else {
        assertNoContradiction(call.outputs().get(0).shape(), output, where + ": " + name);
      }
      layers++;
      if (call.layer() instanceof Model part) {
        layers += assertNodes(part, lowered, name + "/", where);
      }
    }
    return layers;
  }

  private static void assertAgree(Shape ours, Output<?> output, String where) {
    assertNoContradiction(ours, output, where);
    for (int axis = 0; axis < ours.rank(); axis++) {
      if (ours.size(axis) == Shape.UNKNOWN) {
        assertEquals(-1, output.shape().get(axis), where + ": " + ours + " " + output.shape());
      }
    }
  }

  /**
   * The inside of a nested model is described for its own inputs, of which TensorFlow may know
   * more.
   */
  private static void assertNoContradiction(Shape ours, Output<?> output, String where) {
    String both = where + ": " + ours + ", TensorFlow " + output.shape();
    assertEquals(ours.rank(), output.shape().numDimensions(), both);
    for (int axis = 0; axis < ours.rank(); axis++) {
      long theirs = output.shape().get(axis);
      assertTrue(
          theirs == -1 || ours.size(axis) == Shape.UNKNOWN || theirs == ours.size(axis), both);
    }
    if (ours.with(0, 1).isKnown() && ours.rank() > 1) {
      assertEquals(ours.with(0, 1), Shapes.fromTensorFlow(output.shape()).with(0, 1), both);
    }
  }
}
