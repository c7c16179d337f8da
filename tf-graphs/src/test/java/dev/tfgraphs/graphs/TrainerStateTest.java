package dev.tfgraphs.graphs;

import static dev.tfgraphs.graphs.Closeness.assertFails;
import static dev.tfgraphs.ops.Layers.dense;
import static dev.tfgraphs.ops.Layers.input;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import dev.tfgraphs.ops.Model;
import dev.tfgraphs.ops.Node;
import java.io.IOException;
import java.nio.file.FileAlreadyExistsException;
import java.nio.file.Files;
import java.nio.file.NoSuchFileException;
import java.nio.file.Path;
import java.util.List;
import java.util.stream.Collectors;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

class TrainerStateTest {
  private static final Optimizer MOMENTUM = Optimizer.sgd(0.1).momentum(0.9);
  private static final Optimizer PLAIN = Optimizer.sgd(0.1);

  @TempDir private Path temporary;

  private static Trainer trainer(Optimizer optimizer, long seed, int... widths) {
    Node input = input(3);
    Node x = input;
    for (int width : widths) {
      x = x.to(dense(width));
    }
    return Trainer.of(
        Model.of(input, x), Compile.of(optimizer, Loss.meanSquaredError()).seed(seed));
  }

  private Path saved(Optimizer optimizer, int... widths) throws IOException {
    Path folder = temporary.resolve("state");
    try (Trainer trainer = trainer(optimizer, 7, widths)) {
      trainer.save(folder);
    }
    return folder;
  }

  private static void assertRefused(String message, Trainer trainer, Path folder) {
    Weights before = trainer.weights();
    assertFails(message, () -> trainer.restore(folder));
    assertEquals(before, trainer.weights());
    assertEquals(1, trainer.seed());
    trainer.close();
  }

  private static String others(Path folder, String... problems) {
    return "restore: expected the state of this model and optimizer, received %s with others:\n  %s"
        .formatted(folder, String.join("\n  ", problems));
  }

  @Test
  void theStateOfAModelOfOtherWidthsIsRefusedAndNothingChanges() throws IOException {
    Path folder = saved(PLAIN, 4);
    assertRefused(
        others(
            folder,
            "dense/bias: expected DT_FLOAT (10,), received DT_FLOAT (4,)",
            "dense/kernel: expected DT_FLOAT (3, 10), received DT_FLOAT (3, 4)"),
        trainer(PLAIN, 1, 10),
        folder);
  }

  @Test
  void theStateOfALongerOrAShorterModelIsRefusedAndNothingChanges() throws IOException {
    Path folder = saved(PLAIN, 4, 2);
    assertRefused(
        others(
            folder, "unused dense_1/bias DT_FLOAT (2,)", "unused dense_1/kernel DT_FLOAT (4, 2)"),
        trainer(PLAIN, 1, 4),
        folder);
    assertRefused(
        others(
            folder, "missing dense_2/bias DT_FLOAT (5,)", "missing dense_2/kernel DT_FLOAT (2, 5)"),
        trainer(PLAIN, 1, 4, 2, 5),
        folder);
  }

  @Test
  void theStateOfAnotherOptimizerIsRefusedAndNothingChanges() throws IOException {
    Path folder = saved(MOMENTUM, 4);
    assertRefused(
        others(
            folder,
            "unused optimizer/sgd/dense_bias_momentum DT_FLOAT (4,)",
            "unused optimizer/sgd/dense_kernel_momentum DT_FLOAT (3, 4)"),
        trainer(PLAIN, 1, 4),
        folder);
    try (Trainer adam = trainer(Optimizer.adam(0.1), 1, 4)) {
      Weights before = adam.weights();
      String message =
          String.valueOf(
              assertThrows(GraphException.class, () -> adam.restore(folder)).getMessage());
      assertTrue(message.contains("\n  missing optimizer/adam/"), message);
      assertEquals(before, adam.weights());
    }
  }

  @ParameterizedTest
  @CsvSource(
      delimiter = '|',
      quoteCharacter = '"',
      textBlock =
          """
          seed=7   | seed=many | expected a whole number as 'seed', received 'many'
          passes=0 | passes=   | expected a whole number as 'passes', received ''
          passes=0 | past=0    | expected a value of 'passes', received none
          """)
  void aDamagedStateIsRefusedAndNothingChanges(String from, String to, String message)
      throws IOException {
    Path folder = saved(PLAIN, 4);
    Path file = folder.resolve("trainer.properties");
    String text = Files.readString(file);
    assertTrue(text.contains(from));
    Files.writeString(file, text.replace(from, to));
    assertRefused(file + ": " + message, trainer(PLAIN, 1, 4), folder);
  }

