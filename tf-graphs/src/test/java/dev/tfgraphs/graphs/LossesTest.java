package dev.tfgraphs.graphs;

import static dev.tfgraphs.graphs.Closeness.assertClose;
import static dev.tfgraphs.graphs.Closeness.assertFails;
import static dev.tfgraphs.graphs.Closeness.get;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import com.google.common.base.Ascii;
import com.google.common.collect.ImmutableMap;
import com.google.gson.JsonObject;
import dev.tfgraphs.graphs.data.Batch;
import dev.tfgraphs.ops.ActivationFunction;
import dev.tfgraphs.ops.Layers;
import dev.tfgraphs.ops.Model;
import dev.tfgraphs.ops.Node;
import dev.tfgraphs.ops.Shape;
import java.util.Arrays;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.TreeMap;
import java.util.function.DoubleSupplier;
import java.util.stream.Stream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.MethodSource;
import org.tensorflow.Output;
import org.tensorflow.Tensor;
import org.tensorflow.ndarray.buffer.DataBuffers;
import org.tensorflow.proto.DataType;
import org.tensorflow.types.TFloat32;
import org.tensorflow.types.TInt32;

class LossesTest {
  /** Logarithms and exponentials of two TensorFlow versions, and sums of a few float32 numbers. */
  private static final double RELATIVE = 1e-6;

  private static final double ABSOLUTE = 1e-7;

  /** Probabilities are exponentials of sums of logarithms of some hundreds. */
  private static final double GRADIENTS = 1e-5;

  /** Such differences go into the weights in each of three steps, at a rate of 0.1. */
  private static final double THREE_STEPS = 1e-5;

  static List<JsonObject> all() {
    return Golden.rows(Golden.file("losses.json").get("losses"));
  }

  static Stream<JsonObject> supported() {
    return all().stream().filter(row -> leftOut(row).isEmpty());
  }

  static Stream<JsonObject> throughModels() {
    return Golden.rows(Golden.file("losses.json").get("through_models")).stream();
  }

  /** Why a row of Keras is not this library's, or nothing where it is. */
  private static Optional<String> leftOut(JsonObject row) {
    if (row.get("sample_weight").isJsonNull()) {
      return Optional.empty();
    }
    HostTensor weights = Golden.tensor(row.get("sample_weight"));
    int rank = Golden.tensor(row.get("y_pred")).shape().rank();
    if (List.of("CTC", "Dice", "Tversky").contains(row.get("class_name").getAsString())) {
      return Optional.empty();
    }
    // Keras lays the samples' weights along the last axis of pixels; here they weight samples
    return rank > 2 && weights.shape().rank() == 1
        ? Optional.of("weights of samples on pixels")
        : Optional.empty();
  }

  @ParameterizedTest
  @MethodSource("supported")
  void valuesAreThoseOfKeras(JsonObject row) {
    HostTensor prediction = Golden.tensor(row.get("y_pred"));
    HostTensor target = Golden.tensor(row.get("y_true"));
    boolean weighted = !row.get("sample_weight").isJsonNull();
    HostTensor weights = weighted ? Golden.tensor(row.get("sample_weight")) : target;
    Loss loss = KerasObjects.loss(row);
    Targets targets = Targets.of(loss, prediction.shape().with(0, Shape.UNKNOWN));
    try (Outcomes outcomes = new Outcomes(targets, weighted ? weights.shape() : Shape.of())) {
      Output<?> value = new Losses(outcomes.emitter()).of(loss, outcomes.outcome());
      assertClose(
          row.toString(),
          Golden.tensor(row.get("loss")).values(),
          outcomes.get(prediction, target, weights, value).values(),
          RELATIVE,
          ABSOLUTE);
    }
  }

  @Test
  void whatIsLeftOutIsCounted() {
    Map<String, Integer> counts = new TreeMap<>();
    all().forEach(row -> counts.merge(leftOut(row).orElse("supported"), 1, Integer::sum));
    assertEquals(
        Map.of(
            "supported", 1349,
            "weights of samples on pixels", 5),
        counts);
  }

