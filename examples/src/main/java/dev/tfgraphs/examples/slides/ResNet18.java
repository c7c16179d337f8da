package dev.tfgraphs.examples.slides;

import static dev.tfgraphs.examples.slides.ResidualBlock.residualBlock;
import static dev.tfgraphs.ops.ActivationFunction.SOFTMAX;
import static dev.tfgraphs.ops.Layers.batchNormalization;
import static dev.tfgraphs.ops.Layers.conv2D;
import static dev.tfgraphs.ops.Layers.dense;
import static dev.tfgraphs.ops.Layers.globalAveragePooling2D;
import static dev.tfgraphs.ops.Layers.input;
import static dev.tfgraphs.ops.Layers.maxPooling2D;
import static dev.tfgraphs.ops.Layers.relu;
import static dev.tfgraphs.ops.Padding.SAME;

import dev.tfgraphs.ops.Model;
import dev.tfgraphs.ops.Node;

/** Slide 5: a ResNet-18, and what Keras prints of it. */
final class ResNet18 {
  public static void main(String[] args) {
    System.out.println(resNet18(1000, 224, 224, 3).summary());
  }

  static Model resNet18(int classes, int... inputShape) {
    Node image = input(inputShape);
    Node x = image.to(conv2D(64, 7).strides(2).padding(SAME)).to(batchNormalization()).to(relu());
    x = x.to(maxPooling2D(3).strides(2).padding(SAME));
    x = residualBlock(x, 64, 1);
    x = residualBlock(x, 64, 1);
    x = residualBlock(x, 128, 2);
    x = residualBlock(x, 128, 1);
    x = residualBlock(x, 256, 2);
    x = residualBlock(x, 256, 1);
    x = residualBlock(x, 512, 2);
    x = residualBlock(x, 512, 1);
    return Model.of(image, x.to(globalAveragePooling2D()).to(dense(classes).activation(SOFTMAX)));
  }
}
