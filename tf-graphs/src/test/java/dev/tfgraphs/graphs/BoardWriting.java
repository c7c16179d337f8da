package dev.tfgraphs.graphs;

import dev.tfgraphs.ops.ActivationFunction;
import java.nio.file.Path;

/** A program that fits for TensorBoard; conformance/tensorboard_check.py has Keras do the same. */
public final class BoardWriting {
  private BoardWriting() {}

  /** Writes below the folder given. */
  public static void main(String... arguments) {
    Compile compile =
        Compile.of(
                Optimizer.sgd(0.05).momentum(0.9),
                Loss.sparseCategoricalCrossentropy(),
                Metric.accuracy())
            .seed(42);
    TensorBoard board =
        TensorBoard.in(Path.of(arguments[0]))
            .histogramFrequency(2)
            .writeImages(true)
            .writeStepsPerSecond(true)
            .updateFrequency(5)
            .gradientFrequency(5);
    try (Trainer trainer = Trainer.of(Networks.smallNet(4, ActivationFunction.SOFTMAX), compile)) {
      FitOptions options =
          FitOptions.epochs(3)
              .batchSize(5)
              .shuffle(false)
              .verbose(0)
              .validation(SmallNet.data(25, "class").batch(5));
      trainer.fit(SmallNet.data(25, "class"), options.callback(board));
    }
    board.image("picture", Png.of(3, 2, 1, new byte[6]), 15);
  }
}