  static Stream<JsonObject> gradients() {
    // between two floats of 10^8 there is no slope to see
    return supported()
        .filter(row -> KerasObjects.reduction(row) == Reduction.SUM)
        .filter(row -> Math.abs(Golden.tensor(row.get("loss")).values()[0]) < 1e4);
  }

  /**
   * The gradient of the sum by the prediction, against the slopes to both sides, between which it
   * lies even where a loss bends. The step is 2^-9; a float32 sum S is off by 2e-7 S, which the
   * division by the step makes 1e-4 S; 2e-3 more is for the curvature of what does not bend.
   */
  @ParameterizedTest
  @MethodSource("gradients")
  void gradientsAreSlopes(JsonObject row) {
    HostTensor prediction = Golden.tensor(row.get("y_pred"));
    HostTensor target = Golden.tensor(row.get("y_true"));
    boolean weighted = !row.get("sample_weight").isJsonNull();
    HostTensor weights = weighted ? Golden.tensor(row.get("sample_weight")) : target;
    Loss loss = KerasObjects.loss(row);
    Targets targets = Targets.of(loss, prediction.shape().with(0, Shape.UNKNOWN));
    try (Outcomes outcomes = new Outcomes(targets, weighted ? weights.shape() : Shape.of())) {
      Output<?> value = new Losses(outcomes.emitter()).of(loss, outcomes.outcome());
      Output<?>[] gradient =
          outcomes.emitter().graph().addGradients(value, new Output<?>[] {outcomes.prediction()});
      float[] analytic = outcomes.get(prediction, target, weights, gradient[0]).values();
      float[] y = prediction.values();
      DoubleSupplier sum = () -> outcomes.get(prediction, target, weights, value).values()[0];
      int checked = 0;
      for (int i = 0; i < y.length; i++) {
        checked += liesBetweenTheSlopes(row + "[" + i + "]", y, i, analytic[i], sum) ? 1 : 0;
      }
      assertTrue(checked > y.length / 2, row.toString());
    }
  }

  /** Checks one place; returns whether the loss is a number to both sides of it. */
  private static boolean liesBetweenTheSlopes(
      String what, float[] y, int i, float analytic, DoubleSupplier sum) {
    double middle = sum.getAsDouble();
    float kept = y[i];
    float step = 1f / 512;
    y[i] = kept + step;
    double above = (sum.getAsDouble() - middle) / step;
    y[i] = kept - step;
    double below = (middle - sum.getAsDouble()) / step;
    y[i] = kept;
    if (Double.isNaN(above) || Double.isNaN(below)) {
      return false;
    }
    double slack = 2e-3 * Math.max(1, Math.abs(above + below) / 2) + 1e-4 * Math.abs(middle);
    double least = Math.min(above, below) - slack;
    double most = Math.max(above, below) + slack;
    assertTrue(
        analytic >= least && analytic <= most,
        () -> what + ": " + analytic + " is not in " + least + " to " + most);
    return true;
  }

  static Stream<JsonObject> derived() {
    return Golden.rows(Golden.file("losses.json").get("gradients")).stream();
  }

  @ParameterizedTest
  @MethodSource("derived")
  void sumsAndTheirGradientsAreThoseOfKeras(JsonObject row) {
    HostTensor prediction = Golden.tensor(row.get("y_pred"));
    HostTensor target = Golden.tensor(row.get("y_true"));
    Loss loss = KerasObjects.loss(row);
    Targets targets = Targets.of(loss, prediction.shape().with(0, Shape.UNKNOWN));
    try (Outcomes outcomes = new Outcomes(targets, Shape.of())) {
      Output<?> value = new Losses(outcomes.emitter()).of(loss, outcomes.outcome());
      Output<?>[] gradient =
          outcomes.emitter().graph().addGradients(value, new Output<?>[] {outcomes.prediction()});
      assertClose(
          row.toString(),
          Golden.tensor(row.get("loss")).values(),
          outcomes.get(prediction, target, target, value).values(),
          RELATIVE,
          ABSOLUTE);
      assertClose(
          row.toString(),
          Golden.tensor(row.get("gradient")).values(),
          outcomes.get(prediction, target, target, gradient[0]).values(),
          GRADIENTS,
          GRADIENTS);
    }
  }

