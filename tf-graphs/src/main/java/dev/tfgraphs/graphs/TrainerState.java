package dev.tfgraphs.graphs;

import com.google.common.collect.ImmutableSortedMap;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.NoSuchFileException;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.TreeMap;

/**
 * What further training depends on beside the variables of the graph.
 *
 * @param seed what the order of the data follows from
 * @param passes the number of the next pass over training data: no two have one order
 * @param averagesShown whether weights and their averages have changed places
 */
record TrainerState(long seed, int passes, boolean averagesShown) {
  private static final String FILE = "trainer.properties";
  private static final String VARIABLE = "variable/";

  TrainerState passes(int next) {
    return new TrainerState(seed, next, averagesShown);
  }

  TrainerState averagesShown(boolean shown) {
    return new TrainerState(seed, passes, shown);
  }

  /** Writes it into {@code folder}, with what the checkpoint beside it holds. */
  void write(Path folder, Map<String, String> variables) throws IOException {
    Memory memory =
        Memory.empty().put("seed", seed).put("passes", passes).put("averagesShown", averagesShown);
    variables.forEach((name, kind) -> memory.put(VARIABLE + name, kind));
    memory.write(folder.resolve(FILE));
  }

  /** Fails if no state is in {@code folder}, not even after what was killed is finished. */
  static void checkThere(Path folder) throws IOException {
    Aside.finish(folder);
    if (!Files.isRegularFile(folder.resolve(FILE))) {
      throw new NoSuchFileException(
          folder.toString(),
          null,
          "expected a folder that Trainer.save has written, received "
              + (Files.exists(folder) ? "one without " + FILE : "nothing"));
    }
  }

  /**
   * Reads what {@link #write} has written.
   *
   * @throws GraphException if it is damaged or was written with other variables
   */
  static TrainerState read(Path folder, ImmutableSortedMap<String, String> variables)
      throws IOException {
    Memory memory = Memory.read(folder.resolve(FILE));
    checkVariables(folder, variables, memory);
    return new TrainerState(
        memory.number("seed"), memory.integer("passes"), memory.flag("averagesShown"));
  }

  /** Fails if {@link #write} has written it with other variables. */
  static void check(Path folder, ImmutableSortedMap<String, String> variables) throws IOException {
    checkVariables(folder, variables, Memory.read(folder.resolve(FILE)));
  }

  /** TensorFlow itself assigns values of any shape, and leaves what is too much. */
  private static void checkVariables(
      Path folder, ImmutableSortedMap<String, String> variables, Memory memory) {
    TreeMap<String, String> unused = new TreeMap<>();
    for (String name : memory.names()) {
      if (name.startsWith(VARIABLE)) {
        unused.put(name.substring(VARIABLE.length()), memory.text(name));
      }
    }
    List<String> problems = new ArrayList<>();
    variables.forEach(
        (name, kind) -> {
          String given = unused.remove(name);
          if (given == null) {
            problems.add("missing " + name + " " + kind);
          } else if (!given.equals(kind)) {
            problems.add(name + ": expected " + kind + ", received " + given);
          }
        });
    unused.forEach((name, kind) -> problems.add("unused " + name + " " + kind));
    if (!problems.isEmpty()) {
      throw new GraphException(
          "restore: expected the state of this model and optimizer, received %s with others:\n  %s"
              .formatted(folder, String.join("\n  ", problems)));
    }
  }
}
