package dev.tfgraphs.graphs;

import static dev.tfgraphs.graphs.Closeness.assertClose;
import static dev.tfgraphs.graphs.Closeness.assertFails;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertNotEquals;
import static org.junit.jupiter.api.Assertions.assertThrows;

import com.google.common.primitives.Floats;
import com.google.gson.JsonElement;
import com.google.gson.JsonObject;
import dev.tfgraphs.graphs.data.Batch;
import dev.tfgraphs.graphs.data.Batches;
import dev.tfgraphs.graphs.data.Dataset;
import dev.tfgraphs.graphs.data.Samples;
import java.io.IOException;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.stream.Stream;
import org.junit.jupiter.api.Named;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.MethodSource;

class SwapEMAWeightsTest {
  private static final JsonObject FILE = Golden.file("callbacks.json");

  /** Keras swaps by sums and differences, each of which rounds. */
  private static final double ROUNDING = 2e-6;

  private static final SwapEMAWeights SWAP = SwapEMAWeights.create();

  @TempDir private Path folder;

  static Stream<Named<JsonObject>> averages() {
    return Golden.named("callbacks.json", "averages");
  }

  private static Dataset samples() {
    HostTensor x = Golden.tensor(FILE.get("averaged_x"));
    return Dataset.of(
        Samples.of(x.values(), 2), Samples.labels(Golden.integers(FILE.get("averaged_y"))));
  }

  private static float[] flat(Weights weights) {
    return Floats.concat(
        weights.tensors().values().stream().map(HostTensor::values).toArray(float[][]::new));
  }

  private static void assertNear(String what, JsonElement expected, float[] actual) {
    assertClose(what, Golden.floats(expected), actual, ROUNDING, ROUNDING);
  }

  private static void assertNear(String what, JsonElement expected, double actual) {
    assertEquals(expected.getAsDouble(), actual, ROUNDING, what);
  }

  /** The loss of two steps over all samples. */
  private static List<Double> stepped(Trainer trainer, Dataset data) {
    List<Double> losses = new ArrayList<>();
    try (Batches batches = data.open(9, false, 0)) {
      for (int step = 0; step < 2; step++) {
        batches.begin(step);
        try (Batch batch = batches.next().orElseThrow()) {
          losses.add(trainer.trainOnBatch(batch).loss());
        }
      }
    }
    return losses;
  }

  @ParameterizedTest(name = "{0}")
  @MethodSource("averages")
  void whatIsJudgedSavedAndPredictedIsThatOfKeras(JsonObject one) throws IOException {
    List<Weights> seen = new ArrayList<>();
    FitOptions options =
        FitOptions.epochs(3)
            .batchSize(2)
            .shuffle(false)
            .verbose(0)
            .validation(samples().take(3))
            .callback(SWAP.swapOnEpoch(one.get("swap_on_epoch").getAsBoolean()))
            .callback(ModelCheckpoint.to(folder.resolve("{epoch}").toString()))
            .callback(Callback.onEpochEnd((fit, epoch) -> seen.add(fit.trainer().weights())));
    Optimizer optimizer = KerasObjects.optimizer(one.getAsJsonObject("optimizer"));
    try (Trainer trainer = CallbackCases.trainer(optimizer);
        Trainer reader = CallbackCases.trainer(optimizer)) {
      History history = trainer.fit(samples(), options);
      JsonObject expected = one.getAsJsonObject("history");
      for (String name : List.of("loss", "val_loss")) {
        float[] values = Floats.toArray(history.get(name));
        assertNear(name, expected.get(name), values);
      }
      for (int epoch = 0; epoch < 3; epoch++) {
        String what = "epoch " + epoch;
        assertNear(what, one.getAsJsonArray("after_epochs").get(epoch), flat(seen.get(epoch)));
        reader.restore(folder.resolve(Integer.toString(epoch + 1)));
        assertNear(what, one.getAsJsonArray("saved").get(epoch), flat(reader.weights()));
      }
      assertNear("ended", one.get("ended"), flat(trainer.weights()));
      assertNear("stepped", one.get("stepped"), Floats.toArray(stepped(trainer, samples())));
      assertNear("judged", one.get("judged"), trainer.evaluate(samples()).loss());
      assertNear(
          "by averages", one.get("judged_by_averages"), trainer.evaluate(samples(), SWAP).loss());
      assertNear("again", one.get("judged_again"), trainer.evaluate(samples()).loss());
      assertNear(
          "predicted", one.get("predicted_by_averages"), trainer.predict(samples(), SWAP).values());
      // which Keras does not do
      assertNear("after it", one.get("judged"), trainer.evaluate(samples()).loss());
    }
  }

  private record Learned(String weights, History history, List<String> seen) {}

  private Learned resumed(long seed, String name, Callback... more) {
    List<String> seen = new ArrayList<>();
    FitOptions options =
        Resuming.options(Resuming.EPOCHS)
            .callback(SWAP.swapOnEpoch(true))
            .callback(ModelCheckpoint.to(folder.resolve(name + "-{epoch}").toString()))
            .callback(
                Callback.onEpochEnd(
                    (fit, epoch) -> seen.add(Resuming.hash(fit.trainer().weights()))));
    for (Callback callback : more) {
      options = options.callback(callback);
    }
    try (Trainer trainer = Resuming.trainer(Resuming.momentum().ema(0.8), seed)) {
      History history = trainer.fit(Resuming.data(), options);
      return new Learned(
          Resuming.hash(trainer.weights()), history, seen.subList(seen.size() - 1, seen.size()));
    }
  }

