package dev.tfgraphs.graphs;

import static org.junit.jupiter.api.Assertions.assertArrayEquals;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertThrows;

import com.google.common.collect.ImmutableMap;
import com.google.common.collect.Lists;
import com.google.gson.JsonElement;
import com.google.gson.JsonObject;
import dev.tfgraphs.ops.Model;
import dev.tfgraphs.ops.Shape;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.OptionalDouble;
import java.util.stream.Stream;
import org.junit.jupiter.api.Named;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.MethodSource;

/** Training goes on where Keras has stopped (conformance/makers/compile_configs.py). */
class ResumedTest {
  /** Steps sum in another order, and in 8 or 11 bits that is rounded to a neighbour. */
  private static double tolerance(Precision precision) {
    return switch (precision) {
      case FLOAT32 -> 1e-5;
      case MIXED_BFLOAT16 -> 4e-3;
      case MIXED_FLOAT16 -> 5e-4;
    };
  }

  static Stream<Named<JsonObject>> trainings() {
    return Golden.named("resumed.json", "trainings");
  }

  @ParameterizedTest
  @MethodSource("trainings")
  void theNextLossesAreThoseOfKeras(JsonObject row) {
    Model model = Resumed.model();
    OptimizerWeights optimizer = Resumed.optimizer(row);
    try (Trainer trainer = Trainer.of(model, Resumed.compile(row, model))) {
      assertEquals(
          List.copyOf(optimizer.slots().keySet()),
          List.copyOf(trainer.optimizerWeights().slots().keySet()));
      trainer.assign(new Weights(weights(row)));
      trainer.assign(optimizer);
      assertEquals(optimizer, trainer.optimizerWeights());
      double[] expected =
          row.getAsJsonArray("losses").asList().stream()
              .mapToDouble(JsonElement::getAsDouble)
              .toArray();
      assertArrayEquals(expected, Resumed.train(trainer), tolerance(Resumed.precision(row)));
    }
  }

  private static ImmutableMap<String, HostTensor> weights(JsonObject row) {
    return ImmutableMap.copyOf(Golden.byPath(row.get("weights")));
  }

  @Test
  void variablesGoOverFromOneTrainerToAnother() {
    Model model = Resumed.model();
    Compile compile =
        Compile.of(Optimizer.rmsprop(0.02), Loss.sparseCategoricalCrossentropy()).seed(1);
    try (Trainer first = Trainer.of(model, compile);
        Trainer second = Trainer.of(model, compile.seed(2))) {
      double[] unused = Resumed.train(first);
      unused = Resumed.train(second);
      second.assign(first.weights());
      second.assign(first.optimizerWeights());
      assertEquals(3, second.optimizerWeights().iteration());
      assertArrayEquals(Resumed.train(first), Resumed.train(second));
    }
  }

  @Test
  void numbersWithoutNamesComeInTheSameOrder() {
    OptimizerWeights weights =
        OptimizerWeights.of(
            3,
            OptionalDouble.of(0.5),
            ImmutableMap.of("a_momentum", vector(1, 2), "b_momentum", vector(3)));
    List<HostTensor> others = List.of(vector(4, 5), vector(6));
    assertEquals(
        OptimizerWeights.of(
            7,
            OptionalDouble.of(0.25),
            ImmutableMap.of("a_momentum", vector(4, 5), "b_momentum", vector(6))),
        weights.with(7, OptionalDouble.of(0.25), others));
    assertEquals(
        "optimizer weights: expected 2 slots, received 1",
        assertThrows(
                GraphException.class,
                () -> weights.with(7, OptionalDouble.of(0.25), others.subList(0, 1)))
            .getMessage());
    assertEquals(
        """
        optimizer weights: expected those of the trainer's optimizer, received others:
          missing learning_rate
          a_momentum: expected (2,), received (1,)
          b_momentum: expected (1,), received (2,)\
        """,
        assertThrows(
                GraphException.class,
                () -> weights.with(7, OptionalDouble.empty(), Lists.reverse(others)))
            .getMessage());
  }

  private static HostTensor vector(float... values) {
    return new HostTensor(Shape.of(values.length), values);
  }

  @Test
  void otherVariablesAreRefusedAllAtOnceAndChangeNothing() {
    Model model = Resumed.model();
    Compile compile =
        Compile.of(Optimizer.sgd(0.1).momentum(0.9), Loss.sparseCategoricalCrossentropy());
    try (Trainer trainer = Trainer.of(model, compile)) {
      OptimizerWeights before = trainer.optimizerWeights();
      Map<String, HostTensor> slots = new LinkedHashMap<>(before.slots());
      HostTensor moved = slots.remove("a_kernel_momentum");
      slots.put("a_kernel_velocity", moved);
      slots.put("b_bias_momentum", new HostTensor(Shape.of(2), new float[2]));
      OptimizerWeights others = OptimizerWeights.of(7, OptionalDouble.empty(), slots);
      assertEquals(
          """
          optimizer weights: expected those of the trainer's optimizer, received others:
            missing learning_rate
            missing a_kernel_momentum (3, 4)
            b_bias_momentum: expected (3,), received (2,)
            unused a_kernel_velocity\
          """,
          assertThrows(GraphException.class, () -> trainer.assign(others)).getMessage());
      assertEquals(before, trainer.optimizerWeights());
    }
    Compile scheduled =
        Compile.of(
            Optimizer.sgd(Schedule.cosineDecay(0.1, 9)), Loss.sparseCategoricalCrossentropy());
    try (Trainer trainer = Trainer.of(model, scheduled)) {
      OptimizerWeights rated = OptimizerWeights.of(7, OptionalDouble.of(0.5), Map.of());
      assertEquals(
          """
          optimizer weights: expected those of the trainer's optimizer, received others:
            unused learning_rate: the rate follows a schedule\
          """,
          assertThrows(GraphException.class, () -> trainer.assign(rated)).getMessage());
    }
    Compile half = compile.precision(Precision.MIXED_FLOAT16);
    try (Trainer plain = Trainer.of(model, compile);
        Trainer trainer = Trainer.of(model, half)) {
      OptimizerWeights scaled = trainer.optimizerWeights();
      assertEquals(Optional.of(new OptimizerWeights.LossScaling(0, 32768)), scaled.lossScaling());
      assertEquals(
          """
          optimizer weights: expected those of the trainer's optimizer, received others:
            missing dynamic_scale: the loss is scaled\
          """,
          assertThrows(GraphException.class, () -> trainer.assign(plain.optimizerWeights()))
              .getMessage());
      assertEquals(
          """
          optimizer weights: expected those of the trainer's optimizer, received others:
            unused dynamic_scale: the loss is not scaled\
          """,
          assertThrows(GraphException.class, () -> plain.assign(scaled)).getMessage());
    }
    assertEquals(
        "optimizer weights: step_counter: expected 0 or more, received -1",
        assertThrows(GraphException.class, () -> new OptimizerWeights.LossScaling(-1, 1))
            .getMessage());
    assertEquals(
        "optimizer weights: dynamic_scale: expected a positive number, received 0.0",
        assertThrows(GraphException.class, () -> new OptimizerWeights.LossScaling(0, 0))
            .getMessage());
    assertEquals(
        "optimizer weights: iteration: expected 0 or more, received -1",
        assertThrows(
                GraphException.class,
                () -> OptimizerWeights.of(-1, OptionalDouble.empty(), Map.of()))
            .getMessage());
  }
}
