package dev.tfgraphs.savedmodel;

import com.google.common.collect.ImmutableList;
import dev.tfgraphs.ops.Model;
import dev.tfgraphs.ops.Shape;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.NoSuchFileException;
import java.nio.file.Path;
import java.util.List;

/** The names of classes beside a SavedModel, where TensorFlow does not look: one a line, UTF-8. */
final class ClassNames {
  private static final String FOLDER = "assets.extra";
  private static final String FILE = "classes.txt";

  private ClassNames() {}

  /** Fails unless there are none, or as many as the model tells apart. */
  static void check(List<String> names, Model model) {
    if (names.isEmpty()) {
      return;
    }
    Shape output = model.output().shape();
    // one value between 0 and 1 tells two classes apart
    int wanted = output.size(-1) == 1 ? 2 : output.size(-1);
    if (names.size() != wanted) {
      throw new SavedModelException(
          "class names: expected "
              + wanted
              + " for the output "
              + output
              + ", received "
              + names.size());
    }
    for (String name : names) {
      if (name.indexOf('\n') >= 0 || name.indexOf('\r') >= 0) {
        throw new SavedModelException(
            "class names: expected one line each, received '"
                + name.replaceAll("\\R", "\\\\n")
                + "'");
      }
    }
  }

  static void write(Path folder, List<String> names) throws IOException {
    if (!names.isEmpty()) {
      Files.write(Files.createDirectory(folder.resolve(FOLDER)).resolve(FILE), names);
    }
  }

  /** The names beside the SavedModel of {@code folder}; none if it was written without. */
  static ImmutableList<String> read(Path folder) {
    Path file = folder.resolve(FOLDER).resolve(FILE);
    try {
      return ImmutableList.copyOf(Files.readAllLines(file));
    } catch (NoSuchFileException none) {
      return ImmutableList.of();
    } catch (IOException e) {
      throw SavedModelException.at(file, "cannot be read", e);
    }
  }
}
