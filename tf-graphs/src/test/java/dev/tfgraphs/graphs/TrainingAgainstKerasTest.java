package dev.tfgraphs.graphs;

import static dev.tfgraphs.graphs.Closeness.assertClose;
import static dev.tfgraphs.graphs.Closeness.get;
import static org.junit.jupiter.api.Assertions.assertEquals;

import com.google.common.base.Ascii;
import com.google.common.primitives.Doubles;
import com.google.gson.JsonObject;
import dev.tfgraphs.graphs.data.ArrayDataset;
import dev.tfgraphs.ops.ActivationFunction;
import dev.tfgraphs.ops.Model;
import java.util.Arrays;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.stream.Stream;
import org.junit.jupiter.api.Named;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.MethodSource;

/** Five steps of a small net from the same seed: losses, accuracies and weights of real Keras. */
class TrainingAgainstKerasTest {
  private static final int SAMPLES = 16;

  /** What float32 sums in another order make of themselves in five steps. */
  private static final double ROUNDING = 2e-5;

  /** The same in one pass from inputs to probabilities. */
  private static final double ONE_PASS = 2e-6;

  /**
   * The bias before a batch normalization has no true gradient: what is computed is rounding noise,
   * of which Adam makes steps of its full rate, and the moving mean follows it. Two runs of Keras
   * itself differ here, and so do their evaluations.
   */
  private static final List<String> NOISE_UNDER_ADAM = List.of("c1/bias", "bn/moving_mean");

  /**
   * Five steps of 0.01 or less move the bias by 0.05 at most and the moving mean after it by half
   * of that with momentum 0.9, so that they no longer cancel out in inference; seen in losses:
   * 2e-3.
   */
  private static final double EVALUATION_UNDER_ADAM = 5e-3;

  /** Adam divides by the root of second moments, which makes roundings of small gradients large. */
  private static final double WEIGHTS_UNDER_ADAM = 5e-5;

  static Stream<Named<JsonObject>> cases() {
    return Golden.named("training.json", "cases");
  }

  static Stream<JsonObject> heads() {
    return Golden.rows(Golden.file("training.json").get("initial_weights")).stream();
  }

  @ParameterizedTest(name = "{0}")
  @MethodSource("cases")
  void lossesAndWeightsAreThoseOfKeras(JsonObject one) {
    ArrayDataset data = SmallNet.data(SAMPLES, one.get("targets").getAsString());
    if (one.has("sample_weight")) {
      data = data.weights(Golden.floats(one.get("sample_weight")));
    }
    Optimizer optimizer = optimizer(one.getAsJsonObject("optimizer"));
    Compile compile =
        Compile.of(optimizer, KerasObjects.loss(one.getAsJsonObject("loss")), Metric.accuracy())
            .seed(42);
    try (Trainer trainer = Trainer.of(model(one), compile)) {
      assertClose(
          "first prediction",
          Golden.tensor(one.get("initial_prediction")),
          trainer.predict(data.take(2)),
          ONE_PASS,
          ONE_PASS);
      FitOptions options = FitOptions.epochs(5).batchSize(SAMPLES).shuffle(false).verbose(0);
      History history = trainer.fit(data, options.classWeights(classWeights(one)));
      assertColumn(one, "losses", history.get("loss"));
      assertColumn(one, "accuracies", history.get("accuracy"));
      boolean adam = optimizer instanceof Adam;
      assertWeights(one, trainer.weights(), adam);
      assertEvaluation(
          one, trainer.evaluate(unweighted(one)).asMap(), adam ? EVALUATION_UNDER_ADAM : ROUNDING);
    }
  }

  private static ArrayDataset unweighted(JsonObject one) {
    return SmallNet.data(SAMPLES, one.get("targets").getAsString());
  }

  private static void assertColumn(JsonObject one, String name, List<Double> actual) {
    float[] values = new float[actual.size()];
    for (int i = 0; i < values.length; i++) {
      values[i] = actual.get(i).floatValue();
    }
    assertClose(name, Golden.floats(one.get(name)), values, ROUNDING, ROUNDING);
  }

