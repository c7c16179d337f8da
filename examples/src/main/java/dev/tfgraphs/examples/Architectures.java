package dev.tfgraphs.examples;

import com.google.common.collect.ImmutableList;
import com.google.common.collect.ImmutableMap;
import dev.tfgraphs.applications.KerasResNet;
import dev.tfgraphs.ops.Model;
import dev.tfgraphs.savedmodel.FileKind;
import dev.tfgraphs.savedmodel.KerasModels;
import dev.tfgraphs.savedmodel.SavedModelException;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.function.Supplier;

/** The networks that files have the weights of: by name, or as another file describes them. */
final class Architectures {
  /** What the help of a command says of {@code --model}. */
  static final String DESCRIPTION =
      "The network that IN has the weights of: resnet50, resnet101, resnet152, resnet50v2,"
          + " resnet101v2 or resnet152v2 of Keras, resnet20, resnet32, resnet44, resnet56,"
          + " resnet110 or resnet18, or a file that describes it: .keras, a whole .h5, or the .json"
          + " of Keras's to_json.";

  /** Files that say what a network is. */
  static final String FILES = ".keras, a whole .h5, or the .json of Keras's to_json";

  private static final String JSON = ".json";
  private static final ImmutableMap<String, Supplier<Model>> NAMED = named();

  private Architectures() {}

  /** The names that {@code --model} takes, Keras's first. */
  static ImmutableList<String> names() {
    return NAMED.keySet().asList();
  }

  /**
   * The network that {@code --model} means.
   *
   * @param named one of {@link #names}, with the images and classes of what it was published for,
   *     or a path
   * @throws CommandException if it is neither
   * @throws SavedModelException if the file describes no network, or one that this library has not
   */
  static Model of(String named) {
    Supplier<Model> known = NAMED.get(named);
    if (known != null) {
      return known.get();
    }
    Path file = Path.of(named);
    if (!Files.exists(file)) {
      throw new CommandException(
          "--model: expected one of %s, or a file (%s), received '%s'"
              .formatted(String.join(", ", names()), FILES, named));
    }
    return named.endsWith(JSON) && !named.endsWith(".weights.json")
        ? ofJson(file)
        : ofModelFile(file);
  }

  private static Model ofJson(Path file) {
    try {
      return KerasModels.fromJson(Files.readString(file));
    } catch (IOException e) {
      throw new CommandException("--model: expected text, received '" + file + "'", e);
    } catch (SavedModelException e) {
      throw new CommandException("--model " + file + ": " + e.getMessage(), e);
    }
  }

  private static Model ofModelFile(Path file) {
    FileKind kind = FileKind.of(file);
    if (!kind.hasModel()) {
      throw new CommandException(
          "--model: expected a file with a network (%s), received '%s', %s"
              .formatted(FILES, file, kind));
    }
    return KerasModels.read(file);
  }

  private static ImmutableMap<String, Supplier<Model>> named() {
    ImmutableMap.Builder<String, Supplier<Model>> all = ImmutableMap.builder();
    for (KerasResNet network : KerasResNet.values()) {
      all.put(network.kerasName(), network::model);
    }
    for (Network network : Network.all()) {
      all.put(network.name(), network::published);
    }
    return all.buildOrThrow();
  }
}
