package dev.tfgraphs.graphs;

import static dev.tfgraphs.graphs.Closeness.assertFails;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.params.provider.Arguments.arguments;

import com.google.common.base.Ascii;
import com.google.gson.JsonElement;
import com.google.gson.JsonObject;
import dev.tfgraphs.ops.ActivationFunction;
import dev.tfgraphs.ops.Shape;
import java.util.Arrays;
import java.util.List;
import java.util.Optional;
import java.util.OptionalInt;
import java.util.Set;
import java.util.stream.Stream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.Arguments;
import org.junit.jupiter.params.provider.MethodSource;
import org.junit.jupiter.params.provider.ValueSource;
import org.tensorflow.Graph;
import org.tensorflow.GraphOperation;
import org.tensorflow.Output;
import org.tensorflow.Result;
import org.tensorflow.Session;
import org.tensorflow.op.Ops;
import org.tensorflow.types.TFloat32;

class MetricsTest {
  /**
   * Logarithms of two TensorFlow versions, and sums in another order; scores subtract what is
   * nearly alike.
   */
  private static final double ROUNDING = 2e-6;

  static Stream<JsonObject> all() {
    return Golden.rows(Golden.file("metrics.json").get("metrics")).stream();
  }

  static Stream<JsonObject> resolved() {
    return Golden.rows(Golden.file("metrics.json").get("resolved")).stream();
  }

  static Stream<JsonObject> means() {
    return Golden.rows(Golden.file("metrics.json").get("mean")).stream();
  }

  static Stream<JsonObject> throughModels() {
    return Golden.rows(Golden.file("metrics.json").get("through_models")).stream();
  }

  private static List<JsonObject> updates(JsonObject row) {
    return Golden.rows(row.get("updates"));
  }

  /** Batch after batch, and the last alone after a reset. */
  @ParameterizedTest
  @MethodSource("all")
  void namesDirectionsAndResultsAreThoseOfKeras(JsonObject row) {
    List<JsonObject> updates = updates(row);
    Shape weighted =
        updates.stream()
            .filter(update -> !update.get("sample_weight").isJsonNull())
            .map(update -> Golden.tensor(update.get("sample_weight")).shape())
            .findFirst()
            .orElse(Shape.of());
    try (Outcomes outcomes = new Outcomes(targets(updates.get(0)), weighted)) {
      Gauge gauge =
          Metrics.create(
              outcomes.emitter(), List.of(), KerasObjects.metric(row), outcomes.outcome());
      assertEquals(row.getAsJsonObject("config").get("name").getAsString(), gauge.name());
      assertEquals(
          row.get("direction").isJsonNull() ? "" : row.get("direction").getAsString(),
          gauge.direction().map(direction -> Ascii.toLowerCase(direction.name())).orElse(""));
      for (JsonObject update : updates) {
        feed(outcomes, update, weighted, gauge.update());
        assertClose(row, update.get("result"), outcomes.get(gauge.result()));
      }
      outcomes.run(gauge.reset());
      feed(outcomes, updates.get(updates.size() - 1), weighted, gauge.update());
      assertClose(row, row.get("last_again"), outcomes.get(gauge.result()));
    }
  }

  private static void assertClose(JsonObject row, JsonElement expected, HostTensor actual) {
    Closeness.assertClose(row.toString(), Golden.tensor(expected), actual, ROUNDING, ROUNDING);
  }

  /** Class numbers where there is one for each place of several classes. */
  private static Targets targets(JsonObject update) {
    Shape target = Golden.tensor(update.get("y_true")).shape();
    Shape prediction = Golden.tensor(update.get("y_pred")).shape();
    boolean classes =
        prediction.size(-1) > 1 && (target.rank() < prediction.rank() || target.size(-1) == 1);
    return new Targets(
        classes ? Targets.Kind.CLASSES : Targets.Kind.NUMBERS,
        OptionalInt.empty(),
        prediction.with(0, Shape.UNKNOWN));
  }

