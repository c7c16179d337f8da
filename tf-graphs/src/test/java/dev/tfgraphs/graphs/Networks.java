package dev.tfgraphs.graphs;

import static dev.tfgraphs.ops.Layers.*;

import dev.tfgraphs.ops.ActivationFunction;
import dev.tfgraphs.ops.Dense;
import dev.tfgraphs.ops.Model;
import dev.tfgraphs.ops.Node;
import dev.tfgraphs.ops.Padding;
import dev.tfgraphs.ops.Shape;
import java.util.List;

/** Networks under test, as users write them; most are those of conformance/makers. */
final class Networks {
  private Networks() {}

  static Node residualBlock(Node x, int filters, int stride) {
    Node y =
        x.to(conv2D(filters, 3).strides(stride).padding(Padding.SAME))
            .to(batchNormalization())
            .to(relu())
            .to(conv2D(filters, 3).padding(Padding.SAME))
            .to(batchNormalization());
    Node shortcut =
        x.shape().equals(y.shape())
            ? x
            : x.to(conv2D(filters, 1).strides(stride).padding(Padding.SAME))
                .to(batchNormalization());
    return add(y, shortcut).to(relu());
  }

  static Model cifarResNet(int depth, Node input) {
    Node x = input.to(conv2D(16, 3).padding(Padding.SAME)).to(batchNormalization()).to(relu());
    for (int filters = 16; filters <= 64; filters *= 2) {
      for (int block = 0; block < (depth - 2) / 6; block++) {
        x = residualBlock(x, filters, filters > 16 && block == 0 ? 2 : 1);
      }
    }
    return headed(input, x, 10);
  }

  static Model resNet18(Node input, int classes) {
    Node x =
        input
            .to(conv2D(64, 7).strides(2).padding(Padding.SAME))
            .to(batchNormalization())
            .to(relu())
            .to(maxPooling2D(3).strides(2).padding(Padding.SAME));
    for (int filters = 64; filters <= 512; filters *= 2) {
      x = residualBlock(residualBlock(x, filters, filters > 64 ? 2 : 1), filters, 1);
    }
    return headed(input, x, classes);
  }

  private static Model headed(Node input, Node x, int classes) {
    Dense head = dense(classes).activation(ActivationFunction.SOFTMAX);
    return Model.of(input, x.to(globalAveragePooling2D()).to(head));
  }

  /** The net of the training fixtures. */
  static Model smallNet(int units, ActivationFunction activation) {
    return smallNet(units, activation, true);
  }

  /** The same, with or without a bias before its batch normalization. */
  static Model smallNet(int units, ActivationFunction activation, boolean bias) {
    Node input = input("input", 8, 8, 3);
    Node x =
        input
            .to(conv2D(8, 3).strides(2).padding(Padding.SAME).useBias(bias).name("c1"))
            .to(batchNormalization().name("bn"))
            .to(reLU().name("relu"))
            .to(maxPooling2D(3).strides(2).padding(Padding.SAME).name("pool"));
    Node sum = add(x, x.to(conv2D(8, 1).name("c2")));
    Dense head = dense(units).activation(activation).name("head");
    return Model.of(input, sum.to(globalAveragePooling2D().name("gap")).to(head));
  }

  static Model backbone(int height, int width) {
    Node image = input("image", height, width, 3);
    Node x =
        image
            .to(conv2D(4, 3).padding(Padding.SAME).name("stem"))
            .to(batchNormalization().name("stem_bn"))
            .to(reLU().name("stem_relu"));
    return Model.of(image, x).name("backbone");
  }

  /** A model as one layer, followed by a head with a branch. */
  static Model nested() {
    Node input = input(16, 16, 3);
    Node x = input.to(backbone(16, 16));
    Node sum = add(x, x.to(conv2D(4, 1)));
    return Model.of(input, sum.to(globalAveragePooling2D()).to(dense(2)));
  }

  /** One model on two inputs. */
  static Model sharedModel() {
    Model backbone = backbone(Shape.UNKNOWN, Shape.UNKNOWN);
    Node a = input("a", 16, 16, 3);
    Node b = input("b", 16, 16, 3);
    return Model.of(List.of(a, b), List.of(subtract(a.to(backbone), b.to(backbone))));
  }

  /** One layer on two inputs, and twice in a row. */
  static Model sharedLayer() {
    Node left = input("left", 8);
    Node right = input("right", 8);
    Dense shared = dense(8).name("shared");
    Node x = concatenate(left.to(shared), right.to(shared).to(shared));
    return Model.of(List.of(left, right), List.of(x.to(dense(1))));
  }

  static Model severalInputsAndOutputs() {
    Node image = input("image", 8, 8, 3);
    Node extra = input("extra", 5);
    Node x = image.to(conv2D(4, 3).strides(2).padding(Padding.SAME)).to(flatten());
    Node both = concatenate(x, extra);
    Node kind = both.to(dense(3).activation(ActivationFunction.SOFTMAX).name("kind"));
    return Model.of(List.of(image, extra), List.of(kind, both.to(dense(1).name("size"))));
  }

  /** Heights and widths that only data decides. */
  static Model unknownSizes() {
    Node input = input(Shape.UNKNOWN, Shape.UNKNOWN, 3);
    Node x = input.to(conv2D(8, 3).strides(2).padding(Padding.SAME));
    Node y = x.to(maxPooling2D(2).padding(Padding.SAME)).to(upSampling2D(2));
    Node wide = concatenate(x, y).to(conv2D(6, 3).dilationRate(2).padding(Padding.SAME));
    Node up = wide.to(zeroPadding2D(1)).to(conv2DTranspose(4, 3).strides(2));
    return Model.of(input, up.to(cropping2D(1, 2)).to(batchNormalization()).to(dense(3)));
  }
}