  /** The order of data and the draws of random layers count passes and steps. */
  @Test
  void aFitGoesOnFromACheckpointOfAnotherAsThatWentOn() throws IOException {
    String path = temporary.resolve("{epoch}").toString();
    String whole;
    try (Trainer trainer = Resuming.trainer(Resuming.momentum(), 7)) {
      trainer.fit(
          Resuming.data(), Resuming.options(Resuming.EPOCHS).callback(ModelCheckpoint.to(path)));
      whole = Resuming.hash(trainer.weights());
    }
    for (int epoch = 1; epoch < Resuming.EPOCHS; epoch++) {
      try (Trainer trainer = Resuming.trainer(Resuming.momentum(), 8)) {
        trainer.restore(temporary.resolve(Integer.toString(epoch)));
        trainer.fit(Resuming.data(), Resuming.options(Resuming.EPOCHS).initialEpoch(epoch));
        assertEquals(whole, Resuming.hash(trainer.weights()), "after epoch " + epoch);
      }
    }
  }

  @Test
  void noPassIsTakenTwiceAfterAFitThatFailed() {
    try (Trainer trainer = Resuming.trainer(Resuming.momentum(), 7)) {
      FitOptions failing = Resuming.options(3).callback(Resuming.killAfter(1, 2));
      assertThrows(Resuming.Killed.class, () -> trainer.fit(Resuming.data(), failing));
      assertEquals(2, trainer.nextPass());
    }
  }

  @Test
  void aCheckpointWithoutNumbersIsRefusedAndNothingChanges() throws IOException {
    Path folder = saved(PLAIN, 4);
    Files.delete(folder.resolve("state.index"));
    assertRefused(
        "restore: expected a state that can be read, received "
            + folder
            + ": state: TensorFlow failed: Unsuccessful TensorSliceReader constructor: Failed to"
            + " find any matching files for "
            + folder.resolve("state"),
        trainer(PLAIN, 1, 4),
        folder);
    Files.delete(folder.resolve("trainer.properties"));
    assertNone(folder, "one without trainer.properties");
    assertNone(folder.resolve("x"), "nothing");
  }

  private static void assertNone(Path folder, String received) {
    try (Trainer trainer = trainer(PLAIN, 1, 4)) {
      assertEquals(
          folder + ": expected a folder that Trainer.save has written, received " + received,
          assertThrows(NoSuchFileException.class, () -> trainer.restore(folder)).getMessage());
    }
  }

  @Test
  void equalStatesAreEqualFiles() throws IOException {
    String text = Files.readString(saved(PLAIN, 4).resolve("trainer.properties"));
    assertEquals(
        """
        averagesShown=false
        passes=0
        seed=7
        variable/dense/bias=DT_FLOAT (4,)
        variable/dense/kernel=DT_FLOAT (3, 4)
        variable/optimizer/sgd/iteration=DT_INT64 ()
        variable/optimizer/sgd/learning_rate=DT_FLOAT ()
        """,
        text.lines()
            .filter(line -> !line.contains("/training/") && !line.contains("/evaluation/"))
            .collect(Collectors.joining("\n", "", "\n")));
    for (String name : List.of("#a", "!b", "c d", "e\nf", "ü", "")) {
      Memory.empty().put(name, "#" + name).write(temporary.resolve("memory"));
      assertEquals("#" + name, Memory.read(temporary.resolve("memory")).text(name));
    }
  }

  /** As a process leaves it that is killed while a checkpoint takes the place of another. */
  @Test
  void aStateThatHasNotGotItsPlaceGetsItAndIsRestored() throws IOException {
    Path folder = saved(PLAIN, 4);
    try (Aside aside = Aside.of(folder)) {
      Files.move(folder, aside.fresh());
      Files.createDirectory(aside.old());
    }
    try (Trainer trainer = trainer(PLAIN, 1, 4)) {
      trainer.restore(folder);
      assertEquals(7, trainer.seed());
    }
    assertTrue(Files.exists(folder));
  }

  @Test
  void aStateTakesThePlaceOfNothing() throws IOException {
    Path folder = saved(PLAIN, 4);
    Path file = Files.writeString(temporary.resolve("notes.txt"), "mine");
    try (Trainer trainer = trainer(PLAIN, 1, 4)) {
      assertEquals(
          folder
              + ": expected nothing there, received a folder; name another path, or move that away",
          assertThrows(FileAlreadyExistsException.class, () -> trainer.save(folder)).getMessage());
      assertEquals(
          file + ": expected nothing there, received a file; name another path, or move that away",
          assertThrows(FileAlreadyExistsException.class, () -> trainer.save(file)).getMessage());
    }
    assertEquals("mine", Files.readString(file));
  }
}