  /** Without weights where there is a place for them, each counts as 1. */
  private static void feed(
      Outcomes outcomes, JsonObject update, Shape weighted, GraphOperation operation) {
    HostTensor prediction = Golden.tensor(update.get("y_pred"));
    Shape shape = weighted.rank() == 0 ? weighted : weighted.with(0, prediction.shape().size(0));
    float[] ones = new float[Arrays.stream(shape.toArray()).reduce(1, (a, b) -> a * b)];
    Arrays.fill(ones, 1);
    HostTensor weights =
        !update.has("sample_weight") || update.get("sample_weight").isJsonNull()
            ? new HostTensor(shape, ones)
            : Golden.tensor(update.get("sample_weight"));
    outcomes.feed(prediction, Golden.tensor(update.get("y_true")), weights, operation);
  }

  @ParameterizedTest
  @MethodSource("resolved")
  void accuracyIsWhatKerasTakesTheWordFor(JsonObject row) {
    try (Outcomes outcomes = new Outcomes(targets(row), Shape.of())) {
      Gauge gauge =
          Metrics.create(outcomes.emitter(), List.of(), Metric.accuracy(), outcomes.outcome());
      assertEquals("accuracy", gauge.name());
      feed(outcomes, row, Shape.of(), gauge.update());
      assertEquals(
          row.get("result").getAsDouble(), outcomes.get(gauge.result()).values()[0], ROUNDING);
    }
  }

  @Test
  void everyMetricIsAskedOfKeras() {
    assertEquals(42, all().map(row -> row.get("class_name").getAsString()).distinct().count());
    assertEquals(20, resolved().count());
  }

  /** Logits (40, 0, 0) against class 1: 40 from the logits, 16.118 from the probabilities. */
  @ParameterizedTest
  @MethodSource("throughModels")
  void metricsOfAModelThatEndsInSoftmaxOrSigmoidStartFromItsLogits(JsonObject row) {
    Loss loss =
        switch (row.get("loss").getAsString()) {
          case "sparse_categorical_crossentropy" -> Loss.sparseCategoricalCrossentropy();
          case "categorical_crossentropy" -> Loss.categoricalCrossentropy();
          default -> Loss.binaryCrossentropy();
        };
    HostTensor logits = Golden.tensor(row.get("logits"));
    HostTensor wanted = Golden.tensor(row.get("y_true"));
    ActivationFunction function =
        ActivationFunction.valueOf(Ascii.toUpperCase(row.get("activation").getAsString()));
    Shape shape = logits.shape().with(0, Shape.UNKNOWN);
    try (Outcomes outcomes = new Outcomes(Targets.of(loss, shape), Shape.of())) {
      Outcome plain = outcomes.outcome();
      Emitter e = outcomes.emitter();
      String type = function == ActivationFunction.SOFTMAX ? "Softmax" : "Sigmoid";
      Output<?> probabilities = e.op(type).in(plain.prediction()).out();
      Outcome outcome =
          new Outcome(
              plain.targets(),
              probabilities,
              Optional.of(new Pass.Logits(function, plain.prediction())),
              plain.target(),
              Optional.empty());
      Gauge gauge = Metrics.create(e, List.of(), Metric.of(loss), outcome);
      assertEquals(row.get("metric").getAsString(), gauge.name());
      outcomes.feed(logits, wanted, wanted, gauge.update());
      double value = row.get("value").getAsDouble();
      assertEquals(value, outcomes.get(gauge.result()).values()[0], 1e-6 * value);
    }
  }

  @ParameterizedTest
  @MethodSource("means")
  void aMeterIsKerasMean(JsonObject row) {
    try (Graph graph = new Graph()) {
      Emitter e = Emitter.into(Ops.create(graph));
      Meter meter = Meter.create(e, "mean");
      Output<?> sum = placeholder(e);
      Output<?> number = placeholder(e);
      var gather = meter.gather(e, sum, number);
      Output<?> mean = meter.mean(e);
      try (Session session = new Session(graph)) {
        session.initialize();
        for (JsonObject update : updates(row)) {
          float[] values = Golden.floats(update.get("values"));
          float weighted = 0;
          float weights = 0;
          for (int i = 0; i < values.length; i++) {
            float weight =
                update.get("sample_weight").isJsonNull()
                    ? 1
                    : Golden.floats(update.get("sample_weight"))[i];
            weighted += weight * values[i];
            weights += weight;
          }
          try (TFloat32 total = TFloat32.scalarOf(weighted);
              TFloat32 count = TFloat32.scalarOf(weights)) {
            session.runner().feed(sum, total).feed(number, count).addTarget(gather).run().close();
          }
          try (Result result = session.runner().fetch(mean).run()) {
            assertEquals(
                update.get("result").getAsFloat(), ((TFloat32) result.get(0)).getFloat(), 1e-6f);
          }
        }
      }
    }
  }

