package dev.tfgraphs.applications;

import static dev.tfgraphs.ops.Layers.add;
import static dev.tfgraphs.ops.Layers.batchNormalization;
import static dev.tfgraphs.ops.Layers.conv2D;
import static dev.tfgraphs.ops.Layers.maxPooling2D;
import static dev.tfgraphs.ops.Layers.relu;
import static dev.tfgraphs.ops.Layers.zeroPadding2D;
import static dev.tfgraphs.ops.Padding.SAME;

import com.google.common.collect.ImmutableList;
import dev.tfgraphs.ops.Activation;
import dev.tfgraphs.ops.BatchNormalization;
import dev.tfgraphs.ops.Conv2D;
import dev.tfgraphs.ops.Node;
import java.util.List;

/**
 * How Keras builds networks of bottlenecks, three convolutions that narrow, look and widen again:
 * names, order of creation and numbers are those of keras/src/applications/resnet.py.
 */
enum BottleneckStyle {
  /** He et al. (2015): the activation follows the sum; a stage begins with its stride. */
  V1(ImagePreprocessing.CAFFE) {
    @Override
    Node stem(Node images) {
      Node x = convolved(images).to(normalization("conv1_bn")).to(activation("conv1_relu"));
      return pooled(x);
    }

    @Override
    int stride(List<Integer> blocks, int stage, int block) {
      return stage > 0 && block == 1 ? 2 : 1;
    }

    /** The stride is that of the first 1 x 1 convolution, as in the published weights. */
    @Override
    Node block(Node x, String name, int filters, int stride) {
      Node shortcut =
          x.channels() == 4 * filters
              ? x
              : x.to(conv(name + "_0_conv", 4 * filters, 1).strides(stride))
                  .to(normalization(name + "_0_bn"));
      Node y =
          x.to(conv(name + "_1_conv", filters, 1).strides(stride))
              .to(normalization(name + "_1_bn"))
              .to(activation(name + "_1_relu"))
              .to(conv(name + "_2_conv", filters, 3).padding(SAME))
              .to(normalization(name + "_2_bn"))
              .to(activation(name + "_2_relu"))
              .to(conv(name + "_3_conv", 4 * filters, 1))
              .to(normalization(name + "_3_bn"));
      return add().name(name + "_add").on(shortcut, y).to(activation(name + "_out"));
    }

    @Override
    Node tail(Node x) {
      return x;
    }

    @Override
    ImmutableList<String> levels(List<Integer> blocks) {
      return named("conv1_relu", blocks, "_out", blockName(3, blocks.get(3)) + "_out");
    }
  },

  /** He et al. (2016): the activation precedes the convolutions; a stage ends with its stride. */
  V2(ImagePreprocessing.TF) {
    @Override
    Node stem(Node images) {
      return pooled(convolved(images));
    }

    @Override
    int stride(List<Integer> blocks, int stage, int block) {
      return stage < blocks.size() - 1 && block == blocks.get(stage) ? 2 : 1;
    }

    /** A shortcut is projected from what is active, but pooled or kept from what came in. */
    @Override
    Node block(Node x, String name, int filters, int stride) {
      Node active = x.to(normalization(name + "_preact_bn")).to(activation(name + "_preact_relu"));
      Node shortcut =
          x.channels() == 4 * filters
              ? shrunk(x, stride)
              : active.to(conv(name + "_0_conv", 4 * filters, 1).strides(stride));
      Node y =
          active
              .to(conv(name + "_1_conv", filters, 1).useBias(false))
              .to(normalization(name + "_1_bn"))
              .to(activation(name + "_1_relu"))
              .to(zeroPadding2D(1).name(name + "_2_pad"))
              .to(conv(name + "_2_conv", filters, 3).strides(stride).useBias(false))
              .to(normalization(name + "_2_bn"))
              .to(activation(name + "_2_relu"))
              .to(conv(name + "_3_conv", 4 * filters, 1));
      return add().name(name + "_out").on(shortcut, y);
    }

    @Override
    Node tail(Node x) {
      return x.to(normalization("post_bn")).to(activation("post_relu"));
    }

    /** The last block of a stage strides, so that a level is what comes into it. */
    @Override
    ImmutableList<String> levels(List<Integer> blocks) {
      return named("conv1_conv", blocks, "_preact_relu", "post_relu");
    }
  };

  private final ImagePreprocessing preprocessing;

  BottleneckStyle(ImagePreprocessing preprocessing) {
    this.preprocessing = preprocessing;
  }

  /** What the published weights of this style expect of images. */
  ImagePreprocessing preprocessing() {
    return preprocessing;
  }

  /** Everything before the first block: a fourth of height and width, 64 channels. */
  abstract Node stem(Node images);

  /** The stride of a block; stages are counted from 0, their blocks from 1. */
  abstract int stride(List<Integer> blocks, int stage, int block);

  /** {@code (batch, height / stride, width / stride, 4 * filters)}. */
  abstract Node block(Node x, String name, int filters, int stride);

  /** Everything behind the last block. */
  abstract Node tail(Node x);

  /** As {@link Backbone#levels}. */
  abstract ImmutableList<String> levels(List<Integer> blocks);

  private static ImmutableList<String> named(
      String first, List<Integer> blocks, String layer, String last) {
    ImmutableList.Builder<String> levels = ImmutableList.<String>builder().add(first);
    for (int stage = 0; stage < blocks.size() - 1; stage++) {
      levels.add(blockName(stage, blocks.get(stage)) + layer);
    }
    return levels.add(last).build();
  }

  private static String blockName(int stage, int block) {
    return "conv" + (stage + 2) + "_block" + block;
  }

  /**
   * The network without a head: stages of so many blocks, of 64 filters first and twice as many
   * from stage to stage.
   */
  Node features(Node images, List<Integer> blocks) {
    Node x = stem(images);
    for (int stage = 0; stage < blocks.size(); stage++) {
      for (int block = 1; block <= blocks.get(stage); block++) {
        x = block(x, blockName(stage, block), 64 << stage, stride(blocks, stage, block));
      }
    }
    return tail(x);
  }

  private static Node convolved(Node images) {
    return images.to(zeroPadding2D(3).name("conv1_pad")).to(conv("conv1_conv", 64, 7).strides(2));
  }

  /** In the second style what is padded may be negative, so that the zeros count. */
  private static Node pooled(Node x) {
    return x.to(zeroPadding2D(1).name("pool1_pad"))
        .to(maxPooling2D(3).strides(2).name("pool1_pool"));
  }

  private static Node shrunk(Node x, int stride) {
    return stride == 1 ? x : x.to(maxPooling2D(1).strides(stride));
  }

  private static Conv2D conv(String name, int filters, int kernelSize) {
    return conv2D(filters, kernelSize).name(name);
  }

  private static BatchNormalization normalization(String name) {
    return batchNormalization().epsilon(1.001e-5).name(name);
  }

  private static Activation activation(String name) {
    return relu().name(name);
  }
}
