package dev.tfgraphs.graphs;

import static dev.tfgraphs.graphs.Closeness.assertFails;
import static dev.tfgraphs.ops.Layers.*;
import static org.junit.jupiter.api.Assertions.assertEquals;

import com.google.gson.JsonObject;
import dev.tfgraphs.graphs.data.Batch;
import dev.tfgraphs.graphs.data.Batches;
import dev.tfgraphs.ops.ActivationFunction;
import dev.tfgraphs.ops.Model;
import dev.tfgraphs.ops.Node;
import dev.tfgraphs.ops.Shape;
import java.util.List;
import java.util.Map;
import java.util.stream.Collectors;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.MethodSource;
import org.junit.jupiter.params.provider.ValueSource;

class GradientNormsTest {
  private static final int SAMPLES = 6;

  /** Sums of the gradient's elements in another order. */
  private static final double ROUNDING = 1e-5;

  /** A bias before batch normalization has a gradient of 0, of which Keras has roundings. */
  private static final double ZERO = 5e-6;

  private static final Map<String, JsonObject> KERAS = keras();

  private static Map<String, JsonObject> keras() {
    List<JsonObject> cases = Golden.rows(Golden.file("gradient_norms.json").get("cases"));
    return cases.stream()
        .collect(
            Collectors.toMap(
                row -> row.get("name").getAsString(), row -> row.getAsJsonObject("norms")));
  }

  private static void assertKeras(String name, Map<String, Double> norms) {
    JsonObject expected = Closeness.get(KERAS, name);
    assertEquals(List.copyOf(expected.keySet()), List.copyOf(norms.keySet()));
    norms.forEach(
        (weight, norm) -> {
          double keras = expected.get(weight).getAsDouble();
          assertEquals(keras, norm, ROUNDING * keras + ZERO, weight);
        });
  }

  static List<Optimizer> optimizers() {
    return List.of(
        Optimizer.sgd(), Optimizer.sgd().lossScaleFactor(8), Optimizer.adam().clipnorm(1e-3));
  }

  @ParameterizedTest
  @MethodSource("optimizers")
  void ofTheLossAreKerass(Optimizer optimizer) {
    Model model = Networks.smallNet(4, ActivationFunction.SOFTMAX);
    Compile compile = Compile.of(optimizer, Loss.sparseCategoricalCrossentropy()).seed(42);
    try (Trainer trainer = Trainer.of(model, compile);
        Batches batches = SmallNet.data(SAMPLES, "class").open(SAMPLES, false, 0)) {
      batches.begin(0);
      Weights before = trainer.weights();
      try (Batch batch = batches.next().orElseThrow()) {
        assertKeras("loss", GradientNorms.ofLoss(trainer, batch));
        // and nothing has changed
        assertKeras("loss", GradientNorms.ofLoss(trainer, batch));
      }
      assertEquals(before, trainer.weights());
    }
  }

  @Test
  void ofTheMeanOfWhatAModelMakesAreKerass() {
    Model model = Networks.smallNet(4, ActivationFunction.LINEAR);
    assertKeras("mean of outputs", GradientNorms.ofOutputs(model, weights(model), images()));
  }

  private static Weights weights(Model model) {
    Compile compile = Compile.of(Optimizer.sgd(), Loss.meanSquaredError()).seed(42);
    try (Trainer trainer = Trainer.of(model, compile)) {
      return trainer.weights();
    }
  }

  private static HostTensor images() {
    return new HostTensor(Shape.of(SAMPLES, 8, 8, 3), SmallNet.images(SAMPLES));
  }

  @Test
  void thoseOfFrozenWeightsAreLeftOut() {
    Model model = Networks.smallNet(4, ActivationFunction.LINEAR).freeze("c1", "bn");
    Map<String, Double> norms = GradientNorms.ofOutputs(model, weights(model), images());
    assertEquals(
        List.of("c2/kernel", "c2/bias", "head/kernel", "head/bias"), List.copyOf(norms.keySet()));
  }

  @Test
  void severalOutputsCountTogether() {
    Node input = input(3);
    Node one = input.to(dense(2).useBias(false).name("one"));
    Node two = input.to(dense(1).useBias(false).name("two"));
    Model model = Model.of(List.of(input), List.of(one, two));
    HostTensor sample = new HostTensor(Shape.of(1, 3), new float[] {3, 0, 4});
    Map<String, Double> norms = GradientNorms.ofOutputs(model, weights(model), sample);
    // in each of n columns the gradient of a mean of n products with the sample is the sample over
    // n
    assertEquals(5 / Math.sqrt(2), Closeness.get(norms, "one/kernel"), 1e-6);
    assertEquals(5, Closeness.get(norms, "two/kernel"), 1e-6);
  }

  /** Squares of these are no numbers in float32. */
  @ParameterizedTest
  @ValueSource(floats = {1e-25f, 1, 1e25f})
  void vanishingAndExplodingGradientsAreNumbers(float size) {
    Node input = input(2);
    Model model = Model.of(input, input.to(dense(1).useBias(false).name("one")));
    HostTensor sample = new HostTensor(Shape.of(1, 2), new float[] {3 * size, 4 * size});
    Map<String, Double> norms = GradientNorms.ofOutputs(model, weights(model), sample);
    assertEquals(5 * (double) size, Closeness.get(norms, "one/kernel"), 1e-6 * size);
  }

  @Test
  void aGradientOfZerosHasTheNormZero() {
    Node input = input(2);
    Model model = Model.of(input, input.to(dense(1).useBias(false).name("one")));
    HostTensor sample = new HostTensor(Shape.of(1, 2), new float[2]);
    assertEquals(Map.of("one/kernel", 0.0), GradientNorms.ofOutputs(model, weights(model), sample));
  }

  @Test
  void inputsOfAnotherShapeAreRefused() {
    Model model = Networks.smallNet(4, ActivationFunction.LINEAR);
    HostTensor wrong = new HostTensor(Shape.of(1, 8, 8, 1), new float[64]);
    assertFails(
        "gradient norms: expected (None, 8, 8, 3) for input 'input', received (1, 8, 8, 1)",
        () -> GradientNorms.ofOutputs(model, weights(model), wrong));
    assertFails(
        "gradient norms: expected 1 inputs, received 0",
        () -> GradientNorms.ofOutputs(model, weights(model)));
  }

  @Test
  void aModelInWhichNothingTrainsHasNone() {
    Model model = Networks.smallNet(4, ActivationFunction.SOFTMAX).freeze();
    Compile compile = Compile.of(Optimizer.sgd(), Loss.sparseCategoricalCrossentropy());
    try (Trainer trainer = Trainer.of(model, compile);
        Batches batches = SmallNet.data(SAMPLES, "class").open(SAMPLES, false, 0)) {
      batches.begin(0);
      try (Batch batch = batches.next().orElseThrow()) {
        assertFails(
            "gradient norms: expected a weight that trains, received a model whose layers are"
                + " frozen or have none",
            () -> GradientNorms.ofLoss(trainer, batch));
      }
    }
  }
}