  private static Output<?> placeholder(Emitter e) {
    return e.op("Placeholder")
        .attr("dtype", org.tensorflow.proto.DataType.DT_FLOAT)
        .attr("shape", org.tensorflow.ndarray.Shape.scalar())
        .out();
  }

  @Test
  void namesAreThoseOfKerasHistoriesOrOnesOwn() {
    Targets classes = Targets.of(Loss.sparseCategoricalCrossentropy(), Shape.of(-1, 4));
    Targets hot = Targets.of(Loss.categoricalCrossentropy(), Shape.of(-1, 4));
    assertEquals("accuracy", Metrics.name(Metric.accuracy(), classes));
    assertEquals("sparse_top_k_categorical_accuracy", Metrics.name(Metric.topK(2), classes));
    assertEquals("top_k_categorical_accuracy", Metrics.name(Metric.topK(2), hot));
    assertEquals("huber", Metrics.name(Metric.of(Loss.huber()), hot));
    assertEquals("mine", Metrics.name(Metric.auc().named("yours").named("mine"), hot));
  }

  private static final LossFunction HITS =
      (tf, target, prediction) ->
          tf.reduceMax(tf.math.mul(target, prediction), tf.constant(new int[] {1}));

  @Test
  void aMetricOfOnesOwnIsTheMeanOfItsValues() {
    Targets hot = Targets.of(Loss.categoricalCrossentropy(), Shape.of(-1, 2));
    HostTensor y = new HostTensor(Shape.of(3, 2), new float[] {1, 2, 3, 4, 5, 6});
    HostTensor t = new HostTensor(Shape.of(3, 2), new float[] {1, 0, 0, 1, 0, 1});
    HostTensor w = new HostTensor(Shape.of(3), new float[] {1, 0, 3});
    try (Outcomes outcomes = new Outcomes(hot, w.shape())) {
      Emitter e = outcomes.emitter();
      Gauge plain =
          Metrics.create(e, List.of(), Metric.mean("hits", HITS), outcomes.outcome().unweighted());
      Gauge weighted = Metrics.create(e, List.of(), Metric.mean("hits", HITS), outcomes.outcome());
      outcomes.feed(y, t, w, plain.update());
      outcomes.feed(y, t, w, weighted.update());
      assertEquals("hits", plain.name());
      assertEquals(Optional.empty(), plain.direction());
      assertEquals((1 + 4 + 6) / 3f, outcomes.get(plain.result()).values()[0], ROUNDING);
      assertEquals((1 + 18) / 4f, outcomes.get(weighted.result()).values()[0], ROUNDING);
    }
  }

  /** Keras's Sum of values (3, 2) with weights (3): (1 + 2) and 3 (5 + 6). */
  @Test
  void aSumOfOnesOwnIsThatOfAllWeightedValues() {
    Targets numbers = Targets.of(Loss.meanSquaredError(), Shape.of(-1, 2));
    HostTensor y = new HostTensor(Shape.of(3, 2), new float[] {1, 2, 3, 4, 5, 6});
    HostTensor w = new HostTensor(Shape.of(3), new float[] {1, 0, 3});
    Metric sum = Metric.sum("all", (tf, target, prediction) -> prediction);
    try (Outcomes outcomes = new Outcomes(numbers, w.shape())) {
      Emitter e = outcomes.emitter();
      Gauge plain = Metrics.create(e, List.of(), sum, outcomes.outcome().unweighted());
      Gauge weighted = Metrics.create(e, List.of(), sum, outcomes.outcome());
      for (int batch = 1; batch <= 2; batch++) {
        outcomes.feed(y, y, w, plain.update());
        outcomes.feed(y, y, w, weighted.update());
        assertEquals(21 * batch, outcomes.get(plain.result()).values()[0], ROUNDING);
        assertEquals(36 * batch, outcomes.get(weighted.result()).values()[0], ROUNDING);
      }
      assertEquals("all", plain.name());
      assertEquals(Optional.empty(), plain.direction());
    }
  }

