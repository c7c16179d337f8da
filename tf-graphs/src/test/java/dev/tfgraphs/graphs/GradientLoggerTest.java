package dev.tfgraphs.graphs;

import static dev.tfgraphs.graphs.Closeness.assertFails;
import static dev.tfgraphs.ops.Layers.*;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import dev.tfgraphs.graphs.data.Batch;
import dev.tfgraphs.graphs.data.Batches;
import dev.tfgraphs.graphs.data.Dataset;
import dev.tfgraphs.graphs.data.Samples;
import dev.tfgraphs.ops.ActivationFunction;
import dev.tfgraphs.ops.Model;
import dev.tfgraphs.ops.Node;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.stream.Collectors;
import java.util.stream.IntStream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

class GradientLoggerTest {
  private static final FitOptions TWO_EPOCHS =
      FitOptions.epochs(2).batchSize(5).shuffle(false).verbose(0);

  /** Four steps an epoch, the last of three samples. */
  private static final Dataset DATA = SmallNet.data(18, "class");

  @TempDir private Path folder;

  private static Trainer trainer() {
    return Resuming.trainer(Resuming.momentum(), 7);
  }

  @Test
  void recordsTheNormsOfTheBatchesOfSomeStepsBeforeThese() {
    GradientLogger logger = GradientLogger.every(3);
    try (Trainer trainer = trainer()) {
      var unused = trainer.fit(DATA, TWO_EPOCHS.callback(logger));
    }
    assertEquals(List.of(0L, 3L, 6L), logger.history().steps());
    List<GradientNorms> expected = new ArrayList<>();
    try (Trainer trainer = trainer();
        Batches batches = DATA.open(5, false, 0)) {
      int step = 0;
      for (int epoch = 0; epoch < 2; epoch++) {
        for (Batch batch : batches.pass(epoch)) {
          if (step++ % 3 == 0) {
            expected.add(GradientNorms.ofLoss(trainer, batch));
          }
          double unusedLoss = trainer.step(batch);
        }
      }
    }
    assertEquals(expected, logger.history().norms().values().asList());
  }

  @Test
  void aRecordedFitLearnsWhatAnotherLearns() {
    assertEquals(learned(TWO_EPOCHS), learned(TWO_EPOCHS.callback(GradientLogger.every(1))));
  }

  private static Weights learned(FitOptions options) {
    try (Trainer trainer = trainer()) {
      var unused = trainer.fit(DATA, options);
      return trainer.weights();
    }
  }

  @Test
  void oneBatchMayBeRecordedThroughout() {
    try (Trainer trainer = trainer();
        Batches batches = SmallNet.data(6, "class").open(6, false, 0)) {
      batches.begin(0);
      try (Batch batch = batches.next().orElseThrow()) {
        GradientNorms before = GradientNorms.ofLoss(trainer, batch);
        GradientLogger logger = GradientLogger.every(7).batch(batch);
        var unused = trainer.fit(DATA, TWO_EPOCHS.callback(logger));
        assertEquals(List.of(0L, 7L), logger.history().steps());
        assertEquals(before, logger.history().norms().get(0L));
      }
    }
  }

  @Test
  void weightsOfClassesCount() {
    GradientLogger logger = GradientLogger.every(100);
    GradientLogger weighted = GradientLogger.every(100);
    Map<Integer, Double> twice =
        IntStream.range(0, 4).boxed().collect(Collectors.toMap(i -> i, i -> 2.0));
    try (Trainer trainer = trainer()) {
      var unused = trainer.fit(DATA, TWO_EPOCHS.callback(logger));
    }
    try (Trainer trainer = trainer()) {
      var unused = trainer.fit(DATA, TWO_EPOCHS.callback(weighted).classWeights(twice));
    }
    logger
        .history()
        .byWeight()
        .forEach(
            (name, norms) ->
                assertEquals(
                    2 * norms.get(0),
                    Closeness.get(weighted.history().byWeight(), name).get(0),
                    1e-5 * norms.get(0) + 1e-8,
                    name));
  }

  @Test
  void frozenLayersAreMadeOnceHereToo() {
    Model model = Networks.smallNet(4, ActivationFunction.SOFTMAX).freeze("c1", "bn", "c2");
    Compile compile = Compile.of(Optimizer.sgd(), Loss.sparseCategoricalCrossentropy()).seed(7);
    GradientLogger whole = GradientLogger.every(1);
    GradientLogger kept = GradientLogger.every(1);
    try (Trainer trainer = Trainer.of(model, compile)) {
      var unused = trainer.fit(DATA, TWO_EPOCHS.callback(whole));
    }
    try (Trainer trainer = Trainer.of(model, compile)) {
      FitOptions options = TWO_EPOCHS.features(FeatureCache.memory());
      var unused = trainer.fit(DATA, options.callback(kept));
    }
    assertEquals(List.of("head"), whole.history().byLayer().keySet().asList());
    assertEquals(whole.history().steps(), kept.history().steps());
    List<Double> expected = Closeness.get(whole.history().byLayer(), "head");
    for (int i = 0; i < expected.size(); i++) {
      assertEquals(expected.get(i), Closeness.get(kept.history().byLayer(), "head").get(i), 1e-5);
    }
  }

