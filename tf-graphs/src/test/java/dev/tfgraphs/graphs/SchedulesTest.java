package dev.tfgraphs.graphs;

import static dev.tfgraphs.graphs.Closeness.assertClose;
import static dev.tfgraphs.graphs.Closeness.assertFails;
import static org.junit.jupiter.api.Assertions.assertEquals;

import com.google.gson.JsonObject;
import java.util.List;
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

  /**
   * The cosine of two builds may differ in its last bit, and TensorFlow orders products by itself;
   * near pi a bit is 6e-8, and half of the peak of 0.1 at most is multiplied by it.
   */
  @ParameterizedTest
  @MethodSource("schedules")
  void ratesAreThoseOfKeras(JsonObject row) {
    assertRates(row, KerasObjects.schedule(row));
  }

  /** A warm-up from 0 in front of a cosine is one of Keras's own. */
  @Test
  void aWarmupIsThatOfKerasInFrontOfAnySchedule() {
    List<JsonObject> warm =
        schedules().filter(row -> row.toString().contains("\"warmup_steps\":5")).toList();
    assertEquals(1, warm.size());
    assertRates(warm.get(0), Schedule.cosineDecay(0.1, 10).afterWarmup(5));
  }

  @Test
  void aFunctionOnTheGraphIsASchedule() {
    JsonObject inverse =
        schedules()
            .filter(row -> row.get("class_name").getAsString().equals("InverseTimeDecay"))
            .findFirst()
            .orElseThrow();
    assertRates(
        inverse,
        Schedule.of(
            (tf, step) ->
                tf.math.div(
                    tf.constant(0.1f),
                    tf.math.add(tf.constant(1f), tf.math.mul(step, tf.constant(0.05f))))));
    try (Graph graph = new Graph()) {
      Emitter e = Emitter.into(Ops.create(graph));
      assertFails(
          "schedule: expected a scalar, received shape [2]",
          () ->
              Schedules.rate(
                  e, Schedule.of((tf, step) -> tf.constant(new float[2])), e.scalar(0L)));
    }
  }

  private static void assertRates(JsonObject row, Schedule schedule) {
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
      Output<?> rate = Schedules.rate(e, schedule, step);
      try (Session session = new Session(graph)) {
        for (int i = 0; i < steps.length; i++) {
          try (TInt64 value = TInt64.scalarOf(steps[i]);
              Result result = session.runner().feed(step, value).fetch(rate).run()) {
            actual[i] = ((TFloat32) result.get(0)).getFloat();
          }
        }
      }
    }
    assertClose(row.toString(), expected, actual, 1e-6, 4e-8);
  }

  @Test
  void allKindsOfKerasAreCompared() {
    assertEquals(25, schedules().count());
    assertEquals(
        6, schedules().map(KerasObjects::schedule).map(Object::getClass).distinct().count());
  }

  @Test
  void whatCannotBeARateIsRefused() {
    assertFails("learning rate: expected 0 or more, received -0.1", () -> Schedule.constant(-0.1));
    assertFails(
        "cosine decay: expected positive decay steps, received 0",
        () -> Schedule.cosineDecay(0.1, 0));
    assertFails(
        "cosine decay: expected 0 or more warm-up steps, received -1",
        () -> Schedule.cosineDecay(0.1, 5).warmup(0.2, -1));
    assertFails(
        "cosine decay: alpha: expected 0 or more, received NaN",
        () -> Schedule.cosineDecay(0.1, 5).alpha(Double.NaN));
    assertFails(
        "cosine decay restarts: alpha: expected 0 or more, received -0.5",
        () -> Schedule.cosineDecayRestarts(0.1, 5).alpha(-0.5));
    assertFails(
        "warm-up: expected positive steps, received 0",
        () -> Schedule.constant(0.1).afterWarmup(0));
    assertFails(
        "exponential decay: decay rate: expected 0 or more, received -1.0",
        () -> Schedule.exponentialDecay(0.1, 5, -1));
    assertFails(
        "cosine decay restarts: tMul: expected 1 or more, received 0.5",
        () -> Schedule.cosineDecayRestarts(0.1, 5).tMul(0.5));
    assertFails(
        "piecewise constant decay: expected one more value than boundaries, received 1 and 1",
        () -> Schedule.piecewiseConstantDecay(new long[] {1}, new double[] {1}));
    assertFails(
        "piecewise constant decay: expected rising boundaries, received [2, 2]",
        () -> Schedule.piecewiseConstantDecay(new long[] {2, 2}, new double[] {3, 2, 1}));
  }
}
