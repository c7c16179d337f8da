package dev.tfgraphs.savedmodel;

import dev.tfgraphs.ops.Model;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.stream.Stream;

/**
 * Reads every config and {@code .keras} file in a folder and writes it again into another, for
 * Keras to compare.
 */
public final class ConfigRewriting {
  private ConfigRewriting() {}

  /** Takes the two folders. */
  public static void main(String... args) throws IOException {
    Path target = Files.createDirectories(Path.of(args[1]));
    List<Path> files;
    try (Stream<Path> all = Files.list(Path.of(args[0]))) {
      files = all.sorted().toList();
    }
    for (Path file : files) {
      boolean archive = file.toString().endsWith(".keras");
      Model model = archive ? KerasModels.read(file) : KerasModels.fromJson(Files.readString(file));
      Files.writeString(target.resolve(file.getFileName()), KerasModels.toJson(model));
    }
  }
}