  @Test
  void aFileHasALineForEachRecord() throws IOException {
    Path file = folder.resolve("logs/norms.csv");
    GradientLogger logger = GradientLogger.every(4).to(file);
    try (Trainer trainer = trainer()) {
      var unused = trainer.fit(DATA, TWO_EPOCHS.callback(logger));
    }
    List<String> lines = Files.readAllLines(file);
    assertEquals(
        "step,conv2d/kernel,conv2d/bias,batch_normalization/gamma,batch_normalization/beta,"
            + "conv2d_1/kernel,conv2d_1/bias,batch_normalization_1/gamma,"
            + "batch_normalization_1/beta,dense/kernel,dense/bias",
        lines.get(0));
    assertEquals(3, lines.size());
    assertTrue(lines.get(2).startsWith("4,"), lines.get(2));
    assertEquals(
        logger.history().byWeight().values().stream().map(norms -> norms.get(1)).toList(),
        List.of(lines.get(2).split(",", -1)).subList(1, 11).stream().map(Double::valueOf).toList());
  }

  @Test
  void whatIsRecordedStaysWhenAFitFails() throws IOException {
    Path file = folder.resolve("norms.csv");
    GradientLogger logger = GradientLogger.every(1).to(file);
    FitOptions options = TWO_EPOCHS.callback(logger).callback(Resuming.killAfter(0, 2));
    try (Trainer trainer = trainer()) {
      assertThrows(Resuming.Killed.class, () -> trainer.fit(DATA, options));
    }
    assertEquals(List.of(0L, 1L, 2L), logger.history().steps());
    assertEquals(4, Files.readAllLines(file).size());
  }

  @Test
  void aStepWhoseLossIsNoNumberFailsAsItDoesWithoutAndIsLeftOut() {
    Node input = input(1);
    Model model = Model.of(input, input.to(dense(1)));
    Dataset data =
        Dataset.of(
            Samples.of(new float[] {1, 1}, 1), Samples.of(new float[] {1, Float.MAX_VALUE}, 1));
    GradientLogger logger = GradientLogger.every(1);
    FitOptions options = FitOptions.epochs(1).batchSize(1).shuffle(false).verbose(0);
    Compile compile = Compile.of(Optimizer.sgd(), Loss.meanSquaredError());
    try (Trainer trainer = Trainer.of(model, compile)) {
      GraphException failure =
          assertThrows(GraphException.class, () -> trainer.fit(data, options.callback(logger)));
      assertTrue(
          String.valueOf(failure.getMessage())
              .startsWith("fit: epoch 1, step 2: expected a finite loss, received infinity"),
          failure.getMessage());
    }
    assertEquals(List.of(0L), logger.history().steps());
  }

  @Test
  void aResumedFitGoesOnWithWhatWasRecorded() throws IOException {
    GradientLogger whole = GradientLogger.every(3).to(folder.resolve("whole.csv"));
    Callback noKill = Callback.onBatchEnd((fit, batch) -> {});
    try (Trainer trainer = trainer()) {
      var unused = trainer.fit(Resuming.data(), Resuming.options(2).callback(whole));
    }
    GradientLogger killed = GradientLogger.every(3).to(folder.resolve("resumed.csv"));
    GradientLogger resumed = GradientLogger.every(3).to(folder.resolve("resumed.csv"));
    BackupAndRestore backup = BackupAndRestore.in(folder.resolve("backups")).saveFrequency(2);
    FitOptions options = Resuming.options(2);
    try (Trainer trainer = trainer()) {
      FitOptions dying = options.callback(killed).callback(Resuming.killAfter(1, 0));
      assertThrows(
          Resuming.Killed.class, () -> trainer.fit(Resuming.data(), dying.callback(backup)));
    }
    try (Trainer trainer = trainer()) {
      var unused =
          trainer.fit(Resuming.data(), options.callback(resumed).callback(noKill).callback(backup));
    }
    assertEquals(List.of(0L, 3L, 6L), whole.history().steps());
    assertEquals(whole.history(), resumed.history());
    assertEquals(
        Files.readString(folder.resolve("whole.csv")),
        Files.readString(folder.resolve("resumed.csv")));
  }

  @Test
  void tensorBoardHasEachWeightAndAllTogether() throws IOException {
    TensorBoard board =
        TensorBoard.in(folder.resolve("board")).writeGraph(false).gradientFrequency(4);
    try (Trainer trainer = trainer()) {
      var unused = trainer.fit(DATA, TWO_EPOCHS.callback(board).validation(DATA));
    }
    board.image("flow", Png.of(3, 2, 1, new byte[6]), 9);
    List<String> tags = EventReading.tags(folder.resolve("board"));
    for (int step : new int[] {0, 4}) {
      assertTrue(tags.contains("train gradient_norm/conv2d/kernel " + step), tags::toString);
      assertTrue(tags.contains("train gradient_norms_log10 " + step), tags::toString);
    }
    assertEquals(20, tags.stream().filter(tag -> tag.contains("gradient_norm/")).count());
    assertTrue(tags.contains("train flow 9"), tags::toString);
  }

  @Test
  void whatIsNoPngIsNoPicture() {
    TensorBoard board = TensorBoard.in(folder);
    assertFails(
        "image: expected the bytes of a PNG, received 30 others",
        () -> board.image("flow", new byte[30], 0));
    assertFails(
        "image: expected the bytes of a PNG, received 0 others",
        () -> board.image("flow", new byte[0], 0));
  }
}
