package dev.tfgraphs.examples;

import static dev.tfgraphs.ops.Layers.batchNormalization;

import com.google.common.collect.ImmutableMap;
import dev.tfgraphs.applications.NamedNetwork;
import dev.tfgraphs.ops.Node;

/**
 * A network that the command line trains.
 *
 * @param name as {@code --model} takes it
 * @param classifier makes the network on an image
 */
record Network(String name, NamedNetwork.Classifier classifier) {
  /** Of how many steps the averages of batch normalization are made at most and at least. */
  private static final double LONGEST = 10;

  private static final double SHORTEST = 2;

  private static final ImmutableMap<String, Network> ALL = named();

  /**
   * The network called {@code name}.
   *
   * @throws CommandException if there is none that is made to be trained
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

  /**
   * With the settings that short trainings need: Keras's averages of batch normalization, of a
   * hundred steps, lag too far behind in a few hundred, and those of ten in a few dozen. They are
   * of a tenth of the training here.
   */
  Node trained(Node image, int classes, long steps) {
    double averaged = Math.min(LONGEST, Math.max(SHORTEST, steps / 10.0));
    return classifier.on(image, classes, () -> batchNormalization().momentum(1 - 1 / averaged));
  }

  private static ImmutableMap<String, Network> named() {
    ImmutableMap.Builder<String, Network> all = ImmutableMap.builder();
    for (NamedNetwork known : NamedNetwork.all()) {
      known.classifier().ifPresent(made -> all.put(known.name(), new Network(known.name(), made)));
    }
    return all.buildOrThrow();
  }
}
