package dev.tfgraphs.applications;

import static dev.tfgraphs.ops.Initializer.varianceScaling;
import static dev.tfgraphs.ops.Layers.add;
import static dev.tfgraphs.ops.Layers.averagePooling2D;
import static dev.tfgraphs.ops.Layers.batchNormalization;
import static dev.tfgraphs.ops.Layers.conv2D;
import static dev.tfgraphs.ops.Layers.maxPooling2D;
import static dev.tfgraphs.ops.Layers.relu;
import static dev.tfgraphs.ops.Layers.zeroPadding2D;
import static dev.tfgraphs.ops.Padding.SAME;

import com.google.common.collect.ImmutableList;
import com.google.errorprone.annotations.Immutable;
import dev.tfgraphs.ops.Activation;
import dev.tfgraphs.ops.Conv2D;
import dev.tfgraphs.ops.Initializer;
import dev.tfgraphs.ops.Node;
import java.util.List;

/**
 * How torchvision builds networks: names, order of creation and numbers are those of
 * torchvision/models/resnet.py, and of timm/models/resnet.py where that differs.
 *
 * @param expansion how many times its filters a block has channels
 * @param stem what comes before the first normalization
 * @param branch what is added to what comes into a block
 * @param projection how what comes into a block gets the sizes of its branch
 * @param lastRelu the activation that ends a block
 */
@Immutable
record TorchStyle(int expansion, Stem stem, Branch branch, Projection projection, String lastRelu) {
  /** Two convolutions. */
  static final TorchStyle BASIC =
      new TorchStyle(1, TorchStyle::wideStem, TorchStyle::basic, TorchStyle::projected, "relu_1");

  private static final Initializer KAIMING_NORMAL =
      varianceScaling(2, Initializer.Fan.OUT, Initializer.Distribution.UNTRUNCATED_NORMAL);

  /** What makes 64 channels of images: {@code (batch, height / 2, width / 2, 64)}. */
  @Immutable
  interface Stem {
    Node on(Node images);
  }

  /** A normalized shortcut: {@code (batch, height / stride, width / stride, channels)}. */
  @Immutable
  interface Projection {
    Node on(Node x, String name, int channels, int stride);
  }

  /** The convolutions of a block: {@code (batch, height / stride, width / stride, channels)}. */
  @Immutable
  interface Branch {
    Node on(Node x, String name, int filters, int stride);
  }

  /**
   * Three convolutions, the one in the middle in so many groups, of so many channels each in the
   * first stage.
   */
  static TorchStyle bottleneck(int groups, int groupWidth) {
    return new TorchStyle(
        4,
        TorchStyle::wideStem,
        (x, name, filters, stride) ->
            bottleneck(x, name, filters, stride, groups, filters * groupWidth / 64 * groups),
        TorchStyle::projected,
        "relu_2");
  }

  /**
   * The same with three narrow convolutions in place of the wide first one, and with shortcuts that
   * average before they project, so that none of what comes in is left out: "ResNet-D" of He et
   * al., "Bag of Tricks for Image Classification with Convolutional Neural Networks" (2018).
   */
  TorchStyle tweaked() {
    return new TorchStyle(expansion, TorchStyle::deepStem, branch, TorchStyle::averaged, lastRelu);
  }

  /**
   * The network without a head: stages of so many blocks, of 64 filters first and twice as many
   * from stage to stage.
   */
  Node features(Node images, List<Integer> blocks) {
    Node x = norm(stem.on(images), "bn1").to(active("relu"));
    // zeros are below nothing behind an activation, as PyTorch's -inf are
    x = x.to(zeroPadding2D(1).name("maxpool.pad")).to(maxPooling2D(3).strides(2).name("maxpool"));
    for (int stage = 0; stage < blocks.size(); stage++) {
      for (int block = 0; block < blocks.get(stage); block++) {
        int stride = stage > 0 && block == 0 ? 2 : 1;
        x = block(x, blockName(stage, block), 64 << stage, stride);
      }
    }
    return x;
  }

  /** As {@link Backbone#levels}. */
  ImmutableList<String> levels(List<Integer> blocks) {
    ImmutableList.Builder<String> levels = ImmutableList.<String>builder().add("relu");
    for (int stage = 0; stage < blocks.size(); stage++) {
      levels.add(blockName(stage, blocks.get(stage) - 1) + lastRelu);
    }
    return levels.build();
  }

  private static String blockName(int stage, int block) {
    return "layer" + (stage + 1) + "." + block + ".";
  }

  private Node block(Node x, String name, int filters, int stride) {
    Node y = branch.on(x, name, filters, stride);
    int channels = expansion * filters;
    Node shortcut =
        stride == 1 && x.channels() == channels
            ? x
            : projection.on(x, name + "downsample.", channels, stride);
    return add().name(name + "add").on(y, shortcut).to(active(name + lastRelu));
  }

  private static Node wideStem(Node images) {
    return convolved(images, "conv1", 64, 7, 2, 1);
  }

  private static Node deepStem(Node images) {
    Node x = norm(convolved(images, "conv1.0", 32, 3, 2, 1), "conv1.1").to(active("conv1.2"));
    x = norm(convolved(x, "conv1.3", 32, 3, 1, 1), "conv1.4").to(active("conv1.5"));
    return convolved(x, "conv1.6", 64, 3, 1, 1);
  }

  private static Node projected(Node x, String name, int channels, int stride) {
    return norm(convolved(x, name + "0", channels, 1, stride, 1), name + "1");
  }

  /** Both libraries average the places that there are where a size is odd. */
  private static Node averaged(Node x, String name, int channels, int stride) {
    Node mean =
        stride == 1
            ? x
            : x.to(averagePooling2D(stride).strides(stride).padding(SAME).name(name + "0"));
    return norm(convolved(mean, name + "1", channels, 1, 1, 1), name + "2");
  }

  private static Node basic(Node x, String name, int filters, int stride) {
    Node y = norm(convolved(x, name + "conv1", filters, 3, stride, 1), name + "bn1");
    y = y.to(active(name + "relu"));
    return norm(convolved(y, name + "conv2", filters, 3, 1, 1), name + "bn2");
  }

  private static Node bottleneck(
      Node x, String name, int filters, int stride, int groups, int width) {
    Node y = norm(convolved(x, name + "conv1", width, 1, 1, 1), name + "bn1");
    y = y.to(active(name + "relu"));
    y = norm(convolved(y, name + "conv2", width, 3, stride, groups), name + "bn2");
    y = y.to(active(name + "relu_1"));
    return norm(convolved(y, name + "conv3", 4 * filters, 1, 1, 1), name + "bn3");
  }

  /** PyTorch pads alike on both sides, as {@code SAME} does only where nothing strides. */
  private static Node convolved(
      Node x, String name, int filters, int kernelSize, int stride, int groups) {
    Conv2D conv =
        conv2D(filters, kernelSize)
            .strides(stride)
            .groups(groups)
            .useBias(false)
            .kernelInitializer(KAIMING_NORMAL)
            .name(name);
    if (stride == 1) {
      return x.to(conv.padding(SAME));
    }
    int border = kernelSize / 2;
    return (border == 0 ? x : x.to(zeroPadding2D(border).name(name + ".pad"))).to(conv);
  }

  private static Node norm(Node x, String name) {
    return x.to(batchNormalization().epsilon(1e-5).momentum(0.9).name(name));
  }

  private static Activation active(String name) {
    return relu().name(name);
  }
}
