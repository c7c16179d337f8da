package dev.tfgraphs.examples;

import dev.tfgraphs.applications.KerasResNet;
import dev.tfgraphs.graphs.GraphException;
import dev.tfgraphs.graphs.data.BrokenImage;
import dev.tfgraphs.graphs.data.Images;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.Optional;
import java.util.concurrent.Callable;
import java.util.stream.Collectors;
import picocli.CommandLine;
import picocli.CommandLine.Command;
import picocli.CommandLine.Mixin;
import picocli.CommandLine.Model.CommandSpec;
import picocli.CommandLine.Option;
import picocli.CommandLine.Spec;

/** {@code ./tfgraphs transfer}. */
@Command(
    name = "transfer",
    sortOptions = false,
    description = {
      "Teaches a network that has learned one thing another one, from few images: its layers stay"
          + " as they are while a new head is trained, then the last of them are fine-tuned.",
      "With --data it carries one of Keras's networks over to a folder of images, and writes the"
          + " model, its report by class, the confusion matrix, pictures of how good it is and the"
          + " worst mistakes. Without, it shows what that brings: a small network that knows the"
          + " digits 0 to 4 learns 5 to 9 from 10 examples each, beside one that starts from"
          + " nothing.",
      "Ctrl-C ends the training after its current step and writes what is done; a second one ends"
          + " at once."
    },
    footerHeading = "%nExamples:%n",
    footer = {
      "  " + Shell.LAUNCHED + " transfer",
      "  " + Shell.LAUNCHED + " transfer --data photos --output flowers   (photos/rose/1.jpg, ...)",
      "  "
          + Shell.LAUNCHED
          + " transfer --data photos --weights resnet101.weights.h5 --model resnet101 --augment"
    })
final class TransferCommand implements Callable<Integer> {
  private static final int LEAST_SIZE = 32;
  private static final int EPOCHS = 10;
  private static final int FINE_TUNE_EPOCHS = 5;

  private static final String[] OF_IMAGES = {
    "--weights",
    "--model",
    "--unfreeze",
    "--image-size",
    "--validation-split",
    "--batch-size",
    "--augment",
    "--skip-broken"
  };

  private final Interrupt interrupt;

  @Spec private CommandSpec spec = CommandSpec.create();

  @Option(
      names = "--data",
      paramLabel = "FOLDER",
      description = "A folder with a folder of images for each class. Default: the digits.")
  private Optional<String> data = Optional.empty();

  @Option(
      names = "--weights",
      paramLabel = "imagenet|FILE",
      defaultValue = PretrainedWeights.IMAGENET,
      description =
          "What the network has learned: Keras's weights of ImageNet (the default), fetched into"
              + " Keras's own cache once, or a file of weights of any kind, with a top or without.")
  private String weights = "";

  @Option(
      names = "--model",
      paramLabel = "NAME",
      defaultValue = "resnet50",
      description =
          "resnet50 (the default), resnet101, resnet152, resnet50v2, resnet101v2 or resnet152v2.")
  private String model = "";

  @Option(
      names = "--epochs",
      paramLabel = "N",
      description = "Passes over the data with the new head alone. Default: 10; digits 80.")
  private Optional<Integer> epochs = Optional.empty();

  @Option(
      names = "--fine-tune-epochs",
      paramLabel = "N",
      description =
          "Passes with the last layers too, at most: they end early when the loss on the held-out"
              + " images has stopped falling. 0 leaves them out. Default: 5; digits 40.")
  private Optional<Integer> fineTuneEpochs = Optional.empty();

  @Option(
      names = "--unfreeze",
      paramLabel = "STAGE",
      defaultValue = "conv5",
      description =
          "From where on layers are fine-tuned: conv5 (the default), conv4, conv3, conv2 or all.")
  private String unfreeze = "";

  @Option(
      names = "--image-size",
      paramLabel = "PIXELS",
      defaultValue = "224",
      description = "The side of the squares that the network sees. Default: ${DEFAULT-VALUE}.")
  private int imageSize;

  @Option(
      names = "--validation-split",
      paramLabel = "PART",
      defaultValue = "0.2",
      description = "Which part of the images the network is judged by. Default: ${DEFAULT-VALUE}.")
  private double heldOut;

  @Option(
      names = "--batch-size",
      paramLabel = "N",
      defaultValue = "32",
      description = "Images a step. Default: ${DEFAULT-VALUE}.")
  private int batchSize;

  @Option(
      names = "--augment",
      description =
          "Flip, turn and zoom images by chance in training. Each step then runs the whole network,"
              + " whose features are made once otherwise.")
  private boolean augment;

  @Option(
      names = "--skip-broken",
      description = "Leave out images that cannot be decoded, and name them.")
  private boolean skipBroken;

  @Option(
      names = "--seed",
      paramLabel = "N",
      description =
          "Decides first weights, order and held-out images. Default: another each time; of the"
              + " digits the first of several, 1.")
  private Optional<Long> seed = Optional.empty();

