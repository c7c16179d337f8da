package dev.tfgraphs.examples;

import java.util.Optional;
import picocli.CommandLine.Option;

/** What a command is told of a file of weights. */
final class NetworkOption {
  @Option(
      names = "--model",
      paramLabel = "NAME|FILE",
      description =
          "The network that the file has the weights of: "
              + Architectures.NAMES
              + ", or a file that describes it: "
              + Architectures.FILES
              + ".")
  private Optional<String> named = Optional.empty();

  /** What {@link Architectures#of} takes, if anything was said. */
  Optional<String> named() {
    return named;
  }
}
