package dev.tfgraphs.examples.slides;

import static dev.tfgraphs.ops.Layers.add;
import static dev.tfgraphs.ops.Layers.batchNormalization;
import static dev.tfgraphs.ops.Layers.conv2D;
import static dev.tfgraphs.ops.Layers.input;
import static dev.tfgraphs.ops.Layers.relu;
import static dev.tfgraphs.ops.Padding.SAME;

import dev.tfgraphs.ops.Model;
import dev.tfgraphs.ops.Node;

/** Slide 3: two convolutions and what came in, by way of a 1 x 1 convolution where sizes differ. */
final class ResidualBlock {
  public static void main(String[] args) {
    Node x = input(56, 56, 64);
    System.out.println(Model.of(x, residualBlock(x, 128, 2)).summary());
  }

  static Node residualBlock(Node x, int filters, int stride) {
    return residualBlock(x, filters, 3, stride);
  }

  static Node residualBlock(Node x, int filters, int kernelSize, int stride) {
    Node y = x.to(conv2D(filters, kernelSize).strides(stride).padding(SAME));
    y = y.to(batchNormalization()).to(relu()).to(conv2D(filters, kernelSize).padding(SAME));
    y = y.to(batchNormalization());
    if (stride != 1 || x.channels() != filters) {
      x = x.to(conv2D(filters, 1).strides(stride).padding(SAME)).to(batchNormalization());
    }
    return add(y, x).to(relu());
  }
}
