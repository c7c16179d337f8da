package dev.tfgraphs.examples;

import static dev.tfgraphs.ops.ActivationFunction.RELU;
import static dev.tfgraphs.ops.ActivationFunction.SOFTMAX;
import static dev.tfgraphs.ops.Layers.dense;
import static dev.tfgraphs.ops.Layers.input;
import static dev.tfgraphs.ops.Layers.randomFlip;
import static dev.tfgraphs.ops.Layers.randomRotation;
import static dev.tfgraphs.ops.Layers.randomZoom;

import com.google.common.collect.ImmutableMap;
import dev.tfgraphs.applications.Heads;
import dev.tfgraphs.applications.KerasResNet;
import dev.tfgraphs.graphs.Compile;
import dev.tfgraphs.graphs.EarlyStopping;
import dev.tfgraphs.graphs.FeatureCache;
import dev.tfgraphs.graphs.FitOptions;
import dev.tfgraphs.graphs.Loss;
import dev.tfgraphs.graphs.Metric;
import dev.tfgraphs.graphs.Optimizer;
import dev.tfgraphs.graphs.Preprocessing;
import dev.tfgraphs.graphs.data.Dataset;
import dev.tfgraphs.ops.Model;
import dev.tfgraphs.ops.Node;
import dev.tfgraphs.ops.RandomFlip;
import java.util.stream.IntStream;

/**
 * A transfer of a network to images of one's own, with nothing left to be decided.
 *
 * @param epochs of the new head alone, behind frozen layers
 * @param fineTuneEpochs at most, of the head and the last layers of the network
 * @param unfreeze the stage from which these begin, or {@value #ALL}
 * @param imageSize the side of the squares that the network sees
 * @param heldOut which part of the images the network is judged by
 * @param augment whether training sees images flipped, turned and zoomed by chance
 * @param skipBroken whether images that cannot be decoded are left out
 */
record TransferPlan(
    DataSource data,
    KerasResNet network,
    PretrainedWeights weights,
    int epochs,
    int fineTuneEpochs,
    String unfreeze,
    int imageSize,
    double heldOut,
    int batchSize,
    boolean augment,
    boolean skipBroken,
    long seed) {
  /** Names of options that {@link HeldOut} reads in the settings of a run. */
  static final String VALIDATION_SPLIT = "validation-split";

  static final String SKIP_BROKEN = "skip-broken";

  static final String ALL = "all";
  private static final int FIRST_STAGE = 2;
  private static final int LAST_STAGE = 5;
  private static final int HIDDEN = 256;
  private static final double RATE = 1e-3;
  private static final double FINE_TUNING_RATE = 1e-5;
  private static final int PATIENCE = 3;
  private static final double ROTATION = 0.05;
  private static final double ZOOM = 0.1;

  /** Whether {@code --unfreeze} may be so. */
  static boolean isStage(String name) {
    return name.equals(ALL)
        || IntStream.rangeClosed(FIRST_STAGE, LAST_STAGE).anyMatch(i -> name.equals("conv" + i));
  }

  /** The network without its top, on pixels from 0 to 255. */
  Model backbone() {
    Node images = input(ModelInput.IMAGES, imageSize, imageSize, 3);
    return Model.of(images, network.features(network.preprocessing().on(images)));
  }

  /** That network with a new head, which alone is trained. */
  Model headAlone(Model backbone) {
    Node classes =
        Heads.averagePooling(backbone.output())
            .to(dense(HIDDEN).activation(RELU))
            .to(dense(data.classNames().size()).activation(SOFTMAX).name("predictions"));
    return Model.of(backbone.input(), classes).name(network.modelName()).freeze(backbone);
  }

  /**
   * The same with the last stages trained too. Batch normalization stays as it is: the averages
   * over a few batches would spoil what many images have taught.
   */
  Model fineTuned(Model headAlone) {
    return headAlone.unfreeze(unfrozen()).freeze("*_bn");
  }

  /** Patterns of names of layers. */
  private String[] unfrozen() {
    if (unfreeze.equals(ALL)) {
      return new String[] {"conv*"};
    }
    return IntStream.rangeClosed(unfreeze.charAt(unfreeze.length() - 1) - '0', LAST_STAGE)
        .mapToObj(stage -> "conv" + stage + "_*")
        .toArray(String[]::new);
  }

  Compile compileHead() {
    return compile(RATE);
  }

  Compile compileFineTuning() {
    return compile(FINE_TUNING_RATE);
  }

  private Compile compile(double rate) {
    return Compile.of(Optimizer.adam(rate), Loss.sparseCategoricalCrossentropy(), Metric.accuracy())
        .seed(seed);
  }

  /** What frozen layers make of images that stay as they are is made once. */
  FitOptions headOptions() {
    FitOptions options = FitOptions.epochs(epochs).batchSize(batchSize).validation(data.test());
    return augment ? options : options.features(FeatureCache.memory());
  }

  /**
   * Epochs go on where those before have ended, and the best weights of these come back.
   *
   * @param before how many epochs there were
   */
  FitOptions fineTuningOptions(int before) {
    return FitOptions.epochs(before + fineTuneEpochs)
        .initialEpoch(before)
        .batchSize(batchSize)
        .validation(data.test())
        .callback(EarlyStopping.on("val_loss").patience(PATIENCE).restoreBestWeights(true));
  }

  /** The images to learn from, as training sees them. */
  Dataset training() {
    return augment
        ? data.training()
            .map(
                Preprocessing.of(
                    seed,
                    randomFlip(RandomFlip.Mode.HORIZONTAL),
                    randomRotation(ROTATION),
                    randomZoom(ZOOM)))
        : data.training();
  }

  /** By the names of the command line's options. */
  ImmutableMap<String, Object> options() {
    ImmutableMap.Builder<String, Object> options = ImmutableMap.builder();
    options
        .put("data", data.location())
        .put("weights", weights.named())
        .put("model", network.modelName())
        .put("epochs", epochs)
        .put("fine-tune-epochs", fineTuneEpochs)
        .put("unfreeze", unfreeze)
        .put("image-size", imageSize)
        .put(VALIDATION_SPLIT, heldOut)
        .put("batch-size", batchSize)
        .put("seed", seed);
    if (augment) {
      options.put("augment", true);
    }
    if (skipBroken) {
      options.put(SKIP_BROKEN, true);
    }
    return options.buildOrThrow();
  }
}
