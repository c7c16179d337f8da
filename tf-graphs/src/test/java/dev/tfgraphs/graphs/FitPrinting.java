package dev.tfgraphs.graphs;

import dev.tfgraphs.ops.ActivationFunction;

/** A program that fits once for each form of verbose; FitTest reads what it prints. */
public final class FitPrinting {
  private FitPrinting() {}

  /** Prints a line {@code verbose n} and then what the fit prints. */
  public static void main(String... arguments) {
    Compile compile =
        Compile.of(Optimizer.sgd(0.01), Loss.sparseCategoricalCrossentropy(), Metric.accuracy())
            .seed(42);
    for (int verbose = 0; verbose <= 2; verbose++) {
      System.out.println("verbose " + verbose);
      try (Trainer trainer =
          Trainer.of(Networks.smallNet(4, ActivationFunction.SOFTMAX), compile)) {
        FitOptions options = FitOptions.epochs(2).batchSize(5).verbose(verbose);
        int epochs =
            trainer.fit(SmallNet.data(12, "class"), options.validationSplit(0.25)).epochs().size();
        System.out.println("epochs " + epochs);
      }
    }
  }
}
