package dev.tfgraphs.examples;

import static dev.tfgraphs.ops.ActivationFunction.SOFTMAX;
import static dev.tfgraphs.ops.Interpolation.BILINEAR;
import static dev.tfgraphs.ops.Layers.batchNormalization;
import static dev.tfgraphs.ops.Layers.dense;
import static dev.tfgraphs.ops.Layers.flatten;
import static dev.tfgraphs.ops.Layers.input;
import static dev.tfgraphs.ops.Layers.randomRotation;
import static dev.tfgraphs.ops.Layers.randomTranslation;
import static dev.tfgraphs.ops.Layers.randomZoom;
import static dev.tfgraphs.ops.Layers.rescaling;
import static dev.tfgraphs.ops.Layers.upSampling2D;

import dev.tfgraphs.applications.ResNets;
import dev.tfgraphs.examples.TransferTable.Way;
import dev.tfgraphs.graphs.Compile;
import dev.tfgraphs.graphs.FitOptions;
import dev.tfgraphs.graphs.HostTensor;
import dev.tfgraphs.graphs.Loss;
import dev.tfgraphs.graphs.Metric;
import dev.tfgraphs.graphs.Optimizer;
import dev.tfgraphs.graphs.Schedule;
import dev.tfgraphs.graphs.Trainer;
import dev.tfgraphs.graphs.Weights;
import dev.tfgraphs.graphs.data.Dataset;
import dev.tfgraphs.ops.FillMode;
import dev.tfgraphs.ops.Model;
import dev.tfgraphs.ops.Node;
import java.util.EnumMap;
import java.util.LinkedHashMap;
import java.util.Map;
import java.util.Optional;

/**
 * A small residual network that learns the digits 0 to 4 and then, of few examples, 5 to 9, beside
 * one that starts from nothing: all of it for one seed. Both see their digits shifted, turned and
 * zoomed by chance.
 *
 * <p>Rates, epochs and the stage that features come from are those that led to the best accuracy on
 * the digits 5 to 9 for training that are not among the examples; nothing was chosen by those that
 * test.
 */
final class DigitLearner {
  private static final int CLASSES = 5;
  private static final int EXAMPLES = 10;
  private static final int DEPTH = 14;
  private static final int SCALE = 2;
  private static final double MOMENTUM = 0.9;
  private static final int KNOWN_BATCH = 32;
  private static final int NEW_BATCH = 10;
  private static final double KNOWN_RATE = 3e-3;
  private static final double SCRATCH_RATE = 3e-3;
  private static final double HEAD_RATE = 3e-3;
  private static final double FINE_TUNING_RATE = 1e-4;
  private static final double SHIFT = 0.1;
  private static final double ROTATION = 0.03;
  private static final double ZOOM = 0.1;

  /** Of the second of three stages. */
  private static final int CHANNELS = 32;

  private static final String NORMALIZATIONS = "batch_normalization*";

  private static final Dataset KNOWN = Digits.train().between(0, CLASSES).dataset();
  private static final Digits NEW = Digits.train().between(CLASSES, 2 * CLASSES);
  private static final Dataset TEST = Digits.test().between(CLASSES, 2 * CLASSES).dataset();

  static final String DESCRIPTION =
      "A ResNet-%d learns the digits 0 to 4 from %d images, then 5 to 9 from %d each; %d others test it."
          .formatted(DEPTH, KNOWN.samples(), EXAMPLES, TEST.samples());

  /** So many passes over images, in steps of so many, from a learning rate that falls to 0. */
  private record Lesson(Dataset images, int epochs, int batchSize, double rate) {
    Compile compile(long seed) {
      long steps = epochs * ((images.samples() + batchSize - 1) / batchSize);
      return Compile.of(
              Optimizer.adam(Schedule.cosineDecay(rate, steps)),
              Loss.sparseCategoricalCrossentropy(),
              Metric.accuracy())
          .seed(seed);
    }

    FitOptions options() {
      return FitOptions.epochs(epochs).batchSize(batchSize);
    }
  }

  /** What a lesson has led to: the weights, and which part of the test digits they get right. */
  private record Learned(Weights weights, double accuracy) {}

  private final DigitTransfer.Settings settings;
  private final long seed;
  private final Interrupt interrupt;
  private final Console silent;

