package dev.tfgraphs.examples;

import dev.tfgraphs.applications.NamedNetwork;
import dev.tfgraphs.graphs.Terminal;
import dev.tfgraphs.ops.Model;
import dev.tfgraphs.ops.SummaryOptions;
import java.util.Optional;
import java.util.concurrent.Callable;
import picocli.CommandLine.Command;
import picocli.CommandLine.Model.CommandSpec;
import picocli.CommandLine.Option;
import picocli.CommandLine.Spec;

/** {@code ./tfgraphs summary}. */
@Command(
    name = "summary",
    sortOptions = false,
    description = "Prints the layers and parameters of a network as Keras does.",
    footerHeading = "%nExamples:%n",
    footer = {
      "  " + Shell.LAUNCHED + " summary",
      "  " + Shell.LAUNCHED + " summary --model torch_resnet18 --image-size 64 --classes 10",
      "  " + Shell.LAUNCHED + " summary --channels 1                 (what sees the digits)"
    })
final class SummaryCommand implements Callable<Integer> {
  private static final int PIPE = 80;

  @Spec private CommandSpec spec = CommandSpec.create();

  @Option(
      names = "--model",
      paramLabel = "NAME",
      defaultValue = "resnet20",
      description = "The network: " + Architectures.NAMES + ". Default: ${DEFAULT-VALUE}.")
  private String model = "";

  @Option(
      names = "--image-size",
      paramLabel = "PIXELS",
      description = "The side of the square images. Default: what the network was published for.")
  private Optional<Integer> imageSize = Optional.empty();

  @Option(
      names = "--channels",
      paramLabel = "N",
      defaultValue = "3",
      description = "1 for images in grey, 3 for colour. Default: ${DEFAULT-VALUE}.")
  private int channels;

  @Option(
      names = "--classes",
      paramLabel = "N",
      description =
          "How many classes are told apart. Default: as many as the network was published for.")
  private Optional<Integer> classes = Optional.empty();

  @Override
  public Integer call() {
    NamedNetwork network = Architectures.named(model);
    int side = Arguments.atLeastOne("--image-size", imageSize.orElse(network.size()));
    int count = Arguments.atLeastOne("--classes", classes.orElse(network.classes()));
    if (channels != 1 && channels != 3) {
      throw new CommandException("--channels: expected 1 or 3, received " + channels);
    }
    Model described = network.model(count, side, side, channels);
    SummaryOptions wide = SummaryOptions.defaults();
    spec.commandLine()
        .getOut()
        .println(described.summary(Terminal.isTerminal() ? wide : wide.columns(PIPE)));
    return 0;
  }
}