  static Stream<JsonObject> steps() {
    return Golden.rows(Golden.file("losses.json").get("steps")).stream();
  }

  @ParameterizedTest
  @MethodSource("steps")
  void threeStepsAreThoseOfKeras(JsonObject row) {
    ActivationFunction function =
        ActivationFunction.valueOf(Ascii.toUpperCase(row.get("activation").getAsString()));
    int[] sizes = Golden.tensor(row.get("x")).shape().toArray();
    Node input = Layers.input(Arrays.copyOfRange(sizes, 1, sizes.length));
    Model model = Model.of(input, input.to(Layers.dense(3).activation(function)));
    Loss loss = KerasObjects.loss(row);
    List<HostTensor> first = Golden.tensors(row.get("first"));
    DataType type = Targets.of(loss, model.output().shape()).type();
    try (Trainer trainer = Trainer.of(model, Compile.of(Optimizer.sgd(0.1), loss).seed(1));
        Batch batch = batch(row, type)) {
      trainer.assign(
          Weights.of(ImmutableMap.of("dense/kernel", first.get(0), "dense/bias", first.get(1))));
      for (float expected : Golden.floats(row.get("losses"))) {
        double actual = trainer.trainOnBatch(batch).loss();
        assertEquals(
            expected, actual, THREE_STEPS * Math.max(1, Math.abs(expected)), row.toString());
      }
      List<HostTensor> last = Golden.tensors(row.get("last"));
      Map<String, HostTensor> trained = trainer.weights().tensors();
      assertClose(
          row.toString(), last.get(0), get(trained, "dense/kernel"), THREE_STEPS, THREE_STEPS);
      assertClose(
          row.toString(), last.get(1), get(trained, "dense/bias"), THREE_STEPS, THREE_STEPS);
    }
  }

  private static Batch batch(JsonObject row, DataType type) {
    Tensor x = Golden.tensor(row.get("x")).toNative();
    Tensor y = typed(Golden.tensor(row.get("y_true")), type);
    return row.get("sample_weight").isJsonNull()
        ? Batch.of(List.of(x), List.of(y))
        : Batch.of(
            List.of(x), List.of(y), TFloat32.vectorOf(Golden.floats(row.get("sample_weight"))));
  }

  /** Logits (40, 0, 0) against class 1: 40 from the logits, 16.118 from the probabilities. */
  @ParameterizedTest
  @MethodSource("throughModels")
  void aModelThatEndsInSoftmaxOrSigmoidHasItsLossFromItsLogits(JsonObject row) {
    Loss loss =
        switch (row.get("loss").getAsString()) {
          case "sparse_categorical_crossentropy" -> Loss.sparseCategoricalCrossentropy();
          case "categorical_crossentropy" -> Loss.categoricalCrossentropy();
          case "binary_crossentropy" -> Loss.binaryCrossentropy();
          case "binary_focal_crossentropy" -> Loss.binaryFocalCrossentropy();
          case "categorical_focal_crossentropy" -> Loss.categoricalFocalCrossentropy();
          case "ignoring" -> Loss.sparseCategoricalCrossentropy().ignoreClass(0);
          default -> Loss.meanSquaredError();
        };
    HostTensor logits = Golden.tensor(row.get("logits"));
    ActivationFunction function =
        ActivationFunction.valueOf(Ascii.toUpperCase(row.get("activation").getAsString()));
    double value =
        value(loss, logits, Golden.tensor(row.get("y_true")), Layers.activation(function));
    assertEquals(row.get("value").getAsDouble(), value, 1e-6 * row.get("value").getAsDouble());
  }

