package dev.tfgraphs.examples.gallery;

import static dev.tfgraphs.ops.Layers.input;

import com.google.common.collect.ImmutableMap;
import dev.tfgraphs.applications.CifarResNet;
import dev.tfgraphs.applications.Shortcut;
import dev.tfgraphs.examples.Digits;
import dev.tfgraphs.graphs.Compile;
import dev.tfgraphs.graphs.FitOptions;
import dev.tfgraphs.graphs.GradientHistory;
import dev.tfgraphs.graphs.GradientLogger;
import dev.tfgraphs.graphs.GradientNorms;
import dev.tfgraphs.graphs.Loss;
import dev.tfgraphs.graphs.Optimizer;
import dev.tfgraphs.graphs.Trainer;
import dev.tfgraphs.graphs.data.Dataset;
import dev.tfgraphs.ops.Model;
import dev.tfgraphs.ops.Node;
import dev.tfgraphs.pictures.GradientFlow;
import java.nio.file.Path;

/** How gradients flow through networks with and without identity shortcuts. */
final class GalleryFlow {
  private static final int SEED = 42;
  private static final int BATCH = 64;
  private static final int STEPS = 40;
  private static final Dataset DIGITS = Digits.train().dataset();

  private GalleryFlow() {}

  /** Writes each as PNG and SVG into a folder that is there. */
  static void write(Path folder) {
    GradientNorms weights = first(history(20, Shortcut.IDENTITY, 1));
    GradientNorms plain = first(history(20, Shortcut.NONE, 1)).only("kernel");
    GradientHistory deep = history(56, Shortcut.IDENTITY, STEPS).only("kernel");
    GradientHistory deepPlain = history(56, Shortcut.NONE, STEPS).only("kernel");
    GradientFlow.bars("Gradients of a ResNet-20 at its first step on the digits", weights)
        .write(folder, "gradient-flow-weights");
    GradientFlow.bars(
            "Gradients of the kernels of 20 layers at the first step",
            ImmutableMap.of("With Identity", weights.only("kernel"), "Without Identity", plain))
        .write(folder, "gradient-flow-side-by-side");
    GradientFlow.lines(
            "Gradients of the kernels of 20 and 56 layers at the first step",
            ImmutableMap.of(
                "With Identity, 20 layers", weights.only("kernel"),
                "Without Identity, 20 layers", plain,
                "With Identity, 56 layers", first(deep),
                "Without Identity, 56 layers", first(deepPlain)))
        .write(folder, "gradient-flow-first-step");
    GradientFlow.heatMap("Gradients of the kernels of 56 layers with identity", deep)
        .write(folder, "gradient-flow-training-with");
    GradientFlow.heatMap("Gradients of the kernels of 56 layers without identity", deepPlain)
        .write(folder, "gradient-flow-training-without");
  }

  private static GradientNorms first(GradientHistory history) {
    return history.norms().values().asList().get(0);
  }

  /** The norms of the first steps, each of its own batch. */
  private static GradientHistory history(int depth, Shortcut shortcut, int steps) {
    Node image = input(8, 8, 1);
    Model model = Model.of(image, CifarResNet.basic(depth).shortcut(shortcut).on(image, 10));
    GradientLogger logger = GradientLogger.every(1);
    Compile compile =
        Compile.of(Optimizer.sgd(0.1), Loss.sparseCategoricalCrossentropy()).seed(SEED);
    FitOptions options =
        FitOptions.epochs(1).stepsPerEpoch(steps).batchSize(BATCH).verbose(0).callback(logger);
    try (Trainer trainer = Trainer.of(model, compile)) {
      var unused = trainer.fit(DIGITS.repeat(), options);
    }
    return logger.history();
  }
}
