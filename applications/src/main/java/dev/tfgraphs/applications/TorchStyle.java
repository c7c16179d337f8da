package dev.tfgraphs.applications;

import static dev.tfgraphs.ops.Initializer.varianceScaling;
import static dev.tfgraphs.ops.Layers.add;
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
 * torchvision/models/resnet.py.
 *
 * @param expansion how many times its filters a block has channels
 * @param branch what is added to what comes into a block
 * @param lastRelu the activation that ends a block
 */
@Immutable
record TorchStyle(int expansion, Branch branch, String lastRelu) {
  /** Two convolutions. */
  static final TorchStyle BASIC = new TorchStyle(1, TorchStyle::basic, "relu_1");

  private static final Initializer KAIMING_NORMAL =
      varianceScaling(2, Initializer.Fan.OUT, Initializer.Distribution.UNTRUNCATED_NORMAL);

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
        (x, name, filters, stride) ->
            bottleneck(x, name, filters, stride, groups, filters * groupWidth / 64 * groups),
        "relu_2");
  }

  /**
   * The network without a head: stages of so many blocks, of 64 filters first and twice as many
   * from stage to stage.
   */
  Node features(Node images, List<Integer> blocks) {
    Node x = norm(convolved(images, "conv1", 64, 7, 2, 1), "bn1").to(active("relu"));
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
            : norm(
                convolved(x, name + "downsample.0", channels, 1, stride, 1), name + "downsample.1");
    return add().name(name + "add").on(y, shortcut).to(active(name + lastRelu));
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
