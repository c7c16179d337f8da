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
import dev.tfgraphs.pictures.Picture;
import java.nio.file.Path;

/** How gradients flow through networks with and without identity shortcuts. */
final class GalleryFlow {
  private static final int SEED = 42;
  private static final int BATCH = 64;
  private static final int STEPS = 60;
  private static final Dataset DIGITS = Digits.train().dataset();

  private GalleryFlow() {}

  static void write(Path folder) {
    Model residual = network(20, Shortcut.IDENTITY);
    write(
        folder,
        "gradient-flow-weights",
        GradientFlow.bars(
            "Gradient norms of a ResNet-20 at its first step on the digits", first(residual)));
    write(
        folder,
        "gradient-flow-first-step",
        GradientFlow.lines(
            "Kernels' gradients at the first step: 20 and 56 layers, with and without identity",
            ImmutableMap.of(
                "With Identity, 20 layers", kernels(residual),
                "Without Identity, 20 layers", kernels(network(20, Shortcut.NONE)),
                "With Identity, 56 layers", kernels(network(56, Shortcut.IDENTITY)),
                "Without Identity, 56 layers", kernels(network(56, Shortcut.NONE)))));
    GradientHistory with = training(network(56, Shortcut.IDENTITY));
    GradientHistory without = training(network(56, Shortcut.NONE));
    write(
        folder,
        "gradient-flow-training-with",
        GradientFlow.heatMap("Kernels' gradients of 56 layers with identity", with));
    write(
        folder,
        "gradient-flow-training-without",
        GradientFlow.heatMap("Kernels' gradients of 56 layers without identity", without));
    write(
        folder,
        "gradient-flow-side-by-side",
        GradientFlow.bars(
            "Kernels' gradients of 20 layers at the first step",
            ImmutableMap.of(
                "With Identity", kernels(residual),
                "Without Identity", kernels(network(20, Shortcut.NONE)))));
  }

  private static void write(Path folder, String name, Picture picture) {
    picture.writePng(folder.resolve(name + ".png"));
    picture.writeSvg(folder.resolve(name + ".svg"));
  }

  private static Model network(int depth, Shortcut shortcut) {
    Node image = input(8, 8, 1);
    return Model.of(image, CifarResNet.basic(depth).shortcut(shortcut).on(image, 10));
  }

  private static GradientNorms kernels(Model model) {
    return first(model).only("kernel");
  }

  private static GradientNorms first(Model model) {
    GradientHistory history = history(model, 1);
    return history.norms().get(history.steps().get(0));
  }

  private static GradientHistory training(Model model) {
    return history(model, STEPS).only("kernel");
  }

  /** The norms of the first steps, each of its own batch. */
  private static GradientHistory history(Model model, int steps) {
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

  /** Writes the pictures into the folder given. */
  public static void main(String... arguments) {
    write(Path.of(arguments[0]));
  }
}
