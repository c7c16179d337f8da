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
      "  ./tfgraphs summary",
      "  ./tfgraphs summary --model resnet18 --image-size 224 --classes 1000"
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
      names = "--classes",
      paramLabel = "N",
      defaultValue = "10",
      description = "How many classes are told apart. Default: ${DEFAULT-VALUE}.")
  private int classes;

  @Override
  public Integer call() {
    Network network = Network.of(model);
    atLeastOne("--image-size", imageSize);
    atLeastOne("--classes", classes);
    Node image = input(imageSize, imageSize, 3);
    Model described = Model.of(image, network.plain(image, classes));
    SummaryOptions wide = SummaryOptions.defaults();
    spec.commandLine()
        .getOut()
        .println(described.summary(Terminal.isTerminal() ? wide : wide.columns(PIPE)));
    return 0;
  }

  private static void atLeastOne(String option, int value) {
    if (value < 1) {
      throw new CommandException(option + ": expected 1 or more, received " + value);
    }
  }
}
