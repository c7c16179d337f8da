package dev.tfgraphs.examples;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertTrue;

import dev.tfgraphs.examples.TransferTable.Way;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.Map;
import java.util.stream.Stream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

/** {@code transfer} without data: the digits. */
class TransferDigitsTest {
  @TempDir private Path folder;

  private static final TransferTable TABLE =
      new TransferTable(
          List.of(
              TransferTable.Row.of(
                  1, Map.of(Way.FROM_SCRATCH, 0.5, Way.NEW_HEAD, 0.75, Way.FINE_TUNED, 0.875)),
              TransferTable.Row.of(
                  2, Map.of(Way.FROM_SCRATCH, 0.75, Way.NEW_HEAD, 0.875, Way.FINE_TUNED, 1.0))));

  @Test
  void aShortOneWritesItsTableAndItsPicture() throws IOException {
    Path run = folder.resolve("run");
    String out =
        Cli.run(
                "transfer",
                "--seeds",
                1,
                "--seed",
                3,
                "--epochs",
                2,
                "--fine-tune-epochs",
                1,
                "--output",
                run)
            .succeeded()
            .out();
    assertTrue(
        out.startsWith(
            "A ResNet-14 learns the digits 0 to 4 from 721 images, then 5 to 9 from 10 each; 180"
                + " others test it.\nSeed 3: from scratch "),
        out);
    assertTrue(out.contains("\nTransfer brought "), out);
    assertTrue(out.contains("  transfer.png, transfer.svg       the same as a picture\n"), out);
    List<String> csv = Files.readAllLines(run.resolve("transfer.csv"));
    assertEquals(
        "seed,from_scratch,new_head,fine_tuned,new_head_over_scratch,fine_tuned_over_scratch",
        csv.get(0));
    assertTrue(csv.get(1).matches("3(,[01]\\.\\d+){3}(,-?[01]\\.\\d+){2}"), csv.get(1));
    assertEquals(2, csv.size());
    assertTrue(Svg.read(run.resolve("transfer.svg")).texts().contains("from scratch"));
    assertTrue(
        Files.readString(run.resolve("run.json"))
            .contains("./tfgraphs transfer --seed 3 --seeds 1 --epochs 2 --fine-tune-epochs 1"));
  }

  @Test
  void anInterruptKeepsTheSeedsThatFinished() throws IOException {
    Interrupt interrupt = new Interrupt();
    interrupt.request(2);
    Path run = folder.resolve("run");
    Cli.Outcome outcome = Cli.run(interrupt, "transfer", "--quiet", "--epochs", 2, "--output", run);
    assertEquals("Interrupted: 0 of 5 seeds finished.\n", outcome.out());
    assertEquals(130, outcome.code());
    try (Stream<Path> left = Files.list(folder)) {
      assertEquals(List.of(), left.toList());
    }
  }

  @Test
  void theTableHasMeansAndDeviations() {
    assertEquals(
        """
        Test accuracy on the digits 5 to 9 after 10 examples each (2 seeds):
                                          mean  deviation     least      most  over scratch
          from scratch                  62.5 %       17.7    50.0 %    75.0 %
          new head on frozen layers     81.3 %        8.8    75.0 %    87.5 %   +18.8 ± 8.8
          the same, fine-tuned          93.8 %        8.8    87.5 %   100.0 %   +31.3 ± 8.8
        Transfer brought +31.3 ± 8.8 points.\
        """,
        String.join("\n", TABLE.lines()));
    assertTrue(
        TABLE
            .markdown()
            .contains(
                "\n| the same, fine-tuned | 93.8 % | 8.8 | 87.5 % | 100.0 % | +31.3 ± 8.8 |\n"),
        TABLE.markdown());
  }

  @Test
  void differencesAreTakenSeedBySeed() {
    assertEquals(
        """
        seed,from_scratch,new_head,fine_tuned,new_head_over_scratch,fine_tuned_over_scratch
        1,0.5,0.75,0.875,0.25,0.375
        2,0.75,0.875,1.0,0.125,0.25
        """,
        TABLE.csv());
  }

  @Test
  void aSingleSeedHasNoDeviation() {
    TransferTable one =
        new TransferTable(
            List.of(TransferTable.Row.of(1, Map.of(Way.FROM_SCRATCH, 0.5, Way.NEW_HEAD, 0.75))));
    assertTrue(one.lines().get(2).matches(".* 50.0 % +- .*"), one.lines().get(2));
    assertEquals("Transfer brought +25.0 points.", one.brought());
  }

  @ParameterizedTest
  @CsvSource(
      delimiter = '|',
      value = {
        "--weights imagenet | --weights: expected with --data only, received without it",
        "--augment | --augment: expected with --data only, received without it",
        "--seeds 0 | --seeds: expected 1 or more, received 0",
        "--epochs 0 | --epochs: expected 1 or more, received 0",
        "--fine-tune-epochs -1 | --fine-tune-epochs: expected 0 or more, received -1",
        "--seed 4294967295 | --seed: expected a number from 0 to 4294967295, received 4294967299"
      })
  void wrongTurnsAreRefused(String options, String message) {
    Path run = folder.resolve("run");
    Object[] command =
        Stream.concat(Stream.of("transfer", "--output", run), Stream.of(options.split(" ")))
            .toArray();
    Cli.Outcome outcome = Cli.run(command);
    assertEquals("tfgraphs transfer: " + message + "\n", outcome.err());
    assertEquals(2, outcome.code());
    assertFalse(Files.exists(run));
  }
}
