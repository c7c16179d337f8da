package dev.tfgraphs.applications;

import static dev.tfgraphs.ops.ActivationFunction.SOFTMAX;
import static dev.tfgraphs.ops.Initializer.heNormal;
import static dev.tfgraphs.ops.Layers.conv2D;
import static dev.tfgraphs.ops.Layers.dense;
import static dev.tfgraphs.ops.Layers.globalAveragePooling2D;
import static dev.tfgraphs.ops.Padding.SAME;

import com.google.common.collect.ImmutableList;
import dev.tfgraphs.ops.Conv2D;
import dev.tfgraphs.ops.Layer;
import dev.tfgraphs.ops.Layers;
import dev.tfgraphs.ops.ModelException;
import dev.tfgraphs.ops.Node;
import java.util.function.Supplier;

/**
 * The residual networks for CIFAR-10 of He et al., "Deep Residual Learning for Image Recognition"
 * (2015) and "Identity Mappings in Deep Residual Networks" (2016), and all that the second compares
 * them with: {@code basic(110)}, {@code bottleneck(1001).order(FULL_PRE_ACTIVATION)}, {@code
 * basic(110).shortcut(DROPOUT)}.
 *
 * <p>Three stages of as many units have 16, 32 and 64 filters. Convolutions have no bias and start
 * from He's normal distribution. The first unit of a stage has its first normalization and
 * activation before shortcut and branch part, as in the second paper's program
 * (github.com/KaimingHe/resnet-1k-layers, resnet-pre-act.lua). Convolutions pad as Keras's {@code
 * "same"}.
 *
 * @param depth how many layers with weights there are one behind another
 * @param kernelSizes the windows of a unit's convolutions
 * @param order where units normalize and rectify
 * @param shortcut how units join what came in and their branch
 * @param widening how what came in gets the sizes of the branch
 */
public record CifarResNet(
    int depth,
    ImmutableList<Integer> kernelSizes,
    ActivationOrder order,
    Shortcut shortcut,
    Widening widening) {
  private static final ImmutableList<Integer> BASIC = ImmutableList.of(3, 3);
  private static final ImmutableList<Integer> BOTTLENECK = ImmutableList.of(1, 3, 1);

  /**
   * As described.
   *
   * @throws ModelException if units are neither of two 3 x 3 convolutions nor of three of 1, 3 and
   *     1, or if the depth is not one that such units add up to
   */
  public CifarResNet {
    if (!kernelSizes.equals(BASIC) && !kernelSizes.equals(BOTTLENECK)) {
      throw new ModelException(
          "CifarResNet: expected kernel sizes "
              + BASIC
              + " or "
              + BOTTLENECK
              + ", received "
              + kernelSizes);
    }
    int layers = 3 * kernelSizes.size();
    if (depth <= 2 || depth % layers != 2) {
      throw new ModelException(
          "CifarResNet of kernel sizes %s: expected a depth of %dn + 2, such as %d, received %d"
              .formatted(kernelSizes, layers, 18 * layers + 2, depth));
    }
  }

  /**
   * {@return the network of the first paper of 6n + 2 layers: units of two 3 x 3 convolutions in
   * the original order, without parameters in shortcuts}
   *
   * @param depth 20, 32, 44, 56, 110 and 1202 in the paper
   * @throws ModelException if the depth is not one of these nor another of 6n + 2
   */
  public static CifarResNet basic(int depth) {
    return new CifarResNet(
        depth, BASIC, ActivationOrder.ORIGINAL, Shortcut.IDENTITY, Widening.ZEROS);
  }

  /**
   * {@return the network of 9n + 2 layers: units that narrow to a fourth of their channels and
   * widen again, in the original order, with projections where sizes change}
   *
   * @param depth 164 and 1001 in the second paper
   * @throws ModelException if the depth is not one of these nor another of 9n + 2
   */
  public static CifarResNet bottleneck(int depth) {
    return new CifarResNet(
        depth, BOTTLENECK, ActivationOrder.ORIGINAL, Shortcut.IDENTITY, Widening.PROJECTION);
  }

  /** {@return this network with units in another order} */
  public CifarResNet order(ActivationOrder order) {
    return new CifarResNet(depth, kernelSizes, order, shortcut, widening);
  }

  /** {@return this network with units that join otherwise} */
  public CifarResNet shortcut(Shortcut shortcut) {
    return new CifarResNet(depth, kernelSizes, order, shortcut, widening);
  }

  /** {@return this network with shortcuts that widen otherwise} */
  public CifarResNet widening(Widening widening) {
    return new CifarResNet(depth, kernelSizes, order, shortcut, widening);
  }

  /**
   * {@return the probabilities of classes, {@code (batch, classes)}}
   *
   * @param images {@code (batch, height, width, channels)}; height and width may be unknown
   * @throws ModelException if the images have another rank, or if there are no classes
   */
  public Node on(Node images, int classes) {
    return on(images, classes, Layers::batchNormalization);
  }

  /**
   * {@return as {@link #on(Node, int)} with another normalization}
   *
   * @throws ModelException as {@link #on(Node, int)}
   */
  public Node on(Node images, int classes, Supplier<? extends Layer> normalization) {
    Node x = order.stem().on(images.to(conv(16, 3)), normalization);
    for (int filters : new int[] {16, 32, 64}) {
      for (int unit = 0; unit < (depth - 2) / (3 * kernelSizes.size()); unit++) {
        Node start = order.before().on(x, normalization);
        int stride = filters > 16 && unit == 0 ? 2 : 1;
        x = unit(unit == 0 ? start : x, start, filters, stride, normalization);
      }
    }
    x = order.before().on(x, normalization);
    return x.to(globalAveragePooling2D()).to(dense(classes).activation(SOFTMAX));
  }

  /**
   * What came in and what its branch makes of {@code start}, which is what came in or what its
   * first normalization and activation make of it.
   */
  private Node unit(
      Node x, Node start, int filters, int stride, Supplier<? extends Layer> normalization) {
    int channels = kernelSizes.equals(BOTTLENECK) ? 4 * filters : filters;
    Node branch = start.to(conv(filters, kernelSizes.get(0)).strides(stride));
    for (int kernelSize : kernelSizes.subList(1, kernelSizes.size())) {
      branch = Steps.NORMALIZATION_RELU.on(branch, normalization);
      branch = branch.to(conv(kernelSize == 1 ? channels : filters, kernelSize));
    }
    branch = order.after().on(branch, normalization);
    boolean fits = stride == 1 && x.channels() == channels;
    Node carried = fits ? x : widened(x, channels, stride, normalization);
    return order.sum().on(shortcut.join(x, stride, carried, branch), normalization);
  }

  /** A projection is normalized where the last convolution of a branch is. */
  private Node widened(Node x, int channels, int stride, Supplier<? extends Layer> normalization) {
    Node wide = widening.on(x, channels, stride);
    boolean plain = widening == Widening.ZEROS || order.after() == Steps.NONE;
    return plain ? wide : wide.to(normalization.get());
  }

  static Conv2D conv(int filters, int kernelSize) {
    return conv2D(filters, kernelSize).padding(SAME).useBias(false).kernelInitializer(heNormal());
  }
}
