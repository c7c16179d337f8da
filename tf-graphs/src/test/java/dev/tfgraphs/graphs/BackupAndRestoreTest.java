package dev.tfgraphs.graphs;

import static dev.tfgraphs.ops.Layers.*;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertNotEquals;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;
import static org.junit.jupiter.params.provider.Arguments.arguments;

import com.google.common.collect.ImmutableMap;
import dev.tfgraphs.graphs.data.Dataset;
import dev.tfgraphs.ops.ActivationFunction;
import dev.tfgraphs.ops.Model;
import dev.tfgraphs.ops.Node;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.Random;
import java.util.function.UnaryOperator;
import java.util.stream.Stream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.Arguments;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.MethodSource;

/** A fit that was killed and started again has learned, to the bit, what an undisturbed one has. */
class BackupAndRestoreTest {
  @TempDir private Path temporary;

  /** Everything that a fit leaves; histories are equal whatever the order of their columns. */
  private record Learned(
      String weights, History history, List<String> columns, double rate, List<String> files) {}

  private Path backups() {
    return temporary.resolve("backups");
  }

  private BackupAndRestore backup(int everySteps) {
    BackupAndRestore backup = BackupAndRestore.in(backups());
    return everySteps > 0 ? backup.saveFrequency(everySteps) : backup;
  }

  private static Learned fit(
      String optimizer, long seed, UnaryOperator<FitOptions> callbacks, Path... files)
      throws IOException {
    try (Trainer trainer = Resuming.trainer(Resuming.optimizer(optimizer), seed)) {
      History history =
          trainer.fit(Resuming.data(), callbacks.apply(Resuming.options(Resuming.EPOCHS)));
      List<String> written = new ArrayList<>();
      for (Path file : files) {
        written.add(Files.readString(file, StandardCharsets.ISO_8859_1));
      }
      return new Learned(
          Resuming.hash(trainer.weights()),
          history,
          List.copyOf(history.metrics().keySet()),
          trainer.learningRate(),
          written);
    }
  }

  @ParameterizedTest(name = "{0}, killed after epoch {1} step {2}, backed up every {3} steps")
  @CsvSource({
    "momentum, 0, 1, 1",
    "momentum, 1, 2, 1",
    "momentum, 2, 3, 2",
    "momentum, 2, 1, 0",
    "cosine, 0, 3, 3",
    "cosine, 1, 0, 0",
    "cosine, 3, 2, 2",
  })
  void whatAKilledFitGoesOnToLearnIsTheSameToTheBit(
      String optimizer, int epoch, int step, int everySteps) throws IOException {
    Learned whole = fit(optimizer, 7, options -> options);
    Callback kill = Resuming.killAfter(epoch, step);
    assertThrows(
        Resuming.Killed.class,
        () -> fit(optimizer, 7, options -> options.callback(kill).callback(backup(everySteps))));
    // another seed: the backup's counts
    assertEquals(whole, fit(optimizer, 8, options -> options.callback(backup(everySteps))));
    assertNotEquals(whole.weights(), fit(optimizer, 8, options -> options).weights());
    assertFalse(Files.exists(backups()));
  }

  /** Each callback changes the training or a file, and all are killed three times. */
  @Test
  void callbacksGoOnWhereTheyWere() throws IOException {
    Learned whole = fit("momentum", 7, options -> all(options, "whole"), csv("whole"));
    int[][] places = {{0, 2}, {1, 1}, {2, 3}};
    for (int[] place : places) {
      Callback kill = Resuming.killAfter(place[0], place[1]);
      assertThrows(
          Resuming.Killed.class,
          () ->
              fit(
                  "momentum",
                  7,
                  options -> all(options, "killed").callback(kill).callback(backup(2))));
    }
    Callback noKill = Callback.onBatchEnd((fit, batch) -> {});
    Learned resumed =
        fit(
            "momentum",
            7,
            options -> all(options, "killed").callback(noKill).callback(backup(2)),
            csv("killed"));
    assertEquals(whole, resumed);
    assertTrue(whole.history().epochs().size() < Resuming.EPOCHS, "stopped early");
    assertEquals(files("whole"), files("killed"));
  }

