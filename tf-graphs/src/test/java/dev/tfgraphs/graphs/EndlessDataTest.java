package dev.tfgraphs.graphs;

import static dev.tfgraphs.graphs.Closeness.assertFails;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertThrows;

import dev.tfgraphs.graphs.data.ArrayDataset;
import dev.tfgraphs.graphs.data.Batches;
import dev.tfgraphs.graphs.data.Dataset;
import dev.tfgraphs.ops.ActivationFunction;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.stream.IntStream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.tensorflow.types.TFloat32;

/** Data without an end or of unknown length; histories against Keras are in FitAgainstKerasTest. */
class EndlessDataTest {
  private static final ArrayDataset DATA = SmallNet.data(18, "class");
  private static final FitOptions QUIET = FitOptions.epochs(3).batchSize(5).verbose(0);

  @TempDir private Path folder;

  private static Trainer trainer() {
    return Trainer.of(
        Networks.smallNet(4, ActivationFunction.SOFTMAX),
        Compile.of(Optimizer.sgd(0.01), Loss.sparseCategoricalCrossentropy(), Metric.accuracy())
            .seed(42));
  }

  /** The same data, which do not know how many they are. */
  private static final class Unknown extends ForwardingDataset {
    Unknown() {
      super(DATA);
    }

    @Override
    public long samples() {
      return -1;
    }

    @Override
    public Batches open(int batchSize, boolean shuffle, long seed) {
      return new Forwarding(super.open(batchSize, shuffle, seed)) {
        @Override
        public long steps() {
          return -1;
        }
      };
    }
  }

  private static List<Integer> stepsOf(Dataset data, FitOptions options) {
    List<Integer> steps = new ArrayList<>();
    Callback counting = Callback.onBatchEnd((fit, step) -> steps.add(step));
    try (Trainer trainer = trainer()) {
      int epochs = trainer.fit(data, options.callback(counting)).epochs().size();
      assertEquals(3, epochs);
    }
    return steps;
  }

  private static List<Integer> epochsOf(int... sizes) {
    return IntStream.of(sizes).flatMap(size -> IntStream.range(0, size)).boxed().toList();
  }

  @Test
  void howManyStepsIsSaidBeforeEndlessDataAreRead() {
    Callback running =
        new Callback() {
          @Override
          public void trainBegin(Fit fit) {
            throw new AssertionError("it begins");
          }
        };
    FitOptions options = QUIET.callback(running);
    Dataset endless = DATA.repeat();
    try (Trainer trainer = trainer()) {
      assertFails(
          "fit: expected a number of steps for endless data, received none; stepsPerEpoch says it",
          () -> trainer.fit(endless, options));
      assertFails(
          "fit: validation: expected a number of steps for endless data, received none;"
              + " validationSteps says it",
          () -> trainer.fit(DATA, options.validation(endless)));
      assertFails(
          "split: expected a dataset that ends, received an endless one; repeat it afterwards",
          () -> trainer.fit(endless, options.stepsPerEpoch(2).validationSplit(0.5)));
      assertFails(
          "evaluate: expected a number of steps for endless data, received none;"
              + " evaluate(data, steps) says it",
          () -> trainer.evaluate(endless));
      assertFails(
          "predict: expected a number of steps for endless data, received none;"
              + " predict(data, steps) says it",
          () -> trainer.predict(endless));
      assertFails(
          "evaluate: expected positive steps, received 0", () -> trainer.evaluate(endless, 0));
      assertFails(
          "predict: expected positive steps, received -1", () -> trainer.predict(endless, -1));
    }
  }

  @Test
  void epochsOfEndlessDataAreFull() {
    Dataset endless = DATA.repeat();
    assertEquals(epochsOf(7, 7, 7), stepsOf(endless, QUIET.stepsPerEpoch(7)));
    assertEquals(epochsOf(3, 3, 3), stepsOf(endless, QUIET.stepsPerEpoch(3)));
    assertEquals(epochsOf(9, 9, 9), stepsOf(new Unknown().repeat(), QUIET.stepsPerEpoch(9)));
    assertEquals(epochsOf(8, 8, 8), stepsOf(DATA.repeat(2), QUIET));
    assertEquals(epochsOf(8, 8, 8), stepsOf(new Unknown().repeat(2), QUIET));
  }

