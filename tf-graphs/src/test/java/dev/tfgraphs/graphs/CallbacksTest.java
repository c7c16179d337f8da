package dev.tfgraphs.graphs;

import static dev.tfgraphs.graphs.Closeness.assertFails;
import static org.junit.jupiter.api.Assertions.assertArrayEquals;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertNotEquals;
import static org.junit.jupiter.api.Assertions.assertThrows;

import com.google.common.collect.Maps;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.Map;
import java.util.function.UnaryOperator;
import java.util.stream.Stream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

class CallbacksTest {
  private static final FitOptions QUIET = FitOptions.epochs(3).batchSize(2).verbose(0);
  private static final FitOptions JUDGED = QUIET.validation(CallbackCases.data());

  @TempDir private Path folder;

  private static History fit(FitOptions options) {
    try (Trainer trainer = CallbackCases.trainer()) {
      return trainer.fit(CallbackCases.data(), options);
    }
  }

  /** That this is found before training is seen by the callback that hears of steps. */
  private static void assertRefused(String message, FitOptions options) {
    Callback training =
        Callback.onBatchEnd(
            (fit, batch) -> {
              throw new AssertionError("it trains");
            });
    assertFails(message, () -> fit(options.callback(training)));
  }

  @Test
  void whatIsNotMeasuredIsNotMonitored() {
    assertRefused(
        "early stopping: expected to monitor one of [accuracy, loss], received 'val_loss';"
            + " FitOptions.validation(data) makes such",
        QUIET.callback(EarlyStopping.on("val_loss")));
    assertRefused(
        "reduce learning rate on plateau: expected to monitor one of"
            + " [accuracy, loss, val_accuracy, val_loss], received 'val_los'",
        JUDGED.callback(ReduceLROnPlateau.on("val_los")));
    assertRefused(
        "model checkpoint: expected to monitor one of [accuracy, learning_rate, loss],"
            + " received 'auc'",
        QUIET
            .callback(LearningRateScheduler.of(epoch -> 0.1))
            .callback(ModelCheckpoint.to("best").saveBestOnly("auc")));
    assertRefused(
        "early stopping: expected min() or max() for 'learning_rate', which is no metric,"
            + " received neither",
        QUIET
            .callback(LearningRateScheduler.of(epoch -> 0.1))
            .callback(EarlyStopping.on("learning_rate")));
    assertRefused(
        "model checkpoint: expected to monitor what is known after a batch, received 'val_loss'",
        JUDGED.callback(ModelCheckpoint.to("best").saveBestOnly("val_loss").saveFrequency(2)));
  }

  @Test
  void whatACallbackBeforeMayLogIsLookedForWhenAnEpochEnds() {
    Callback logging = Callback.onEpochEnd((fit, epoch) -> fit.log("mine", epoch));
    assertEquals(
        List.of(0, 1),
        fit(QUIET.callback(logging).callback(EarlyStopping.on("mine").min())).epochs());
    assertFails(
        "early stopping: expected to monitor one of [accuracy, loss, mine], received 'other'",
        () -> fit(QUIET.callback(logging).callback(EarlyStopping.on("other").min())));
  }

  @Test
  void settingsThatMakeNoSenseAreRefused() {
    assertFails(
        "reduce learning rate on plateau: expected a factor of 0 or more and less than 1, received"
            + " 1.0",
        () -> ReduceLROnPlateau.on("loss").factor(1));
    assertFails(
        "reduce learning rate on plateau: expected a factor of 0 or more and less than 1, received"
            + " -0.5",
        () -> ReduceLROnPlateau.on("loss").factor(-0.5));
    assertFails(
        "reduce learning rate on plateau: expected 0 or more epochs of patience, received -1",
        () -> ReduceLROnPlateau.on("loss").patience(-1));
    assertFails(
        "reduce learning rate on plateau: expected 0 or more epochs of cooldown, received -1",
        () -> ReduceLROnPlateau.on("loss").cooldown(-1));
    assertFails(
        "reduce learning rate on plateau: minLearningRate: expected 0 or more, received -0.1",
        () -> ReduceLROnPlateau.on("loss").minLearningRate(-0.1));
    assertFails(
        "reduce learning rate on plateau: minDelta: expected a finite number, received NaN",
        () -> ReduceLROnPlateau.on("loss").minDelta(Double.NaN));
    assertFails(
        "early stopping: expected 0 or more epochs of patience, received -1",
        () -> EarlyStopping.on("loss").patience(-1));
    assertFails(
        "early stopping: expected 0 or more epochs to start from, received -1",
        () -> EarlyStopping.on("loss").startFromEpoch(-1));
    assertFails(
        "early stopping: baseline: expected a finite number, received NaN",
        () -> EarlyStopping.on("loss").baseline(Double.NaN));
    assertFails(
        "early stopping: minDelta: expected a finite number, received Infinity",
        () -> EarlyStopping.on("loss").minDelta(Double.POSITIVE_INFINITY));
    assertFails(
        "tensorboard: expected 0 or more epochs between histograms, received -1",
        () -> TensorBoard.in(folder).histogramFrequency(-1));
    assertFails(
        "model checkpoint: expected positive batches, received 0",
        () -> ModelCheckpoint.to("best").saveFrequency(0));
    assertFails(
        "csv logger: expected one character as separator, received '; '",
        () -> CSVLogger.to(folder).separator("; "));
    assertFails(
        "tensorboard: expected positive batches, received -1",
        () -> TensorBoard.in(folder).updateFrequency(-1));
    assertFails(
        "tensorboard: expected 0 or more steps between gradients, received -1",
        () -> TensorBoard.in(folder).gradientFrequency(-1));
    assertFails(
        "gradient logger: expected positive steps, received 0", () -> GradientLogger.every(0));
  }