  @Option(
      names = "--seeds",
      paramLabel = "N",
      description = "How often the digits are done, each time from another seed. Default: 5.")
  private Optional<Integer> seeds = Optional.empty();

  @Mixin private RunOutput output = new RunOutput();

  @Option(names = "--quiet", description = "Print the results only, and no progress.")
  private boolean quiet;

  TransferCommand(Interrupt interrupt) {
    this.interrupt = interrupt;
  }

  @Override
  public Integer call() throws IOException {
    epochs.ifPresent(value -> Arguments.atLeastOne("--epochs", value));
    fineTuneEpochs.ifPresent(value -> check(value >= 0, "--fine-tune-epochs", "0 or more", value));
    seed.ifPresent(Arguments::checkSeed);
    CommandLine line = spec.commandLine();
    Console console = new Console("transfer", line.getOut(), line.getErr(), quiet);
    return data.isPresent() ? images(Path.of(data.get()), console) : digits(console);
  }

  private int images(Path place, Console console) throws IOException {
    refuseAll("without --data only, received with it", "--seeds");
    TransferPlan plan = plan(place, console);
    return output.run(
        interrupt,
        console,
        folder -> {
          folder.checkOutside(place);
          return new Transfer(plan, folder, interrupt, console).run();
        });
  }

  private int digits(Console console) throws IOException {
    refuseAll("with --data only, received without it", OF_IMAGES);
    seeds.ifPresent(value -> Arguments.atLeastOne("--seeds", value));
    DigitTransfer.Settings settings =
        DigitTransfer.Settings.of(seed.orElse(1L), seeds, epochs, fineTuneEpochs);
    Arguments.checkSeed(settings.firstSeed() + settings.seeds() - 1);
    return output.run(
        interrupt,
        console,
        folder -> new DigitTransfer(settings, folder, interrupt, console).run());
  }

  private void refuseAll(String expected, String... options) {
    for (String option : options) {
      if (spec.commandLine().getParseResult().hasMatchedOption(option)) {
        throw new CommandException(option + ": expected " + expected);
      }
    }
  }

  private static void check(boolean holds, String option, String expected, Object received) {
    if (!holds) {
      throw new CommandException(option + ": expected " + expected + ", received " + received);
    }
  }

  private TransferPlan plan(Path folder, Console console) {
    KerasResNet network = network();
    PretrainedWeights pretrained = new PretrainedWeights(weights);
    pretrained.check();
    checkNumbers();
    long chosen = Arguments.seed(seed);
    return new TransferPlan(
        source(folder, chosen, console),
        network,
        pretrained,
        epochs.orElse(EPOCHS),
        fineTuneEpochs.orElse(FINE_TUNE_EPOCHS),
        unfreeze,
        imageSize,
        heldOut,
        batchSize,
        augment,
        skipBroken,
        chosen);
  }

  private void checkNumbers() {
    check(
        TransferPlan.isStage(unfreeze),
        "--unfreeze",
        "conv2, conv3, conv4, conv5 or all",
        "'" + unfreeze + "'");
    check(imageSize >= LEAST_SIZE, "--image-size", LEAST_SIZE + " or more", imageSize);
    check(heldOut > 0 && heldOut < 1, "--validation-split", "more than 0 and less than 1", heldOut);
    Arguments.atLeastOne("--batch-size", batchSize);
  }

  private KerasResNet network() {
    return Arrays.stream(KerasResNet.values())
        .filter(network -> network.modelName().equals(model))
        .findFirst()
        .orElseThrow(
            () ->
                new CommandException(
                    "--model: expected one of "
                        + Arrays.stream(KerasResNet.values())
                            .map(KerasResNet::modelName)
                            .collect(Collectors.joining(", "))
                        + ", received '"
                        + model
                        + "'"));
  }

  private DataSource source(Path folder, long chosen, Console console) {
    if (folder.toString().isEmpty() || !Files.isDirectory(folder)) {
      throw new CommandException(
          "--data: expected a folder of class folders, received '"
              + folder
              + "', which is "
              + (Files.exists(folder) && !folder.toString().isEmpty() ? "no folder" : "not there"));
    }
    DataSource.checkIsNoRun(folder);
    try {
      Images images = decodable(folder, console);
      DataSource.checkClasses(folder, images);
      return DataSource.split(folder, images, heldOut, chosen);
    } catch (GraphException e) {
      throw TrainingOptions.ofData(e);
    }
  }

  /** Those that can be decoded, if others may be left out; the others are named in any case. */
  private Images decodable(Path folder, Console console) {
    List<BrokenImage> broken = new ArrayList<>();
    Images images = DataSource.images(folder, imageSize, broken::add);
    broken.forEach(image -> console.problem(image.message()));
    if (!broken.isEmpty() && !skipBroken) {
      throw new CommandException(
          "--data: expected images that can be decoded, received %d of %d that cannot; mend or"
                  .formatted(broken.size(), broken.size() + images.paths().size())
              + " delete "
              + (broken.size() == 1 ? "it" : "them")
              + ", or leave out such images with --skip-broken");
    }
    return images;
  }
}
