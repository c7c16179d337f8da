package dev.tfgraphs.examples;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Optional;
import java.util.concurrent.Callable;
import picocli.CommandLine;
import picocli.CommandLine.Command;
import picocli.CommandLine.Model.CommandSpec;
import picocli.CommandLine.Option;
import picocli.CommandLine.Parameters;
import picocli.CommandLine.Spec;

/** {@code ./tfgraphs report}. */
@Command(
    name = "report",
    sortOptions = false,
    description = {
      "Writes one HTML page that says all of a run: results, command and environment, its pictures,"
          + " what the layers make of an image, how strong gradients arrive, a diagram. The page"
          + " needs nothing but itself: it can be mailed.",
      "What the folder no longer has, or what was trained on data that are gone, is left out, and"
          + " the page says so."
    },
    footerHeading = "%nExamples:%n",
    footer = {
      "  " + Shell.LAUNCHED + " report runs/2025-01-31_12-00-00",
      "  " + Shell.LAUNCHED + " report flowers --output flowers.html"
    })
final class ReportCommand implements Callable<Integer> {
  static final String PAGE = "report.html";

  @Spec private CommandSpec spec = CommandSpec.create();

  @Parameters(
      index = "0",
      paramLabel = "RUN",
      description = "A folder that 'train' or 'transfer' wrote.")
  private Path folder = Path.of("");

  @Option(
      names = "--output",
      paramLabel = "FILE",
      description = "The page to write, .html. Default: " + PAGE + " in RUN.")
  private Optional<Path> output = Optional.empty();

  @Option(names = "--quiet", description = "Print the result only, and no progress.")
  private boolean quiet;

  @Override
  public Integer call() throws IOException {
    CommandLine line = spec.commandLine();
    Console console = new Console("report", line.getOut(), line.getErr(), quiet);
    Arguments.requireFonts();
    FinishedRun run = FinishedRun.of(folder);
    OutputFile page =
        new OutputFile("--output", output.orElse(folder.resolve(PAGE))).check(".html", ".htm");
    String html = new RunReport(run, console).html();
    page.write(file -> Files.writeString(file, html));
    console.result("Written to %s", page.path());
    return 0;
  }
}