  @Test
  void whatDecidesWhichModelIsBestNeedsANumberToJudgeBy() {
    ModelCheckpoint plain = ModelCheckpoint.to(folder.resolve("best").toString());
    for (ModelCheckpoint callback :
        List.of(plain.min(), plain.max(), plain.initialValueThreshold(0.5))) {
      assertFails(
          "model checkpoint: expected saveBestOnly(monitor) beside min(), max() or"
              + " initialValueThreshold(value), received none",
          () -> fit(QUIET.callback(callback)));
    }
  }

  @Test
  void whichOfTheSettingsOfACheckpointComesFirstDoesNotMatter() {
    for (boolean before : new boolean[] {true, false}) {
      List<String> written = new ArrayList<>();
      ModelCheckpoint plain =
          ModelCheckpoint.to(
              folder.resolve("{epoch}").toString(),
              (trainer, path) -> {
                written.add(path.getFileName().toString());
                Files.writeString(path, "");
              });
      ModelCheckpoint highest =
          before ? plain.max().saveBestOnly("mine") : plain.saveBestOnly("mine").max();
      Callback falling = Callback.onEpochEnd((fit, epoch) -> fit.log("mine", -epoch));
      fit(QUIET.callback(falling).callback(highest));
      assertEquals(1, written.size());
    }
  }

  @Test
  void theRateOfAScheduleIsNotSet() {
    String message =
        ": expected an optimizer with a rate of its own, received one whose rate follows a"
            + " schedule; drop the one or the other";
    Optimizer cosine = Optimizer.sgd(Schedule.cosineDecay(0.1, 100));
    Map<String, Callback> callbacks =
        Map.of(
            "learning rate scheduler",
            LearningRateScheduler.of(epoch -> 0.1),
            "reduce learning rate on plateau",
            ReduceLROnPlateau.on("loss"));
    callbacks.forEach(
        (who, callback) -> {
          try (Trainer trainer = CallbackCases.trainer(cosine)) {
            Weights before = trainer.weights();
            assertFails(
                who + message, () -> trainer.fit(CallbackCases.data(), QUIET.callback(callback)));
            assertEquals(before, trainer.weights());
          }
        });
  }

  @Test
  void aLearningRateIsANumberOfZeroOrMore() {
    try (Trainer trainer = CallbackCases.trainer()) {
      trainer.learningRate(0.25);
      assertEquals(0.25, trainer.learningRate());
      for (double wrong : new double[] {-0.1, Double.NaN, Double.POSITIVE_INFINITY}) {
        assertFails(
            "learning rate: expected 0 or more, received " + wrong,
            () -> trainer.learningRate(wrong));
      }
      assertEquals(0.25, trainer.learningRate());
      trainer.learningRate(0);
      Weights before = trainer.weights();
      trainer.fit(CallbackCases.data(), QUIET);
      assertEquals(before, trainer.weights());
    }
  }

  @Test
  void aSettingChangesNothingButTheCallbackItReturns() {
    EarlyStopping impatient = EarlyStopping.on("rising").min();
    EarlyStopping patient = impatient.patience(2);
    Callback rising = Callback.onEpochEnd((fit, epoch) -> fit.log("rising", epoch));
    assertEquals(2, fit(QUIET.callback(rising).callback(impatient)).epochs().size());
    assertEquals(3, fit(QUIET.callback(rising).callback(patient)).epochs().size());
  }

