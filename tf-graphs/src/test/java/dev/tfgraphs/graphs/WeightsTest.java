package dev.tfgraphs.graphs;

import static dev.tfgraphs.graphs.Closeness.assertFails;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertNotEquals;

import com.google.common.collect.ImmutableMap;
import com.google.common.collect.Maps;
import dev.tfgraphs.graphs.data.ArrayDataset;
import dev.tfgraphs.ops.ActivationFunction;
import dev.tfgraphs.ops.Model;
import dev.tfgraphs.ops.Shape;
import dev.tfgraphs.ops.Weight;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

class WeightsTest {
  private static final Model MODEL = Networks.smallNet(4, ActivationFunction.SOFTMAX);

  private static Trainer trainer(long seed) {
    return Trainer.of(
        MODEL,
        Compile.of(Optimizer.adam(), Loss.sparseCategoricalCrossentropy(), Metric.accuracy())
            .seed(seed));
  }

  @Test
  void areNamedAndOrderedAsTheModelsAre() {
    try (Trainer trainer = trainer(1)) {
      assertEquals(
          MODEL.weights().stream().map(Weight::path).toList(),
          List.copyOf(trainer.weights().tensors().keySet()));
    }
  }

  @Test
  void goFromOneTrainerToAnotherWithEveryBit() {
    ArrayDataset data = SmallNet.data(16, "class");
    try (Trainer first = trainer(1);
        Trainer second = trainer(2)) {
      assertEquals(1, first.fit(data, FitOptions.epochs(1).verbose(0)).epochs().size());
      assertNotEquals(first.predict(data), second.predict(data));
      second.assign(first.weights());
      assertEquals(first.weights(), second.weights());
      assertEquals(first.predict(data), second.predict(data));
      assertEquals(first.evaluate(data), second.evaluate(data));
    }
  }

  @Test
  void areThoseOfAPartOfTheModel() {
    Model part = MODEL.tap("bn");
    try (Trainer trainer = trainer(1)) {
      Weights weights = trainer.weights().part(part);
      assertEquals(
          part.weights().stream().map(Weight::path).toList(),
          List.copyOf(weights.tensors().keySet()));
      assertEquals(trainer.weights().get("c1/kernel"), weights.get("c1/kernel"));
      Closeness.assertFails(
          """
          weights: expected those of the model, received others:
            missing c2/kernel (1, 1, 8, 8)
            missing c2/bias (8,)
            missing head/kernel (8, 4)
            missing head/bias (4,)\
          """,
          () -> weights.part(MODEL));
    }
  }

  @Test
  void startAnotherTrainerThatIsCompiledOtherwise() {
    ArrayDataset data = SmallNet.data(16, "class");
    Compile compile =
        Compile.of(Optimizer.adam(), Loss.sparseCategoricalCrossentropy(), Metric.accuracy());
    try (Trainer first = trainer(1);
        Trainer second =
            Trainer.of(MODEL, compile.optimizer(Optimizer.adam(1e-5)), first.weights())) {
      assertEquals(first.weights(), second.weights());
      assertEquals(first.evaluate(data), second.evaluate(data));
      assertEquals(1e-5, second.learningRate(), 1e-12);
      assertEquals(0.001, first.learningRate(), 1e-9);
      Map<String, HostTensor> some =
          Maps.filterKeys(first.weights().tensors(), name -> !name.equals("head/bias"));
      assertFails(
          "weights: expected those of the model, received others:\n  missing head/bias (4,)",
          () -> Trainer.of(MODEL, compile, Weights.of(some)));
    }
  }

  @Test
  void takeThoseOfAPartInTheirPlace() {
    try (Trainer trainer = trainer(1)) {
      Weights before = trainer.weights();
      HostTensor bias = new HostTensor(Shape.of(4), new float[] {1, 2, 3, 4});
      Weights after = before.with(Weights.of(Map.of("head/bias", bias)));
      assertEquals(bias, after.get("head/bias"));
      assertEquals(before.get("head/kernel"), after.get("head/kernel"));
      assertEquals(before.tensors().keySet().asList(), after.tensors().keySet().asList());
      assertFails(
          "weights: expected head/bias (4,), received (2,)",
          () ->
              before.with(
                  Weights.of(Map.of("head/bias", new HostTensor(Shape.of(2), new float[2])))));
      assertFails(
          "weights: expected the name of a weight, received 'heads/bias'; near: head/kernel,"
              + " head/bias (of 10)",
          () -> before.with(Weights.of(Map.of("heads/bias", bias))));
    }
  }

