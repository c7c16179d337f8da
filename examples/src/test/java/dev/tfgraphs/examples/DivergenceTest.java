package dev.tfgraphs.examples;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** A training that diverges fails in one line that says what to change, and keeps what it can. */
class DivergenceTest {
  private static final String MEND =
      "and look for wrong values in --data (in Java, clipnorm(1) of the optimizer helps too)";

  @TempDir private Path folder;

  @Test
  void inTheFirstEpochNothingIsLeft() {
    Path output = folder.resolve("output");
    Cli.Outcome outcome =
        Cli.run("train", "--quiet", "--limit", 64, "--learning-rate", "1e30", "--output", output);
    assertEquals(
        "tfgraphs train: epoch 1, step 2: expected a finite loss and finite weights, received NaN"
            + " or infinity; lower --learning-rate, which is 1.0E30, "
            + MEND
            + "; no epoch finished\n",
        outcome.err());
    assertEquals("", outcome.out());
    assertEquals(Main.FAILED, outcome.code());
    assertTrue(Files.notExists(output));
  }

  @Test
  void theFinishedEpochsAreKept() throws IOException {
    Path output = folder.resolve("output");
    // the only step of the first epoch leaves weights that are finite, but too large for the second
    Cli.Outcome outcome =
        Cli.run(
            "train",
            "--limit",
            16,
            "--epochs",
            3,
            "--device",
            "cpu",
            "--learning-rate",
            "1e30",
            "--output",
            output);
    assertEquals(
        "tfgraphs train: epoch 2, step 1: expected a finite loss and finite weights, received NaN"
            + " or infinity; lower --learning-rate, which is 1.0E30, "
            + MEND
            + "; the finished epochs are kept in "
            + output
            + "\n",
        outcome.err());
    assertEquals(Main.FAILED, outcome.code());
    assertTrue(
        outcome
            .out()
            .contains(
                "Diverged: 1 of 3 epochs finished; the model is that after the last of them.\n"),
        outcome.out());
    assertEquals(2, Files.readAllLines(output.resolve("history.csv")).size());
    assertTrue(Files.readString(output.resolve("run.json")).contains("\"diverged\": true"));
    assertTrue(Files.exists(output.resolve("model/1/saved_model.pb")));
  }
}