  @Test
  void aResultOfSeveralNumbersIsCountedBehindItsName() {
    Targets hot = Targets.of(Loss.categoricalCrossentropy(), Shape.of(-1, 3));
    try (Outcomes outcomes = new Outcomes(hot, Shape.of())) {
      Gauge scores =
          Metrics.create(outcomes.emitter(), List.of(), Metric.f1Score(), outcomes.outcome());
      assertEquals(
          Set.of("f1_score_0", "f1_score_1", "f1_score_2"),
          scores.numbers(outcomes.emitter()).keySet());
      Gauge mean =
          Metrics.create(outcomes.emitter(), List.of(), Metric.accuracy(), outcomes.outcome());
      assertEquals(Set.of("accuracy"), mean.numbers(outcomes.emitter()).keySet());
    }
  }

  @Test
  void settingsAreChecked() {
    assertFails("top-k: expected a positive k, received 0", () -> Metric.topK(0));
    assertFails("top-k: expected a positive k, received -1", () -> Metric.recall().topK(-1));
    assertFails(
        "metric: expected thresholds from 0 to 1, received 1.5",
        () -> Metric.precision().thresholds(0.5, 1.5));
    assertFails(
        "auc: expected at least 2 thresholds, received 1", () -> Metric.auc().numThresholds(1));
    assertFails(
        "metric: expected a rate from 0 to 1, received -0.5", () -> Metric.precisionAtRecall(-0.5));
    assertFails(
        "metric: expected at least 1 threshold, received 0",
        () -> Metric.precisionAtRecall(0.5).numThresholds(0));
    assertFails("F-beta score: expected a positive beta, received 0.0", () -> Metric.fBetaScore(0));
    assertFails(
        "F-beta score: expected a threshold above 0 and at most 1, received 0.0",
        () -> Metric.f1Score().threshold(0));
    assertFails(
        "auc: label weight: expected 0 or more, received -1.0",
        () -> Metric.auc().multiLabel(true).labelWeights(1, -1));
    assertFails(
        "binary accuracy: threshold: expected a finite number, received NaN",
        () -> Metric.binaryAccuracy().threshold(Double.NaN));
    assertFails(
        "binary_io_u: threshold: expected a finite number, received NaN",
        () -> Metric.binaryIoU().threshold(Double.NaN));
    assertFails(
        "io_u: expected target classes from 0 to 2, received [1, 3]", () -> Metric.iou(3, 1, 3));
    assertFails(
        "R2 score: expected no negative number of regressors, received -1",
        () -> Metric.r2Score().regressors(-1));
    assertFails(
        "metric: expected a loss without a reduction, received one reduced by SUM",
        () -> Metric.of(Loss.huber().reduction(Reduction.SUM)));
    assertFails(
        "metric: expected Metric.cosineSimilarity(), received the loss, which has the other sign",
        () -> Metric.of(Loss.cosineSimilarity()));
  }

  @ParameterizedTest
  @ValueSource(strings = {"top 5", "", "_mine", "a/b"})
  void aNameIsOneThatAnOpMayHave(String name) {
    String words =
        ": expected a name of letters, digits, '_', '.' and '-', not starting with '_' or '-',"
            + " received '"
            + name
            + "'";
    assertFails("metric" + words, () -> Metric.topK(5).named(name));
    assertFails("metric" + words, () -> Metric.mean(name, (tf, t, y) -> y));
    assertFails("loss" + words, () -> Loss.of(name, (tf, t, y) -> y));
  }

  @Test
  void aFunctionOfItsOwnThatFitsNoBatchIsRefusedByName() {
    Targets classes = Targets.of(Loss.sparseCategoricalCrossentropy(), Shape.of(-1, 3));
    try (Outcomes outcomes = new Outcomes(classes, Shape.of())) {
      assertFails(
          "metric 'gap': expected ops that fit targets (1009,) and outputs (1009, 3), as a batch of"
              + " 1009 has them, received: Dimensions must be equal, but are 1009 and 3 for"
              + " '{{node Sub}} = Sub[T=DT_FLOAT](Placeholder, Placeholder_1)' with input shapes:"
              + " [1009], [1009,3].; targets are class numbers, of which tf.oneHot makes rows",
          () -> create(outcomes, Metric.mean("gap", (tf, t, y) -> tf.math.sub(t, y))));
      assertFails(
          "metric 'flat': expected a value for each sample, or one for the batch, received values"
              + " (3027,)",
          () ->
              create(
                  outcomes,
                  Metric.mean("flat", (tf, t, y) -> tf.reshape(y, tf.constant(new int[] {-1})))));
    }
  }

