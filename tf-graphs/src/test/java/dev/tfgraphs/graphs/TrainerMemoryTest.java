package dev.tfgraphs.graphs;

import static dev.tfgraphs.ops.Layers.*;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;
import static org.junit.jupiter.api.Assumptions.assumeTrue;

import com.google.common.base.Splitter;
import dev.tfgraphs.graphs.data.ArrayDataset;
import dev.tfgraphs.graphs.data.Batch;
import dev.tfgraphs.graphs.data.Dataset;
import dev.tfgraphs.graphs.data.Samples;
import dev.tfgraphs.ops.Model;
import dev.tfgraphs.ops.Node;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.function.Consumer;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.MethodSource;
import org.tensorflow.Operand;
import org.tensorflow.Tensor;
import org.tensorflow.types.TFloat32;
import org.tensorflow.types.TInt32;

/** Neither steps nor trainers leave native memory behind. */
class TrainerMemoryTest {
  private static final Path STATM = Path.of("/proc/self/statm");

  /**
   * A batch that is not freed is 0.2 MB, a new op for each step 0.07 MB, a graph and a session 1
   * MB: over 2,000 steps or 200 trainers that is 140 MB and more. Garbage of the Java heap, which
   * comes and goes, stays below 100 MB.
   */
  private static final long BOUND = 100L << 20;

  private static final ArrayDataset DATA =
      Dataset.of(Samples.of(new float[16 * 64 * 64 * 3], 64, 64, 3), Samples.labels(new int[16]));

  private static final FitOptions QUIET = FitOptions.epochs(1).batchSize(4).verbose(0);

  @BeforeEach
  void onlyWhereItCanBeRead() {
    assumeTrue(Files.isReadable(STATM), "resident memory is read on Linux only");
  }

  private static long resident() throws IOException {
    System.gc();
    return Long.parseLong(Splitter.on(' ').splitToList(Files.readString(STATM)).get(1)) * 4096;
  }

  private static Trainer trainer() {
    Node input = input(64, 64, 3);
    Node x = input.to(conv2D(4, 3).strides(8)).to(batchNormalization()).to(relu());
    Model model = Model.of(input, x.to(dropout(0.5)).to(globalAveragePooling2D()).to(dense(2)));
    Loss loss = Loss.sparseCategoricalCrossentropy().fromLogits(true);
    return Trainer.of(model, Compile.of(Optimizer.adam(), loss, Metric.accuracy()).seed(1));
  }

  /**
   * The compiler's memory and what malloc keeps come and go by more than that in a process that has
   * done much else; what is not freed comes again in each round.
   */
  private static void assertFlat(Runnable work) throws IOException {
    long least = Long.MAX_VALUE;
    for (int round = 0; round < 3 && least >= BOUND; round++) {
      long before = resident();
      work.run();
      least = Math.min(least, resident() - before);
    }
    long grown = least;
    assertTrue(grown < BOUND, () -> "grew by " + (grown >> 20) + " MB in each of three rounds");
  }

  /** Four steps an epoch, each epoch judged; some predictions and copies of the weights. */
  private static void work(Trainer trainer, int steps) {
    FitOptions options = FitOptions.epochs(steps / 8).batchSize(4).verbose(0).validation(DATA);
    for (int half = 0; half < 2; half++) {
      assertEquals(steps / 8, trainer.fit(DATA, options).epochs().size());
      assertEquals(32, trainer.predict(DATA).values().length);
      trainer.assign(trainer.weights());
    }
  }

  @Test
  void overTwoThousandSteps() throws IOException {
    try (Trainer trainer = trainer()) {
      work(trainer, 400);
      assertFlat(() -> work(trainer, 2000));
    }
  }

  @Test
  void overTwoHundredTrainers() throws IOException {
    cycles(20);
    assertFlat(() -> cycles(200));
  }

  /** Were it not, the tests below would find nothing. */
  @Test
  void whatIsNotClosedIsCounted() {
    List<Tensor> kept = new ArrayList<>();
    AssertionError failure =
        assertThrows(
            AssertionError.class,
            () -> NativeObjects.assertNoneLeft(() -> kept.add(TFloat32.scalarOf(1))));
    assertEquals("5 native objects left by 5 times", failure.getMessage());
    kept.forEach(Tensor::close);
  }

  @Test
  void everyObjectIsClosed() {
    try (Trainer trainer = trainer()) {
      NativeObjects.assertNoneLeft(
          () -> {
            work(trainer, 8);
            trainer.learningRate(trainer.learningRate() / 2);
          });
    }
    NativeObjects.assertNoneLeft(() -> cycles(1));
  }

  /** What fails in the middle of something. */
  static Map<String, Consumer<Trainer>> failures() {
    return Map.of(
        "a map", trainer -> trainer.fit(failing(), QUIET),
        "a map of what judges", trainer -> trainer.fit(DATA, QUIET.validation(failing())),
        "a map of what is predicted for", trainer -> trainer.predict(failing()),
        "a loss", trainer -> trainer.fit(huge(), QUIET),
        "a batch", TrainerMemoryTest::wrongBatch,
        "a callback",
            trainer ->
                trainer.fit(DATA, QUIET.callback(Callback.onBatchEnd(TrainerMemoryTest::fail))),
        "a later callback",
            trainer ->
                trainer.fit(DATA, QUIET.callback(Callback.onEpochEnd(TrainerMemoryTest::fail))));
  }

  private static void wrongBatch(Trainer trainer) {
    try (Batch batch =
        Batch.of(
            List.of(TFloat32.tensorOf(org.tensorflow.ndarray.Shape.of(1, 64, 64, 3))),
            List.of(TInt32.vectorOf(7)))) {
      trainer.trainOnBatch(batch);
    }
  }

  /** Images whose activations no float32 holds. */
  private static Dataset huge() {
    float[] images = new float[4 * 64 * 64 * 3];
    Arrays.fill(images, Float.MAX_VALUE);
    return Dataset.of(Samples.of(images, 64, 64, 3), Samples.labels(new int[4]));
  }

  private static void fail(Fit fit, int place) {
    throw new GraphException("callback: failed at " + place);
  }

  private static Dataset failing() {
    return DATA.map(
        (tf, x) ->
            tf.withControlDependencies(
                    tf.assertThat(
                        tf.constant(false), List.<Operand<?>>of(tf.constant("as it should"))))
                .identity(x));
  }

  static Set<String> kinds() {
    return failures().keySet();
  }

  @ParameterizedTest
  @MethodSource("kinds")
  void everyObjectIsClosedWhenSomethingFails(String kind) {
    try (Trainer trainer = trainer()) {
      NativeObjects.assertNoneLeft(
          () ->
              assertThrows(
                  GraphException.class, () -> Closeness.get(failures(), kind).accept(trainer)));
    }
  }

  @Test
  void everyObjectIsClosedWhenATrainerCannotBeMade() {
    Node input = input(4);
    Model model = Model.of(input, input.to(dense(3)));
    Compile compile =
        Compile.of(
            Optimizer.adam(),
            Loss.meanSquaredError(),
            Metric.of(Loss.huber()),
            Metric.of(Loss.huber()));
    NativeObjects.assertNoneLeft(
        () -> assertThrows(GraphException.class, () -> Trainer.of(model, compile).close()));
  }

  private static void cycles(int count) {
    for (int i = 0; i < count; i++) {
      try (Trainer trainer = trainer()) {
        assertEquals(1, trainer.fit(DATA, FitOptions.epochs(1).verbose(0)).epochs().size());
      }
    }
  }
}