  @Test
  void aCallbackBeginsAnewWithEachFit() throws IOException {
    Callback given =
        Callback.onEpochEnd((fit, epoch) -> fit.log("given", epoch == 0 ? 1 : 1 + epoch));
    EarlyStopping stopping = EarlyStopping.on("given").min().patience(2);
    ReduceLROnPlateau reducing = ReduceLROnPlateau.on("given").min().patience(2).factor(0.5);
    Path csv = folder.resolve("log.csv");
    FitOptions options =
        QUIET
            .callback(given)
            .callback(stopping)
            .callback(reducing)
            .callback(CSVLogger.to(csv).append(true));
    assertEquals(fit(options), fit(options));
    List<String> lines = Files.readAllLines(csv);
    assertEquals(7, lines.size());
    assertEquals(
        "epoch,accuracy,given,learning_rate,loss,val_accuracy,val_given,val_learning_rate,val_loss",
        lines.get(0));
    assertEquals(lines.subList(1, 4), lines.subList(4, 7));
  }

  @Test
  void theBestCheckpointIsNotOverwrittenByALaterFit() {
    List<Integer> written = new ArrayList<>();
    double[] losses = {3, 2, 4};
    Callback given = Callback.onEpochEnd((fit, epoch) -> fit.log("given", losses[epoch]));
    ModelCheckpoint best =
        ModelCheckpoint.to(
                folder.resolve("best").toString(),
                (trainer, path) -> {
                  written.add(1);
                  Files.writeString(path, "model");
                })
            .saveBestOnly("given")
            .min();
    fit(QUIET.callback(given).callback(best));
    fit(QUIET.callback(given).callback(best));
    assertEquals(2, written.size());
  }

  @Test
  void withoutAWriterTheStateOfTheTrainerIsSaved() throws IOException {
    Path last = folder.resolve("runs/last");
    try (Trainer trainer = CallbackCases.trainer();
        Trainer other = CallbackCases.trainer(Optimizer.sgd(0.1))) {
      // three epochs: a folder takes the place of the one before
      trainer.fit(CallbackCases.data(), QUIET.callback(ModelCheckpoint.to(last.toString())));
      assertNotEquals(trainer.weights(), other.weights());
      other.restore(last);
      assertEquals(trainer.weights(), other.weights());
      assertEquals(0.5, other.learningRate());
    }
    try (Stream<Path> left = Files.list(last.getParent())) {
      assertEquals(List.of(last), left.toList());
    }
  }

  @Test
  void aCheckpointThatFailsLeavesTheOneBefore() throws IOException {
    Path best = Files.writeString(folder.resolve("best.keras"), "before");
    ModelCheckpoint failing =
        ModelCheckpoint.to(
            best.toString(),
            (trainer, path) -> {
              Files.writeString(path, "half");
              throw new IOException("disk full");
            });
    UncheckedIOException failure =
        assertThrows(UncheckedIOException.class, () -> fit(QUIET.callback(failing)));
    assertEquals("model checkpoint: expected to write " + best, failure.getMessage());
    assertEquals("before", Files.readString(best));
    try (Stream<Path> left = Files.list(folder)) {
      assertEquals(List.of(best), left.toList());
    }
  }

  @Test
  void aPathHasPlacesForNumbersThatThereAre() {
    assertFails(
        "path: expected places such as {epoch:02d} or {val_loss:.4f}, received '{epoch:>3}'",
        () -> ModelCheckpoint.to("{epoch:>3}"));
    assertFails(
        "path '{auc:.2f}': expected names among [accuracy, loss, mine, epoch], received 'auc'",
        () ->
            fit(
                QUIET
                    .callback(Callback.onEpochEnd((fit, epoch) -> fit.log("mine", 0.5)))
                    .callback(ModelCheckpoint.to("{auc:.2f}"))));
    assertFails(
        "path '{loss:02d}': expected a whole number for 'd', received 0.5",
        () ->
            fit(
                QUIET
                    .callback(Callback.onEpochEnd((fit, epoch) -> fit.log("loss", 0.5)))
                    .callback(ModelCheckpoint.to("{loss:02d}"))));
  }

