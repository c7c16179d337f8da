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

/** Slide 12: a residual network for images of any size. */
final class FlexibleResNet {
  public static void main(String[] args) {
    System.out.println(flexibleResNet(1000, 224, 224, 3).parameters() + " weights at 224 x 224");
    System.out.println(flexibleResNet(1000, 299, 299, 3).parameters() + " weights at 299 x 299");
    System.out.println(flexibleResNet(10, 32, 32, 3).parameters() + " weights at 32 x 32");
  }

  static Model flexibleResNet(int classes, int... inputShape) {
    Node image = input(inputShape);
    Node x = image.to(conv2D(64, 7).strides(2).padding(SAME)).to(batchNormalization()).to(relu());
    x = x.to(maxPooling2D(3).strides(2).padding(SAME));
    for (int filters : new int[] {64, 128, 256, 512}) {
      x = residualBlock(x, filters, 2);
      x = residualBlock(x, filters, 1);
    }
    return Model.of(image, x.to(globalAveragePooling2D()).to(dense(classes).activation(SOFTMAX)));
  }
}
