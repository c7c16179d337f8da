package dev.tfgraphs.examples;

import static dev.tfgraphs.ops.Layers.batchNormalization;

import com.google.common.collect.ImmutableMap;
import dev.tfgraphs.applications.ResNets;
import dev.tfgraphs.ops.Layer;
import dev.tfgraphs.ops.Layers;
import dev.tfgraphs.ops.Node;
import java.util.function.Supplier;

/**
 * A network that the command line offers.
 *
 * @param name as {@code --model} takes it
 * @param builder makes the network on an image
 */
record Network(String name, Builder builder) {
  /** Keras's 0.99 lags too far behind in trainings of a few hundred steps. */
  private static final double MOMENTUM = 0.9;

  private static final ImmutableMap<String, Network> ALL = all();

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

  /** With the settings that short trainings need. */
  Node trained(Node image, int classes) {
    return builder.on(image, classes, () -> batchNormalization().momentum(MOMENTUM));
  }

  /** With Keras's settings. */
  Node plain(Node image, int classes) {
    return builder.on(image, classes, Layers::batchNormalization);
  }

  private static ImmutableMap<String, Network> all() {
    ImmutableMap.Builder<String, Network> all = ImmutableMap.builder();
    for (int depth : ResNets.CIFAR_DEPTHS) {
      add(
          all,
          "resnet" + depth,
          (x, classes, norm) -> ResNets.cifarResNet(x, depth, classes, norm));
    }
    add(all, "resnet18", ResNets::resNet18);
    return all.buildOrThrow();
  }

  private static void add(ImmutableMap.Builder<String, Network> all, String name, Builder builder) {
    all.put(name, new Network(name, builder));
  }
}
