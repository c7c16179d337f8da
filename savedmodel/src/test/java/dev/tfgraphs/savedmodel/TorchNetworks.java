package dev.tfgraphs.savedmodel;

import static dev.tfgraphs.ops.Layers.add;
import static dev.tfgraphs.ops.Layers.batchNormalization;
import static dev.tfgraphs.ops.Layers.conv2D;
import static dev.tfgraphs.ops.Layers.conv2DTranspose;
import static dev.tfgraphs.ops.Layers.dense;
import static dev.tfgraphs.ops.Layers.depthwiseConv2D;
import static dev.tfgraphs.ops.Layers.globalAveragePooling2D;
import static dev.tfgraphs.ops.Layers.input;
import static dev.tfgraphs.ops.Layers.maxPooling2D;
import static dev.tfgraphs.ops.Layers.relu;
import static dev.tfgraphs.ops.Layers.zeroPadding2D;

import dev.tfgraphs.ops.Model;
import dev.tfgraphs.ops.Node;
import java.util.function.UnaryOperator;

/**
 * The networks of conformance/makers/torch_weights.py, their layers called as PyTorch's modules.
 *
 * @param naming what becomes of a module's name
 */
record TorchNetworks(UnaryOperator<String> naming) {
  static TorchNetworks dotted() {
    return new TorchNetworks(name -> name);
  }

  static TorchNetworks underscored() {
    return new TorchNetworks(name -> name.replace('.', '_'));
  }

  /** The network of a case, {@code timm_basic} for example. */
  Model of(String name) {
    if (name.equals("kinds")) {
      return kinds();
    }
    return name.endsWith("basic") ? basic() : bottleneck();
  }

  Model basic() {
    Node image = input(16, 16, 3);
    return head(image, block(block(stem(image), "layer1", 4, 1), "layer2", 8, 2));
  }

  Model bottleneck() {
    Node image = input(16, 16, 3);
    return head(image, neck(neck(stem(image), "layer1", 4, 1), "layer2", 8, 2));
  }

  private Node stem(Node image) {
    Node x = norm(convolution(image, "conv1", 4, 7, 2), "bn1").to(relu());
    return x.to(zeroPadding2D(1)).to(maxPooling2D(3).strides(2));
  }

  private Model head(Node image, Node x) {
    return Model.of(image, x.to(globalAveragePooling2D()).to(dense(3).name(naming.apply("fc"))));
  }

  private Node block(Node x, String stage, int filters, int stride) {
    String name = stage + ".0.";
    Node y = convolution(x, name + "conv1", filters, 3, stride);
    y = norm(y, name + "bn1").to(relu());
    y = norm(convolution(y, name + "conv2", filters, 3, 1), name + "bn2");
    return add(shortcut(x, y, name, stride), y).to(relu());
  }

  private Node neck(Node x, String stage, int filters, int stride) {
    String name = stage + ".0.";
    Node y = norm(convolution(x, name + "conv1", filters, 1, 1), name + "bn1").to(relu());
    y = norm(convolution(y, name + "conv2", filters, 3, stride), name + "bn2").to(relu());
    y = norm(convolution(y, name + "conv3", 4 * filters, 1, 1), name + "bn3");
    return add(shortcut(x, y, name, stride), y).to(relu());
  }

  private Node shortcut(Node x, Node y, String name, int stride) {
    if (x.shape().equals(y.shape())) {
      return x;
    }
    int filters = y.shape().size(-1);
    return norm(convolution(x, name + "downsample.0", filters, 1, stride), name + "downsample.1");
  }

  /** As PyTorch pads: alike on both sides. */
  private Node convolution(Node x, String name, int filters, int size, int stride) {
    Node padded = size == 1 ? x : x.to(zeroPadding2D(size / 2));
    return padded.to(conv2D(filters, size).strides(stride).useBias(false).name(naming.apply(name)));
  }

  private Node norm(Node x, String name) {
    return x.to(batchNormalization().epsilon(1e-5).name(naming.apply(name)));
  }

  private Model kinds() {
    Node image = input(6, 6, 4);
    Node x = image.to(zeroPadding2D(1)).to(conv2D(6, 3).groups(2).name("grouped"));
    x = x.to(depthwiseConv2D(3, 2).depthMultiplier(2).name("depthwise"));
    x = x.to(conv2DTranspose(5, 2).strides(2).name("transposed"));
    x = x.to(batchNormalization().epsilon(1e-3).name("norm"));
    return Model.of(image, x.to(globalAveragePooling2D()).to(dense(2).name("head")));
  }
}
