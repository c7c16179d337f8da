package dev.tfgraphs.ops;

import static dev.tfgraphs.ops.Layers.*;

import java.util.ArrayList;
import java.util.List;

/** The networks of conformance/makers/networks.py and summaries.py, written in Java. */
final class Networks {
  private Networks() {}

  static Model named(String name) {
    return switch (name) {
      case "resnet18" -> resNet18(new int[] {1, 2, 2, 2}, 1000, input(224, 224, 3));
      case "flexible_resnet" -> resNet18(new int[] {2, 2, 2, 2}, 10, input(32, 32, 10));
      case "resnet20" -> cifarResNet(20);
      case "sequential_like" -> sequentialLike();
      case "nested" -> nested();
      case "nested_twice" -> nestedTwice();
      case "shared_layer" -> sharedLayer();
      case "shared_model" -> sharedModel();
      case "multiple_inputs_outputs" -> multipleInputsOutputs();
      case "frozen" -> frozen();
      case "long_names" -> longNames();
      case "unknown_sizes" -> unknownSizes();
      case "many_inputs" -> manyInputs();
      case "custom_names_repeat" -> customNamesRepeat();
      default -> throw new AssertionError(name);
    };
  }

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

  private static Model headed(Node input, Node x, int classes) {
    Dense head = dense(classes).activation(ActivationFunction.SOFTMAX);
    return Model.of(input, x.to(globalAveragePooling2D()).to(head));
  }

  private static Model resNet18(int[] strides, int classes, Node input) {
    Node x =
        input
            .to(conv2D(64, 7).strides(2).padding(Padding.SAME))
            .to(batchNormalization())
            .to(relu())
            .to(maxPooling2D(3).strides(2).padding(Padding.SAME));
    int filters = 64;
    for (int stride : strides) {
      x = residualBlock(residualBlock(x, filters, stride), filters, 1);
      filters *= 2;
    }
    return headed(input, x, classes);
  }

  static Model cifarResNet(int depth) {
    Node input = input(32, 32, 3);
    Node x = input.to(conv2D(16, 3).padding(Padding.SAME)).to(batchNormalization()).to(relu());
    for (int filters = 16; filters <= 64; filters *= 2) {
      for (int block = 0; block < (depth - 2) / 6; block++) {
        x = residualBlock(x, filters, filters > 16 && block == 0 ? 2 : 1);
      }
    }
    return headed(input, x, 10);
  }

  private static Model sequentialLike() {
    Node input = input(28, 28, 1);
    return Model.of(
        input,
        input
            .to(conv2D(8, 3).activation(ActivationFunction.RELU))
            .to(maxPooling2D(2))
            .to(conv2D(16, 3).activation(ActivationFunction.RELU))
            .to(maxPooling2D(2))
            .to(flatten())
            .to(dropout(0.5))
            .to(dense(10).activation(ActivationFunction.SOFTMAX)));
  }

  static Model backbone() {
    Node image = input("image", 16, 16, 3);
    Node x =
        image
            .to(conv2D(4, 3).padding(Padding.SAME).name("stem"))
            .to(batchNormalization().name("stem_bn"))
            .to(reLU().name("stem_relu"));
    return Model.of(image, x).name("backbone");
  }

  static Model nested() {
    Node input = input(16, 16, 3);
    Node x = input.to(backbone());
    Node y = x.to(conv2D(4, 1));
    return Model.of(input, add(x, y).to(globalAveragePooling2D()).to(dense(2))).name("classifier");
  }

  static Model nestedTwice() {
    Node first = input(16, 16, 3);
    Model middle = Model.of(first, first.to(backbone()).to(maxPooling2D(2).name("pool")));
    Node second = input(16, 16, 3);
    return Model.of(second, second.to(middle.name("middle")).to(flatten())).name("outer");
  }

  static Model sharedLayer() {
    Node left = input("left", 8);
    Node right = input("right", 8);
    Dense shared = dense(8).name("shared");
    Node x = concatenate(left.to(shared), right.to(shared).to(shared));
    return Model.of(List.of(left, right), List.of(x.to(dense(1))));
  }

  static Model sharedModel() {
    Model backbone = backbone();
    Node a = input("a", 16, 16, 3);
    Node b = input("b", 16, 16, 3);
    Node difference = subtract(a.to(backbone), b.to(backbone));
    return Model.of(List.of(a, b), List.of(difference)).name("siamese");
  }

  static Model multipleInputsOutputs() {
    Node image = input("image", 8, 8, 3);
    Node extra = input("extra", 5);
    Node x = image.to(conv2D(4, 3).strides(2).padding(Padding.SAME)).to(flatten());
    Node both = concatenate(x, extra);
    Node kind = both.to(dense(3).activation(ActivationFunction.SOFTMAX).name("kind"));
    return Model.of(List.of(image, extra), List.of(kind, both.to(dense(1).name("size"))));
  }

  private static Model frozen() {
    Node input = input(16, 16, 3);
    Node x =
        input
            .to(backbone())
            .to(conv2D(4, 3).name("tuned"))
            .to(batchNormalization().name("kept"))
            .to(flatten())
            .to(dense(2).name("head"));
    return Model.of(input, x).freeze("backbone", "kept");
  }

  /** Blanks and brackets, which Keras takes and TensorFlow does not, are other characters here. */
  private static Model longNames() {
    Node input = input("a_photograph_of_something_with_a_rather_long_description", 32, 32, 3);
    String name = "block_with_a_name_that_is_much_too_long_for_the_first_column_of_the_table";
    Node x = input.to(conv2D(8, 3).padding(Padding.SAME).name(name + "_convolution"));
    Node y = input.to(conv2D(8, 1).padding(Padding.SAME).name(name + "_projection"));
    Node sum = merge(Merge.Kind.ADD).name("add").on(x, y);
    return Model.of(input, sum.to(batchNormalization().name("two-words-here")))
        .name("model_with_.brackets._and_a_long_name");
  }

  private static Model unknownSizes() {
    Node input = input(Shape.UNKNOWN, Shape.UNKNOWN, 3);
    Node x = input.to(conv2D(8, 3).strides(2).padding(Padding.SAME));
    Node y = x.to(maxPooling2D(2).padding(Padding.SAME)).to(upSampling2D(2));
    Node wide = concatenate(x, y).to(zeroPadding2D(1));
    return Model.of(input, wide.to(conv2DTranspose(4, 3).strides(2)));
  }

  private static Model manyInputs() {
    Node input = input(4, 4, 2);
    List<Node> branches = new ArrayList<>();
    for (int i = 0; i < 8; i++) {
      branches.add(input.to(conv2D(2, 1).name("branch_" + i)));
    }
    return Model.of(input, average(branches.toArray(Node[]::new)));
  }

  private static Model customNamesRepeat() {
    Node input = input(6, 6, 1);
    Node x =
        input
            .to(conv2D(2, 3).name("conv2d_1"))
            .to(conv2D(2, 1))
            .to(reLU())
            .to(leakyReLU())
            .to(softmax())
            .to(globalMaxPooling2D());
    return Model.of(input, x.to(dense(1))).name("names");
  }
}
