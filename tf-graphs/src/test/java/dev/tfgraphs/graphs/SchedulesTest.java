package dev.tfgraphs.graphs;

import static dev.tfgraphs.graphs.Closeness.assertClose;
import static dev.tfgraphs.graphs.Closeness.assertFails;
import static org.junit.jupiter.api.Assertions.assertEquals;

import com.google.gson.JsonObject;
import dev.tfgraphs.graphs.Schedule.CosineDecay;
import java.util.Arrays;
import java.util.stream.LongStream;
import java.util.stream.Stream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.MethodSource;
import org.tensorflow.Graph;
import org.tensorflow.Output;
import org.tensorflow.Result;
import org.tensorflow.Session;
import org.tensorflow.op.Ops;
import org.tensorflow.proto.DataType;
import org.tensorflow.types.TFloat32;
import org.tensorflow.types.TInt64;

class SchedulesTest {
  private static final JsonObject FILE = Golden.file("schedules.json");

  static Stream<JsonObject> schedules() {
    return Golden.rows(FILE.get("schedules")).stream();
  }

  /** The schedule that a config of Keras describes. */
  static Schedule schedule(JsonObject row) {
    JsonObject config = row.getAsJsonObject("config");
    if (row.get("class_name").getAsString().equals("PiecewiseConstantDecay")) {
      return Schedule.piecewiseConstantDecay(
          LongStream.of(
                  Arrays.stream(Golden.integers(config.get("boundaries"))).asLongStream().toArray())
              .toArray(),
          config.getAsJsonArray("values").asList().stream()
              .mapToDouble(value -> value.getAsDouble())
              .toArray());
    }
    CosineDecay cosine =
        Schedule.cosineDecay(
                config.get("initial_learning_rate").getAsDouble(),
                config.get("decay_steps").getAsLong())
            .alpha(config.get("alpha").getAsDouble());
    return config.get("warmup_target").isJsonNull()
        ? cosine
        : cosine.warmup(
            config.get("warmup_target").getAsDouble(), config.get("warmup_steps").getAsLong());
  }

  /** The cosine of two builds may differ in its last bit, which near pi is 6e-8 of the peak. */
  @ParameterizedTest
  @MethodSource("schedules")
  void ratesAreThoseOfKeras(JsonObject row) {
    int[] steps = Golden.integers(FILE.get("steps"));
    float[] expected = Golden.floats(row.get("rates"));
    float[] actual = new float[steps.length];
    try (Graph graph = new Graph()) {
      Emitter e = Emitter.into(Ops.create(graph));
      Output<?> step =
          e.op("Placeholder")
              .attr("dtype", DataType.DT_INT64)
              .attr("shape", org.tensorflow.ndarray.Shape.scalar())
              .out();
      Output<?> rate = Schedules.rate(e, schedule(row), step);
      try (Session session = new Session(graph)) {
        for (int i = 0; i < steps.length; i++) {
          try (TInt64 value = TInt64.scalarOf(steps[i]);
              Result result = session.runner().feed(step, value).fetch(rate).run()) {
            actual[i] = ((TFloat32) result.get(0)).getFloat();
          }
        }
      }
    }
    assertClose(row.toString(), expected, actual, 1e-6, 2e-8);
  }

  @Test
  void bothKindsAreCompared() {
    assertEquals(9, schedules().count());
    assertEquals(
        2, schedules().map(SchedulesTest::schedule).map(Object::getClass).distinct().count());
  }

  @Test
  void whatCannotBeARateIsRefused() {
    assertFails("learning rate: expected 0 or more, received -0.1", () -> Schedule.constant(-0.1));
    assertFails(
        "cosine decay: expected positive decay steps, received 0 after 0",
        () -> Schedule.cosineDecay(0.1, 0));
    assertFails(
        "piecewise constant decay: expected one more value than boundaries, received 1 and 1",
        () -> Schedule.piecewiseConstantDecay(new long[] {1}, new double[] {1}));
    assertFails(
        "piecewise constant decay: expected rising boundaries, received [2, 2]",
        () -> Schedule.piecewiseConstantDecay(new long[] {2, 2}, new double[] {3, 2, 1}));
  }
}
