package dev.tfgraphs.examples;

import java.io.IOException;
import java.nio.file.Path;
import java.time.LocalDateTime;
import java.time.ZoneId;
import java.util.Optional;
import picocli.CommandLine.Option;

/** The folder that a training writes, and what Ctrl-C does meanwhile. */
final class RunOutput {
  /** What is done with the folder; gives the exit code. */
  interface Work {
    int in(RunFolder folder) throws IOException;
  }

  @Option(
      names = "--output",
      paramLabel = "FOLDER",
      description = "The folder to write. Default: runs/<date>_<time>.")
  private Optional<Path> output = Optional.empty();

  /** Reserves the folder and lets Ctrl-C end the work after its current step. */
  int run(Interrupt interrupt, Console console, Work work) throws IOException {
    return run(output, RunFolder.RUNS, interrupt, console, work);
  }

  /**
   * The same with the folder that an option of the command's own names, or a new one in a place.
   */
  static int run(Optional<Path> output, Path place, Interrupt interrupt, Console console, Work work)
      throws IOException {
    LocalDateTime now = LocalDateTime.now(ZoneId.systemDefault());
    try (RunFolder folder =
        output.isPresent() ? RunFolder.named(output.get()) : RunFolder.timed(place, now)) {
      Interrupt.Listening listening = interrupt.listen(console::stopping, folder::close);
      try {
        return work.in(folder);
      } finally {
        listening.close();
      }
    }
  }
}
