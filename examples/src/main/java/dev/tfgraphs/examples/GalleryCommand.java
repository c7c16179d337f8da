package dev.tfgraphs.examples;

import dev.tfgraphs.examples.gallery.Gallery;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.concurrent.Callable;
import picocli.CommandLine;
import picocli.CommandLine.Command;
import picocli.CommandLine.Model.CommandSpec;
import picocli.CommandLine.Option;
import picocli.CommandLine.Spec;

/** {@code ./tfgraphs gallery}. */
@Command(
    name = "gallery",
    sortOptions = false,
    description = {
      "Draws pictures of every kind that there is, as PNG and SVG, with a README.md that shows"
          + " them: feature maps, Grad-CAM, gradient flow, learning curves, comparisons,"
          + " evaluations and diagrams. Small networks are trained on the digits for it, in a"
          + " minute or two.",
      "Ctrl-C ends after the part that is drawn."
    })
final class GalleryCommand implements Callable<Integer> {
  private final Interrupt interrupt;

  @Spec private CommandSpec spec = CommandSpec.create();

  @Option(
      names = "--output",
      paramLabel = "FOLDER",
      defaultValue = "gallery",
      description =
          "The folder to write; pictures of the same names and the README.md of an earlier gallery"
              + " are replaced. Default: ${DEFAULT-VALUE}.")
  private Path output = Path.of("");

  @Option(names = "--quiet", description = "Print the result only, and no progress.")
  private boolean quiet;

  GalleryCommand(Interrupt interrupt) {
    this.interrupt = interrupt;
  }

  @Override
  public Integer call() throws IOException {
    CommandLine line = spec.commandLine();
    Console console = new Console("gallery", line.getOut(), line.getErr(), quiet);
    if (Files.exists(output) && !Files.isDirectory(output)) {
      throw new CommandException("--output: expected a folder, received '" + output + "'");
    }
    if (!Gallery.mayWrite(output)) {
      throw new CommandException(
          "--output: expected a folder whose README.md is that of a gallery, received '"
              + output
              + "'");
    }
    Arguments.requireFonts();
    Interrupt.Listening listening = interrupt.listen(console::stopping, () -> {});
    try {
      Gallery.write(output, part -> console.detail("Drawing: %s ...", part), interrupt::requested);
    } finally {
      listening.close();
    }
    console.result("Written to %s", output);
    return interrupt.requested() ? interrupt.exitCode() : 0;
  }
}
