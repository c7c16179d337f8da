package dev.tfgraphs.examples;

import static dev.tfgraphs.ops.Layers.input;

import dev.tfgraphs.graphs.Terminal;
import dev.tfgraphs.ops.Model;
import dev.tfgraphs.ops.Node;
import dev.tfgraphs.ops.SummaryOptions;
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
      "  " + Shell.LAUNCHED + " summary --model resnet18 --image-size 224 --classes 1000",
      "  " + Shell.LAUNCHED + " summary --channels 1                 (what sees the digits)"
    })
final class SummaryCommand implements Callable<Integer> {
  private static final int PIPE = 80;

  @Spec private CommandSpec spec = CommandSpec.create();

  @Option(
      names = "--model",
      paramLabel = "NAME",
      defaultValue = "resnet20",
      description = "resnet20 (the default), resnet32, resnet44, resnet56, resnet110 or resnet18.")
  private String model = "";

  @Option(
      names = "--image-size",
      paramLabel = "PIXELS",
      defaultValue = "32",
      description = "The side of the square images. Default: ${DEFAULT-VALUE}.")
  private int imageSize;

  @Option(
      names = "--channels",
      paramLabel = "N",
      defaultValue = "3",
      description = "1 for images in grey, 3 for colour. Default: ${DEFAULT-VALUE}.")
  private int channels;

  @Option(
      names = "--classes",
      paramLabel = "N",
      defaultValue = "10",
      description = "How many classes are told apart. Default: ${DEFAULT-VALUE}.")
  private int classes;

  @Override
  public Integer call() {
    Network network = Network.of(model);
    Arguments.atLeastOne("--image-size", imageSize);
    Arguments.atLeastOne("--classes", classes);
    if (channels != 1 && channels != 3) {
      throw new CommandException("--channels: expected 1 or 3, received " + channels);
    }
    Node image = input(imageSize, imageSize, channels);
    Model described = Model.of(image, network.plain(image, classes));
    SummaryOptions wide = SummaryOptions.defaults();
    spec.commandLine()
        .getOut()
        .println(described.summary(Terminal.isTerminal() ? wide : wide.columns(PIPE)));
    return 0;
  }
}
