package dev.tfgraphs.examples.slides;

import static dev.tfgraphs.examples.slides.ResNet18.resNet18;
import static dev.tfgraphs.graphs.Loss.categoricalCrossentropy;
import static dev.tfgraphs.graphs.Metric.accuracy;
import static dev.tfgraphs.graphs.Optimizer.adam;
import static dev.tfgraphs.ops.ActivationFunction.SOFTMAX;
import static dev.tfgraphs.ops.Layers.batchNormalization;
import static dev.tfgraphs.ops.Layers.conv2D;
import static dev.tfgraphs.ops.Layers.dense;
import static dev.tfgraphs.ops.Layers.globalAveragePooling2D;
import static dev.tfgraphs.ops.Layers.input;
import static dev.tfgraphs.ops.Layers.maxPooling2D;
import static dev.tfgraphs.ops.Layers.relu;
import static dev.tfgraphs.ops.Padding.SAME;

import dev.tfgraphs.examples.Digits;
import dev.tfgraphs.graphs.Compile;
import dev.tfgraphs.graphs.FitOptions;
import dev.tfgraphs.graphs.History;
import dev.tfgraphs.graphs.Trainer;
import dev.tfgraphs.graphs.data.Split;
import dev.tfgraphs.ops.Model;
import dev.tfgraphs.ops.Node;
import dev.tfgraphs.pictures.LearningCurves;
import java.nio.file.Path;

/** Slide 9: a residual network beside one without shortcuts, and the curves of both. */
final class Comparison {
  public static void main(String[] args) {
    Split digits = new Split(Digits.train().dataset(), Digits.test().dataset());
    compare(digits.both(part -> part.oneHot(10)), 10, Path.of("comparison.png"), 10, 8, 8, 1);
  }

  static void compare(Split data, int epochs, Path picture, int classes, int... inputShape) {
    History with = fit(resNet18(classes, inputShape), data, epochs);
    History without = fit(plain18(classes, inputShape), data, epochs);
    LearningCurves both = LearningCurves.of("Validation").history("With Identity", with);
    both = both.history("Without Identity", without).metrics("val_accuracy", "val_loss");
    both.picture().writePng(picture);
  }

  static History fit(Model model, Split data, int epochs) {
    Compile adam = Compile.of(adam(), categoricalCrossentropy(), accuracy());
    try (Trainer trainer = Trainer.of(model, adam)) {
      return trainer.fit(data.training(), FitOptions.epochs(epochs).validation(data.validation()));
    }
  }

  static Model plain18(int classes, int... inputShape) {
    Node image = input(inputShape);
    Node x = image.to(conv2D(64, 7).strides(2).padding(SAME)).to(batchNormalization()).to(relu());
    x = x.to(maxPooling2D(3).strides(2).padding(SAME));
    for (int layer = 0; layer < 16; layer++) {
      int stride = layer > 0 && layer % 4 == 0 ? 2 : 1;
      x = x.to(conv2D(64 << (layer / 4), 3).strides(stride).padding(SAME));
      x = x.to(batchNormalization()).to(relu());
    }
    return Model.of(image, x.to(globalAveragePooling2D()).to(dense(classes).activation(SOFTMAX)));
  }
}
