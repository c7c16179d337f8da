package dev.tfgraphs.savedmodel;

import com.google.common.collect.ImmutableList;
import dev.tfgraphs.ops.Model;
import dev.tfgraphs.ops.Shape;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.NoSuchFileException;
import java.nio.file.Path;
import java.util.List;

/** The names of classes as an asset of a SavedModel: one a line, UTF-8. */
final class ClassNames {
  static final String FILE = "classes.txt";
  private static final String FOLDER = "assets";

  /** Where names lay before there were signatures that give them. */
  private static final String BEFORE = "assets.extra";

  private ClassNames() {}

  /** Fails unless there are none, or as many as the model tells apart. */
  static void check(List<String> names, Model model) {
    if (names.isEmpty()) {
      return;
    }
    Shape output = model.output().shape();
    int wanted = count(model);
    if (names.size() != wanted) {
      throw new ModelFileException(
          "class names: expected "
              + wanted
              + " for the output "
              + output
              + ", received "
              + names.size());
    }
    for (String name : names) {
      if (name.indexOf('\n') >= 0 || name.indexOf('\r') >= 0) {
        throw new ModelFileException(
            "class names: expected one line each, received '"
                + name.replaceAll("\\R", "\\\\n")
                + "'");
      }
      if (name.isEmpty()) { // TensorFlow takes no empty lines
        throw new ModelFileException(
            "class names: expected a name for each class, received none for the class "
                + names.indexOf(name));
      }
    }
  }

  /** How many classes a model tells apart; one value between 0 and 1 is of two. */
  static int count(Model model) {
    int values = model.output().shape().size(-1);
    return values == 1 ? 2 : values;
  }

  static void write(Path folder, List<String> names) throws IOException {
    if (!names.isEmpty()) {
      Files.write(Files.createDirectory(folder.resolve(FOLDER)).resolve(FILE), names);
    }
  }

  /** The names in the SavedModel of {@code folder}; none if it was written without. */
  static ImmutableList<String> read(Path folder) {
    ImmutableList<String> names = lines(folder.resolve(FOLDER).resolve(FILE));
    return names.isEmpty() ? lines(folder.resolve(BEFORE).resolve(FILE)) : names;
  }

  private static ImmutableList<String> lines(Path file) {
    try {
      return ImmutableList.copyOf(Files.readAllLines(file));
    } catch (NoSuchFileException none) {
      return ImmutableList.of();
    } catch (IOException e) {
      throw ModelFileException.at(file, "cannot be read", e);
    }
  }
}