  DigitLearner(DigitTransfer.Settings settings, long seed, Interrupt interrupt, Console console) {
    this.settings = settings;
    this.seed = seed;
    this.interrupt = interrupt;
    this.silent = console.silent();
  }

  /** Learns in each of the ways; empty if somebody wished that it ends before that. */
  Optional<TransferTable.Row> row() {
    Dataset examples = NEW.some(EXAMPLES, seed).dataset();
    Model network = network();
    Weights known = learn(network, Optional.empty(), knownDigits()).weights();
    Node features = features(network);
    Node classes = features.to(dense(CLASSES).activation(SOFTMAX).name("new_digits"));
    Model fresh = Model.of(network.input(), classes);
    Map<Way, Double> accuracy = new EnumMap<>(Way.class);
    Lesson alone = newDigits(examples, settings.scratch(), SCRATCH_RATE);
    accuracy.put(Way.FROM_SCRATCH, learn(fresh, Optional.empty(), alone).accuracy());
    Model head = fresh.freeze(Model.of(network.input(), features));
    Lesson first = newDigits(examples, settings.head(), HEAD_RATE);
    Learned headed = learn(head, Optional.of(known), first);
    accuracy.put(Way.NEW_HEAD, headed.accuracy());
    if (settings.fineTuning() > 0) {
      Lesson second = newDigits(examples, settings.fineTuning(), FINE_TUNING_RATE);
      Model all = fresh.freeze(NORMALIZATIONS);
      accuracy.put(Way.FINE_TUNED, learn(all, Optional.of(headed.weights()), second).accuracy());
    }
    return interrupt.requested()
        ? Optional.empty()
        : Optional.of(TransferTable.Row.of(seed, accuracy));
  }

  /**
   * What the second stage ends with, place by place: what comes behind it tells the known digits
   * apart, and little else.
   */
  private static Node features(Model network) {
    return network.calls().stream()
        .map(call -> call.outputs().get(0))
        .filter(node -> node.shape().rank() == 4 && node.shape().size(3) == CHANNELS)
        .reduce((before, node) -> node)
        .orElseThrow()
        .to(flatten());
  }

  private Lesson knownDigits() {
    return new Lesson(KNOWN, settings.known(), KNOWN_BATCH, KNOWN_RATE);
  }

  private static Lesson newDigits(Dataset examples, int epochs, double rate) {
    return new Lesson(examples, epochs, NEW_BATCH, rate);
  }

  private static Model network() {
    Node digits = input(ModelInput.DIGITS, Digits.SIZE, Digits.SIZE, 1);
    Node varied =
        digits
            .to(rescaling(1.0 / Digits.INK))
            .to(upSampling2D(SCALE).interpolation(BILINEAR))
            .to(randomTranslation(SHIFT, SHIFT).fillMode(FillMode.CONSTANT))
            .to(randomRotation(ROTATION).fillMode(FillMode.CONSTANT))
            .to(randomZoom(ZOOM).fillMode(FillMode.CONSTANT));
    return Model.of(
        digits,
        ResNets.cifarResNet(varied, DEPTH, CLASSES, () -> batchNormalization().momentum(MOMENTUM)));
  }

  /**
   * Learns a lesson, or, where somebody wishes that it ends, a part of it.
   *
   * @param start weights by their paths, of which those are taken that the model has, too
   */
  private Learned learn(Model model, Optional<Weights> start, Lesson lesson) {
    try (Trainer trainer = Trainer.of(model, lesson.compile(seed))) {
      start.ifPresent(weights -> trainer.assign(carried(trainer.weights(), weights)));
      Course course = new Course(trainer, interrupt);
      Ending ending = course.fit(lesson.images(), lesson.options(), silent);
      if (ending == Ending.DIVERGED) {
        throw new CommandException("seed " + seed + ": " + course.divergence());
      }
      return new Learned(trainer.weights(), trainer.evaluate(TEST).get("accuracy"));
    }
  }

  private static Weights carried(Weights first, Weights known) {
    Map<String, HostTensor> tensors = new LinkedHashMap<>(first.tensors());
    tensors.replaceAll((path, tensor) -> known.tensors().getOrDefault(path, tensor));
    return Weights.of(tensors);
  }
}
