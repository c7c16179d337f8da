package dev.tfgraphs.graphs;

import static dev.tfgraphs.graphs.Closeness.assertClose;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertThrows;

import com.google.gson.JsonObject;
import dev.tfgraphs.ops.CustomLayer;
import dev.tfgraphs.ops.Input;
import dev.tfgraphs.ops.Layer;
import dev.tfgraphs.ops.Model;
import java.util.Arrays;
import java.util.List;
import java.util.Set;
import java.util.TreeSet;
import java.util.stream.Collectors;
import java.util.stream.Stream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.MethodSource;

/** Every kind of layer makes of Keras's inputs and weights what Keras makes of them. */
class LayersAgainstKerasTest {
  /**
   * Sums of float32 products in another order, and other kernels for exp and tanh, differ in the
   * last bits; where terms cancel, the difference is of the terms' size, which is about 1.
   */
  private static final double RELATIVE = 1e-5;

  private static final double ABSOLUTE = 2e-6;

  static Stream<LayerCase> cases() {
    return LayerCase.supported();
  }

  static Stream<LayerCase> batchNormalizations() {
    return cases().filter(one -> one.row().has("training"));
  }

  @ParameterizedTest(name = "{0}")
  @MethodSource("cases")
  void outputsInInferenceAreThoseOfKeras(LayerCase one) {
    try (Workbench bench = new Workbench(one.model(), Mode.INFERENCE)) {
      bench.assign(one.weights());
      HostTensor expected = Golden.tensor(one.row().get("output"));
      HostTensor actual = bench.run(Mode.INFERENCE, one.inputs()).get(0);
      assertClose(one.name(), expected, actual, RELATIVE, ABSOLUTE);
    }
  }

  @ParameterizedTest(name = "{0}")
  @MethodSource("batchNormalizations")
  void batchNormalizationTrainsAsInKeras(LayerCase one) {
    JsonObject trained = one.row().getAsJsonObject("training");
    try (Workbench bench = new Workbench(one.model(), Mode.TRAINING)) {
      bench.assign(one.weights());
      HostTensor actual = bench.run(Mode.TRAINING, one.inputs()).get(0);
      assertClose(
          one.name(), Golden.tensor(trained.get("output")), actual, RELATIVE, 10 * ABSOLUTE);
      List<HostTensor> expected = Golden.tensors(trained.get("weights"));
      List<HostTensor> weights = bench.weights();
      for (int i = 0; i < expected.size(); i++) {
        assertClose(
            one.name() + ", weight " + i, expected.get(i), weights.get(i), RELATIVE, ABSOLUTE);
      }
    }
  }

  @Test
  void whatIsLeftOutIsSaidAndNothingElse() {
    Set<String> impossible = new TreeSet<>();
    for (LayerCase one : LayerCase.all()) {
      if (LayerCase.LEFT_OUT.containsKey(one.name())) {
        assertThrows(RuntimeException.class, one::layer, one.name());
        impossible.add(one.name());
      }
    }
    assertEquals(LayerCase.LEFT_OUT.keySet(), impossible);
    assertEquals(263, LayerCase.all().size());
    assertEquals(256, cases().count());
    assertEquals(16, batchNormalizations().count());
  }

  @Test
  void everyKindOfLayerHasARuleAndACase() {
    Set<Class<?>> ruled =
        kinds(Layer.class)
            .filter(kind -> !Set.of(Input.class, Model.class, CustomLayer.class).contains(kind))
            .collect(Collectors.toSet());
    assertEquals(ruled, Rules.kinds());
    assertEquals(ruled, cases().map(one -> one.layer().getClass()).collect(Collectors.toSet()));
  }

  private static Stream<Class<?>> kinds(Class<?> type) {
    return type.isSealed()
        ? Arrays.stream(type.getPermittedSubclasses()).flatMap(LayersAgainstKerasTest::kinds)
        : Stream.of(type);
  }
}
