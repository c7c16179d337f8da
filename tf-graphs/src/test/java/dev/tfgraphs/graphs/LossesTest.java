package dev.tfgraphs.graphs;

import static dev.tfgraphs.graphs.Closeness.assertClose;
import static dev.tfgraphs.graphs.Closeness.assertFails;
import static org.junit.jupiter.api.Assertions.assertEquals;

import com.google.common.collect.ImmutableMap;
import com.google.gson.JsonObject;
import dev.tfgraphs.graphs.data.Batch;
import dev.tfgraphs.ops.ActivationFunction;
import dev.tfgraphs.ops.Layers;
import dev.tfgraphs.ops.Model;
import dev.tfgraphs.ops.Node;
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
import org.tensorflow.proto.DataType;

class LossesTest {
  /** Logarithms and exponentials of two TensorFlow versions, and sums of a few float32 numbers. */
  private static final double RELATIVE = 1e-6;

  private static final double ABSOLUTE = 1e-7;

  static List<JsonObject> all() {
    return Golden.rows(Golden.file("losses.json").get("losses"));
  }

  static Stream<JsonObject> supported() {
    return all().stream().filter(row -> leftOut(row).isEmpty());
  }

  static Stream<JsonObject> throughModels() {
    return Golden.rows(Golden.file("losses.json").get("through_models")).stream();
  }

  /** Why this library has no such loss, or nothing where it has. */
  private static Optional<String> leftOut(JsonObject row) {
    String reduction = reduction(row);
    if (reduction.equals("mean_with_sample_weight") || reduction.equals("sum")) {
      return Optional.of("reduction " + reduction);
    }
    if (row.get("sample_weight").isJsonNull()) {
      return Optional.empty();
    }
    Shape weights = Golden.tensor(row.get("sample_weight")).shape();
    if (reduction.equals("none")) {
      return Optional.of("weights without a reduction");
    }
    if (weights.rank() == 2 && weights.size(1) != 1) {
      return Optional.of("a weight for each pixel");
    }
    // Keras lays the samples' weights along the last axis of pixels; here they weight samples
    return Golden.tensor(row.get("y_pred")).shape().rank() > 2
        ? Optional.of("weights of samples on pixels")
        : Optional.empty();
  }

  private static String reduction(JsonObject row) {
    return row.getAsJsonObject("config").get("reduction").getAsString();
  }

  private static Loss loss(JsonObject row) {
    JsonObject config = row.getAsJsonObject("config");
    return switch (row.get("class_name").getAsString()) {
      case "SparseCategoricalCrossentropy" ->
          Loss.sparseCategoricalCrossentropy().fromLogits(config.get("from_logits").getAsBoolean());
      case "CategoricalCrossentropy" ->
          Loss.categoricalCrossentropy()
              .fromLogits(config.get("from_logits").getAsBoolean())
              .labelSmoothing(config.get("label_smoothing").getAsDouble());
      case "BinaryCrossentropy" ->
          Loss.binaryCrossentropy()
              .fromLogits(config.get("from_logits").getAsBoolean())
              .labelSmoothing(config.get("label_smoothing").getAsDouble());
      default -> Loss.meanSquaredError();
    };
  }

  @ParameterizedTest
  @MethodSource("supported")
  void valuesAreThoseOfKeras(JsonObject row) {
    HostTensor prediction = Golden.tensor(row.get("y_pred"));
    Targets targets = Targets.of(loss(row), prediction.shape());
    HostTensor given = Golden.tensor(row.get("y_true"));
    HostTensor target = new HostTensor(targets.shape(), given.values());
    float[] weights = new float[prediction.shape().size(0)];
    java.util.Arrays.fill(weights, 1);
    if (!row.get("sample_weight").isJsonNull()) {
      weights = Golden.tensor(row.get("sample_weight")).values();
    }
    try (Graph graph = new Graph()) {
      Emitter e = Emitter.into(Ops.create(graph));
      Output<?> y = constant(e, prediction);
      Output<?> wanted = e.cast(constant(e, target), targets.type());
      Losses losses = new Losses(e);
      Output<?> loss =
          reduction(row).equals("none")
              ? losses.values(loss(row), y, Optional.empty(), wanted)
              : losses.mean(loss(row), y, Optional.empty(), wanted, e.vector(weights));
      try (Session session = new Session(graph);
          Result result = session.runner().fetch(loss).run()) {
        assertClose(
            row.toString(),
            Golden.tensor(row.get("loss")),
            HostTensor.of(result.get(0)),
            RELATIVE,
            ABSOLUTE);
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
    assertEquals(
        Map.of(
            "supported", 95,
            "reduction sum", 76,
            "reduction mean_with_sample_weight", 54,
            "weights without a reduction", 54,
            "a weight for each pixel", 2,
            "weights of samples on pixels", 1),
        counts);
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
          default -> Loss.meanSquaredError();
        };
    HostTensor logits = Golden.tensor(row.get("logits"));
    ActivationFunction function =
        ActivationFunction.valueOf(
            com.google.common.base.Ascii.toUpperCase(row.get("activation").getAsString()));
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
    return org.tensorflow.types.TInt32.vectorOf(labels);
  }

  @Test
  void smoothingLiesBetween0And1() {
    assertFails(
        "categorical crossentropy: expected label smoothing from 0 to 1, received 1.5",
        () -> Loss.categoricalCrossentropy().labelSmoothing(1.5));
    assertFails(
        "binary crossentropy: expected label smoothing from 0 to 1, received NaN",
        () -> Loss.binaryCrossentropy().labelSmoothing(Double.NaN));
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
