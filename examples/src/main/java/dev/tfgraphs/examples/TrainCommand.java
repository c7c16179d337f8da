package dev.tfgraphs.examples;

import dev.tfgraphs.graphs.Device;
import dev.tfgraphs.graphs.Devices;
import dev.tfgraphs.graphs.GraphException;
import java.io.IOException;
import java.nio.file.Path;
import java.security.SecureRandom;
import java.time.LocalDateTime;
import java.time.ZoneId;
import java.util.Optional;
import java.util.concurrent.Callable;
import picocli.CommandLine;
import picocli.CommandLine.Command;
import picocli.CommandLine.Model.CommandSpec;
import picocli.CommandLine.Option;
import picocli.CommandLine.Spec;

/** {@code ./tfgraphs train}. */
@Command(
    name = "train",
    sortOptions = false,
    description = {
      "Trains a network and writes a folder with all that came of it: model/ (a SavedModel that"
          + " takes raw pixels), history.csv, curves and predictions (PNG and SVG), run.json (how"
          + " to do it again), and samples/ to predict for (not of folders, whose images are files"
          + " already).",
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

  @Option(
      names = "--data",
      paramLabel = "DATA",
      defaultValue = "digits",
      description = {
        "What to learn: 'digits' (comes with the program; the default), a folder with CIFAR-10's"
            + " binary files, or a folder with a folder of images for each class (a fifth of them"
            + " is held out)."
      })
  private String data = "";

  @Option(
      names = "--model",
      paramLabel = "NAME",
      defaultValue = "resnet20",
      description =
          "resnet20 (the default), resnet32, resnet44, resnet56, resnet110 or resnet18 (the large"
              + " one).")
  private String model = "";

  @Option(
      names = "--epochs",
      paramLabel = "N",
      description = "Passes over the data. Default: 10 for the digits, else 20.")
  private Optional<Integer> epochs = Optional.empty();

  @Option(
      names = "--batch-size",
      paramLabel = "N",
      description = "Samples a step. Default: 16 for the digits, 64 for CIFAR-10, else 32.")
  private Optional<Integer> batchSize = Optional.empty();

  @Option(
      names = "--optimizer",
      paramLabel = "NAME",
      defaultValue = "adam",
      description = "adam (the default) or sgd (with Nesterov's momentum of 0.9).")
  private String optimizer = "";

  @Option(
      names = "--learning-rate",
      paramLabel = "RATE",
      description =
          "The first learning rate; it falls to 0 along a cosine. Default: for adam 0.002 on the"
              + " digits, 0.003 on CIFAR-10, else 0.001; for sgd 0.1.")
  private Optional<Double> learningRate = Optional.empty();

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
      names = "--device",
      paramLabel = "NAME",
      defaultValue = "auto",
      description = "auto (the default: the GPU if there is one), cpu or gpu.")
  private String device = "";

  @Option(
      names = "--limit",
      paramLabel = "N",
      description = "Use only so many samples to train and to test, for a quick try.")
  private Optional<Long> limit = Optional.empty();

  @Option(
      names = "--output",
      paramLabel = "FOLDER",
      description = "The folder to write. Default: runs/<date>_<time>.")
  private Optional<Path> output = Optional.empty();

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
    try (RunFolder folder = RunFolder.create(output, LocalDateTime.now(ZoneId.systemDefault()))) {
      if (plan.data().kind() == DataSource.Kind.FOLDER) {
        folder.checkOutside(Path.of(data));
      }
      Interrupt.Listening listening = interrupt.listen(console::stopping, folder::close);
      try {
        return new Training(plan, folder, interrupt, console, seed.isEmpty()).run();
      } finally {
        listening.close();
      }
    }
  }

  private TrainingPlan plan() {
    Network network = Network.of(model);
    DataSource.Kind kind = DataSource.kindOf(data);
    DataSource.Defaults defaults = kind.defaults();
    TrainingPlan.Method method = method();
    double rate = learningRate.orElse(method.rate(defaults.learningRate()));
    epochs.ifPresent(value -> Arguments.atLeastOne("--epochs", value));
    batchSize.ifPresent(value -> Arguments.atLeastOne("--batch-size", value));
    imageSize.ifPresent(value -> Arguments.atLeastOne("--image-size", value));
    limit.ifPresent(value -> Arguments.atLeastOne("--limit", value));
    if (!(rate > 0) || Double.isInfinite(rate)) {
      throw new CommandException("--learning-rate: expected a positive number, received " + rate);
    }
    long chosen = seed.orElseGet(() -> (long) new SecureRandom().nextInt(Integer.MAX_VALUE));
    Arguments.checkSeed(chosen);
    if (kind == DataSource.Kind.FOLDER) {
      checkFolder(Path.of(data));
    }
    int side = imageSize.orElseGet(() -> suggestedSize(kind));
    return new TrainingPlan(
        source(kind, side, chosen),
        network,
        epochs.orElse(defaults.epochs()),
        batchSize.orElse(defaults.batchSize()),
        method,
        rate,
        side,
        chosen,
        device(),
        limit.orElse(0L));
  }

  private void checkFolder(Path folder) {
    try {
      DataSource.checkFolder(folder);
    } catch (GraphException e) {
      if (Inputs.isOfImage(e)) {
        checkImages(folder); // there may be more of them
      }
      throw ofData(e);
    }
    if (limit.isEmpty()) {
      checkImages(folder);
    }
  }

  /** What datasets say of a folder, said of the option that named it. */
  private static CommandException ofData(GraphException e) {
    return new CommandException(
        String.valueOf(e.getMessage()).replaceFirst("^(images|split): ", "--data: "), e);
  }

  /** An image that cannot be decoded would end the training in its midst, each in another one. */
  private void checkImages(Path folder) {
    Inputs.check(
        folder, problem -> spec.commandLine().getErr().println("tfgraphs train: " + problem));
  }

  private TrainingPlan.Method method() {
    return switch (optimizer) {
      case "adam" -> TrainingPlan.Method.ADAM;
      case "sgd" -> TrainingPlan.Method.SGD;
      default ->
          throw new CommandException(
              "--optimizer: expected adam or sgd, received '" + optimizer + "'");
    };
  }

  private Device device() {
    if (device.equals("gpu") && !Devices.types().contains("GPU")) {
      throw new CommandException(
          "--device: expected a GPU, but TensorFlow finds none; '"
              + Shell.launcher()
              + " doctor' says why");
    }
    return switch (device) {
      case "auto" -> Device.AUTO;
      case "cpu" -> Device.CPU;
      case "gpu" -> Device.GPU;
      default ->
          throw new CommandException(
              "--device: expected auto, cpu or gpu, received '" + device + "'");
    };
  }

  private int suggestedSize(DataSource.Kind kind) {
    return kind == DataSource.Kind.FOLDER ? ImageSize.suggestedBy(Path.of(data)) : ImageSize.SMALL;
  }

  private DataSource source(DataSource.Kind kind, int side, long seed) {
    DataSource all =
        switch (kind) {
          case DIGITS -> DataSource.digits();
          case CIFAR_10 -> DataSource.cifar10(Path.of(data));
          case FOLDER -> folder(side, seed);
        };
    return limit.map(all::limited).orElse(all);
  }

  private DataSource folder(int side, long seed) {
    try {
      return DataSource.folder(Path.of(data), side, seed);
    } catch (GraphException e) {
      throw ofData(e);
    }
  }
}
