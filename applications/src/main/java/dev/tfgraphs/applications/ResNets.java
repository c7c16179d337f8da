package dev.tfgraphs.applications;

import static dev.tfgraphs.applications.ResidualBlocks.residualBlock;
import static dev.tfgraphs.ops.ActivationFunction.SOFTMAX;
import static dev.tfgraphs.ops.Layers.conv2D;
import static dev.tfgraphs.ops.Layers.dense;
import static dev.tfgraphs.ops.Layers.globalAveragePooling2D;
import static dev.tfgraphs.ops.Layers.maxPooling2D;
import static dev.tfgraphs.ops.Layers.relu;
import static dev.tfgraphs.ops.Padding.SAME;

import com.google.common.collect.ImmutableList;
import dev.tfgraphs.ops.Layer;
import dev.tfgraphs.ops.Layers;
import dev.tfgraphs.ops.ModelException;
import dev.tfgraphs.ops.Node;
import java.util.List;
import java.util.function.Supplier;

/**
 * Residual networks: functions from images {@code (batch, height, width, channels)} to the
 * probabilities of the classes {@code (batch, classes)}. Height and width may be unknown.
 *
 * <p>Where a network takes a {@code normalization}, that makes the layer after each convolution,
 * such as {@code () -> batchNormalization().momentum(0.9)} for short trainings.
 */
public final class ResNets {
  /** The depths of the networks for CIFAR-10 that He et al. (2015) publish. */
  public static final ImmutableList<Integer> CIFAR_DEPTHS = ImmutableList.of(20, 32, 44, 56, 110);

  private ResNets() {}

  /** {@return ResNet-18 (He et al., 2015), with a projection wherever sizes change} */
  public static Node resNet18(Node x, int classes) {
    return resNet18(x, classes, Layers::batchNormalization);
  }

  /** {@return ResNet-18 with another normalization} */
  public static Node resNet18(Node x, int classes, Supplier<? extends Layer> normalization) {
    return resNet(x, classes, List.of(2, 2, 2, 2), 1, normalization, Shortcut.IDENTITY);
  }

  /**
   * {@return ResNet-18 with other shortcuts, or without: what identity mappings are compared with}
   */
  public static Node resNet18(Node x, int classes, Shortcut shortcut) {
    return resNet(x, classes, List.of(2, 2, 2, 2), 1, Layers::batchNormalization, shortcut);
  }

  /** {@return ResNet-34 (He et al., 2015), with a projection wherever sizes change} */
  public static Node resNet34(Node x, int classes) {
    return resNet34(x, classes, Layers::batchNormalization);
  }

  /** {@return ResNet-34 with another normalization} */
  public static Node resNet34(Node x, int classes, Supplier<? extends Layer> normalization) {
    return resNet(x, classes, List.of(3, 4, 6, 3), 1, normalization, Shortcut.IDENTITY);
  }

  /** {@return a ResNet-18 whose every stage halves height and width, the first too} */
  public static Node flexibleResNet(Node x, int classes) {
    return resNet(
        x, classes, List.of(2, 2, 2, 2), 2, Layers::batchNormalization, Shortcut.IDENTITY);
  }

  private static Node resNet(
      Node x,
      int classes,
      List<Integer> blocks,
      int firstStride,
      Supplier<? extends Layer> normalization,
      Shortcut shortcut) {
    Node y = stem(x, normalization);
    for (int stage = 0; stage < blocks.size(); stage++) {
      for (int block = 0; block < blocks.get(stage); block++) {
        int stride = block > 0 ? 1 : stage == 0 ? firstStride : 2;
        y = residualBlock(y, 64 << stage, 3, stride, normalization, shortcut);
      }
    }
    return head(y, classes);
  }

  /**
   * {@return a network for small images: three stages of 16, 32 and 64 filters, {@code (depth - 2)
   * / 6} blocks each}
   *
   * @param depth one of {@link #CIFAR_DEPTHS} or another multiple of 6 plus 2
   * @throws ModelException if the depth is another
   */
  public static Node cifarResNet(Node x, int depth, int classes) {
    return cifarResNet(x, depth, classes, Layers::batchNormalization);
  }

  /**
   * {@return a network for small images with another normalization}
   *
   * @throws ModelException as {@link #cifarResNet(Node, int, int)}
   */
  public static Node cifarResNet(
      Node x, int depth, int classes, Supplier<? extends Layer> normalization) {
    if (depth < 8 || depth % 6 != 2) {
      throw new ModelException(
          "cifarResNet: expected a depth of 6n + 2, such as 20, received " + depth);
    }
    Node y = x.to(conv2D(16, 3).padding(SAME)).to(normalization.get()).to(relu());
    for (int filters : new int[] {16, 32, 64}) {
      for (int block = 0; block < (depth - 2) / 6; block++) {
        y = residualBlock(y, filters, 3, filters > 16 && block == 0 ? 2 : 1, normalization);
      }
    }
    return head(y, classes);
  }

  private static Node stem(Node x, Supplier<? extends Layer> normalization) {
    return x.to(conv2D(64, 7).strides(2).padding(SAME))
        .to(normalization.get())
        .to(relu())
        .to(maxPooling2D(3).strides(2).padding(SAME));
  }

  private static Node head(Node x, int classes) {
    return x.to(globalAveragePooling2D()).to(dense(classes).activation(SOFTMAX));
  }
}
