package dev.tfgraphs.graphs;

import static dev.tfgraphs.graphs.Closeness.assertFails;
import static org.junit.jupiter.api.Assertions.assertEquals;

import com.google.gson.JsonObject;
import dev.tfgraphs.ops.Shape;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.TreeMap;
import java.util.stream.Stream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.MethodSource;
import org.tensorflow.Graph;
import org.tensorflow.Output;
import org.tensorflow.Result;
import org.tensorflow.Session;
import org.tensorflow.Tensor;
import org.tensorflow.op.Ops;
import org.tensorflow.types.TFloat32;

class MetricsTest {
  /** A mean of zeros and ones is exact up to the division. */
  private static final double ROUNDING = 1e-7;

  static Stream<JsonObject> all() {
    return Golden.rows(Golden.file("metrics.json").get("metrics")).stream();
  }

  static Stream<JsonObject> supported() {
    return all().filter(row -> leftOut(row).isEmpty());
  }

  static Stream<JsonObject> resolved() {
    return Golden.rows(Golden.file("metrics.json").get("resolved")).stream();
  }

  static Stream<JsonObject> means() {
    return Golden.rows(Golden.file("metrics.json").get("mean")).stream();
  }

  private static Optional<String> leftOut(JsonObject row) {
    JsonObject config = row.getAsJsonObject("config");
    if (config.has("threshold") && config.get("threshold").getAsDouble() != 0.5) {
      return Optional.of("another threshold");
    }
    return updates(row).stream().anyMatch(update -> !update.get("sample_weight").isJsonNull())
        ? Optional.of("sample weights")
        : Optional.empty();
  }

  private static List<JsonObject> updates(JsonObject row) {
    return Golden.rows(row.get("updates"));
  }

  private static Metric metric(JsonObject row) {
    JsonObject config = row.getAsJsonObject("config");
    return config.has("k") ? Metric.topK(config.get("k").getAsInt()) : Metric.accuracy();
  }

  /** Sparse metrics go with class numbers, the others with targets shaped as the output. */
  private static Loss loss(String className, HostTensor prediction) {
    if (className.startsWith("Sparse")) {
      return Loss.sparseCategoricalCrossentropy();
    }
    return className.startsWith("Binary") && prediction.shape().size(-1) == 1
        ? Loss.binaryCrossentropy()
        : Loss.categoricalCrossentropy();
  }

  @ParameterizedTest
  @MethodSource("supported")
  void resultsAreThoseOfKeras(JsonObject row) {
    double sum = 0;
    double count = 0;
    for (JsonObject update : updates(row)) {
      float[] values = values(metric(row), row.get("class_name").getAsString(), update);
      for (float value : values) {
        sum += value;
      }
      count += values.length;
      assertEquals(update.get("result").getAsDouble(), sum / count, ROUNDING);
    }
  }

  @ParameterizedTest
  @MethodSource("resolved")
  void accuracyIsWhatKerasTakesTheWordFor(JsonObject row) {
    float[] values = values(Metric.accuracy(), row.get("class_name").getAsString(), row);
    double sum = 0;
    for (float value : values) {
      sum += value;
    }
    assertEquals(row.get("result").getAsDouble(), sum / values.length, ROUNDING);
  }

  private static float[] values(Metric metric, String className, JsonObject row) {
    HostTensor prediction = Golden.tensor(row.get("y_pred"));
    Targets targets = Targets.of(loss(className, prediction), prediction.shape());
    HostTensor target = new HostTensor(targets.shape(), Golden.tensor(row.get("y_true")).values());
    try (Graph graph = new Graph()) {
      Emitter e = Emitter.into(Ops.create(graph));
      Output<?> wanted = e.cast(constant(e, target), targets.type());
      Output<?> values = new Metrics(e).values(metric, targets, constant(e, prediction), wanted);
      try (Session session = new Session(graph);
          Result result = session.runner().fetch(values).run()) {
        return HostTensor.of(result.get(0)).values();
      }
    }
  }

  private static Output<?> constant(Emitter e, HostTensor tensor) {
    try (Tensor value = tensor.toNative()) {
      return e.constant(value);
    }
  }

  @Test
  void whatIsLeftOutIsCounted() {
    Map<String, Integer> counts = new TreeMap<>();
    all().forEach(row -> counts.merge(leftOut(row).orElse("supported"), 1, Integer::sum));
    assertEquals(Map.of("another threshold", 1, "sample weights", 4, "supported", 13), counts);
    assertEquals(20, resolved().count());
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
  void namesAreThoseOfKerasHistories() {
    Targets classes = Targets.of(Loss.sparseCategoricalCrossentropy(), Shape.of(-1, 4));
    Targets hot = Targets.of(Loss.categoricalCrossentropy(), Shape.of(-1, 4));
    assertEquals("accuracy", Metrics.name(Metric.accuracy(), classes));
    assertEquals("sparse_top_k_categorical_accuracy", Metrics.name(Metric.topK(2), classes));
    assertEquals("top_k_categorical_accuracy", Metrics.name(Metric.topK(2), hot));
  }

  @Test
  void topKIsOneOfTheClasses() {
    assertFails("top-k: expected a positive k, received 0", () -> Metric.topK(0));
  }
}
