package dev.tfgraphs.graphs;

import static dev.tfgraphs.graphs.Closeness.assertClose;
import static dev.tfgraphs.ops.Layers.*;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;

import com.google.gson.JsonElement;
import com.google.gson.JsonObject;
import dev.tfgraphs.ops.BatchNormalization;
import dev.tfgraphs.ops.Dropout;
import dev.tfgraphs.ops.Layer;
import dev.tfgraphs.ops.Model;
import dev.tfgraphs.ops.Node;
import dev.tfgraphs.ops.Shape;
import java.util.Arrays;
import java.util.List;
import java.util.stream.Stream;
import org.junit.jupiter.api.Named;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.MethodSource;

/** Step after step, the random numbers of training are Keras's; inference draws none. */
class RandomLayersTest {
  private static final JsonObject FILE = Golden.file("random_layers.json");

  /**
   * What is dropped is decided bit by bit; the factor and normal numbers are rounded once or twice,
   * of values up to 6.
   */
  private static final double ROUNDING = 5e-7;

  /** Means and variances of few numbers of about 1, added up in another order than Keras's. */
  private static final double SUMS = 2e-6;

  static Stream<Named<JsonObject>> cases() {
    return Golden.named("random_layers.json", "cases");
  }

  private static Layer layer(JsonObject one) {
    JsonObject config = one.getAsJsonObject("config");
    JsonElement seed = config.get("seed");
    return switch (one.get("class_name").getAsString()) {
      case "Dropout" -> {
        Dropout layer = dropout(config.get("rate").getAsDouble());
        JsonElement noise = config.get("noise_shape");
        layer = noise.isJsonNull() ? layer : layer.noiseShape(sizes(noise));
        yield seed.isJsonNull() ? layer : layer.seed(seed.getAsLong());
      }
      case "SpatialDropout2D" ->
          seed.isJsonNull()
              ? spatialDropout2D(config.get("rate").getAsDouble())
              : spatialDropout2D(config.get("rate").getAsDouble()).seed(seed.getAsLong());
      default ->
          seed.isJsonNull()
              ? gaussianNoise(config.get("stddev").getAsDouble())
              : gaussianNoise(config.get("stddev").getAsDouble()).seed(seed.getAsLong());
    };
  }

  private static int[] sizes(JsonElement shape) {
    return shape.getAsJsonArray().asList().stream()
        .mapToInt(size -> size.isJsonNull() ? Shape.UNKNOWN : size.getAsInt())
        .toArray();
  }

  private static Model model(HostTensor x, Layer layer) {
    Node input = input(Arrays.copyOfRange(x.shape().toArray(), 1, x.shape().rank()));
    return Model.of(input, input.to(layer));
  }

  @ParameterizedTest(name = "{0}")
  @MethodSource("cases")
  void trainingDrawsWhatKerasDrawsAndInferenceNothing(JsonObject one) {
    HostTensor x = Golden.tensor(one.get("input"));
    try (Workbench bench = new Workbench(model(x, layer(one)), Mode.TRAINING, Mode.INFERENCE)) {
      for (HostTensor expected : Golden.tensors(one.get("outputs"))) {
        assertClose("training", expected, bench.run(Mode.TRAINING, List.of(x)).get(0), 0, ROUNDING);
        assertEquals(x, bench.run(Mode.INFERENCE, List.of(x)).get(0));
      }
    }
  }

  @Test
  void aLayerUsedTwiceDrawsTwice() {
    JsonObject row = FILE.getAsJsonObject("in_a_model");
    Dropout dropout = dropout(0.5);
    Layer noise = gaussianNoise(0.5);
    Node input = input(7);
    Model model = Model.of(input, input.to(dropout).to(noise).to(dropout));
    HostTensor x = Golden.tensor(row.get("input"));
    try (Workbench bench = new Workbench(model, Mode.TRAINING)) {
      List<HostTensor> steps = Golden.tensors(row.get("outputs"));
      assertFalse(steps.isEmpty());
      for (HostTensor expected : steps) {
        assertClose("step", expected, bench.run(Mode.TRAINING, List.of(x)).get(0), 0, 2 * ROUNDING);
      }
    }
  }

  @Test
  void aBatchNormalizationUsedTwiceMovesItsAveragesTwice() {
    JsonObject row = FILE.getAsJsonObject("moved_twice");
    BatchNormalization norm = batchNormalization().momentum(row.get("momentum").getAsDouble());
    Node input = input(3);
    Model model = Model.of(input, input.to(norm).to(rescaling(2).offset(1)).to(norm));
    HostTensor x = Golden.tensor(row.get("input"));
    try (Workbench bench = new Workbench(model, Mode.TRAINING)) {
      for (JsonObject step : Golden.rows(row.get("steps"))) {
        HostTensor y = bench.run(Mode.TRAINING, List.of(x)).get(0);
        assertClose("output", Golden.tensor(step.get("output")), y, SUMS, SUMS);
        List<HostTensor> weights = bench.weights();
        assertClose("mean", Golden.tensor(step.get("moving_mean")), weights.get(2), SUMS, SUMS);
        assertClose(
            "variance", Golden.tensor(step.get("moving_variance")), weights.get(3), SUMS, SUMS);
      }
    }
  }

  @Test
  void everyKindIsCompared() {
    assertEquals(12, cases().count());
    assertEquals(3, cases().map(one -> layer(one.getPayload()).getClass()).distinct().count());
  }
}