  private FitOptions all(FitOptions options, String name) {
    double[] given = {0.5, 0.4, 0.6, 0.7};
    return options
        .callback(Callback.onEpochEnd((fit, epoch) -> fit.log("given", given[epoch])))
        .callback(LearningRateScheduler.of((epoch, rate) -> rate * 0.9))
        .callback(ReduceLROnPlateau.on("given").min().patience(1).factor(0.5))
        .callback(EarlyStopping.on("given").min().patience(1).restoreBestWeights(true))
        .callback(
            ModelCheckpoint.to(
                    temporary.resolve(name).resolve("{epoch}-{batch}").toString(),
                    (trainer, path) -> Files.writeString(path, "model"))
                .saveFrequency(3))
        .callback(CSVLogger.to(csv(name)));
  }

  private Path csv(String name) {
    return temporary.resolve(name + ".csv");
  }

  private List<String> files(String name) throws IOException {
    try (Stream<Path> files = Files.list(temporary.resolve(name))) {
      List<String> names = files.map(file -> file.getFileName().toString()).sorted().toList();
      assertFalse(names.isEmpty());
      return names;
    }
  }

  @Test
  void eachCallbackGetsTheMemoryOfItsClassOrTheFitIsNotResumed() throws IOException {
    UnaryOperator<FitOptions> stopping =
        options -> options.callback(EarlyStopping.on("loss").max().patience(2));
    UnaryOperator<FitOptions> writing = options -> options.callback(CSVLogger.to(csv("log")));
    Learned whole = fit("momentum", 7, o -> writing.apply(stopping.apply(o)), csv("log"));
    assertEquals(3, whole.history().epochs().size());
    Callback kill = Resuming.killAfter(2, 1);
    UnaryOperator<FitOptions> killed =
        o -> writing.apply(stopping.apply(o.callback(kill))).callback(backup(0));
    assertThrows(Resuming.Killed.class, () -> fit("momentum", 7, killed));
    Closeness.assertFails(
        refused(1)
            + "expected the callbacks whose memories are in there, received 0 and not 1 of"
            + " dev.tfgraphs.graphs.EarlyStopping",
        () -> fit("momentum", 7, o -> writing.apply(o).callback(backup(0))));
    Learned turned =
        fit("momentum", 7, o -> stopping.apply(writing.apply(o)).callback(backup(0)), csv("log"));
    assertEquals(whole, turned);
  }

  @Test
  void aFitThatHadStoppedDoesNotGoOn() throws IOException {
    UnaryOperator<FitOptions> stopping =
        options ->
            options.callback(
                Callback.onEpochEnd(
                    (fit, epoch) -> {
                      if (epoch == 1) {
                        fit.stop();
                      }
                    }));
    Learned whole = fit("momentum", 7, stopping);
    Callback killed =
        new Callback() {
          @Override
          public void trainEnd(Fit fit) {
            throw new Resuming.Killed();
          }
        };
    assertThrows(
        Resuming.Killed.class,
        () -> fit("momentum", 7, o -> stopping.apply(o).callback(backup(0)).callback(killed)));
    assertTrue(Files.exists(backups()));
    assertEquals(whole, fit("momentum", 7, o -> stopping.apply(o).callback(backup(0))));
    assertEquals(List.of(0, 1), whole.history().epochs());
  }

  @Test
  @Timeout(300)
  void aProcessKilledAtAnyMomentEndsWithTheSameWeights() throws IOException, InterruptedException {
    String epochs = "60";
    String whole = Programs.printed(Resuming.class, temporary.resolve("whole").toString(), epochs);
    Random random = new Random(5);
    for (int kill = 0; kill < 6; kill++) {
      int before = lastBackup();
      Process process = Programs.start(Resuming.class, backups().toString(), epochs);
      while (process.isAlive() && lastBackup() == before) {
        Thread.sleep(1);
      }
      Thread.sleep(random.nextInt(60));
      assertTrue(process.isAlive(), "it is killed while it trains");
      process.destroyForcibly().waitFor();
    }
    assertEquals(whole, Programs.printed(Resuming.class, backups().toString(), epochs));
    assertFalse(Files.exists(backups()));
  }

  /** The number of the last backup; -1 if there is none. */
  private int lastBackup() throws IOException {
    if (!Files.exists(backups())) {
      return -1;
    }
    try (Stream<Path> children = Files.list(backups())) {
      return children
          .map(child -> child.getFileName().toString())
          .filter(name -> name.matches("\\d+"))
          .mapToInt(Integer::parseInt)
          .max()
          .orElse(-1);
    }
  }

