package dev.tfgraphs.examples;

import static dev.tfgraphs.ops.Layers.input;
import static dev.tfgraphs.ops.Layers.rescaling;
import static dev.tfgraphs.ops.Layers.upSampling2D;

import dev.tfgraphs.applications.ResNets;
import dev.tfgraphs.graphs.Compile;
import dev.tfgraphs.graphs.FitOptions;
import dev.tfgraphs.graphs.Loss;
import dev.tfgraphs.graphs.Metric;
import dev.tfgraphs.graphs.Optimizer;
import dev.tfgraphs.graphs.Trainer;
import dev.tfgraphs.graphs.data.Dataset;
import dev.tfgraphs.ops.Model;
import dev.tfgraphs.ops.Node;
import dev.tfgraphs.savedmodel.SavedModels;
import java.nio.file.Path;

/** A ResNet-20 that learns to read handwritten digits. */
final class QuickStart {
  private QuickStart() {}

  public static void main(String[] args) {
    train(Digits.train().dataset(), Digits.test().dataset(), 10, Path.of("digits"));
  }

  static void train(Dataset train, Dataset test, int epochs, Path folder) {
    Node image = input(8, 8, 1);
    Node x = image.to(rescaling(1 / 16.0)).to(upSampling2D(4));
    Model model = Model.of(image, ResNets.cifarResNet(x, 20, 10));
    Compile adam =
        Compile.of(Optimizer.adam(0.003), Loss.sparseCategoricalCrossentropy(), Metric.accuracy());
    try (Trainer trainer = Trainer.of(model, adam)) {
      trainer.fit(train, FitOptions.epochs(epochs).validation(test));
      SavedModels.write(folder, model, trainer.weights());
    }
  }
}
