package dev.tfgraphs.examples;

import dev.tfgraphs.savedmodel.FileContents;
import java.io.IOException;
import java.io.PrintWriter;
import java.nio.file.Path;
import java.util.concurrent.Callable;
import picocli.CommandLine.Command;
import picocli.CommandLine.Model.CommandSpec;
import picocli.CommandLine.Option;
import picocli.CommandLine.Parameters;
import picocli.CommandLine.Spec;

/** {@code ./tfgraphs inspect}. */
@Command(
    name = "inspect",
    sortOptions = false,
    description = {
      "Says what is in a file of a network: its kind, its size and SHA-256, all tensors by the"
          + " file's own names, and where the file has them the network, how it is trained, and the"
          + " signatures of a SavedModel.",
      "No numbers are read, and the file need not be of a network that can be run here."
    },
    footerHeading = "%nExamples:%n",
    footer = {
      "  " + Shell.LAUNCHED + " inspect net.keras",
      "  " + Shell.LAUNCHED + " inspect runs/2025-01-31_12-00-00",
      "  " + Shell.LAUNCHED + " inspect model.safetensors --json | jq '.tensors[].name'"
    })
final class InspectCommand implements Callable<Integer> {
  @Spec private CommandSpec spec = CommandSpec.create();

  @Parameters(
      index = "0",
      paramLabel = "FILE",
      description =
          "A .keras file or its folder, .weights.h5, .weights.json, .h5, .safetensors, a TensorFlow"
              + " checkpoint, a SavedModel or a folder that 'train' wrote.")
  private Path file = Path.of("");

  @Option(names = "--json", description = "Print an object of JSON.")
  private boolean json;

  @Override
  public Integer call() throws IOException {
    FileContents contents = FileContents.of(ModelFolder.place(file));
    Inspection inspection = Inspection.of(file, contents);
    PrintWriter out = spec.commandLine().getOut();
    out.print(json ? InspectionJson.of(inspection) : InspectionText.of(inspection));
    out.flush();
    return 0;
  }
}
