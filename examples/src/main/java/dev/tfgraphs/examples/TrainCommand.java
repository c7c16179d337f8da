package dev.tfgraphs.examples;

import java.io.IOException;
import java.util.Optional;
import java.util.concurrent.Callable;
import picocli.CommandLine;
import picocli.CommandLine.Command;
import picocli.CommandLine.Mixin;
import picocli.CommandLine.Model.CommandSpec;
import picocli.CommandLine.Option;
import picocli.CommandLine.Spec;

/** {@code ./tfgraphs train}. */
@Command(
    name = "train",
    sortOptions = false,
    description = {
      "Trains a network and writes a folder with all that came of it: model/ (a SavedModel that"
          + " takes raw pixels), model.keras (the same for Keras), history.csv, curves and"
          + " predictions (PNG and SVG), pictures/ (how good it is: classes, confusion,"
          + " calibration, roc, precision-recall), run.json (how to do it again), and samples/ to"
          + " predict for (not of folders, whose images are files already).",
      "Standard output takes all that is said of the training: what is trained, Keras's progress,"
          + " the results; with --quiet the results alone. Standard error takes what goes wrong."
          + " Scripts read run.json and history.csv.",
      "Ctrl-C ends the training after its current step and writes what is done; a second one ends"
          + " at once."
    },
    footerHeading = "%nExamples:%n",
    footer = {
      "  " + Shell.LAUNCHED + " train",
      "  " + Shell.LAUNCHED + " train --data cifar-10-batches-bin --model resnet32 --epochs 60",
      "  "
          + Shell.LAUNCHED
          + " train --data photos --image-size 96 --output flowers   (photos/rose/1.jpg, ...)"
    })
final class TrainCommand implements Callable<Integer> {
  private final Interrupt interrupt;

  @Spec private CommandSpec spec = CommandSpec.create();

  @Mixin private TrainingOptions options = new TrainingOptions();

  @Option(
      names = "--model",
      paramLabel = "NAME",
      defaultValue = "resnet20",
      description =
          "resnet20 (the default) or another of the papers: resnet18, resnet34, resnet32, resnet44,"
              + " resnet56, resnet110, or one of those that begin with cifar_ in '"
              + Shell.LAUNCHED
              + " models'.")
  private String model = "";

  @Option(
      names = "--epochs",
      paramLabel = "N",
      description = "Passes over the data. Default: 10 for the digits, else 20.")
  private Optional<Integer> epochs = Optional.empty();

  @Option(
      names = "--image-size",
      paramLabel = "PIXELS",
      description =
          "The side of the squares that the network sees: for the digits a multiple of 8, for"
              + " CIFAR-10 of 32. Default: 32; for folders the largest of the images, 224 at most.")
  private Optional<Integer> imageSize = Optional.empty();

  @Option(
      names = "--seed",
      paramLabel = "N",
      description = "Decides first weights, order and held-out images. Default: another each time.")
  private Optional<Long> seed = Optional.empty();

  @Option(
      names = "--gradients",
      description =
          "Record a hundred times how strong gradients arrive at each weight, and write"
              + " gradient-flow.csv and, over depth and steps, its picture. It takes as much time"
              + " as a hundred steps more.")
  private boolean gradients;

  @Mixin private RunOutput output = new RunOutput();

  @Option(names = "--quiet", description = "Print the results only, and no progress.")
  private boolean quiet;

  TrainCommand(Interrupt interrupt) {
    this.interrupt = interrupt;
  }

  @Override
  public Integer call() throws IOException {
    CommandLine line = spec.commandLine();
    Console console = new Console("train", line.getOut(), line.getErr(), quiet);
    TrainingPlan plan = plan();
    return output.run(
        interrupt,
        console,
        folder -> {
          options.checkOutside(folder);
          return new Training(plan, folder, interrupt, console, seed.isEmpty()).run();
        });
  }

  private TrainingPlan plan() {
    long chosen = Arguments.seed(seed);
    return options.plan(Network.of(model), epochs, imageSize, chosen).gradients(gradients);
  }
}
