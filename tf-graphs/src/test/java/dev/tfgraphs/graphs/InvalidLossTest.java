package dev.tfgraphs.graphs;

import static dev.tfgraphs.graphs.Closeness.assertClose;
import static dev.tfgraphs.graphs.Closeness.assertFails;
import static dev.tfgraphs.ops.Layers.batchNormalization;
import static dev.tfgraphs.ops.Layers.dense;
import static dev.tfgraphs.ops.Layers.dropout;
import static dev.tfgraphs.ops.Layers.input;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertNotEquals;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import com.google.common.hash.Hashing;
import dev.tfgraphs.graphs.data.Batch;
import dev.tfgraphs.graphs.data.Dataset;
import dev.tfgraphs.graphs.data.Samples;
import dev.tfgraphs.ops.ActivationFunction;
import dev.tfgraphs.ops.Model;
import dev.tfgraphs.ops.Node;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Arrays;
import java.util.List;
import java.util.Map;
import java.util.TreeMap;
import java.util.stream.Stream;
import org.junit.jupiter.api.Named;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.MethodSource;
import org.tensorflow.ndarray.Shape;
import org.tensorflow.ndarray.buffer.DataBuffers;
import org.tensorflow.types.TFloat32;
import org.tensorflow.types.TInt32;

/** A loss that is no finite number, and what is left of its step. */
class InvalidLossTest {
  private static final int SIZE = 4;

  /** Finite at 0, where its slope is not. */
  private static final Loss ROOT =
      Loss.of(
          "root",
          (tf, target, prediction) ->
              tf.math.sqrt(tf.math.mean(tf.math.square(prediction), tf.array(0, 1))));

  private static final String UNKNOWN =
      "inputs, targets and weights are finite; a lower learning rate or clipnorm(1) may help, or"
          + " smaller inputs; this step has changed nothing";

  @TempDir private Path folder;

  /** Draws, moves averages, and has something to train. */
  private static Model model() {
    Node input = input(6);
    Node x = input.to(dense(8)).to(batchNormalization()).to(dropout(0.5));
    return Model.of(input, x.to(dense(3).activation(ActivationFunction.SOFTMAX)));
  }

  private static Batch batch(float value) {
    float[] values = new float[SIZE * 6];
    for (int i = 0; i < values.length; i++) {
      values[i] = i * 7 % 11 / 11f;
    }
    values[8] = value;
    return Batch.of(
        List.of(TFloat32.tensorOf(Shape.of(SIZE, 6), DataBuffers.of(values, true, false))),
        List.of(TInt32.vectorOf(0, 1, 2, 1)),
        TFloat32.vectorOf(1, 2, 0.5f, 1));
  }

  private static Batch column(float value) {
    float[] values = {value, value};
    return Batch.of(
        List.of(TFloat32.tensorOf(Shape.of(2, 1), DataBuffers.of(values, true, false))),
        List.of(TFloat32.tensorOf(Shape.of(2, 1), DataBuffers.of(values, true, false))));
  }

  /** Nothing that is gathered may hang on what the batch's numbers are. */
  static Stream<Named<Compile>> compiles() {
    Loss loss = Loss.sparseCategoricalCrossentropy();
    Metric one = Metric.mean("one", (tf, target, prediction) -> tf.constant(1f));
    Metric[] metrics = {Metric.accuracy(), Metric.topK(2), Metric.of(loss), one};
    return Stream.of(
        Named.of("adam", Compile.of(Optimizer.adam(), loss, metrics).weightedMetrics(metrics[0])),
        Named.of(
            "everything around nadam",
            Compile.of(
                Optimizer.nadam().weightDecay(0.1).clipnorm(1).ema(0.9, 2).lossScaleFactor(8),
                loss,
                metrics)),
        Named.of("accumulation", Compile.of(Optimizer.sgd(0.1).gradientAccumulationSteps(3), loss)),
        Named.of(
            "losses not reduced", Compile.of(Optimizer.lion(), loss.reduction(Reduction.NONE))));
  }

