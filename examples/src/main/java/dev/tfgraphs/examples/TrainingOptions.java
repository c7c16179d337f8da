package dev.tfgraphs.examples;

import dev.tfgraphs.graphs.Device;
import dev.tfgraphs.graphs.Devices;
import dev.tfgraphs.graphs.GraphException;
import java.io.IOException;
import java.nio.file.Path;
import java.util.Optional;
import picocli.CommandLine.Model.CommandSpec;
import picocli.CommandLine.Option;
import picocli.CommandLine.Spec;

/** What every command that trains is told of the data and of the method. */
final class TrainingOptions {
  @Spec(Spec.Target.MIXEE)
  private CommandSpec command = CommandSpec.create();

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
      names = "--limit",
      paramLabel = "N",
      description = "Use only so many samples to train and to test, for a quick try.")
  private Optional<Long> limit = Optional.empty();

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
      names = "--device",
      paramLabel = "NAME",
      defaultValue = "auto",
      description = "auto (the default: the GPU if there is one), cpu or gpu.")
  private String device = "";

  /**
   * Where the data come from.
   *
   * @throws CommandException if there are none
   */
  DataSource.Kind kind() {
    return DataSource.kindOf(data);
  }

  /**
   * The training of a network, with what nobody said decided.
   *
   * @param epochs the option {@code --epochs}
   * @param imageSize the option {@code --image-size}
   * @param seed the option {@code --seed}
   * @throws CommandException if something asked for is impossible
   */
  TrainingPlan plan(
      Network network, Optional<Integer> epochs, Optional<Integer> imageSize, long seed) {
    DataSource.Kind kind = kind();
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
    Arguments.checkSeed(seed);
    if (kind == DataSource.Kind.FOLDER) {
      checkFolder(Path.of(data));
    }
    int side = imageSize.orElseGet(() -> suggestedSize(kind));
    return new TrainingPlan(
        source(kind, side, seed),
        network,
        epochs.orElse(defaults.epochs()),
        batchSize.orElse(defaults.batchSize()),
        method,
        rate,
        side,
        seed,
        device(),
        limit.orElse(0L),
        false);
  }

  /**
   * Sees that what is written does not become data.
   *
   * @throws CommandException if {@code folder} is inside of the data
   */
  void checkOutside(RunFolder folder) throws IOException {
    if (kind() == DataSource.Kind.FOLDER) {
      folder.checkOutside(Path.of(data));
    }
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
  static CommandException ofData(GraphException e) {
    return new CommandException(
        String.valueOf(e.getMessage()).replaceFirst("^(images|split): ", "--data: "), e);
  }

  /** An image that cannot be decoded would end the training in its midst, each in another one. */
  private void checkImages(Path folder) {
    Inputs.check(
        folder,
        problem ->
            command.commandLine().getErr().println("tfgraphs " + command.name() + ": " + problem));
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
    if (device.equals("gpu") && !Devices.isGpu(Device.GPU)) {
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
