package dev.tfgraphs.applications;

import static dev.tfgraphs.ops.Layers.add;
import static dev.tfgraphs.ops.Layers.batchNormalization;
import static dev.tfgraphs.ops.Layers.conv2D;
import static dev.tfgraphs.ops.Layers.relu;
import static dev.tfgraphs.ops.Padding.SAME;

import dev.tfgraphs.ops.Layer;
import dev.tfgraphs.ops.Layers;
import dev.tfgraphs.ops.Node;
import java.util.function.Supplier;

/**
 * The blocks that residual networks are made of (He et al., 2015 and 2016): functions from images
 * {@code (batch, height, width, channels)} to images. Layers are made in the order in which Keras
 * programs usually make them, the main branch before the shortcut, so that automatic names and
 * seeded weights are Keras's.
 */
public final class ResidualBlocks {
  private ResidualBlocks() {}

  /**
   * Two convolutions and what came in: {@code (batch, height, width, filters)}.
   *
   * @param x with {@code filters} channels
   * @throws dev.tfgraphs.ops.ModelException if {@code x} has other channels
   */
  public static Node identityBlock(Node x, int filters, int kernelSize) {
    Node y =
        x.to(conv2D(filters, kernelSize).padding(SAME))
            .to(batchNormalization())
            .to(relu())
            .to(conv2D(filters, kernelSize).padding(SAME))
            .to(batchNormalization());
    return add(x, y).to(relu());
  }

  /**
   * Two 3 x 3 convolutions and what came in, by way of a 1 x 1 convolution where the channels
   * differ: {@code (batch, height, width, filters)}.
   */
  public static Node residualBlock(Node x, int filters) {
    return residualBlock(x, filters, 1);
  }

  /**
   * Two 3 x 3 convolutions, the first with a stride, and what came in, by way of a 1 x 1
   * convolution where the sizes differ: {@code (batch, height / stride, width / stride, filters)}.
   */
  public static Node residualBlock(Node x, int filters, int stride) {
    return residualBlock(x, filters, 3, stride, Layers::batchNormalization);
  }

  /**
   * As {@link #residualBlock(Node, int, int)}, with other windows and normalization.
   *
   * @param normalization makes the layer after each convolution, such as {@code () ->
   *     batchNormalization().momentum(0.9)}; a new one each time, since one layer used twice shares
   *     its weights
   */
  public static Node residualBlock(
      Node x, int filters, int kernelSize, int stride, Supplier<? extends Layer> normalization) {
    return residualBlock(x, filters, kernelSize, stride, normalization, Shortcut.IDENTITY);
  }

  static Node residualBlock(
      Node x,
      int filters,
      int kernelSize,
      int stride,
      Supplier<? extends Layer> normalization,
      Shortcut shortcut) {
    Node y =
        x.to(conv2D(filters, kernelSize).strides(stride).padding(SAME))
            .to(normalization.get())
            .to(relu())
            .to(conv2D(filters, kernelSize).padding(SAME))
            .to(normalization.get());
    Node carried =
        stride == 1 && x.channels() == filters
            ? x
            : x.to(conv2D(filters, 1).strides(stride).padding(SAME)).to(normalization.get());
    return shortcut.join(x, stride, carried, y).to(relu());
  }

  /**
   * A convolution and what came in, and the activation after both are added: {@code (batch, height,
   * width, filters)}.
   *
   * @param x with {@code filters} channels
   * @throws dev.tfgraphs.ops.ModelException if {@code x} has other channels
   */
  public static Node postActivationBlock(Node x, int filters) {
    Node y = x.to(conv2D(filters, 3).padding(SAME)).to(batchNormalization());
    return add(x, y).to(relu());
  }

  /**
   * A convolution and what came in, and the activation before both are added: {@code (batch,
   * height, width, filters)}.
   *
   * @param x with {@code filters} channels
   * @throws dev.tfgraphs.ops.ModelException if {@code x} has other channels
   */
  public static Node preActivationBlock(Node x, int filters) {
    Node y = x.to(batchNormalization()).to(relu()).to(conv2D(filters, 3).padding(SAME));
    return add(x, y);
  }
}
