package dev.tfgraphs.graphs;

import static dev.tfgraphs.graphs.Closeness.assertFails;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertNotEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import dev.tfgraphs.graphs.data.ArrayDataset;
import dev.tfgraphs.graphs.data.Dataset;
import dev.tfgraphs.graphs.data.Samples;
import dev.tfgraphs.ops.ActivationFunction;
import java.io.IOException;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.concurrent.CountDownLatch;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;

class FitTest {
  private static final ArrayDataset DATA = SmallNet.data(23, "class");
  private static final FitOptions QUIET = FitOptions.epochs(2).batchSize(5).verbose(0);

  private static Trainer trainer() {
    return trainer(42);
  }

  private static Trainer trainer(long seed) {
    return Trainer.of(
        Networks.smallNet(4, ActivationFunction.SOFTMAX),
        Compile.of(Optimizer.sgd(0.01), Loss.sparseCategoricalCrossentropy(), Metric.accuracy())
            .seed(seed));
  }

  private static History fit(long seed, FitOptions options) {
    try (Trainer trainer = trainer(seed)) {
      return trainer.fit(DATA, options);
    }
  }

  @Test
  void equalSeedsGiveEqualHistoriesAndOthersOthers() {
    History first = fit(42, QUIET);
    assertEquals(List.of(0, 1), first.epochs());
    assertEquals(first, fit(42, QUIET));
    assertNotEquals(first.get("loss").get(0), fit(43, QUIET).get("loss").get(0), 1e-3);
    assertNotEquals(
        first.get("loss").get(0), fit(42, QUIET.shuffle(false)).get("loss").get(0), 1e-4);
  }

  @Test
  void everySampleIsSeenOnceAnEpochAlsoThoseOfAPartialBatch() {
    List<Integer> steps = new ArrayList<>();
    Callback counting = Callback.onBatchEnd((fit, step) -> steps.add(step));
    assertEquals(2, fit(42, QUIET.callback(counting)).epochs().size());
    assertEquals(List.of(0, 1, 2, 3, 4, 0, 1, 2, 3, 4), steps);
    steps.clear();
    assertEquals(2, fit(42, QUIET.batchSize(64).callback(counting)).epochs().size());
    assertEquals(List.of(0, 0), steps);
  }

  @Test
  void theBatchSizeOfTheDataComesBeforeThatOfTheOptions() {
    List<Integer> steps = new ArrayList<>();
    Callback counting = Callback.onBatchEnd((fit, step) -> steps.add(step));
    try (Trainer trainer = trainer()) {
      FitOptions options = FitOptions.epochs(1).batchSize(5).verbose(0).callback(counting);
      assertEquals(1, trainer.fit(DATA.batch(8), options).epochs().size());
    }
    assertEquals(List.of(0, 1, 2), steps);
  }

  @Test
  void callbacksHearOfEpochsAndWhatTheyReport() {
    List<Integer> epochs = new ArrayList<>();
    List<Map<String, Double>> logs = new ArrayList<>();
    Callback listening =
        Callback.onEpochEnd(
            (fit, epoch) -> {
              epochs.add(epoch);
              logs.add(fit.logs().asMap());
            });
    History history = fit(42, QUIET.validationSplit(0.25).callback(listening));
    assertEquals(List.of(0, 1), epochs);
    List<String> names = List.of("accuracy", "loss", "val_accuracy", "val_loss");
    assertEquals(names, List.copyOf(history.metrics().keySet()));
    for (int epoch = 0; epoch < 2; epoch++) {
      assertEquals(names, List.copyOf(logs.get(epoch).keySet()));
      for (String name : names) {
        assertEquals(history.get(name).get(epoch), logs.get(epoch).get(name));
      }
    }
    assertFails(
        "history: expected a metric among [accuracy, loss, val_accuracy, val_loss], received 'auc'",
        () -> history.get("auc").size());
  }

  @Test
  void classWeightsAreTheWeightsOfTheirSamples() {
    Map<Integer, Double> byClass = Map.of(0, 0.5, 2, 3.0);
    float[] weights = new float[23];
    for (int i = 0; i < weights.length; i++) {
      weights[i] = byClass.getOrDefault(i % 4, 1.0).floatValue();
    }
    try (Trainer first = trainer();
        Trainer second = trainer()) {
      History expected = first.fit(DATA.weights(weights), QUIET);
      History actual = second.fit(DATA, QUIET.classWeights(byClass));
      assertEquals(expected.get("loss").get(1), actual.get("loss").get(1), 1e-5);
      assertNotEquals(fit(42, QUIET).get("loss").get(1), actual.get("loss").get(1), 1e-3);
    }
  }

  @Test
  void aValidationSplitIsTheLastPartOfTheData() {
    try (Trainer split = trainer();
        Trainer given = trainer()) {
      History expected = given.fit(DATA.take(17), QUIET.validation(DATA.skip(17)));
      History actual = split.fit(DATA, QUIET.validationSplit(0.25));
      for (String name : List.of("loss", "val_loss", "val_accuracy")) {
        assertEquals(expected.get(name).get(1), actual.get(name).get(1), 1e-5, name);
      }
    }
  }