  @Test
  void softmaxInsideDenseOrAsALayerIsFoundBehindItsProbabilities() {
    HostTensor logits = new HostTensor(Shape.of(1, 3), new float[] {40, 0, 0});
    HostTensor target = new HostTensor(Shape.of(1), new float[] {1});
    Loss loss = Loss.sparseCategoricalCrossentropy();
    assertEquals(40, value(loss, logits, target, Layers.softmax()), 1e-5);
    assertEquals(
        40, value(loss, logits, target, Layers.activation(ActivationFunction.SOFTMAX)), 1e-5);
    // what lies behind a reshape is probabilities again, in Keras too
    Node input = Layers.input(3);
    Node x = input.to(Layers.dense(3)).to(Layers.softmax()).to(Layers.reshape(3));
    assertEquals(16.118095, value(loss, logits, target, Model.of(input, x)), 1e-5);
  }

  private static double value(
      Loss loss, HostTensor logits, HostTensor target, dev.tfgraphs.ops.Layer end) {
    Node input = Layers.input(logits.shape().size(1));
    Node x = input.to(Layers.dense(logits.shape().size(1)));
    return value(loss, logits, target, Model.of(input, x.to(end)));
  }

  /** The loss of a model that begins with a dense layer, which is made to change nothing. */
  private static double value(Loss loss, HostTensor logits, HostTensor target, Model model) {
    int size = logits.shape().size(1);
    float[] identity = new float[size * size];
    for (int i = 0; i < size; i++) {
      identity[i * size + i] = 1;
    }
    try (Trainer trainer = Trainer.of(model, Compile.of(Optimizer.sgd(0.1), loss).seed(1));
        Tensor y = typed(target, Targets.of(loss, model.output().shape()).type());
        Batch batch = Batch.of(List.of(logits.toNative()), List.of(y))) {
      trainer.assign(
          Weights.of(
              ImmutableMap.of(
                  "dense/kernel", new HostTensor(Shape.of(size, size), identity),
                  "dense/bias", new HostTensor(Shape.of(size), new float[size]))));
      return trainer.trainOnBatch(batch).loss();
    }
  }

  private static Tensor typed(HostTensor tensor, DataType type) {
    if (type == DataType.DT_FLOAT) {
      return tensor.toNative();
    }
    int[] labels = new int[tensor.values().length];
    for (int i = 0; i < labels.length; i++) {
      labels[i] = (int) tensor.values()[i];
    }
    return TInt32.tensorOf(Shapes.toTensorFlow(tensor.shape()), DataBuffers.of(labels));
  }

  @Test
  void settingsAreChecked() {
    assertFails(
        "categorical crossentropy: label smoothing: expected 0 to 1, received 1.5",
        () -> Loss.categoricalCrossentropy().labelSmoothing(1.5));
    assertFails(
        "binary crossentropy: label smoothing: expected 0 to 1, received NaN",
        () -> Loss.binaryCrossentropy().labelSmoothing(Double.NaN));
    assertFails(
        "binary focal crossentropy: alpha: expected 0 to 1, received 1.25",
        () -> Loss.binaryFocalCrossentropy().alpha(1.25));
    assertFails(
        "binary focal crossentropy: gamma: expected 0 or more, received -2.0",
        () -> Loss.binaryFocalCrossentropy().gamma(-2));
    assertFails(
        "categorical focal crossentropy: alpha: expected 0 or more, received NaN",
        () -> Loss.categoricalFocalCrossentropy().alpha(Double.NaN));
    assertFails(
        "categorical focal crossentropy: gamma: expected 0 or more, received Infinity",
        () -> Loss.categoricalFocalCrossentropy().gamma(Double.POSITIVE_INFINITY));
    assertFails(
        "tversky: alpha: expected 0 or more, received -0.5", () -> Loss.tversky().alpha(-0.5));
    assertFails(
        "tversky: beta: expected 0 or more, received NaN", () -> Loss.tversky().beta(Double.NaN));
    assertFails(
        "huber: delta: expected a positive number, received 0.0", () -> Loss.huber().delta(0));
    assertFails(
        "circle: gamma: expected a positive number, received 0.0", () -> Loss.circle().gamma(0));
  }

