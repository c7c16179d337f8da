package dev.tfgraphs.examples;

import java.io.IOException;
import java.time.Duration;
import java.time.Instant;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;

/** What transfer brings, measured on the digits over several seeds. */
final class DigitTransfer {
  /**
   * How it is done.
   *
   * @param firstSeed the seeds count up from here
   * @param known epochs on the digits 0 to 4
   * @param head epochs of the new head alone
   * @param fineTuning epochs of all layers; 0 leaves them out
   */
  record Settings(long firstSeed, int seeds, int known, int head, int fineTuning) {
    private static final int SEEDS = 5;
    private static final int KNOWN = 20;
    private static final int HEAD = 80;
    private static final int FINE_TUNING = 40;

    /** With less time for the new digits there is less for the known ones, too. */
    static Settings of(
        long seed,
        Optional<Integer> seeds,
        Optional<Integer> epochs,
        Optional<Integer> fineTuneEpochs) {
      int head = epochs.orElse(HEAD);
      return new Settings(
          seed,
          seeds.orElse(SEEDS),
          Math.min(KNOWN, head),
          head,
          fineTuneEpochs.orElse(FINE_TUNING));
    }

    /** Who starts from nothing sees the new digits as often as who does not. */
    int scratch() {
      return head + fineTuning;
    }

    private Map<String, Object> options() {
      Map<String, Object> options = new LinkedHashMap<>();
      options.put("seed", firstSeed);
      options.put("seeds", seeds);
      options.put("epochs", head);
      options.put("fine-tune-epochs", fineTuning);
      return options;
    }
  }

  private final Settings settings;
  private final RunFolder folder;
  private final Interrupt interrupt;
  private final Console console;
  private final List<TransferTable.Row> rows = new ArrayList<>();

  DigitTransfer(Settings settings, RunFolder folder, Interrupt interrupt, Console console) {
    this.settings = settings;
    this.folder = folder;
    this.interrupt = interrupt;
    this.console = console;
  }

  /** Trains, prints, writes; 0, or what a shell expects after an interrupt. */
  int run() throws IOException {
    Instant start = Instant.now();
    console.detail("%s", DigitLearner.DESCRIPTION);
    console.out().flush();
    while (rows.size() < settings.seeds()) {
      long seed = settings.firstSeed() + rows.size();
      Optional<TransferTable.Row> row = new DigitLearner(settings, seed, interrupt, console).row();
      if (row.isEmpty()) {
        console.result("Interrupted: %d of %d seeds finished.", rows.size(), settings.seeds());
        break;
      }
      console.detail("%s", row.get());
      console.out().flush();
      rows.add(row.get());
    }
    if (!rows.isEmpty()) {
      write(new TransferTable(rows), start);
    }
    return rows.size() < settings.seeds() ? interrupt.exitCode() : 0;
  }

  private void write(TransferTable table, Instant start) throws IOException {
    table.lines().forEach(line -> console.result("%s", line));
    Duration time = Duration.between(start, Instant.now());
    console.detail("Time: %.1f s", time.toMillis() / 1000.0);
    RunFiles files = new RunFiles(folder.temporary(), console);
    files.writeText("transfer.csv", "the test accuracy of every seed", table.csv());
    files.writeText("transfer.md", "the table", table.markdown());
    files.draw("transfer", "the same as a picture", () -> TransferPicture.of(table));
    Map<String, Object> run = new LinkedHashMap<>();
    run.put("command", Shell.command("transfer", settings.options()));
    run.put("options", settings.options());
    run.put("versions", RunFiles.versions());
    run.put("started", start.toString());
    run.put("seconds", time.toMillis() / 1000.0);
    run.put("seeds_finished", rows.size());
    run.put("interrupted", rows.size() < settings.seeds());
    files.writeSettings(run);
    files.list(folder.publish());
  }
}
