package dev.tfgraphs.examples.slides;

import static dev.tfgraphs.examples.slides.ResNet18.resNet18;
import static dev.tfgraphs.graphs.Loss.sparseCategoricalCrossentropy;
import static dev.tfgraphs.graphs.Metric.accuracy;
import static dev.tfgraphs.graphs.Optimizer.adam;
import static dev.tfgraphs.ops.Layers.input;
import static dev.tfgraphs.ops.Layers.rescaling;

import dev.tfgraphs.graphs.Compile;
import dev.tfgraphs.graphs.FitOptions;
import dev.tfgraphs.graphs.Trainer;
import dev.tfgraphs.graphs.data.Cifar10;
import dev.tfgraphs.graphs.data.Split;
import dev.tfgraphs.ops.Model;
import dev.tfgraphs.ops.Node;
import java.nio.file.Path;

/** Slide 10: a ResNet-18 that tells apart the images of CIFAR-10. */
final class Cifar10Training {
  public static void main(String[] args) {
    train(args.length > 0 ? Path.of(args[0]) : Cifar10Archive.fetch(), 20);
  }

  static void train(Path folder, int epochs) {
    Split data = Cifar10.train(folder).batch(64).prefetch(2).split(0.1);
    Node image = input(32, 32, 3);
    Model model = Model.of(image, image.to(rescaling(1 / 255.0)).to(resNet18(10, 32, 32, 3)));
    Compile adam = Compile.of(adam(), sparseCategoricalCrossentropy(), accuracy());
    try (Trainer trainer = Trainer.of(model, adam)) {
      trainer.fit(data.training(), FitOptions.epochs(epochs).validation(data.validation()));
      double accuracy = trainer.evaluate(Cifar10.test(folder).batch(64)).get("accuracy");
      System.out.printf("Test accuracy: %.4f%n", accuracy);
    }
  }
}
