package dev.tfgraphs.graphs;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.HashSet;
import java.util.List;
import java.util.Set;
import java.util.stream.Stream;

/**
 * Whether a checkpoint may take the place of what is there. A folder that a checkpoint has written
 * lists what it has put there, so that nothing of anybody else's is deleted with it.
 */
final class CheckpointPlace {
  private static final String LIST = ".checkpoint";

  private CheckpointPlace() {}

  /** Lists what is in a checkpoint that is a folder. */
  static void list(Path written) throws IOException {
    if (Files.isDirectory(written)) {
      Files.write(written.resolve(LIST), names(written));
    }
  }

  /**
   * Fails if there is anything that no checkpoint has written.
   *
   * @param file whether a file may be there, in whose place a file is put
   */
  static void check(String who, Path target, boolean file) throws IOException {
    if (Files.isDirectory(target)) {
      List<String> others = others(target);
      if (!others.isEmpty()) {
        throw occupied(who, target, "a folder with " + String.join(", ", others));
      }
    } else if (Files.exists(target) && !file) {
      throw occupied(who, target, "a file");
    }
  }

  private static List<String> others(Path folder) throws IOException {
    Path list = folder.resolve(LIST);
    Set<String> known = new HashSet<>();
    if (Files.isRegularFile(list)) {
      known.add(LIST);
      known.addAll(Files.readAllLines(list));
    }
    return names(folder).stream().filter(name -> !known.contains(name)).toList();
  }

  private static List<String> names(Path folder) throws IOException {
    try (Stream<Path> children = Files.list(folder)) {
      return children.map(child -> child.getFileName().toString()).sorted().toList();
    }
  }

  private static GraphException occupied(String who, Path target, String received) {
    return new GraphException(
        "%s: %s: expected nothing there or an earlier checkpoint, received %s; %s"
            .formatted(who, target, received, Snapshots.FREE_PLACE));
  }
}
