package dev.tfgraphs.savedmodel;

import com.google.common.collect.ImmutableMap;
import com.google.common.collect.Maps;
import com.google.common.collect.Sets;
import dev.tfgraphs.graphs.HostTensor;
import dev.tfgraphs.graphs.Weights;
import dev.tfgraphs.ops.Model;
import dev.tfgraphs.ops.Weight;
import java.io.IOException;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.Set;

/**
 * Which tensor of a file becomes which weight of a model. Nothing is read before all of them are
 * known to fit.
 */
final class WeightPlan {
  /** How many problems a message lists. */
  private static final int MOST_LINES = 50;

  private final Path file;
  private final String kind;
  private final Model model;
  private final ReadOptions options;
  private final Set<String> found = new HashSet<>();
  private final Map<String, StoredTensor> given = new HashMap<>();
  private final List<StoredTensor> unused = new ArrayList<>();
  private final List<String> problems = new ArrayList<>();

  /**
   * A plan for {@code file} without tensors.
   *
   * @param kind what errors call such files, {@code Keras HDF5 weights} for example
   */
  WeightPlan(Path file, String kind, Model model, ReadOptions options) {
    this.file = file;
    this.kind = kind;
    this.model = model;
    this.options = options;
  }

  /** What the model calls the layer that the file calls {@code name}. */
  String renamed(String name) {
    found.add(name);
    return options.layerNames().getOrDefault(name, name);
  }

  /** Gives a weight its tensor; {@code path} is its {@link Weight#path}. */
  void put(String path, StoredTensor tensor) {
    StoredTensor other = given.putIfAbsent(path, tensor);
    if (other != null) {
      problems.add("twice " + path + ": " + other.name() + " and " + tensor.name());
    }
  }

  /** Notes a tensor that has no place in the model. */
  void unused(StoredTensor tensor) {
    unused.add(tensor);
  }

  /** What makes it useless to look for more. */
  ModelFileException failure(String problem) {
    return ModelFileException.ofWeights(file, kind, problem);
  }

  /** Notes what else is wrong, which no option makes good. */
  void problem(String line) {
    problems.add(line);
  }

  /**
   * Reads the tensors in the model's order.
   *
   * @throws ModelFileException if one is missing, unused, twice there or of another shape, or a
   *     layer is to be renamed that the file does not have; the message lists all
   */
  Weights read() throws IOException {
    ImmutableMap<String, String> misfits =
        Weights.misfits(model, Maps.transformValues(given, StoredTensor::shape));
    List<String> lines = new ArrayList<>(problems);
    misfits.forEach((path, line) -> lines.add(line + origin(path)));
    unused.stream().map(tensor -> "unused " + tensor).sorted().forEach(lines::add);
    Sets.difference(options.layerNames().keySet(), found).stream()
        .sorted()
        .map(name -> "no layer '%s' that is '%s' here".formatted(name, renamed(name)))
        .forEach(lines::add);
    if (lines.isEmpty()) {
      return read(given.keySet(), Weights.of(Map.of()));
    }
    if (options.kept().isEmpty() || !problems.isEmpty()) {
      throw failure(
          "expected the weights of the model, received others:\n  "
              + String.join("\n  ", lines.subList(0, Math.min(MOST_LINES, lines.size())))
              + (lines.size() > MOST_LINES
                  ? "\n  ... and " + (lines.size() - MOST_LINES) + " more"
                  : ""));
    }
    ReadOptions.Kept kept = options.kept().get();
    kept.weights().checkFit(model);
    Weights read = read(Sets.difference(given.keySet(), misfits.keySet()), kept.weights());
    lines.forEach(kept.skipped());
    return read;
  }

  /** Which tensor it is about, unless that is called as the weight. */
  private String origin(String path) {
    StoredTensor tensor = given.get(path);
    return tensor == null || tensor.name().equals(path) ? "" : " from " + tensor.name();
  }

  private Weights read(Set<String> fitting, Weights others) throws IOException {
    ImmutableMap.Builder<String, HostTensor> tensors = ImmutableMap.builder();
    for (Weight weight : model.weights()) {
      String path = weight.path();
      StoredTensor tensor = fitting.contains(path) ? given.get(path) : null;
      tensors.put(path, tensor == null ? others.get(path) : tensor.read());
    }
    return new Weights(tensors.buildOrThrow());
  }
}