  /** After hours of the first epoch it would be late. */
  @Test
  void placesForNumbersThatWillNotBeThereAreRefusedBeforeTraining() {
    String epochs = "accuracy, epoch, loss";
    String judged = "accuracy, epoch, loss, val_accuracy, val_loss";
    assertPlaceRefused("{val_loss}", epochs, "val_loss", QUIET, path -> path);
    assertPlaceRefused("{val_los}", judged, "val_los", JUDGED, path -> path);
    assertPlaceRefused("{batch}", judged, "batch", JUDGED, path -> path);
    FitOptions seldom = JUDGED.validationFrequency(2);
    assertPlaceRefused("{val_loss}", epochs, "val_loss", seldom, path -> path);
    assertPlaceRefused("{val_loss}", epochs, "val_loss", seldom, path -> path.saveBestOnly("loss"));
    String batches = "accuracy, batch, epoch, loss";
    assertPlaceRefused("{val_loss}", batches, "val_loss", JUDGED, path -> path.saveFrequency(2));
    assertPlaceRefused(
        "{learning_rate}",
        batches,
        "learning_rate",
        QUIET.callback(LearningRateScheduler.of(epoch -> 0.1)),
        path -> path.saveFrequency(2));
  }

  private static void assertPlaceRefused(
      String path,
      String names,
      String place,
      FitOptions options,
      UnaryOperator<ModelCheckpoint> settings) {
    assertRefused(
        "model checkpoint: path '%s': expected names of what is known whenever it is written, [%s],"
                .formatted(path, names)
            + " received '%s'".formatted(place),
        options.callback(settings.apply(ModelCheckpoint.to(path))));
  }

  @Test
  void whatIsMonitoredInJudgedEpochsHasAPlaceInThePath() {
    List<String> written = new ArrayList<>();
    ModelCheckpoint best =
        ModelCheckpoint.to(
                folder.resolve("{epoch}-{val_loss:.0f}").toString(),
                (trainer, path) -> {
                  written.add(path.getFileName().toString().replaceAll("-.*", ""));
                  Files.writeString(path, "");
                })
            .saveBestOnly("val_loss");
    fit(JUDGED.validationFrequency(2).callback(best));
    assertEquals(List.of("2"), written);
  }

  @Test
  void whatCannotBeWrittenIsFoundBeforeTraining() throws IOException {
    Path file = Files.writeString(folder.resolve("file"), "");
    Path inside = file.resolve("x");
    Map<String, Callback> callbacks =
        Map.of(
            "expected to write " + inside,
            CSVLogger.to(inside),
            "tensorboard: expected to write into " + inside,
            TensorBoard.in(inside),
            "model checkpoint: expected to write " + inside + "/{epoch}",
            ModelCheckpoint.to(inside + "/{epoch}"),
            "backup: expected to write into " + inside,
            BackupAndRestore.in(inside));
    Callback training =
        Callback.onBatchEnd(
            (fit, batch) -> {
              throw new AssertionError("it trains");
            });
    callbacks.forEach(
        (message, callback) ->
            assertEquals(
                message,
                assertThrows(
                        UncheckedIOException.class,
                        () -> fit(QUIET.callback(callback).callback(training)))
                    .getMessage()));
  }

  @Test
  void aLinkToAFolderIsOne() throws IOException {
    Path real = Files.createDirectory(folder.resolve("real"));
    Path link = Files.createSymbolicLink(folder.resolve("link"), real);
    fit(
        QUIET
            .callback(CSVLogger.to(link.resolve("log.csv")))
            .callback(TensorBoard.in(link))
            .callback(ModelCheckpoint.to(link.resolve("last").toString()))
            .callback(BackupAndRestore.in(link)));
    try (Stream<Path> files = Files.list(real)) {
      assertEquals(
          List.of("last", "log.csv", "train"),
          files.map(path -> path.getFileName().toString()).sorted().toList());
    }
  }

  @Test
  void aLossThatIsNoNumberEndsTheFitAsIfItHadBeenStopped() {
    FitOptions options = QUIET.callback(TerminateOnNaN.create());
    List<String> heard = new ArrayList<>();
    Callback hearing =
        new Callback() {
          @Override
          public void batchBegin(Fit fit, int batch) {
            if (batch == 2) {
              fit.trainer().assign(filled(fit.trainer().weights(), Float.MAX_VALUE));
            }
          }

          @Override
          public void batchEnd(Fit fit, int batch) {
            heard.add("batch " + batch);
          }

          @Override
          public void epochEnd(Fit fit, int epoch) {
            heard.add("epoch " + epoch);
          }

          @Override
          public void trainEnd(Fit fit) {
            heard.add("end");
          }
        };
    try (Trainer trainer = CallbackCases.trainer()) {
      History history = trainer.fit(CallbackCases.data(), options.callback(hearing));
      assertEquals(List.of(0), history.epochs());
      assertEquals(filled(trainer.weights(), Float.MAX_VALUE), trainer.weights());
    }
    assertEquals(List.of("batch 0", "batch 1", "epoch 0", "end"), heard);
  }

