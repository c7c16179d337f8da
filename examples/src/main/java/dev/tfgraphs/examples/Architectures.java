package dev.tfgraphs.examples;

import com.google.common.collect.ImmutableMap;
import com.google.common.collect.Maps;
import dev.tfgraphs.applications.NamedNetwork;
import dev.tfgraphs.ops.Model;
import dev.tfgraphs.savedmodel.FileKind;
import dev.tfgraphs.savedmodel.KerasModels;
import dev.tfgraphs.savedmodel.ModelFileException;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;

/** The networks that there are: by name, or as a file describes them. */
final class Architectures {
  /** What the help of a command says of a name. */
  static final String NAMES = "a name that '" + Shell.LAUNCHED + " models' lists";

  /** Files that say what a network is. */
  static final String FILES = ".keras, a whole .h5, or the .json of Keras's to_json";

  private static final String JSON = ".json";
  private static final ImmutableMap<String, NamedNetwork> NAMED =
      Maps.uniqueIndex(NamedNetwork.all(), NamedNetwork::name);

  private Architectures() {}

  /** {@link #NAMES} in messages. */
  static String names() {
    return "a name that '" + Shell.launcher() + " models' lists";
  }

  /**
   * The network that {@code --model} means.
   *
   * @param named one of {@code models}, with the images and classes of what it was published for,
   *     or a path
   * @throws CommandException if it is neither
   * @throws ModelFileException if the file describes no network, or one that this library has not
   */
  static Model of(String named) {
    return of("--model", named);
  }

  /**
   * The network that a command line means, as {@link #of(String)}.
   *
   * @param argument how errors call what names it
   */
  static Model of(String argument, String named) {
    NamedNetwork known = NAMED.get(named);
    if (known != null) {
      return known.model();
    }
    Path file = Path.of(named);
    if (!Files.exists(file)) {
      throw unknown(argument, named, ", or a file (" + FILES + ")");
    }
    return isJson(named) ? ofJson(argument, file) : ofModelFile(argument, file);
  }

  /**
   * The network that {@code --model} names, where no file will do.
   *
   * @throws CommandException if there is none
   */
  static NamedNetwork named(String name) {
    NamedNetwork known = NAMED.get(name);
    if (known == null) {
      throw unknown("--model", name, "");
    }
    return known;
  }

  private static CommandException unknown(String argument, String named, String orElse) {
    return new CommandException(
        "%s: expected %s%s, received '%s'%s"
            .formatted(argument, names(), orElse, named, Arguments.nearest(named, NAMED.keySet())));
  }

  /** Whether a file so called describes a network and has no weights. */
  static boolean isJson(String named) {
    return named.endsWith(JSON) && !named.endsWith(".weights.json");
  }

  /** Whether {@code --model} means a file that is there. */
  static boolean isFile(String named) {
    return !NAMED.containsKey(named) && Files.isRegularFile(Path.of(named));
  }

  private static Model ofJson(String argument, Path file) {
    try {
      return KerasModels.fromJson(Files.readString(file));
    } catch (IOException e) {
      throw new CommandException(argument + ": expected text, received '" + file + "'", e);
    } catch (ModelFileException e) {
      throw new CommandException(argument + " " + file + ": " + e.getMessage(), e);
    }
  }

  private static Model ofModelFile(String argument, Path named) {
    Path file = ModelFolder.network(named);
    FileKind kind = FileKind.of(file);
    if (!kind.hasModel()) {
      throw new CommandException(
          "%s: expected a file with a network (%s), received '%s', %s"
              .formatted(argument, FILES, file, kind));
    }
    return KerasModels.read(file);
  }
}