  /** A hash of every variable, by the names of the files that hold them. */
  private Map<String, String> state(Trainer trainer, String name) throws IOException {
    Path state = folder.resolve(name);
    trainer.save(state);
    Map<String, String> bytes = new TreeMap<>();
    try (Stream<Path> files = Files.list(state)) {
      for (Path file : files.toList()) {
        bytes.put(
            file.getFileName().toString(),
            Hashing.sha256().hashBytes(Files.readAllBytes(file)).toString());
      }
    }
    assertTrue(bytes.size() >= 3, bytes.keySet().toString());
    return bytes;
  }

  @ParameterizedTest(name = "{0}")
  @MethodSource("compiles")
  void aStepWithoutAFiniteLossChangesNoVariable(Compile compile) throws IOException {
    try (Trainer trainer = Trainer.of(model(), compile.seed(1));
        Batch good = batch(0.5f);
        Batch infinite = batch(Float.POSITIVE_INFINITY)) {
      Map<String, String> first = state(trainer, "first");
      double unused = trainer.step(good);
      Map<String, String> before = state(trainer, "before");
      assertNotEquals(first, before);
      for (int i = 0; i < 20; i++) {
        assertThrows(InvalidLoss.class, () -> trainer.step(infinite));
      }
      assertEquals(before, state(trainer, "after"));
    }
  }

  @ParameterizedTest
  @CsvSource({"NaN, NaN, NaN", "Infinity, NaN, infinity", "-Infinity, NaN, infinity"})
  void anInputThatIsNoNumberIsToBlame(float value, String received, String found) {
    Compile compile = Compile.of(Optimizer.sgd(0.1), Loss.sparseCategoricalCrossentropy()).seed(1);
    try (Trainer trainer = Trainer.of(model(), compile);
        Batch batch = batch(value)) {
      assertFails(
          "step: expected a finite loss, received %s: input 'input_layer' has %s at place 2 of"
                  .formatted(received, found)
              + " sample 1 of a batch; this step has changed nothing",
          () -> trainer.step(batch));
    }
  }

  @ParameterizedTest
  @CsvSource({"NaN, NaN, NaN", "Infinity, infinity, infinity"})
  void aTargetThatIsNoNumberIsToBlame(float value, String received, String found) {
    Node input = input(1);
    Model model = Model.of(input, input.to(dense(1).name("size")));
    Compile compile = Compile.of(Optimizer.sgd(0.1), Loss.meanSquaredError()).seed(1);
    try (Trainer trainer = Trainer.of(model, compile);
        Batch batch =
            Batch.of(
                List.of(TFloat32.tensorOf(Shape.of(2, 1))), List.of(TFloat32.vectorOf(1, value)))) {
      assertFails(
          "trainOnBatch: expected a finite loss, received %s: the target of output 'size' has %s"
                  .formatted(received, found)
              + " in sample 1 of a batch; this step has changed nothing",
          () -> trainer.trainOnBatch(batch).loss());
    }
  }

  private static Trainer half() {
    Compile compile = Compile.of(Optimizer.sgd(0.1), Loss.sparseCategoricalCrossentropy()).seed(1);
    return Trainer.of(
        Networks.smallNet(4, ActivationFunction.SOFTMAX),
        compile.precision(Precision.MIXED_FLOAT16));
  }

  /** Eight images of which one, or none, is more than float16 holds. */
  private static Dataset images(float brightest) {
    float[] images = SmallNet.images(8);
    images[100] = brightest;
    return Dataset.of(
        Samples.of(images, 8, 8, 3), Samples.labels(new int[] {0, 1, 2, 3, 0, 1, 2, 3}));
  }

  @Test
  void float16LeavesOutAStepThatOverflowsAndGoesOn() {
    FitOptions options = FitOptions.epochs(1).batchSize(4).shuffle(false).verbose(0);
    try (Trainer trainer = half();
        Trainer second = half()) {
      Weights before = trainer.weights();
      History overflown = trainer.fit(images(1e6f).take(4), options);
      // as in Keras
      assertTrue(Double.isNaN(overflown.get("loss").get(0)));
      assertEquals(before, trainer.weights());
      var unused1 = trainer.fit(images(1e6f).skip(4), options);
      var unused2 = second.fit(images(1e6f).skip(4), options);
      assertNotEquals(before, second.weights());
      second
          .weights()
          .tensors()
          .forEach(
              (name, tensor) -> assertClose(name, tensor, trainer.weights().get(name), 1e-3, 1e-4));
    }
  }

