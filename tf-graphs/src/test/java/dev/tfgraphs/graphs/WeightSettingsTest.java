package dev.tfgraphs.graphs;

import static dev.tfgraphs.graphs.Closeness.assertClose;
import static dev.tfgraphs.ops.Layers.input;
import static org.junit.jupiter.api.Assertions.assertEquals;

import com.google.common.primitives.Floats;
import com.google.gson.JsonObject;
import dev.tfgraphs.graphs.data.ArrayDataset;
import dev.tfgraphs.ops.Constraint;
import dev.tfgraphs.ops.Layer;
import dev.tfgraphs.ops.Model;
import dev.tfgraphs.ops.Node;
import dev.tfgraphs.ops.Regularizer;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.function.BiFunction;
import java.util.stream.Stream;
import org.junit.jupiter.api.Named;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.MethodSource;
import org.tensorflow.Graph;
import org.tensorflow.Output;
import org.tensorflow.Result;
import org.tensorflow.Session;
import org.tensorflow.op.Ops;

/** Penalties, constraints and batch normalization of every axis, by the numbers of real Keras. */
class WeightSettingsTest {
  private static final int SAMPLES = 8;

  /** One sum of a few float32 products in another order. */
  private static final double LAST_BITS = 1e-6;

  /** What float32 sums in another order make of themselves in five steps. */
  private static final double ROUNDING = 2e-5;

  static Stream<JsonObject> regularizers() {
    return Golden.rows(Golden.file("weight_settings.json").get("regularizers")).stream();
  }

  static Stream<JsonObject> constraints() {
    return Golden.rows(Golden.file("weight_settings.json").get("constraints")).stream();
  }

  static Stream<Named<JsonObject>> training() {
    return Golden.named("weight_settings.json", "training");
  }

  private static HostTensor made(JsonObject row, BiFunction<Emitter, Output<?>, Output<?>> ops) {
    try (Graph graph = new Graph();
        var input = Golden.tensor(row.get("input")).toNative()) {
      Emitter e = Emitter.into(Ops.create(graph));
      Output<?> result = ops.apply(e, e.constant(input));
      try (Session session = new Session(graph);
          Result fetched = session.runner().fetch(result).run()) {
        return HostTensor.of(fetched.get(0));
      }
    }
  }

  @ParameterizedTest
  @MethodSource("regularizers")
  void penaltiesAreThoseOfKeras(JsonObject row) {
    HostTensor penalty =
        made(
            row,
            (e, x) -> new Penalties(e).penalty(Regularizer.fromConfig(KerasConfig.of(row)), x));
    double expected = row.get("output").getAsDouble();
    assertEquals(expected, penalty.values()[0], LAST_BITS * expected);
  }

  @ParameterizedTest
  @MethodSource("constraints")
  void constrainedWeightsAreThoseOfKeras(JsonObject row) {
    HostTensor held =
        made(row, (e, x) -> Constraints.apply(e, Constraint.fromConfig(KerasConfig.of(row)), x));
    assertClose("held", Golden.tensor(row.get("output")), held, LAST_BITS, 0);
  }

  private static Model model(JsonObject one) {
    Node input = input(8, 8, 3);
    Node x = input;
    List<Layer> frozen = new ArrayList<>();
    for (JsonObject row : Golden.rows(one.get("layers"))) {
      Layer layer = KerasConfig.layer(row);
      x = x.to(layer);
      if (!row.getAsJsonObject("config").get("trainable").getAsBoolean()) {
        frozen.add(layer);
      }
    }
    Model model = Model.of(input, x);
    return frozen.isEmpty()
        ? model
        : model.freeze(frozen.stream().map(model::nameOf).toArray(String[]::new));
  }

  @ParameterizedTest(name = "{0}")
  @MethodSource("training")
  void stepsOfTrainingAreThoseOfKeras(JsonObject one) {
    Compile compile =
        Compile.of(Optimizer.sgd(0.05).momentum(0.9), Loss.sparseCategoricalCrossentropy())
            .seed(42);
    ArrayDataset data = SmallNet.data(SAMPLES, "class");
    try (Trainer trainer = Trainer.of(model(one), compile)) {
      FitOptions options = FitOptions.epochs(5).batchSize(SAMPLES).shuffle(false).verbose(0);
      History history = trainer.fit(data, options);
      float[] losses = Floats.toArray(history.get("loss"));
      assertClose("losses", Golden.floats(one.get("losses")), losses, ROUNDING, ROUNDING);
      Map<String, HostTensor> expected = Golden.byPath(one.get("weights"));
      Weights weights = trainer.weights();
      assertEquals(List.copyOf(expected.keySet()), List.copyOf(weights.tensors().keySet()));
      expected.forEach(
          (path, tensor) -> assertClose(path, tensor, weights.get(path), ROUNDING, ROUNDING));
      double evaluated = one.get("evaluated").getAsDouble();
      assertEquals(evaluated, trainer.evaluate(data).get("loss"), ROUNDING);
      HostTensor prediction = Golden.tensor(one.get("prediction"));
      assertClose("prediction", prediction, trainer.predict(data), ROUNDING, ROUNDING);
    }
  }

  @Test
  void everyRegularizerConstraintAndAxisIsCompared() {
    assertEquals(6, regularizers().count());
    assertEquals(10, constraints().count());
    assertEquals(16, training().count());
  }
}
