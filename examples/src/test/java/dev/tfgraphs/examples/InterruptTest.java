package dev.tfgraphs.examples;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.TimeUnit;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.condition.DisabledOnOs;
import org.junit.jupiter.api.condition.OS;
import org.junit.jupiter.api.io.TempDir;

class InterruptTest {
  private static final int INT = 2;
  private static final int TERM = 15;

  @TempDir private Path folder;

  /** Comes after some steps. */
  static final class After extends Interrupt {
    private int steps;

    After(int steps) {
      this.steps = steps;
    }

    @Override
    boolean requested() {
      if (!super.requested() && --steps == 0) {
        request(INT);
      }
      return super.requested();
    }
  }

  @Test
  void whatIsFinishedIsWritten() throws IOException {
    Path run = folder.resolve("run");
    // an epoch has 3 steps and an end: this is in the second one
    Cli.Outcome outcome =
        Cli.run(new After(6), "train", "--epochs", 5, "--limit", 40, "--output", run);
    assertEquals("", outcome.err());
    assertEquals(130, outcome.code());
    assertTrue(
        outcome
            .out()
            .contains(
                "Interrupted: 1 of 5 epochs finished; the model is that of the last step.\n"
                    + "Test accuracy after epoch 1: "),
        outcome.out());
    assertEquals(2, Files.readAllLines(run.resolve("history.csv")).size());
    assertTrue(Files.exists(run.resolve("curves.png")));
    assertTrue(Files.exists(run.resolve("predictions.png")));
    assertTrue(Files.readString(run.resolve("run.json")).contains("\"interrupted\": true"));
    Cli.run("evaluate", run).succeeded();
  }

  @Test
  void aTrainingWithoutAFinishedEpochStillLeavesItsModel() throws IOException {
    Path run = folder.resolve("run");
    Interrupt interrupt = new Interrupt();
    interrupt.request(TERM);
    Cli.Outcome outcome =
        Cli.run(interrupt, "train", "--epochs", 5, "--limit", 40, "--output", run);
    assertEquals(143, outcome.code());
    assertTrue(Files.notExists(run.resolve("history.csv")));
    assertFalse(outcome.out().contains("history.csv"), outcome.out());
    assertTrue(Files.notExists(run.resolve("curves.png")));
    assertTrue(Files.exists(run.resolve("model/1/saved_model.pb")));
  }

  @Test
  @DisabledOnOs(OS.WINDOWS)
  void aSignalIsHeard() throws IOException, InterruptedException {
    CountDownLatch heard = new CountDownLatch(1);
    Interrupt interrupt = new Interrupt();
    Interrupt.Listening listening = interrupt.listen(heard::countDown, () -> {});
    try {
      assertFalse(interrupt.requested());
      String pid = Long.toString(ProcessHandle.current().pid());
      assertEquals(0, new ProcessBuilder("kill", "-INT", pid).start().waitFor());
      assertTrue(heard.await(10, TimeUnit.SECONDS));
      assertTrue(interrupt.requested());
      assertEquals(130, interrupt.exitCode());
    } finally {
      listening.close();
    }
  }
}