  @Test
  void terminateOnNaNEndsAFitInFloat16Too() {
    FitOptions options = FitOptions.epochs(3).batchSize(4).shuffle(false).verbose(0);
    try (Trainer trainer = half()) {
      History history = trainer.fit(images(1e6f), options.callback(TerminateOnNaN.create()));
      assertEquals(List.of(0), history.epochs());
    }
  }

  /** From 2^15 to 1 the scale falls in 15 steps. */
  @Test
  void whatFloat16IsNotToBlameForEndsAFitWhenTheScaleHasFallenTo1() {
    FitOptions options = FitOptions.epochs(30).batchSize(4).shuffle(false).verbose(0);
    try (Trainer trainer = half()) {
      assertFails(
          "fit: epoch 16, step 1: expected a finite loss, received NaN: " + UNKNOWN,
          () -> trainer.fit(images(1e6f).take(4), options));
    }
  }

  /** A step that spoils epoch {@code epoch} before its batch {@code batch}, of three. */
  private static History spoilt(FitOptions options, int epoch, int batch) {
    Callback spoiling =
        new Callback() {
          @Override
          public void batchBegin(Fit fit, int index) {
            if (fit.epoch() == epoch && index == batch) {
              fit.trainer().assign(filled(fit.trainer().weights(), Float.MAX_VALUE));
            }
          }
        };
    Compile compile =
        Compile.of(Optimizer.sgd(0.01), Loss.sparseCategoricalCrossentropy(), Metric.accuracy());
    try (Trainer trainer =
        Trainer.of(Networks.smallNet(4, ActivationFunction.SOFTMAX), compile.seed(1))) {
      return trainer.fit(
          SmallNet.data(6, "class"), options.callback(spoiling).callback(TerminateOnNaN.create()));
    }
  }

  private static Weights filled(Weights weights, float value) {
    Map<String, HostTensor> filled = new TreeMap<>();
    weights
        .tensors()
        .forEach(
            (name, tensor) -> {
              float[] values = new float[tensor.values().length];
              Arrays.fill(values, value);
              filled.put(name, new HostTensor(tensor.shape(), values));
            });
    return Weights.of(filled);
  }

  @Test
  void weightsThatAnEarlierStepHasSpoiltAreNotPromised() {
    Node input = input(1);
    Model model = Model.of(input, input.to(dense(1).useBias(false)));
    try (Trainer trainer = Trainer.of(model, Compile.of(Optimizer.sgd(0.1), ROOT).seed(1));
        Batch zeros = column(0)) {
      assertEquals(0, trainer.step(zeros));
      assertFails(
          "step: expected a finite loss, received NaN: weight 'dense/kernel' was not finite before"
              + " it; a gradient may be so where the loss is finite, as that of a square root at 0;"
              + " this step has changed nothing",
          () -> trainer.step(zeros));
    }
  }

  @Test
  void aWeightThatNoStepMovesIsNamedAndNotBlamed() {
    Node input = input(1);
    Model model = Model.of(input, input.to(dense(1).name("frozen")).to(dense(1))).freeze("frozen");
    try (Trainer trainer = Trainer.of(model, Compile.of(Optimizer.sgd(0.1), ROOT).seed(1));
        Batch ones = column(1)) {
      Map<String, HostTensor> spoilt = new TreeMap<>(trainer.weights().tensors());
      spoilt.put(
          "frozen/bias", new HostTensor(dev.tfgraphs.ops.Shape.of(1), new float[] {Float.NaN}));
      trainer.assign(Weights.of(spoilt));
      assertFails(
          "step: expected a finite loss, received NaN: "
              + UNKNOWN.replace("finite;", "finite but for 'frozen/bias';"),
          () -> trainer.step(ones));
    }
  }