  private static void create(Outcomes outcomes, Metric metric) {
    var unused = Metrics.create(outcomes.emitter(), List.of(), metric, outcomes.outcome());
  }

  /** What only the loss itself and one's own functions know how to judge. */
  @Test
  void targetsOfOneLossAloneAreRefusedByOtherMetrics() {
    Targets rows = Targets.of(Loss.ctc(), Shape.of(-1, 5, 3));
    try (Outcomes outcomes = new Outcomes(rows, Shape.of())) {
      for (Metric metric : List.of(Metric.accuracy(), Metric.of(Loss.huber()), Metric.topK(2))) {
        assertFails(
            "metric '%s': expected a loss whose targets it knows, received ctc; beside that, the"
                    .formatted(Metrics.name(metric, rows))
                + " loss itself and functions of one's own can be metrics",
            () -> create(outcomes, metric));
      }
      create(outcomes, Metric.of(Loss.ctc()));
      create(outcomes, Metric.mean("level", (tf, t, y) -> tf.math.mean(y, tf.array(1, 2))));
    }
    Targets classes = Targets.of(Loss.sparseCategoricalCrossentropy(), Shape.of(-1, 3));
    try (Outcomes outcomes = new Outcomes(classes, Shape.of())) {
      assertFails(
          "metric 'circle': expected that loss, whose targets are its own, received another",
          () -> create(outcomes, Metric.of(Loss.circle())));
    }
  }

  static Stream<Arguments> refused() {
    Loss sparse = Loss.sparseCategoricalCrossentropy();
    Loss hot = Loss.categoricalCrossentropy();
    String numbers =
        "expected a loss with targets shaped as the output, received class numbers;"
            + " dataset.oneHot(3) makes them so, for categoricalCrossentropy()";
    String classes = "expected a loss against class numbers, received targets shaped as the output";
    return Stream.of(
        arguments(Metric.precision(), sparse, 3, "metric 'precision': " + numbers),
        arguments(Metric.auc(), sparse, 3, "metric 'auc': " + numbers),
        arguments(Metric.f1Score(), sparse, 3, "metric 'f1_score': " + numbers),
        arguments(Metric.oneHotMeanIoU(3), sparse, 3, "metric 'one_hot_mean_io_u': " + numbers),
        arguments(Metric.of(Loss.huber()), sparse, 3, "metric 'huber': " + numbers),
        arguments(Metric.binaryAccuracy(), sparse, 3, "metric 'binary_accuracy': " + numbers),
        arguments(
            Metric.sparseCategoricalAccuracy(),
            hot,
            3,
            "metric 'sparse_categorical_accuracy': " + classes),
        arguments(
            Metric.of(sparse), hot, 3, "metric 'sparse_categorical_crossentropy': " + classes),
        arguments(Metric.topK(4), hot, 3, "top-k: expected k of at most 3 classes, received 4"),
        arguments(
            Metric.recall().topK(4), hot, 3, "top-k: expected k of at most 3 classes, received 4"),
        arguments(
            Metric.recall().classId(3),
            hot,
            3,
            "metric 'recall': expected a class from 0 to 2, received 3"),
        arguments(
            Metric.auc().multiLabel(true).labelWeights(1, 2),
            hot,
            3,
            "metric 'auc': expected a weight for each of 3 labels, received 2"),
        arguments(
            Metric.meanIoU(3),
            sparse,
            3,
            "metric 'mean_io_u': expected targets and outputs alike, received a class number for"
                + " each place and every output; see sparseTarget and sparsePrediction"));
  }

  @ParameterizedTest
  @MethodSource("refused")
  void whatCannotBeAskedOfAnOutputIsRefused(Metric metric, Loss loss, int classes, String message) {
    Targets targets = Targets.of(loss, Shape.of(-1, classes));
    try (Outcomes outcomes = new Outcomes(targets, Shape.of())) {
      assertFails(message, () -> create(outcomes, metric));
    }
  }
}
