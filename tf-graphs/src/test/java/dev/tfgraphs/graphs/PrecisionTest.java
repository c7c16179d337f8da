package dev.tfgraphs.graphs;

import static dev.tfgraphs.graphs.Closeness.assertClose;
import static dev.tfgraphs.ops.Layers.activation;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertTrue;

import com.google.gson.JsonObject;
import dev.tfgraphs.ops.ActivationFunction;
import dev.tfgraphs.ops.Layer;
import dev.tfgraphs.ops.Layers;
import dev.tfgraphs.ops.Model;
import dev.tfgraphs.ops.Node;
import java.util.Arrays;
import java.util.List;
import java.util.stream.Stream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.Arguments;
import org.junit.jupiter.params.provider.EnumSource;
import org.junit.jupiter.params.provider.MethodSource;
import org.tensorflow.Output;
import org.tensorflow.proto.DataType;

/** Half precision computes what float32 computes, to its own number of bits. */
class PrecisionTest {
  private static final List<Precision> HALVES =
      List.of(Precision.MIXED_BFLOAT16, Precision.MIXED_FLOAT16);

  /**
   * bfloat16 keeps 8 bits and float16 11: a few roundings of terms that are about as large as the
   * largest result.
   */
  private static double roundings(Precision precision) {
    return precision == Precision.MIXED_BFLOAT16 ? 0.04 : 0.005;
  }

  static Stream<Arguments> cases() {
    return LayerCase.supported()
        .flatMap(one -> HALVES.stream().map(precision -> Arguments.of(precision, one)));
  }

  /** The layer with another behind it, because what leaves a model is float32. */
  private static Model inside(LayerCase one) {
    Node[] nodes =
        one.inputs().stream()
            .map(
                input ->
                    Layers.input(
                        Arrays.copyOfRange(input.shape().toArray(), 1, input.shape().rank())))
            .toArray(Node[]::new);
    Layer layer = one.layer();
    Model model =
        Model.of(
            List.of(nodes), List.of(layer.on(nodes).to(activation(ActivationFunction.LINEAR))));
    return one.model().frozen().isEmpty() ? model : model.freeze();
  }

  @ParameterizedTest(name = "{1} in {0}")
  @MethodSource("cases")
  void everyLayerMakesOfKerassInputsAboutWhatKerasMakesOfThemInFloat32(
      Precision precision, LayerCase one) {
    Mode[] modes = GradientsTest.refused(one) ? new Mode[] {Mode.INFERENCE} : Mode.values();
    try (Workbench bench = new Workbench(inside(one), precision, modes)) {
      bench.assign(one.weights());
      HostTensor expected = Golden.tensor(one.row().get("output"));
      HostTensor actual = bench.run(Mode.INFERENCE, one.inputs()).get(0);
      double largest = 0;
      for (float value : expected.values()) {
        largest = Math.max(largest, Math.abs(value));
      }
      double slack = roundings(precision);
      assertClose(one.name(), expected, actual, slack, slack * largest);
      for (Mode mode : modes) {
        for (float value : bench.run(mode, one.inputs()).get(0).values()) {
          assertTrue(Float.isFinite(value), one.name());
        }
      }
    }
  }

  @Test
  void convolutionsComputeInHalfPrecisionAndTheLastLayerDoesNot() {
    Model net = Networks.smallNet(4, ActivationFunction.SOFTMAX);
    for (Precision precision : HALVES) {
      try (Workbench bench = new Workbench(net, precision, Mode.TRAINING)) {
        DataType half =
            precision == Precision.MIXED_FLOAT16 ? DataType.DT_HALF : DataType.DT_BFLOAT16;
        Lowered lowered = bench.lowered(Mode.TRAINING);
        for (String layer : List.of("c1", "bn", "relu", "pool", "c2", "add", "gap")) {
          Output<?> output = lowered.pass().byName().get(layer);
          assertEquals(half, output == null ? null : output.dataType(), layer);
        }
        assertEquals(DataType.DT_FLOAT, lowered.rawOutputs().get(0).dataType());
        assertTrue(lowered.pass().logitsOf(lowered.rawOutputs().get(0)).isPresent());
      }
    }
  }

  /**
   * Losses of five steps, which are about 1 to 3 and would be wrong by tens of percents if a
   * gradient were; half precision itself changes them by a percent.
   */
  @ParameterizedTest
  @EnumSource(names = "FLOAT32", mode = EnumSource.Mode.EXCLUDE)
  void trainingFollowsKerasInFloat32(Precision precision) {
    List<JsonObject> cases =
        Golden.rows(Golden.file("training.json").get("cases")).stream()
            .filter(one -> List.of("sgd momentum", "adam").contains(one.get("name").getAsString()))
            .toList();
    assertFalse(cases.isEmpty());
    for (JsonObject one : cases) {
      Compile compile =
          Compile.of(
                  TrainingAgainstKerasTest.optimizer(one.getAsJsonObject("optimizer")),
                  Loss.sparseCategoricalCrossentropy())
              .seed(42)
              .precision(precision);
      float[] expected = Golden.floats(one.get("losses"));
      try (Trainer trainer = Trainer.of(Networks.smallNet(4, ActivationFunction.SOFTMAX), compile);
          var batches = SmallNet.data(16, "class").open(16, false, 0)) {
        batches.begin(0);
        try (var batch = batches.next().orElseThrow()) {
          for (float loss : expected) {
            assertEquals(loss, trainer.step(batch), 0.03 * loss, one.get("name").getAsString());
          }
        }
      }
    }
  }
}