  @Test
  void epochsOfDataThatEndAreCutWhereTheyEnd() {
    assertEquals(epochsOf(4, 4, 4), stepsOf(DATA, QUIET.stepsPerEpoch(7)));
    assertEquals(epochsOf(3, 1, 3), stepsOf(DATA, QUIET.stepsPerEpoch(3)));
    assertEquals(epochsOf(4, 4, 4), stepsOf(new Unknown(), QUIET));
    assertEquals(epochsOf(3, 1, 3), stepsOf(new Unknown(), QUIET.stepsPerEpoch(3)));
    // a pass of just an epoch is not followed by an empty one
    assertEquals(epochsOf(4, 4, 4), stepsOf(new Unknown(), QUIET.stepsPerEpoch(4)));
  }

  @Test
  void endlessDataAreThePassesOfTheirSource() {
    try (Trainer once = trainer();
        Trainer endless = trainer()) {
      History expected = once.fit(DATA, QUIET);
      assertEquals(expected, endless.fit(DATA.repeat(), QUIET.stepsPerEpoch(4)));
      assertEquals(once.weights(), endless.weights());
      // a second fit goes on with other orders
      assertEquals(once.fit(DATA, QUIET), endless.fit(DATA.repeat(), QUIET.stepsPerEpoch(4)));
    }
  }

  @Test
  void endlessDataAreJudgedAndPredictedForByTheirFirstSteps() {
    Dataset ordered = DATA.batch(5);
    try (Trainer trainer = trainer()) {
      double twice = trainer.evaluate(ordered.repeat(2)).loss();
      assertEquals(twice, trainer.evaluate(ordered.repeat(), 8).loss());
      assertEquals(
          trainer.evaluate(DATA.take(10)).loss(), trainer.evaluate(ordered, 2).loss(), 1e-6);
      assertEquals(23, trainer.predict(ordered.repeat(), 5).shape().size(0));
      assertEquals(18, trainer.predict(ordered, 9).shape().size(0));
      assertEquals(List.of(trainer.predict(ordered, 2)), trainer.predictAll(ordered.repeat(), 2));
      // without a batch size these steps go through all samples
      assertEquals(18, trainer.predict(DATA, 2).shape().size(0));
    }
  }

  /** Each epoch is judged by the same batches. */
  @Test
  void endlessValidationDataBeginAnewWithEachEpoch() {
    FitOptions still =
        QUIET.validation(DATA.take(7).repeat()).validationBatchSize(4).validationSteps(3);
    Compile frozen = Compile.of(Optimizer.sgd(1e-30), Loss.sparseCategoricalCrossentropy());
    try (Trainer trainer =
        Trainer.of(Networks.smallNet(4, ActivationFunction.SOFTMAX).freeze("bn"), frozen)) {
      List<Double> losses = trainer.fit(DATA, still).get("val_loss");
      assertEquals(losses.get(0), losses.get(1));
      assertEquals(losses.get(0), losses.get(2));
    }
  }

  @ParameterizedTest(name = "killed after epoch {0} step {1}, backed up every {2} steps")
  @CsvSource({"0, 2, 1", "1, 6, 7", "2, 3, 2", "3, 1, 0"})
  void aKilledFitKeepsItsPlaceInEndlessData(int epoch, int step, int everySteps) {
    Path backups = folder.resolve("backups");
    BackupAndRestore backup = BackupAndRestore.in(backups);
    BackupAndRestore often = everySteps > 0 ? backup.saveFrequency(everySteps) : backup;
    String whole = resumed(7);
    assertThrows(Resuming.Killed.class, () -> resumed(7, Resuming.killAfter(epoch, step), often));
    assertEquals(whole, resumed(8, often));
    assertFalse(Files.exists(backups));
  }

  /** What is drawn by the number of the batch goes on, too. */
  private static Dataset noisy(Dataset data) {
    return data.map(
        (tf, x, number) ->
            tf.math.mul(
                tf.dtypes.cast(x, TFloat32.class),
                tf.dtypes.cast(tf.math.mod(number, tf.constant(5L)), TFloat32.class)));
  }

  private static String resumed(long seed, Callback... callbacks) {
    FitOptions options = Resuming.options(Resuming.EPOCHS).stepsPerEpoch(7);
    for (Callback callback : callbacks) {
      options = options.callback(callback);
    }
    try (Trainer trainer = Resuming.trainer(Resuming.momentum(), seed)) {
      History history = trainer.fit(noisy(Resuming.data()).repeat(), options);
      return Resuming.hash(trainer.weights()) + history.get("val_loss");
    }
  }
}