  /** Keras: 0.25 with the sum of 1 and 3, and 0.25 without weights. */
  @Test
  void weightsOfOneNumberAreThoseThatABatchHas() {
    Loss quarter =
        Loss.of(
            "quarter",
            (tf, target, prediction) ->
                tf.math.add(tf.constant(0.25f), tf.math.mean(prediction, tf.array(0, 1))));
    Map<Reduction, Double> weighted =
        Map.of(
            Reduction.SUM, 1.0,
            Reduction.NONE, 0.5,
            Reduction.SUM_OVER_BATCH_SIZE, 0.5,
            Reduction.MEAN, 0.5,
            Reduction.MEAN_WITH_SAMPLE_WEIGHT, 0.25);
    Node input = Layers.input(1);
    Model model = Model.of(input, input.to(Layers.dense(1)));
    for (Map.Entry<Reduction, Double> each : weighted.entrySet()) {
      Compile compile = Compile.of(Optimizer.sgd(0.1), quarter.reduction(each.getKey()));
      try (Trainer trainer = Trainer.of(model, compile.seed(1));
          Batch plain = Batch.of(List.of(column()), List.of(column()));
          Batch one = Batch.of(List.of(column()), List.of(column()), TFloat32.vectorOf(1, 3))) {
        assertEquals(0.25, trainer.testOnBatch(plain).loss(), 1e-7);
        assertEquals(each.getValue(), trainer.testOnBatch(one).loss(), 1e-7);
      }
    }
  }

  private static Tensor column() {
    return new HostTensor(Shape.of(2, 1), new float[2]).toNative();
  }

  /** Keras has the same loss, 1 / q, and weights of NaN after the step. */
  @Test
  void aProbabilityOf0DoesNotSpoilTheWeights() {
    HostTensor logits = new HostTensor(Shape.of(1, 3), new float[] {200, 0, 0});
    Loss loss = Loss.categoricalGeneralizedCrossEntropy(0.5);
    Node input = Layers.input(3);
    Node x = input.to(Layers.dense(3).activation(ActivationFunction.SOFTMAX));
    try (Trainer trainer =
            Trainer.of(Model.of(input, x), Compile.of(Optimizer.sgd(0.1), loss).seed(1));
        Batch batch = Batch.of(List.of(logits.toNative()), List.of(TInt32.vectorOf(1)))) {
      trainer.assign(
          Weights.of(
              ImmutableMap.of(
                  "dense/kernel",
                  new HostTensor(Shape.of(3, 3), new float[] {1, 0, 0, 0, 1, 0, 0, 0, 1}),
                  "dense/bias",
                  new HostTensor(Shape.of(3), new float[3]))));
      Weights before = trainer.weights();
      assertEquals(2, trainer.step(batch));
      assertEquals(before, trainer.weights());
    }
  }

  @Test
  void outputsOfAnotherRankAreRefused() {
    assertFails(
        "loss: expected an output (batch, steps, classes) of 2 classes or more for ctc, received"
            + " (None, 3)",
        () -> Targets.of(Loss.ctc(), Shape.of(-1, 3)).type());
    assertFails(
        "loss: expected an output (batch, numbers) for circle, received (None, 4, 3)",
        () -> Targets.of(Loss.circle(), Shape.of(-1, 4, 3)).type());
  }

  static List<Shape> withoutClasses() {
    return List.of(Shape.of(), Shape.of(-1), Shape.of(-1, -1), Shape.of(-1, 4, 4, -1));
  }

  @ParameterizedTest
  @MethodSource("withoutClasses")
  void anOutputWithoutAKnownLastSizeIsRefused(Shape output) {
    for (Loss loss : List.of(Loss.sparseCategoricalCrossentropy(), Loss.meanSquaredError())) {
      assertFails(
          "loss: expected an output (batch, ..., classes) of known last size, received " + output,
          () -> Targets.of(loss, output).type());
    }
  }
}
