package dev.tfgraphs.examples;

import com.google.common.collect.ImmutableMap;
import dev.tfgraphs.graphs.Compile;
import dev.tfgraphs.graphs.Device;
import dev.tfgraphs.graphs.Devices;
import dev.tfgraphs.graphs.FitOptions;
import dev.tfgraphs.graphs.Loss;
import dev.tfgraphs.graphs.Metric;
import dev.tfgraphs.graphs.Optimizer;
import dev.tfgraphs.graphs.Schedule;
import dev.tfgraphs.ops.Model;
import dev.tfgraphs.ops.Node;
import java.util.Locale;
import java.util.OptionalLong;

/**
 * A training with nothing left to be decided.
 *
 * @param imageSize the side of the images that the network sees, after they are scaled up
 * @param limit how many samples of each part are used at most; 0 for all
 * @param gradients whether the norms of gradients are recorded
 */
record TrainingPlan(
    DataSource data,
    Network network,
    int epochs,
    int batchSize,
    Method method,
    double learningRate,
    int imageSize,
    long seed,
    Device device,
    long limit,
    boolean gradients) {

  private static final double MOMENTUM = 0.9;
  private static final double GIBIBYTE = 1L << 30;

  /** As many columns as are told apart in a picture. */
  private static final long GRADIENTS = 100;

  /** How gradients change weights. */
  enum Method {
    ADAM,
    SGD;

    /** The rate that suits where {@code adam} suits Adam. */
    double rate(double adam) {
      return this == ADAM ? adam : 0.1;
    }

    private Optimizer at(Schedule rate) {
      return this == ADAM
          ? Optimizer.adam(rate)
          : Optimizer.sgd(rate).momentum(MOMENTUM).nesterov(true);
    }

    String title() {
      return this == ADAM ? "adam" : "sgd";
    }
  }

  /** The same training of another network, from another seed. */
  TrainingPlan of(Network other, long otherSeed) {
    return new TrainingPlan(
        data,
        other,
        epochs,
        batchSize,
        method,
        learningRate,
        imageSize,
        otherSeed,
        device,
        limit,
        gradients);
  }

  /** The same training, in which the norms of gradients are recorded or not. */
  TrainingPlan gradients(boolean recorded) {
    return new TrainingPlan(
        data,
        network,
        epochs,
        batchSize,
        method,
        learningRate,
        imageSize,
        seed,
        device,
        limit,
        recorded);
  }

  /** Before how many steps one is recorded: a hundred times in the whole training. */
  int stepsBetweenGradients() {
    return Math.toIntExact(Math.max(1, steps() / GRADIENTS));
  }

  boolean onGpu() {
    return Devices.isGpu(device);
  }

  /** The network, behind what makes raw pixels into its input. */
  Model model() {
    Node images = ImageSize.entry(data.kind(), data.image());
    Node prepared = ImageSize.prepared(images, data.kind(), imageSize);
    return Model.of(images, network.trained(prepared, data.classNames().size(), steps()));
  }

  /**
   * Sees that a step fits into memory; where none is left, TensorFlow takes the JVM down with it.
   *
   * @param available bytes; not looked at if unknown
   * @throws CommandException if a step needs more
   */
  void checkMemory(Model model, OptionalLong available) {
    long samples = Math.min(batchSize, data.training().samples());
    double sample =
        model.calls().stream()
            .flatMap(call -> call.outputs().stream())
            .mapToDouble(node -> node.shape().with(0, 1).elements())
            .sum();
    // gradients need at least every second result: that of normalization and additions they do not
    double needed = samples * sample * Float.BYTES / 2;
    if (needed > available.orElse(Long.MAX_VALUE)) {
      throw new CommandException(
          String.format(
              Locale.ROOT,
              "--image-size: expected a training that fits into %.1f GiB of free memory, received"
                  + " one that needs %.1f GiB or more for images of %d x %d in steps of %d",
              available.orElseThrow() / GIBIBYTE,
              needed / GIBIBYTE,
              imageSize,
              imageSize,
              samples));
    }
  }

  long stepsPerEpoch() {
    return (data.training().samples() + batchSize - 1) / batchSize;
  }

  private long steps() {
    return epochs * stepsPerEpoch();
  }

  /** The learning rate falls along a cosine over the whole training. */
  Compile compile() {
    Schedule rate = Schedule.cosineDecay(learningRate, steps());
    return Compile.of(method.at(rate), Loss.sparseCategoricalCrossentropy(), Metric.accuracy())
        .seed(seed)
        .device(device);
  }

  FitOptions fitOptions() {
    return FitOptions.epochs(epochs).batchSize(batchSize).validation(data.test());
  }

  /** By the names of the command line's options. */
  ImmutableMap<String, Object> options() {
    ImmutableMap.Builder<String, Object> options = ImmutableMap.builder();
    options
        .put("data", data.location())
        .put("model", network.name())
        .put("epochs", epochs)
        .put("batch-size", batchSize)
        .put("optimizer", method.title())
        .put("learning-rate", learningRate)
        .put("image-size", imageSize)
        .put("seed", seed);
    if (device != Device.AUTO) {
      options.put("device", device == Device.CPU ? "cpu" : "gpu");
    }
    if (limit > 0) {
      options.put("limit", limit);
    }
    if (gradients) {
      options.put("gradients", true);
    }
    return options.buildOrThrow();
  }

  /** The command that does this again. */
  String command() {
    return Shell.command("train", options());
  }
}