  @Test
  void aDiagnosisThatFailsDoesNotHideTheLoss() {
    RuntimeException cause = new IllegalStateException("tfgraphs: invalid loss : Tensor had NaN");
    RuntimeException another = new IllegalStateException("out of memory");
    InvalidLoss invalid =
        InvalidLoss.of(
            "step",
            cause,
            () -> {
              throw another;
            });
    assertEquals(
        "step: expected a finite loss, received NaN: what has led to it cannot be told; this step"
            + " has changed nothing",
        invalid.getMessage());
    assertEquals(cause, invalid.getCause());
    assertEquals(List.of(another), List.of(cause.getSuppressed()));
  }

  @Test
  void anEpochWhoseLastStepSpoilsWeightsEndsInAFailure() {
    assertFails(
        "fit: epoch 1: expected weights that are finite numbers, received others in"
            + " [dense/kernel]; inputs may be too large for float32, or the learning rate too high",
        () -> fitZeros(ROOT, 1));
  }

  @Test
  void weightsWhoseSquaresAreInfiniteAreFiniteNumbers() {
    assertEquals(1e30f, fitZeros(Loss.meanSquaredError(), 1e30f));
  }

  /** What is left of a weight after an epoch of a single nought. */
  private static float fitZeros(Loss loss, float weight) {
    Node input = input(1);
    Model model = Model.of(input, input.to(dense(1).useBias(false)));
    Dataset zero = Dataset.of(Samples.of(new float[1], 1), Samples.of(new float[1], 1));
    try (Trainer trainer = Trainer.of(model, Compile.of(Optimizer.sgd(0.1), loss).seed(1))) {
      trainer.assign(filled(trainer.weights(), weight));
      History history = trainer.fit(zero, FitOptions.epochs(1).verbose(0));
      assertEquals(List.of(0.0), history.get("loss"));
      return trainer.weights().get("dense/kernel").values()[0];
    }
  }

  /** The kernel's scratch is no part of what is saved, and must not outlive what it is for. */
  @Test
  void aRestoredRmsPropIsFreeOfWhatSpoiltIt() throws IOException {
    Node input = input(1);
    Model model = Model.of(input, input.to(dense(1).useBias(false)));
    Path saved = folder.resolve("saved");
    try (Trainer trainer = Trainer.of(model, Compile.of(Optimizer.rmsprop(0.1), ROOT).seed(1));
        Batch zeros = column(0);
        Batch ones = column(1)) {
      assertNotEquals(0, trainer.step(ones));
      trainer.save(saved);
      assertEquals(0, trainer.step(zeros));
      assertFalse(trainer.weights().areFinite());
      trainer.restore(saved);
      assertNotEquals(0, trainer.step(ones));
      assertTrue(trainer.weights().areFinite());
    }
    String names = Files.readString(saved.resolve("state.index"), StandardCharsets.ISO_8859_1);
    assertTrue(names.contains("velocity"), names);
    assertFalse(names.contains("scratch"), names);
  }

  /** As in Keras, where {@code fit} of a NaN with the same callback ends with {loss: [nan]}. */
  @Test
  void theEpochThatItEndsHasNoScores() {
    FitOptions options = FitOptions.epochs(2).batchSize(2).verbose(0);
    for (int batch = 0; batch < 3; batch++) {
      History history = spoilt(options, 1, batch);
      assertEquals(List.of(0, 1), history.epochs());
      for (String name : List.of("loss", "accuracy")) {
        assertTrue(Double.isFinite(history.get(name).get(0)), name);
        assertTrue(Double.isNaN(history.get(name).get(1)), name);
      }
    }
  }

  @Test
  void theBestModelIsNotReplacedByIt() throws IOException {
    Path best = folder.resolve("best");
    ModelCheckpoint checkpoint =
        ModelCheckpoint.to(
                best.toString(),
                (trainer, path) -> {
                  assertFalse(Files.exists(best), "written twice");
                  Files.writeString(path, "best");
                })
            .saveBestOnly("loss");
    History history =
        spoilt(FitOptions.epochs(2).batchSize(2).verbose(0).callback(checkpoint), 1, 0);
    assertEquals(List.of(0, 1), history.epochs());
    assertEquals("best", Files.readString(best));
  }
}
