package dev.tfgraphs.savedmodel;

import com.google.common.collect.ImmutableMap;
import dev.tfgraphs.ops.Model;
import dev.tfgraphs.ops.Weight;
import java.util.HashMap;
import java.util.HashSet;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.function.UnaryOperator;

/**
 * What files call the weights of a model that are found by name. That is the path, {@code
 * block/conv/kernel}; but Keras does not say in which nested model a layer is, so that {@code
 * conv/kernel} will do where there is one of that name.
 */
final class WeightNames {
  private final ImmutableMap<String, String> paths;
  private final UnaryOperator<String> renamed;

  private WeightNames(ImmutableMap<String, String> paths, UnaryOperator<String> renamed) {
    this.paths = paths;
    this.renamed = renamed;
  }

  /**
   * The names for {@code model}.
   *
   * @param renamed what the model calls a layer of the file
   */
  static WeightNames of(Model model, UnaryOperator<String> renamed) {
    Map<String, String> paths = new HashMap<>();
    Set<String> ambiguous = new HashSet<>();
    for (Weight weight : model.weights()) {
      String name = withoutModels(weight.path());
      if (paths.put(name, weight.path()) != null) {
        ambiguous.add(name);
      }
    }
    paths.keySet().removeAll(ambiguous);
    model.weights().forEach(weight -> paths.put(weight.path(), weight.path()));
    return new WeightNames(ImmutableMap.copyOf(paths), renamed);
  }

  private static String withoutModels(String path) {
    int layer = path.lastIndexOf('/', path.lastIndexOf('/') - 1);
    return path.substring(layer + 1);
  }

  /** The path of the weight that a file calls {@code name}. */
  Optional<String> path(String name) {
    int end = Math.max(0, name.lastIndexOf('/'));
    int start = name.lastIndexOf('/', end - 1) + 1;
    String layer = renamed.apply(name.substring(start, end));
    return Optional.ofNullable(paths.get(name.substring(0, start) + layer + name.substring(end)));
  }
}