  @Test
  void whatAKilledProcessLeftIsRemovedAndWhatIsNotOursStays() throws IOException {
    Callback kill = Resuming.killAfter(2, 1);
    assertThrows(
        Resuming.Killed.class,
        () -> fit("momentum", 7, options -> options.callback(kill).callback(backup(0))));
    Path half = Files.createDirectories(backups().resolve(".7-123456789"));
    Files.writeString(half.resolve("fit.properties"), "epoch=3");
    Path older = Files.createDirectories(backups().resolve("0"));
    Path foreign = Files.writeString(backups().resolve("notes.txt"), "mine");
    Callback looking =
        new Callback() {
          @Override
          public void epochBegin(Fit fit, int epoch) {
            assertFalse(Files.exists(half));
            assertFalse(Files.exists(older));
          }
        };
    Learned whole = fit("momentum", 7, options -> options);
    assertEquals(
        whole, fit("momentum", 7, options -> options.callback(looking).callback(backup(0))));
    try (Stream<Path> left = Files.list(backups())) {
      assertEquals(List.of(foreign), left.toList());
    }
  }

  @Test
  void aSettingChangesNothingButTheCallbackItReturns() throws IOException {
    BackupAndRestore deleting = BackupAndRestore.in(backups());
    deleting.deleteCheckpoint(false);
    fit("momentum", 7, options -> options.callback(deleting));
    assertFalse(Files.exists(backups()));
    deleting.saveFrequency(1);
    assertThrows(
        Resuming.Killed.class,
        () ->
            fit(
                "momentum",
                7,
                options -> options.callback(Resuming.killAfter(0, 2)).callback(deleting)));
    assertEquals(-1, lastBackup());
  }

  @Test
  void theLastBackupStaysIfWanted() throws IOException {
    UnaryOperator<FitOptions> keeping =
        options -> options.callback(backup(0).deleteCheckpoint(false));
    Learned whole = fit("momentum", 7, keeping);
    assertTrue(lastBackup() >= 0);
    // it has nothing left to do
    assertEquals(whole, fit("momentum", 7, keeping));
  }

  @Test
  void aStateIsWrittenWholeOrNotAtAll() throws IOException {
    Path folder = temporary.resolve("state");
    assertThrows(
        IOException.class,
        () ->
            Snapshots.write(
                folder,
                inside -> {
                  Files.writeString(inside.resolve("half"), "half");
                  throw new IOException("disk full");
                }));
    try (Stream<Path> left = Files.list(temporary)) {
      assertEquals(List.of(), left.toList());
    }
  }

  private String refused(int number) {
    return "backup: expected that of this fit in "
        + backups().resolve(Integer.toString(number))
        + ", received that of another; delete it, or name another folder, to train from the start:"
        + " ";
  }

  static Stream<Arguments> others() {
    FitOptions five = FitOptions.epochs(2).batchSize(5).verbose(0);
    Dataset data = Resuming.data();
    return Stream.of(
        arguments(data.take(17), five, "17 samples, 5 a batch, shuffled"),
        arguments(data, five.batchSize(4), "18 samples, 4 a batch, shuffled"),
        arguments(data.batch(9), five, "18 samples, 9 a batch, shuffled"),
        arguments(data, five.shuffle(false), "18 samples, 5 a batch, in order"),
        arguments(data, five.stepsPerEpoch(2), "18 samples, 5 a batch, 2 steps an epoch, shuffled"),
        arguments(
            data.repeat(),
            five.stepsPerEpoch(4),
            "samples that nobody counts, 5 a batch, 4 steps an epoch, shuffled"));
  }

  /** A place in the ones would be another in the others. */
  @ParameterizedTest(name = "{2}")
  @MethodSource("others")
  void theBackupOfAFitOfOtherDataIsRefused(Dataset data, FitOptions options, String received) {
    Callback kill = Resuming.killAfter(1, 1);
    assertThrows(
        Resuming.Killed.class, () -> fit("momentum", 7, o -> o.callback(kill).callback(backup(0))));
    try (Trainer trainer = Resuming.trainer(Resuming.momentum(), 7)) {
      Weights before = trainer.weights();
      Closeness.assertFails(
          refused(0) + "expected data of 18 samples, 5 a batch, shuffled, received " + received,
          () -> trainer.fit(data, options.callback(backup(0))).epochs());
      assertEquals(before, trainer.weights());
    }
  }

