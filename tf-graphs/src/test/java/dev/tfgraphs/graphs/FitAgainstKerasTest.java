package dev.tfgraphs.graphs;

import static dev.tfgraphs.graphs.Closeness.assertClose;
import static org.junit.jupiter.api.Assertions.assertEquals;

import com.google.common.primitives.Ints;
import com.google.gson.JsonElement;
import com.google.gson.JsonObject;
import dev.tfgraphs.graphs.data.ArrayDataset;
import dev.tfgraphs.graphs.data.Dataset;
import dev.tfgraphs.ops.ActivationFunction;
import dev.tfgraphs.ops.Model;
import java.util.List;
import java.util.Map;
import java.util.stream.Collectors;
import java.util.stream.Stream;
import org.junit.jupiter.api.Named;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.MethodSource;

/** Three epochs over 23 samples in batches of five, the last of three: Keras's history. */
class FitAgainstKerasTest {
  private static final JsonObject FILE = Golden.file("fit.json");
  private static final int SAMPLES = 23;

  /** What float32 sums in another order make of themselves in fifteen steps. */
  private static final double ROUNDING = 2e-5;

  static Stream<Named<JsonObject>> cases() {
    return Golden.named("fit.json", "cases");
  }

  @ParameterizedTest(name = "{0}")
  @MethodSource("cases")
  void historiesAreThoseOfKeras(JsonObject one) {
    JsonObject options = one.getAsJsonObject("options");
    Model model = Networks.smallNet(4, ActivationFunction.SOFTMAX);
    Compile compile =
        Compile.of(
                TrainingAgainstKerasTest.optimizer(FILE.getAsJsonObject("optimizer")),
                Loss.sparseCategoricalCrossentropy(),
                Metric.accuracy())
            .weightedMetrics(Metric.accuracy())
            .seed(42);
    try (Trainer trainer = Trainer.of(model, compile)) {
      History history = trainer.fit(data(options), options(options));
      assertEquals(Ints.asList(Golden.integers(one.get("epochs"))), history.epochs());
      assertHistory(one.getAsJsonObject("history"), history);
      assertWeights(Golden.byPath(one.get("weights")), trainer.weights());
      ArrayDataset all = SmallNet.data(SAMPLES, "class");
      assertEvaluated(one.getAsJsonObject("evaluated"), trainer.evaluate(all.batch(5)).asMap());
      assertEvaluated(
          one.getAsJsonObject("evaluated_with_sample_weight"),
          trainer.evaluate(all.weights(Golden.floats(FILE.get("sample_weight"))).batch(5)).asMap());
    }
  }

  private static Dataset data(JsonObject options) {
    ArrayDataset data = SmallNet.data(SAMPLES, "class");
    if (options.has("repeat")) {
      return repeated(data, options.get("repeat").getAsInt());
    }
    return options.has("sample_weight")
        ? data.weights(Golden.floats(options.get("sample_weight")))
        : data;
  }

  private static Dataset repeated(Dataset data, int count) {
    return count == -1 ? data.repeat() : data.repeat(count);
  }

  private static Dataset validation(JsonObject options) {
    Dataset data = SmallNet.data(7, "class");
    return options.has("validation_repeat")
        ? repeated(data, options.get("validation_repeat").getAsInt())
        : data;
  }

  private static FitOptions options(JsonObject given) {
    FitOptions options = FitOptions.epochs(3).shuffle(false).verbose(0);
    options = given.has("batch_size") ? options : options.batchSize(5);
    for (String key : given.keySet()) {
      JsonElement value = given.get(key);
      options =
          switch (key) {
            case "validation_split" -> options.validationSplit(value.getAsDouble());
            case "validation_data" -> options.validation(validation(given));
            case "validation_batch_size" -> options.validationBatchSize(value.getAsInt());
            case "validation_steps" -> options.validationSteps(value.getAsInt());
            case "class_weight" ->
                options.classWeights(
                    value.getAsJsonObject().entrySet().stream()
                        .collect(
                            Collectors.toMap(
                                entry -> Integer.valueOf(entry.getKey()),
                                entry -> entry.getValue().getAsDouble())));
            case "validation_freq" -> options.validationFrequency(value.getAsInt());
            case "initial_epoch" -> options.initialEpoch(value.getAsInt());
            case "steps_per_epoch" -> options.stepsPerEpoch(value.getAsInt());
            // these are part of the data, or left out
            case "sample_weight", "repeat", "validation_repeat", "batch_size" -> options;
            default -> throw new AssertionError(key);
          };
    }
    return options;
  }

  private static void assertHistory(JsonObject expected, History history) {
    assertEquals(List.copyOf(expected.keySet()), List.copyOf(history.metrics().keySet()));
    for (String name : expected.keySet()) {
      float[] values = new float[history.get(name).size()];
      for (int i = 0; i < values.length; i++) {
        values[i] = history.get(name).get(i).floatValue();
      }
      assertClose(name, Golden.floats(expected.get(name)), values, ROUNDING, ROUNDING);
    }
  }

  private static void assertWeights(Map<String, HostTensor> expected, Weights actual) {
    assertEquals(List.copyOf(expected.keySet()), List.copyOf(actual.tensors().keySet()));
    expected.forEach(
        (path, tensor) -> assertClose(path, tensor, actual.get(path), ROUNDING, ROUNDING));
  }

  private static void assertEvaluated(JsonObject expected, Map<String, Double> actual) {
    assertEquals(expected.keySet(), actual.keySet());
    actual.forEach(
        (name, value) -> assertEquals(expected.get(name).getAsDouble(), value, ROUNDING, name));
  }
}
