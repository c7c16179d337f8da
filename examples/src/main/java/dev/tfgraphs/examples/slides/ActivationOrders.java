package dev.tfgraphs.examples.slides;

import static dev.tfgraphs.ops.Layers.add;
import static dev.tfgraphs.ops.Layers.batchNormalization;
import static dev.tfgraphs.ops.Layers.conv2D;
import static dev.tfgraphs.ops.Layers.input;
import static dev.tfgraphs.ops.Layers.relu;
import static dev.tfgraphs.ops.Padding.SAME;

import dev.tfgraphs.ops.Model;
import dev.tfgraphs.ops.Node;

/** Slide 4: the activation after what came in is added, and before. */
final class ActivationOrders {
  public static void main(String[] args) {
    Node x = input(56, 56, 64);
    System.out.println(Model.of(x, postActivationBlock(x, 64)).summary());
    System.out.println(Model.of(x, preActivationBlock(x, 64)).summary());
  }

  static Node postActivationBlock(Node x, int filters) {
    Node y = x.to(conv2D(filters, 3).padding(SAME)).to(batchNormalization());
    return add(x, y).to(relu());
  }

  static Node preActivationBlock(Node x, int filters) {
    Node y = x.to(batchNormalization()).to(relu()).to(conv2D(filters, 3).padding(SAME));
    return add(x, y);
  }
}
