package dev.tfgraphs.examples.slides;

import static dev.tfgraphs.applications.KerasResNet.RESNET50;
import static dev.tfgraphs.graphs.FitOptions.epochs;
import static dev.tfgraphs.graphs.Loss.categoricalCrossentropy;
import static dev.tfgraphs.graphs.Metric.accuracy;
import static dev.tfgraphs.graphs.Optimizer.adam;
import static dev.tfgraphs.ops.ActivationFunction.RELU;
import static dev.tfgraphs.ops.ActivationFunction.SOFTMAX;
import static dev.tfgraphs.ops.Layers.dense;
import static dev.tfgraphs.ops.Layers.globalAveragePooling2D;

import dev.tfgraphs.graphs.Compile;
import dev.tfgraphs.graphs.History;
import dev.tfgraphs.graphs.Trainer;
import dev.tfgraphs.graphs.data.Images;
import dev.tfgraphs.graphs.data.Split;
import dev.tfgraphs.ops.Model;
import dev.tfgraphs.ops.Node;
import dev.tfgraphs.savedmodel.WeightFiles;
import java.nio.file.Path;

/** Slide 11: a head on a ResNet50 that knows ImageNet, trained alone and then with all below it. */
final class TransferLearning {
  public static void main(String[] args) {
    train(Path.of(args[0]), ImageNetWeights.file(RESNET50.weightsWithoutTop()), 224, 10);
  }

  static History train(Path photos, Path weights, int size, int epochs) {
    Split data = Images.folder(photos, size, size).split(0.2, 1).both(part -> part.oneHot(10));
    Model base = RESNET50.backbone(size, size, 3);
    Node x = base.output().to(globalAveragePooling2D()).to(dense(256).activation(RELU));
    Model model = Model.of(base.input(), x.to(dense(10).activation(SOFTMAX)));
    Compile adam = Compile.of(adam(), categoricalCrossentropy(), accuracy());
    try (Trainer head = Trainer.of(model.freeze(base), adam)) {
      head.assign(head.weights().with(WeightFiles.read(weights, base)));
      head.fit(data.training(), epochs(epochs).validation(data.validation()));
      try (Trainer all = Trainer.of(model, adam.optimizer(adam(1e-5)), head.weights())) {
        return all.fit(data.training(), epochs(epochs / 2).validation(data.validation()));
      }
    }
  }
}
