package dev.tfgraphs.graphs;

import static dev.tfgraphs.graphs.Closeness.assertFails;
import static dev.tfgraphs.ops.Layers.*;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import com.google.common.collect.ImmutableList;
import com.google.gson.JsonObject;
import dev.tfgraphs.graphs.data.Batch;
import dev.tfgraphs.graphs.data.Batches;
import dev.tfgraphs.graphs.data.Dataset;
import dev.tfgraphs.graphs.data.Samples;
import dev.tfgraphs.ops.ActivationFunction;
import dev.tfgraphs.ops.Model;
import dev.tfgraphs.ops.Node;
import dev.tfgraphs.ops.Padding;
import dev.tfgraphs.ops.Shape;
import java.util.List;
import java.util.Map;
import java.util.function.Function;
import java.util.stream.Collectors;
import java.util.stream.IntStream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.MethodSource;
import org.junit.jupiter.params.provider.ValueSource;
import org.tensorflow.Graph;
import org.tensorflow.op.Ops;

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
        .collect(Collectors.toMap(row -> row.get("name").getAsString(), Function.identity()));
  }

  private static void assertKeras(String name, GradientNorms norms) {
    assertKeras(name, norms, ROUNDING);
  }

  private static void assertKeras(String name, GradientNorms norms, double rounding) {
    JsonObject expected = Closeness.get(KERAS, name);
    assertClose(expected.getAsJsonObject("norms"), norms.byWeight(), rounding);
    assertClose(expected.getAsJsonObject("layers"), norms.byLayer(), rounding);
  }

  private static void assertClose(JsonObject expected, Map<String, Double> norms, double rounding) {
    assertEquals(List.copyOf(expected.keySet()), List.copyOf(norms.keySet()));
    norms.forEach(
        (name, norm) -> {
          double keras = expected.get(name).getAsDouble();
          assertEquals(keras, norm, rounding * keras + ZERO, name);
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

  @Test
  void ofAScalarOfOnesOwnAreKerass() {
    Model model = Networks.smallNet(4, ActivationFunction.LINEAR);
    assertKeras(
        "squares and relu",
        GradientNorms.of(
            model,
            weights(model),
            (tf, net) ->
                tf.math.add(
                    tf.math.mean(tf.math.square(net.output("head")), tf.array(0, 1)),
                    tf.math.mean(net.output("relu"), tf.array(0, 1, 2, 3))),
            images()));
  }

  @Test
  void thePenaltyOfAWeightIsAScalarToo() {
    Node input = input(2);
    Model model = Model.of(input, input.to(dense(1).useBias(false).name("one")));
    Weights weights =
        Weights.of(Map.of("one/kernel", new HostTensor(Shape.of(2, 1), new float[] {3, -4})));
    GradientNorms norms =
        GradientNorms.of(
            model,
            weights,
            (tf, net) -> tf.nn.l2Loss(net.value(net.variables().get(0))),
            new HostTensor(Shape.of(1, 2), new float[2]));
    assertEquals(Map.of("one/kernel", 5.0), norms.byWeight());
  }

  @Test
  void whatIsNoScalarOfTheGraphIsRefused() {
    Model model = Networks.smallNet(4, ActivationFunction.LINEAR);
    Weights weights = weights(model);
    assertFails(
        "gradient norms: expected a scalar, received values (None, 4)",
        () -> GradientNorms.of(model, weights, (tf, net) -> net.output("head"), images()));
    try (Graph another = new Graph()) {
      Ops elsewhere = Ops.create(another);
      assertFails(
          "gradient norms: expected values in the graph of the model, received some in another",
          () -> GradientNorms.of(model, weights, (tf, net) -> elsewhere.constant(1f), images()));
    }
    assertFails(
        "gradients: expected a way from the loss to every weight that trains, received none to"
            + " c2/kernel, c2/bias, head/kernel, head/bias; freeze their layers if that is meant",
        () ->
            GradientNorms.of(
                model,
                weights,
                (tf, net) -> tf.math.mean(net.output("relu"), tf.array(0, 1, 2, 3)),
                images()));
  }

  private static Weights weights(Model model) {
    return Weights.initial(model, 42);
  }

  private static HostTensor images() {
    return new HostTensor(Shape.of(SAMPLES, 8, 8, 3), SmallNet.images(SAMPLES));
  }

  @Test
  void thoseOfFrozenWeightsAreLeftOut() {
    Model model = Networks.smallNet(4, ActivationFunction.LINEAR).freeze("c1", "bn");
    Map<String, Double> norms = GradientNorms.ofOutputs(model, weights(model), images()).byWeight();
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
    Map<String, Double> norms = GradientNorms.ofOutputs(model, weights(model), sample).byWeight();
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
    Map<String, Double> norms = GradientNorms.ofOutputs(model, weights(model), sample).byWeight();
    assertEquals(5 * (double) size, Closeness.get(norms, "one/kernel"), 1e-6 * size);
  }

  @Test
  void aGradientOfZerosHasTheNormZero() {
    Node input = input(2);
    Model model = Model.of(input, input.to(dense(1).useBias(false).name("one")));
    HostTensor sample = new HostTensor(Shape.of(1, 2), new float[2]);
    assertEquals(
        Map.of("one/kernel", 0.0),
        GradientNorms.ofOutputs(model, weights(model), sample).byWeight());
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

  /** Half of its digits. */
  private static final double BFLOAT16 = 0.05;

  static List<Precision> mixed() {
    return List.of(Precision.MIXED_BFLOAT16, Precision.MIXED_FLOAT16);
  }

  /** In float16 gradients are made 32768 times larger; norms are those of the loss all the same. */
  @ParameterizedTest
  @MethodSource("mixed")
  void ofMixedPrecisionAreThoseOfTheLossWithoutItsScale(Precision precision) {
    Compile compile =
        Compile.of(Optimizer.sgd(), Loss.sparseCategoricalCrossentropy())
            .seed(42)
            .precision(precision);
    Model model = Networks.smallNet(4, ActivationFunction.SOFTMAX);
    try (Trainer trainer = Trainer.of(model, compile);
        Batches batches = SmallNet.data(SAMPLES, "class").open(SAMPLES, false, 0)) {
      batches.begin(0);
      try (Batch batch = batches.next().orElseThrow()) {
        GradientNorms norms = GradientNorms.ofLoss(trainer, batch).only("kernel", "gamma", "beta");
        JsonObject keras = Closeness.get(KERAS, "loss").getAsJsonObject("norms");
        norms
            .byWeight()
            .forEach(
                (name, norm) -> {
                  double expected = keras.get(name).getAsDouble();
                  assertEquals(expected, norm, BFLOAT16 * expected, name);
                });
      }
    }
  }

  @Test
  void aLossThatIsNoNumberIsTold() {
    Node input = input(1);
    Model model = Model.of(input, input.to(dense(1)));
    Dataset data =
        Dataset.of(Samples.of(new float[] {1}, 1), Samples.of(new float[] {Float.MAX_VALUE}, 1));
    Compile compile = Compile.of(Optimizer.sgd(), Loss.meanSquaredError());
    try (Trainer trainer = Trainer.of(model, compile);
        Batches batches = data.open(1, false, 0)) {
      batches.begin(0);
      try (Batch batch = batches.next().orElseThrow()) {
        GraphException failure =
            assertThrows(GraphException.class, () -> GradientNorms.ofLoss(trainer, batch));
        assertTrue(
            String.valueOf(failure.getMessage())
                .startsWith("gradient norms: expected a finite loss, received infinity"),
            failure.getMessage());
      }
    }
  }

  private static GradientNorms norms(double... norms) {
    return new GradientNorms(
        IntStream.range(0, norms.length)
            .mapToObj(i -> new GradientNorms.OfWeight("l" + i + "/kernel", i + 1, norms[i]))
            .collect(ImmutableList.toImmutableList()));
  }

  @Test
  void aNormIsNotNegative() {
    assertFails(
        "gradient norms: expected a depth and a norm of 0 or more for 'a/kernel', received 1 and"
            + " -2.0",
        () -> new GradientNorms.OfWeight("a/kernel", 1, -2));
    assertFails(
        "gradient norms: expected a depth and a norm of 0 or more for 'a/kernel', received -1 and"
            + " 2.0",
        () -> new GradientNorms.OfWeight("a/kernel", -1, 2));
  }

  @Test
  void deadAndExplodingLayersAreNamed() {
    GradientNorms norms = norms(0, 1e-3, 1.1e-3, 1, 1, 2, 999, 1000, Double.NaN);
    assertEquals(Map.of("l0", 0.0, "l1", 1e-3), norms.dead());
    assertEquals(Map.of("l7", 1000.0, "l8", Double.NaN), norms.exploding());
  }

  @Test
  void whereNothingArrivesAllLayersAreDead() {
    assertEquals(Map.of("l0", 0.0, "l1", 0.0), norms(0, 0).dead());
    assertEquals(Map.of(), norms(0, 0).exploding());
    assertEquals(
        Map.of("l0", Double.POSITIVE_INFINITY), norms(Double.POSITIVE_INFINITY).exploding());
    assertEquals(Map.of(), norms(Double.POSITIVE_INFINITY).dead());
  }

  @Test
  void whereMostLayersAreDeadTheOthersDoNotExplode() {
    GradientNorms norms = norms(0, 0, 1e-3);
    assertEquals(Map.of("l0", 0.0, "l1", 0.0), norms.dead());
    assertEquals(Map.of(), norms.exploding());
    GradientNorms mixed = norms(0, 0, 0, 0, 0, 1e-3, 1, 1, 1000, Double.POSITIVE_INFINITY);
    assertEquals(
        Map.of("l0", 0.0, "l1", 0.0, "l2", 0.0, "l3", 0.0, "l4", 0.0, "l5", 1e-3), mixed.dead());
    assertEquals(Map.of("l8", 1000.0, "l9", Double.POSITIVE_INFINITY), mixed.exploding());
  }

  @Test
  void weightsOfALayerAndOfADepthCountTogether() {
    GradientNorms norms =
        new GradientNorms(
            ImmutableList.of(
                new GradientNorms.OfWeight("net/a/kernel", 1, 3),
                new GradientNorms.OfWeight("net/a/bias", 1, 4),
                new GradientNorms.OfWeight("b/kernel", 1, 12)));
    assertEquals(Map.of("net/a", 5.0, "b", 12.0), norms.byLayer());
    assertEquals(Map.of(1, 13.0), norms.byDepth());
    assertEquals(Map.of("net/a/bias", 4.0), norms.only("bias").byWeight());
    assertFails(
        "gradient norms: expected one of [kernel, bias], received 'gamma'",
        () -> norms.only("kernel", "gamma"));
  }

  /** As papers count: convolutions and dense layers on the longest way, projections aside. */
  @Test
  void theDepthOfAWeightIsThatOfItsLayerOnTheLongestWay() {
    Node image = input(8, 8, 1);
    Node x = image.to(conv2D(2, 3).padding(Padding.SAME).name("one"));
    Node way = x.to(batchNormalization().name("norm")).to(relu());
    way = way.to(conv2D(4, 3).strides(2).padding(Padding.SAME).name("two"));
    way = way.to(conv2D(4, 3).padding(Padding.SAME).name("three"));
    Node sum = add(way, x.to(conv2D(4, 1).strides(2).name("projection")));
    Node inside = input(4, 4, 4);
    Model nested =
        Model.of(inside, inside.to(globalAveragePooling2D()).to(dense(3).name("four")))
            .name("part");
    Model model = Model.of(image, sum.to(nested).to(dense(2).name("five")));
    HostTensor sample = new HostTensor(Shape.of(1, 8, 8, 1), new float[64]);
    Map<String, Integer> depths =
        GradientNorms.ofOutputs(model, weights(model), sample)
            .only("kernel", "gamma")
            .weights()
            .stream()
            .collect(Collectors.toMap(GradientNorms.OfWeight::name, w -> w.depth()));
    assertEquals(
        Map.of(
            "one/kernel",
            1,
            "norm/gamma",
            1,
            "two/kernel",
            2,
            "three/kernel",
            3,
            "projection/kernel",
            2,
            "part/four/kernel",
            4,
            "five/kernel",
            5),
        depths);
  }
}
