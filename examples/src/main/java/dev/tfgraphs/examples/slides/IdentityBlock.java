package dev.tfgraphs.examples.slides;

import static dev.tfgraphs.ops.Layers.add;
import static dev.tfgraphs.ops.Layers.batchNormalization;
import static dev.tfgraphs.ops.Layers.conv2D;
import static dev.tfgraphs.ops.Layers.input;
import static dev.tfgraphs.ops.Layers.relu;
import static dev.tfgraphs.ops.Padding.SAME;

import dev.tfgraphs.ops.Model;
import dev.tfgraphs.ops.Node;

/** Slide 1: two convolutions and what came in. */
final class IdentityBlock {
  public static void main(String[] args) {
    Node x = input(56, 56, 64);
    System.out.println(Model.of(x, identityBlock(x, 64, 3)).summary());
  }

  static Node identityBlock(Node x, int filters, int kernelSize) {
    Node y = x.to(conv2D(filters, kernelSize).padding(SAME)).to(batchNormalization()).to(relu());
    y = y.to(conv2D(filters, kernelSize).padding(SAME)).to(batchNormalization());
    return add(x, y).to(relu());
  }
}