  /** The batch that trains is reported as it was before the step. */
  @Test
  void oneStepIsOneBatchOfAnEpoch() {
    Dataset four = DATA.take(4);
    try (Trainer first = trainer();
        Trainer second = trainer();
        var batches = four.open(4, false, 0)) {
      batches.begin(0);
      try (var batch = batches.next().orElseThrow()) {
        double loss = first.trainOnBatch(batch).loss();
        FitOptions once = FitOptions.epochs(1).batchSize(4).shuffle(false).verbose(0);
        assertEquals(second.fit(four, once).get("loss").get(0), loss, 1e-6);
        assertTrue(first.trainOnBatch(batch).loss() < loss);
      }
    }
  }

  @Test
  void aBatchOfCallsIsABatchOfADataset() {
    try (Trainer trainer = trainer();
        var batches = DATA.open(5, false, 0)) {
      batches.begin(0);
      try (var batch = batches.next().orElseThrow()) {
        assertEquals(trainer.predict(DATA.take(5)), trainer.predictOnBatch(batch));
      }
    }
  }

  /** The loss stays finite, since nothing is left of a batch that is divided by infinity. */
  @Test
  void numbersTooLargeForABatchNormalizationEndTheEpochInAFailure() {
    float[] x = new float[8 * 8 * 8 * 3];
    for (int i = 0; i < x.length; i++) {
      x[i] = i % 7 * 1e22f;
    }
    Dataset huge = Dataset.of(Samples.of(x, 8, 8, 3), Samples.labels(0, 1, 2, 3, 0, 1, 2, 3));
    FitOptions once = FitOptions.epochs(2).batchSize(8).verbose(0);
    try (Trainer trainer = trainer()) {
      List<Double> losses = new ArrayList<>();
      Callback listening = Callback.onBatchEnd((fit, step) -> losses.add(fit.logs().loss()));
      assertFails(
          "fit: epoch 1: expected weights that are finite numbers, received others in"
              + " [bn/moving_variance]; inputs may be too large for float32, or the learning rate"
              + " too high",
          () -> trainer.fit(huge, once.callback(listening)));
      assertEquals(1, losses.size());
      assertTrue(Double.isFinite(losses.get(0)));
    }
  }

  @Test
  @Timeout(60)
  void anotherThreadStopsItAndWhatIsLearnedIsKept() throws InterruptedException {
    CountDownLatch begun = new CountDownLatch(3);
    Callback announcing = Callback.onEpochEnd((fit, epoch) -> begun.countDown());
    try (Trainer trainer = trainer()) {
      Weights before = trainer.weights();
      Thread stopper =
          new Thread(
              () -> {
                try {
                  begun.await();
                } catch (InterruptedException e) {
                  Thread.currentThread().interrupt();
                }
                trainer.stop();
              });
      stopper.start();
      FitOptions endless = FitOptions.epochs(1_000_000).batchSize(5).verbose(0);
      History history = trainer.fit(DATA, endless.callback(announcing));
      stopper.join();
      assertTrue(history.epochs().size() >= 3);
      assertTrue(history.epochs().size() < 1_000_000);
      assertNotEquals(before, trainer.weights());
      // a later fit is not stopped by it
      assertEquals(2, trainer.fit(DATA, QUIET).epochs().size());
    }
  }

  @Test
  void aStopBeforeAFitHoldsForThatFitOnly() {
    try (Trainer trainer = trainer()) {
      trainer.stop();
      assertEquals(List.of(), trainer.fit(DATA, QUIET).epochs());
      assertEquals(List.of(0, 1), trainer.fit(DATA, QUIET).epochs());
    }
  }

  @Test
  void aSecondFitGoesOnWithOtherOrders() {
    List<List<Integer>> passes = new ArrayList<>();
    Dataset watched = new WatchedDataset(DATA, passes);
    try (Trainer trainer = trainer()) {
      trainer.fit(watched, FitOptions.epochs(1).batchSize(5).verbose(0));
      trainer.fit(watched, FitOptions.epochs(2).batchSize(5).verbose(0));
    }
    assertEquals(List.of(List.of(0), List.of(1, 2)), passes);
  }

  @Test
  void aCallbackThatStopsInAnEpochEndsThatEpochUnfinished() {
    try (Trainer trainer = trainer()) {
      Callback stopping =
          Callback.onBatchEnd(
              (fit, step) -> {
                if (step == 2) {
                  trainer.stop();
                }
              });
      assertEquals(List.of(), trainer.fit(DATA, QUIET.callback(stopping)).epochs());
    }
  }

  @Test
  void itPrintsWhatVerboseSays() throws IOException, InterruptedException {
    String printed = Programs.printed(FitPrinting.class);
    String form =
        printed
            .replaceAll("\\d+(s|ms|us)(/step| |$)", "T$2")
            .replaceAll("\\d\\.\\d{4}(e[+-]\\d+)?", "N");
    assertEquals(
        """
        verbose 0
        epochs 2
        verbose 1
        Epoch 1/2
        2/2 ━━━━━━━━━━━━━━━━━━━━ T T/step - accuracy: N - loss: N - val_accuracy: N - val_loss: N
        Epoch 2/2
        2/2 ━━━━━━━━━━━━━━━━━━━━ T T/step - accuracy: N - loss: N - val_accuracy: N - val_loss: N
        epochs 2
        verbose 2
        Epoch 1/2
        2/2 - T - T/step - accuracy: N - loss: N - val_accuracy: N - val_loss: N
        Epoch 2/2
        2/2 - T - T/step - accuracy: N - loss: N - val_accuracy: N - val_loss: N
        epochs 2
        """,
        form);
  }
}