  @ParameterizedTest
  @CsvSource({"2, false, 2", "3, false, 2", "1, true, 3"})
  void aBackupThatLeavesNothingToTrainIsWarnedOf(int epoch, boolean stopping, int epochs) {
    Fit.Progress ended = new Fit.Progress(epoch, 0, Feed.Place.FIRST, stopping, ImmutableMap.of());
    assertEquals(
        Optional.of(
            "backup: expected that of a fit with epochs to go in backups/7, received that of one"
                + " that ended after %d; nothing is trained; delete it, or name another folder, to"
                    .formatted(epoch)
                + " train from the start"),
        BackupAndRestore.warning(Path.of("backups/7"), ended, epochs));
  }

  @Test
  void aBackupThatLeavesAnEpochIsNot() {
    Fit.Progress one = new Fit.Progress(1, 0, Feed.Place.FIRST, false, ImmutableMap.of());
    assertEquals(Optional.empty(), BackupAndRestore.warning(backups(), one, 2));
  }

  private static Trainer convolving(int filters) {
    Node input = input(8, 8, 3);
    Node x = input.to(conv2D(filters, 3).useBias(false)).to(globalAveragePooling2D());
    return Trainer.of(
        Model.of(input, x.to(dense(4).activation(ActivationFunction.SOFTMAX))),
        Compile.of(Optimizer.sgd(0.1), Loss.sparseCategoricalCrossentropy()).seed(1));
  }

  /** TensorFlow would take the numbers, and end the process in the first step. */
  @Test
  void theBackupOfAModelOfOtherShapesIsRefusedAndNothingChanges() {
    FitOptions options = Resuming.options(2).callback(backup(0));
    try (Trainer four = convolving(4)) {
      assertThrows(
          Resuming.Killed.class,
          () -> four.fit(Resuming.data(), options.callback(Resuming.killAfter(1, 1))));
    }
    try (Trainer six = convolving(6)) {
      Weights before = six.weights();
      Closeness.assertFails(
          refused(0)
              + "restore: expected the state of this model and optimizer, received "
              + backups().resolve("0")
              + " with others:\n  conv2d/kernel: expected DT_FLOAT (3, 3, 3, 6), received DT_FLOAT"
              + " (3, 3, 3, 4)\n  dense/kernel: expected DT_FLOAT (6, 4), received DT_FLOAT (4, 4)",
          () -> six.fit(Resuming.data(), options));
      assertEquals(before, six.weights());
    }
  }

  @ParameterizedTest
  @CsvSource({
    "state.data-00000-of-00001, restore: expected a state that can be read; TensorFlow failed: ",
    "trainer.properties, 'seed'",
    "fit.properties, 'data'"
  })
  void aDamagedBackupIsNotTakenForThatOfAnother(String file, String said) throws IOException {
    Callback kill = Resuming.killAfter(1, 1);
    assertThrows(
        Resuming.Killed.class, () -> fit("momentum", 7, o -> o.callback(kill).callback(backup(0))));
    Path damaged = backups().resolve("0").resolve(file);
    if (file.endsWith(".properties")) {
      List<String> lines = Files.readAllLines(damaged);
      lines.removeIf(line -> line.startsWith(said.replace("'", "")));
      Files.write(damaged, lines);
    } else {
      Files.write(damaged, new byte[10]);
    }
    String message =
        String.valueOf(
            assertThrows(
                    GraphException.class,
                    () -> fit("momentum", 7, options -> options.callback(backup(0))))
                .getMessage());
    String start =
        "backup: expected one that can be read in %s, received one that cannot; delete it, or name"
                .formatted(backups().resolve("0"))
            + " another folder, to train from the start: ";
    assertEquals(start, message.substring(0, start.length()));
    for (String part : said.split("; ", -1)) {
      assertTrue(message.contains(part), message);
    }
  }

  @Test
  void aFolderWithoutAStateIsRefused() throws IOException {
    Path empty = Files.createDirectories(backups().resolve("3"));
    UncheckedIOException failure =
        assertThrows(
            UncheckedIOException.class,
            () -> fit("momentum", 7, options -> options.callback(backup(0))));
    assertEquals(
        "backup: expected one in " + backups() + " that can be read", failure.getMessage());
    assertTrue(Files.exists(empty));
    Closeness.assertFails(
        "backup: expected positive steps, received 0",
        () -> BackupAndRestore.in(backups()).saveFrequency(0));
  }
}