  @Test
  void areACopyThatLaterStepsLeaveAlone() {
    try (Trainer trainer = trainer(1)) {
      Weights before = trainer.weights();
      HostTensor kept = new HostTensor(Shape.of(4), before.get("head/bias").values().clone());
      assertEquals(
          1,
          trainer.fit(SmallNet.data(16, "class"), FitOptions.epochs(1).verbose(0)).epochs().size());
      assertEquals(kept, before.get("head/bias"));
      assertNotEquals(kept, trainer.weights().get("head/bias"));
    }
  }

  @Test
  void thatDoNotFitAreRefusedWithAllThatIsWrong() {
    try (Trainer trainer = trainer(1)) {
      Weights good = trainer.weights();
      Map<String, HostTensor> bad = new HashMap<>(good.tensors());
      bad.remove("c1/bias");
      bad.put("head/bias", new HostTensor(Shape.of(3), new float[3]));
      bad.put("head/scale", new HostTensor(Shape.of(), new float[1]));
      bad.put("bn/beta", new HostTensor(Shape.of(8), new float[] {9, 9, 9, 9, 9, 9, 9, 9}));
      bad.put("another/kernel", new HostTensor(Shape.of(2, 2), new float[4]));
      assertFails(
          """
          weights: expected those of the model, received others:
            missing c1/bias (8,)
            head/bias: expected (4,), received (3,)
            unused another/kernel
            unused head/scale\
          """,
          () -> trainer.assign(Weights.of(bad)));
      assertEquals(good, trainer.weights());
    }
  }

  @Test
  void thatAreNotThereAreNamed() {
    HostTensor one = new HostTensor(Shape.of(1), new float[1]);
    Weights weights =
        Weights.of(
            ImmutableMap.of(
                "conv1/kernel",
                one,
                "conv1/bias",
                one,
                "conv2/bias",
                one,
                "head/bias",
                one,
                "conv3/bias",
                one));
    assertFails(
        "weights: expected the name of a weight, received 'conv1/bais'; near: conv1/bias,"
            + " conv1/kernel, conv2/bias (of 5)",
        () -> weights.get("conv1/bais").toString());
    assertFails(
        "weights: expected the name of a weight, received 'b'; there are 5",
        () -> weights.get("b").toString());
  }

  @Test
  void aTensorIsAsLongAsItsShape() {
    assertFails(
        "tensor: expected 6 values for (2, 3), received 5",
        () -> new HostTensor(Shape.of(2, 3), new float[5]));
    HostTensor tensor = new HostTensor(Shape.of(2, 3), new float[] {1, 2, 3, 9, 8, 9});
    assertEquals(new HostTensor(Shape.of(3), new float[] {9, 8, 9}), tensor.row(1));
    assertEquals(0, tensor.row(1).argMax());
    assertEquals("tensor (2, 3)", tensor.toString());
  }

  @ParameterizedTest
  @ValueSource(ints = {1, 3})
  void resultsOfAnotherSizeAreNotJoined(int width) {
    HostTensor first = new HostTensor(Shape.of(2, 2, 2), new float[8]);
    HostTensor second = new HostTensor(Shape.of(1, 2, width), new float[2 * width]);
    assertFails(
        "predict: expected results of one shape, since they become one tensor, received (2, 2, 2)"
            + " and (1, 2, "
            + width
            + ")",
        () -> HostTensor.joined(List.of(first, second)).toString());
    HostTensor last = new HostTensor(Shape.of(1, 2, 2), new float[] {1, 2, 3, 4});
    assertEquals(
        new HostTensor(Shape.of(3, 2, 2), new float[] {0, 0, 0, 0, 0, 0, 0, 0, 1, 2, 3, 4}),
        HostTensor.joined(List.of(first, last)));
  }

  @ParameterizedTest
  @ValueSource(ints = {-1, 2})
  void aRowThatATensorDoesNotHaveIsRefused(int row) {
    HostTensor tensor = new HostTensor(Shape.of(2, 3), new float[6]);
    assertFails(
        "tensor: expected a row of 0 or more and less than 2 of (2, 3), received " + row,
        () -> tensor.row(row).toString());
    HostTensor number = new HostTensor(Shape.of(), new float[1]);
    assertFails(
        "tensor: expected rows to take one of, received a single number",
        () -> number.row(0).toString());
  }
}