  private static String hash(Path state) throws IOException {
    try (Trainer trainer = Resuming.trainer(Resuming.momentum().ema(0.8), 1)) {
      trainer.restore(state);
      return Resuming.hash(trainer.weights());
    }
  }

  @ParameterizedTest(name = "killed after epoch {0} step {1}, backed up every {2} steps")
  @CsvSource({"1, 0, 0", "2, 2, 1", "3, 3, 4"})
  void aKilledFitGoesOnFromTheWeightsAndNotFromTheirAverages(int epoch, int step, int everySteps)
      throws IOException {
    Path backups = folder.resolve("backups");
    BackupAndRestore backup =
        everySteps == 0
            ? BackupAndRestore.in(backups)
            : BackupAndRestore.in(backups).saveFrequency(everySteps);
    Learned whole = resumed(7, "whole");
    assertThrows(
        Resuming.Killed.class, () -> resumed(7, "killed", Resuming.killAfter(epoch, step), backup));
    Callback noKill = Callback.onBatchEnd((fit, batch) -> {});
    assertEquals(whole, resumed(8, "killed", noKill, backup));
    for (int i = 1; i <= Resuming.EPOCHS; i++) {
      assertEquals(hash(folder.resolve("whole-" + i)), hash(folder.resolve("killed-" + i)));
    }
    assertNotEquals(whole.weights(), hash(folder.resolve("whole-1")));
  }

  @Test
  void anOptimizerWithoutAveragesIsRefusedBeforeAnythingRuns() {
    String message =
        "swap EMA weights: expected an optimizer that keeps averages of weights, received one"
            + " without; ema(0.99) has it keep them";
    Callback running =
        new Callback() {
          @Override
          public void batchBegin(Fit fit, int batch) {
            throw new AssertionError("it trains");
          }
        };
    FitOptions options = FitOptions.epochs(1).verbose(0).callback(SWAP).callback(running);
    try (Trainer trainer = CallbackCases.trainer()) {
      assertFails(message, () -> trainer.fit(samples(), options));
      assertFails(message, () -> trainer.evaluate(samples(), SWAP));
      assertFails(message, () -> trainer.predict(samples(), SWAP));
    }
  }

  @Test
  void beforeTheFirstStepWeightsAreTheirAverages() {
    try (Trainer trainer = CallbackCases.trainer(Optimizer.sgd(0.5).ema(0.8))) {
      Weights before = trainer.weights();
      double loss = trainer.evaluate(samples()).loss();
      assertEquals(loss, trainer.evaluate(samples(), SWAP).loss());
      FitOptions nothing = FitOptions.epochs(1).initialEpoch(1).verbose(0);
      assertEquals(List.of(), trainer.fit(samples(), nothing.callback(SWAP)).epochs());
      assertEquals(before, trainer.weights());
    }
  }

  @Test
  void aFitThatIsStoppedEndsWithTheAveragesThatItHasShown() {
    List<Weights> shown = new ArrayList<>();
    Callback stopping =
        Callback.onEpochEnd(
            (fit, epoch) -> {
              shown.add(fit.trainer().weights());
              fit.stop();
            });
    FitOptions options = FitOptions.epochs(3).batchSize(2).verbose(0);
    try (Trainer trainer = CallbackCases.trainer(Optimizer.sgd(0.5).ema(0.8))) {
      trainer.fit(samples(), options.callback(SWAP.swapOnEpoch(true)).callback(stopping));
      assertEquals(shown, List.of(trainer.weights()));
    }
  }

  @Test
  void trainingAfterAFailureInAnEvaluationGoesOnFromTheWeights() throws IOException {
    Callback failing =
        new Callback() {
          @Override
          public void testBatchBegin(Trainer trainer, int batch) {
            throw new Resuming.Killed();
          }
        };
    try (Trainer trainer = CallbackCases.trainer(Optimizer.sgd(0.5).ema(0.8));
        Trainer undisturbed = CallbackCases.trainer(Optimizer.sgd(0.5).ema(0.8))) {
      assertEquals(stepped(undisturbed, samples()), stepped(trainer, samples()));
      assertThrows(Resuming.Killed.class, () -> trainer.evaluate(samples(), SWAP, failing));
      Path state = folder.resolve("state");
      trainer.save(state);
      assertNotEquals(undisturbed.weights(), trainer.weights());
      assertEquals(stepped(undisturbed, samples()), stepped(trainer, samples()));
      assertEquals(undisturbed.weights(), trainer.weights());
      try (Trainer reader = CallbackCases.trainer(Optimizer.sgd(0.5).ema(0.8))) {
        reader.restore(state);
        stepped(reader, samples());
        assertEquals(undisturbed.weights(), reader.weights());
      }
    }
  }
}