  /** Finite weights, whose sums are not. */
  private static Weights filled(Weights weights, float value) {
    return Weights.of(
        Maps.transformValues(
            weights.tensors(),
            tensor -> {
              float[] values = new float[tensor.values().length];
              Arrays.fill(values, value);
              return new HostTensor(tensor.shape(), values);
            }));
  }

  @Test
  void whatTensorBoardReadsIsTheSameAfterAResume() throws IOException {
    TensorBoard board =
        TensorBoard.in(folder.resolve("board")).updateFrequency(1).histogramFrequency(1);
    fit(JUDGED.callback(board));
    List<String> whole = EventReading.tags(folder.resolve("board"));
    // version and graph, and three times: two numbers after four steps, three and two weights after
    // the epoch
    assertEquals(
        2 + 3 * (4 * 2 + 3 + 2), whole.stream().filter(tag -> tag.startsWith("train")).count());
    Path backups = folder.resolve("backups");
    TensorBoard resumed =
        TensorBoard.in(folder.resolve("resumed")).updateFrequency(1).histogramFrequency(1);
    Callback kill = Resuming.killAfter(1, 2);
    FitOptions backed = JUDGED.callback(resumed);
    assertThrows(
        Resuming.Killed.class,
        () -> fit(backed.callback(kill).callback(BackupAndRestore.in(backups).saveFrequency(2))));
    Callback noKill = Callback.onBatchEnd((fit, batch) -> {});
    fit(backed.callback(noKill).callback(BackupAndRestore.in(backups).saveFrequency(2)));
    assertEquals(whole, EventReading.tags(folder.resolve("resumed")));
  }

  @Test
  void aFileThatLostWhatWasWrittenIsNotGoneOnWith() throws IOException {
    Path csv = folder.resolve("log.csv");
    Path backups = folder.resolve("backups");
    FitOptions options = QUIET.callback(CSVLogger.to(csv));
    assertThrows(
        Resuming.Killed.class,
        () ->
            fit(options.callback(Resuming.killAfter(1, 1)).callback(BackupAndRestore.in(backups))));
    long length = Files.size(csv);
    Files.delete(csv);
    Callback noKill = Callback.onBatchEnd((fit, batch) -> {});
    assertFails(
        "%s: expected the %d bytes that were written, received 0".formatted(csv, length),
        () -> fit(options.callback(noKill).callback(BackupAndRestore.in(backups))));
  }

  @Test
  void numbersAreWrittenAsPythonWritesThem() {
    double[] values = {
      0,
      -0.0,
      1,
      0.1,
      1e-4,
      9.9e-5,
      123456789.125,
      1e15,
      1e16,
      1.5e300,
      2e-3,
      Double.MIN_VALUE,
      1 / 3.0,
      0x1p-44,
      Double.MAX_VALUE,
      (double) 0.1f
    };
    String[] written = {
      "0.0",
      "-0.0",
      "1.0",
      "0.1",
      "0.0001",
      "9.9e-05",
      "123456789.125",
      "1000000000000000.0",
      "1e+16",
      "1.5e+300",
      "0.002",
      "5e-324",
      "0.3333333333333333",
      "5.684341886080802e-14",
      "1.7976931348623157e+308",
      "0.10000000149011612"
    };
    assertArrayEquals(
        written, Arrays.stream(values).mapToObj(PythonNumbers::of).toArray(String[]::new));
    // halves of what a double holds exactly go to the even digit
    assertEquals("0.12", PythonNumbers.fixed(0.125, 2));
    assertEquals("0.38", PythonNumbers.fixed(0.375, 2));
  }

  /** Nothing is measured before somebody asks. */
  @Test
  void logsThatNobodyReadsAreNotFetched() {
    try (Trainer trainer = CallbackCases.trainer()) {
      List<Boolean> fetched = new ArrayList<>();
      FitOptions options =
          QUIET
              .callback(EarlyStopping.on("loss").patience(5))
              .callback(ModelCheckpoint.to(folder.resolve("best").toString()).saveBestOnly("loss"))
              .callback(TensorBoard.in(folder.resolve("board")))
              .callback(CSVLogger.to(folder.resolve("log.csv")))
              .callback(Callback.onBatchEnd((fit, batch) -> fetched.add(fit.hasLogs())));
      trainer.fit(CallbackCases.data(), options);
      assertEquals(12, fetched.size());
      assertFalse(fetched.contains(true));
    }
  }
}
