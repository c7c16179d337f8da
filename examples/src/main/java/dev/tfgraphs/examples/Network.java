package dev.tfgraphs.examples;

import static dev.tfgraphs.ops.Layers.batchNormalization;
import static dev.tfgraphs.ops.Layers.input;

import com.google.common.collect.ImmutableCollection;
import com.google.common.collect.ImmutableMap;
import dev.tfgraphs.applications.ResNets;
import dev.tfgraphs.ops.Layer;
import dev.tfgraphs.ops.Layers;
import dev.tfgraphs.ops.Model;
import dev.tfgraphs.ops.Node;
import java.util.function.Supplier;

/**
 * A network that the command line offers.
 *
 * @param name as {@code --model} takes it
 * @param size of the square images in colour that its authors made it for
 * @param classes of these
 * @param builder makes the network on an image
 */
record Network(String name, int size, int classes, Builder builder) {
  /** Of how many steps the averages of batch normalization are made at most and at least. */
  private static final double LONGEST = 10;

  private static final double SHORTEST = 2;

  private static final int CIFAR_SIZE = 32;
  private static final int CIFAR_CLASSES = 10;
  private static final int IMAGENET_SIZE = 224;
  private static final int IMAGENET_CLASSES = 1000;

  private static final ImmutableMap<String, Network> ALL = named();

  /** From an image to the probabilities of classes. */
  interface Builder {
    Node on(Node image, int classes, Supplier<Layer> normalization);
  }

  /**
   * The network called {@code name}.
   *
   * @throws CommandException if there is none
   */
  static Network of(String name) {
    Network network = ALL.get(name);
    if (network == null) {
      throw new CommandException(
          "--model: expected one of "
              + String.join(", ", ALL.keySet())
              + ", received '"
              + name
              + "'");
    }
    return network;
  }

  /** All that there are. */
  static ImmutableCollection<Network> all() {
    return ALL.values();
  }

  /** On the images and classes that its authors made it for, with Keras's settings. */
  Model published() {
    Node image = input(size, size, 3);
    return Model.of(image, plain(image, classes));
  }

  /**
   * With the settings that short trainings need: Keras's averages of batch normalization, of a
   * hundred steps, lag too far behind in a few hundred, and those of ten in a few dozen. They are
   * of a tenth of the training here.
   */
  Node trained(Node image, int classes, long steps) {
    double averaged = Math.min(LONGEST, Math.max(SHORTEST, steps / 10.0));
    return builder.on(image, classes, () -> batchNormalization().momentum(1 - 1 / averaged));
  }

  /** With Keras's settings. */
  Node plain(Node image, int classes) {
    return builder.on(image, classes, Layers::batchNormalization);
  }

  private static ImmutableMap<String, Network> named() {
    ImmutableMap.Builder<String, Network> all = ImmutableMap.builder();
    for (int depth : ResNets.CIFAR_DEPTHS) {
      String name = "resnet" + depth;
      Builder builder = (x, classes, norm) -> ResNets.cifarResNet(x, depth, classes, norm);
      all.put(name, new Network(name, CIFAR_SIZE, CIFAR_CLASSES, builder));
    }
    String name = "resnet18";
    all.put(name, new Network(name, IMAGENET_SIZE, IMAGENET_CLASSES, ResNets::resNet18));
    return all.buildOrThrow();
  }
}
