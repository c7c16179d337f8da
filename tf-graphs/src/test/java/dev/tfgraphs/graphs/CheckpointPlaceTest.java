package dev.tfgraphs.graphs;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.stream.Stream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** A checkpoint takes the place of earlier ones and of nothing else. */
class CheckpointPlaceTest {
  private static final FitOptions QUIET = FitOptions.epochs(2).verbose(0);

  @TempDir private Path temporary;

  private static void fit(Callback... callbacks) {
    FitOptions options = QUIET;
    for (Callback callback : callbacks) {
      options = options.callback(callback);
    }
    try (Trainer trainer = CallbackCases.trainer()) {
      trainer.fit(CallbackCases.data(), options);
    }
  }

  /** As SavedModels do: a folder that holds numbered ones. */
  private static ModelCheckpoint serving(Path path) {
    return ModelCheckpoint.to(
        path.toString(),
        (trainer, inside) ->
            Files.writeString(
                Files.createDirectories(inside.resolve("1")).resolve("saved_model.pb"), "model"));
  }

  private static Callback untrained() {
    return Callback.onBatchEnd(
        (fit, batch) -> {
          throw new AssertionError("it trains");
        });
  }

  private static void assertRefused(Path path, String received, Callback... callbacks) {
    Closeness.assertFails(
        "model checkpoint: %s: expected nothing there or an earlier checkpoint, received %s;"
                .formatted(path, received)
            + " name another path, or move that away",
        () -> fit(callbacks));
  }

  private static List<String> names(Path folder) throws IOException {
    try (Stream<Path> files = Files.list(folder)) {
      return files.map(file -> file.getFileName().toString()).sorted().toList();
    }
  }

  @Test
  void aFolderWithFilesOfOthersIsRefusedBeforeTrainingAndStays() throws IOException {
    Path results = Files.createDirectories(temporary.resolve("results"));
    Files.writeString(results.resolve("thesis.txt"), "years");
    Files.createDirectory(results.resolve("sub"));
    String received = "a folder with sub, thesis.txt";
    assertRefused(results, received, ModelCheckpoint.to(results.toString()), untrained());
    assertRefused(results, received, serving(results), untrained());
    assertEquals(List.of("sub", "thesis.txt"), names(results));
    assertEquals(List.of("results"), names(temporary));
  }

  @Test
  void aFolderOfALaterEpochIsFoundBeforeTrainingToo() throws IOException {
    Path second = Files.createDirectories(temporary.resolve("2"));
    Files.writeString(second.resolve("mine"), "");
    ModelCheckpoint each = ModelCheckpoint.to(temporary.resolve("{epoch}").toString());
    assertRefused(second, "a folder with mine", each, untrained());
  }

  @Test
  void anotherCallbacksFileIsFoundBeforeTheCheckpointIsWritten() throws IOException {
    Path run = temporary.resolve("run");
    Callback log = CSVLogger.to(run.resolve("log.csv"));
    ModelCheckpoint state = ModelCheckpoint.to(run.toString());
    assertRefused(run, "a folder with log.csv", log, state, untrained());
    Files.delete(run.resolve("log.csv"));
    Files.delete(run);
    assertRefused(run, "a folder with log.csv", state, log);
    assertTrue(Files.exists(run.resolve("log.csv")));
    assertEquals(List.of("run"), names(temporary));
  }

  @Test
  void aFolderDoesNotTakeThePlaceOfAFile() throws IOException {
    Path notes = Files.writeString(temporary.resolve("notes.txt"), "mine");
    assertRefused(notes, "a file", ModelCheckpoint.to(notes.toString()), untrained());
    assertRefused(notes, "a file", serving(notes)); // what its writer writes is seen then
    assertEquals("mine", Files.readString(notes));
    assertEquals(List.of("notes.txt"), names(temporary));
  }

  @Test
  void whatAnEarlierRunHasCheckpointedIsReplaced() throws IOException {
    for (int run = 0; run < 2; run++) {
      Path state = temporary.resolve("state");
      Path serving = Files.createDirectories(temporary.resolve("serving"));
      fit(ModelCheckpoint.to(state.toString()), serving(serving));
      assertEquals(List.of(".checkpoint", "1"), names(serving));
      try (Trainer trainer = CallbackCases.trainer()) {
        trainer.restore(state);
        assertTrue(trainer.iterations() > 0);
      }
    }
  }

  @Test
  void aVersionThatSomebodyHasAddedStays() throws IOException {
    Path serving = temporary.resolve("serving");
    fit(serving(serving));
    Path added = Files.createDirectory(serving.resolve("2"));
    assertRefused(serving, "a folder with 2", serving(serving), untrained());
    assertTrue(Files.exists(added));
    Files.delete(added);
    fit(serving(serving));
    assertFalse(Files.exists(added));
  }

  @Test
  void aFileTakesThePlaceOfAFile() throws IOException {
    Path best = Files.writeString(temporary.resolve("best.h5"), "before");
    fit(ModelCheckpoint.to(best.toString(), (trainer, path) -> Files.writeString(path, "model")));
    assertEquals("model", Files.readString(best));
  }
}
