package dev.tfgraphs.savedmodel;

import static dev.tfgraphs.ops.ActivationFunction.SOFTMAX;
import static dev.tfgraphs.ops.Layers.add;
import static dev.tfgraphs.ops.Layers.batchNormalization;
import static dev.tfgraphs.ops.Layers.conv2D;
import static dev.tfgraphs.ops.Layers.dense;
import static dev.tfgraphs.ops.Layers.dropout;
import static dev.tfgraphs.ops.Layers.globalAveragePooling2D;
import static dev.tfgraphs.ops.Layers.input;
import static dev.tfgraphs.ops.Layers.maxPooling2D;
import static dev.tfgraphs.ops.Layers.multiply;
import static dev.tfgraphs.ops.Layers.relu;
import static dev.tfgraphs.ops.Padding.SAME;

import com.google.common.collect.ImmutableList;
import com.google.common.collect.ImmutableMap;
import dev.tfgraphs.graphs.HostTensor;
import dev.tfgraphs.graphs.Weights;
import dev.tfgraphs.ops.Model;
import dev.tfgraphs.ops.Node;
import dev.tfgraphs.ops.Shape;
import dev.tfgraphs.ops.Weight;
import java.util.List;
import java.util.Random;

/** A network of some kind, numbers for its weights, and something to predict from. */
record Specimen(String name, Model model) {
  static ImmutableList<Specimen> all() {
    return ImmutableList.of(
        new Specimen("resnet", resNet()),
        new Specimen("frozen", resNet().freeze("block_1", "block_bn")),
        new Specimen("inputs_and_outputs", inputsAndOutputs()),
        new Specimen("nested", nested()),
        new Specimen("unknown_sizes", unknownSizes()),
        new Specimen("reserved_names", reservedNames()),
        new Specimen("no_weights", noWeights()));
  }

  static Specimen named(String name) {
    return all().stream().filter(s -> s.name.equals(name)).findFirst().orElseThrow();
  }

  /** A residual network with batch normalization and dropout, on 8 x 8 images. */
  static Model resNet() {
    Node image = input("image", 8, 8, 3);
    Node x = image.to(conv2D(4, 3).padding(SAME).name("stem")).to(relu().name("stem_relu"));
    Node y = x.to(conv2D(4, 3).padding(SAME).name("block_1"));
    y = y.to(batchNormalization().name("block_bn")).to(relu().name("block_relu"));
    y = y.to(dropout(0.5).name("block_drop")).to(conv2D(4, 1).name("block_2"));
    Node pooled = add(x, y).to(globalAveragePooling2D().name("pool"));
    return Model.of(image, pooled.to(dense(3).activation(SOFTMAX).name("predictions")));
  }

  private static Model inputsAndOutputs() {
    Node left = input("left", 4);
    Node right = input("right", 6);
    Node x = left.to(dense(5).name("of_left"));
    Node y = right.to(dense(5).name("of_right"));
    var shared = dense(2).name("shared");
    return Model.of(
        List.of(right, left),
        List.of(multiply(x, y).to(relu().name("both")), x.to(shared), y.to(shared), left));
  }

  private static Model nested() {
    Node inner = input("inner_image", 6, 6, 2);
    Model block =
        Model.of(inner, inner.to(conv2D(2, 3).padding(SAME).name("conv")).to(batchNormalization()))
            .name("block");
    Node image = input("image", 6, 6, 2);
    return Model.of(image, image.to(block).to(relu().name("between")).to(block));
  }

  private static Model unknownSizes() {
    Node image = input("image", Shape.UNKNOWN, Shape.UNKNOWN, 3);
    Node x = image.to(conv2D(4, 3).strides(2).padding(SAME).name("conv"));
    Node map = x.to(maxPooling2D(2).padding(SAME).name("map"));
    return Model.of(image, map);
  }

  /** Names that Java's import of graphs takes for initializers, and that savers are called. */
  private static Model reservedNames() {
    Node image = input("Init", 6, 6, 2);
    Node x = image.to(conv2D(3, 3).name("Initial_conv")).to(batchNormalization().name("save"));
    return Model.of(image, x.to(conv2D(2, 1).name("InitOutput")));
  }

  private static Model noWeights() {
    Node image = input("image", 4, 4, 1);
    return Model.of(image, image.to(maxPooling2D(2).name("pool")));
  }

  /** Numbers of which no two weights have the same. */
  Weights weights() {
    Random random = new Random(7);
    ImmutableMap.Builder<String, HostTensor> tensors = ImmutableMap.builder();
    for (Weight weight : model.weights()) {
      float low = weight.path().endsWith("variance") ? 0.5f : -0.5f;
      tensors.put(weight.path(), random(weight.spec().shape(), random, low));
    }
    return Weights.of(tensors.buildOrThrow());
  }

  /** A batch of two for each input, by name; unknown sizes become 5 and 7. */
  ImmutableMap<String, HostTensor> batch() {
    Random random = new Random(8);
    ImmutableMap.Builder<String, HostTensor> batch = ImmutableMap.builder();
    for (Node input : model.inputs()) {
      int[] sizes = input.shape().toArray();
      sizes[0] = 2;
      for (int axis = 1; axis < sizes.length; axis++) {
        sizes[axis] = sizes[axis] == Shape.UNKNOWN ? 3 + 2 * axis : sizes[axis];
      }
      batch.put(model.nameOf(input.layer()), random(Shape.of(sizes), random, -1));
    }
    return batch.buildOrThrow();
  }

  private static HostTensor random(Shape shape, Random random, float low) {
    float[] values = new float[Math.toIntExact(shape.elements())];
    for (int i = 0; i < values.length; i++) {
      values[i] = low + random.nextFloat();
    }
    return new HostTensor(shape, values);
  }

  @Override
  public String toString() {
    return name;
  }
}