  private static void assertWeights(JsonObject one, Weights actual, boolean adam) {
    Map<String, HostTensor> expected = Golden.byPath(one.get("weights"));
    assertEquals(List.copyOf(expected.keySet()), List.copyOf(actual.tensors().keySet()));
    expected.forEach(
        (path, tensor) -> {
          if (!adam || !NOISE_UNDER_ADAM.contains(path)) {
            assertClose(
                path, tensor, actual.get(path), ROUNDING, adam ? WEIGHTS_UNDER_ADAM : ROUNDING);
          }
        });
  }

  private static void assertEvaluation(JsonObject one, Map<String, Double> actual, double slack) {
    JsonObject expected = one.getAsJsonObject("evaluated");
    assertEquals(expected.keySet(), actual.keySet());
    assertEquals(expected.get("loss").getAsDouble(), get(actual, "loss"), slack);
    if (slack == ROUNDING) {
      assertEquals(expected.get("accuracy").getAsDouble(), get(actual, "accuracy"), ROUNDING);
    }
  }

  private static Model model(JsonObject one) {
    String activation =
        one.get("activation").isJsonNull() ? "linear" : one.get("activation").getAsString();
    Model model =
        Networks.smallNet(
            one.get("units").getAsInt(), ActivationFunction.valueOf(Ascii.toUpperCase(activation)));
    List<String> frozen =
        one.getAsJsonArray("freeze").asList().stream().map(name -> name.getAsString()).toList();
    return frozen.isEmpty() ? model : model.freeze(frozen.toArray(String[]::new));
  }

  static Optimizer optimizer(JsonObject settings) {
    JsonObject row = new JsonObject();
    JsonObject config = settings.deepCopy();
    row.add("class_name", config.remove("class_name"));
    row.add("config", config);
    return KerasObjects.optimizer(row);
  }

  private static Map<Integer, Double> classWeights(JsonObject one) {
    Map<Integer, Double> weights = new HashMap<>();
    if (one.has("class_weight")) {
      JsonObject given = one.getAsJsonObject("class_weight");
      given
          .keySet()
          .forEach(label -> weights.put(Integer.valueOf(label), given.get(label).getAsDouble()));
    }
    return weights;
  }

  @ParameterizedTest
  @MethodSource("heads")
  void firstWeightsAreThoseOfKeras(JsonObject head) {
    Model model = Networks.smallNet(head.get("units").getAsInt(), ActivationFunction.LINEAR);
    Compile compile = Compile.of(Optimizer.sgd(0.1), Loss.meanSquaredError()).seed(42);
    try (Trainer trainer = Trainer.of(model, compile)) {
      assertEquals(Golden.byPath(head.get("weights")), trainer.weights().tensors());
    }
  }

  /** Reads the rate before each step: the first is at step 0. */
  @Test
  void theLearningRateFollowsTheSteps() {
    Schedule stairs =
        Schedule.piecewiseConstantDecay(new long[] {1, 3}, new double[] {0.1, 0.05, 0.01});
    Model model = Networks.smallNet(4, ActivationFunction.SOFTMAX);
    Compile compile =
        Compile.of(Optimizer.sgd(stairs), Loss.sparseCategoricalCrossentropy()).seed(42);
    double[] rates = new double[5];
    try (Trainer trainer = Trainer.of(model, compile)) {
      for (int i = 0; i < rates.length; i++) {
        rates[i] = trainer.learningRate();
        var unused =
            trainer.fit(SmallNet.data(4, "class"), FitOptions.epochs(1).verbose(0).batchSize(4));
      }
    }
    assertEquals(
        List.of(0.1f, 0.1f, 0.05f, 0.05f, 0.01f),
        Arrays.stream(rates).mapToObj(rate -> (float) rate).toList());
    assertEquals(0.1, Doubles.max(rates), 1e-8);
  }
}
