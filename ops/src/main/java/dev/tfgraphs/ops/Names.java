package dev.tfgraphs.ops;

import com.google.common.base.Ascii;
import com.google.common.collect.ImmutableMap;
import com.google.common.collect.Maps;
import java.util.Comparator;
import java.util.HashMap;
import java.util.HashSet;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.regex.Pattern;

/**
 * Names for a model's layers: those given, and for the others what a fresh Keras session would
 * give.
 */
final class Names {
  /** What {@link #isValid} asks for, in words. */
  static final String RULE = "letters, digits, '_', '.' and '-', not starting with '_' or '-'";

  private static final Pattern VALID = Pattern.compile("[A-Za-z0-9.][A-Za-z0-9_.\\-]*");
  private static final Pattern BEFORE_WORD = Pattern.compile("(.)([A-Z][a-z]+)");
  private static final Pattern BETWEEN_CASES = Pattern.compile("([a-z])([A-Z])");

  private final Map<String, Integer> counts = new HashMap<>();

  private Names() {}

  /** The name of every layer; what nested models hold takes numbers too, as it does in Keras. */
  static ImmutableMap<Layer, String> of(List<Layer> layers) {
    // in the order of the walk, which decides between a model and its frozen self
    Set<Layer> all = new LinkedHashSet<>();
    addAll(layers, all);
    Names names = new Names();
    Map<Layer, String> named = new HashMap<>();
    all.stream()
        .sorted(Comparator.comparingLong(Layer::order))
        .forEachOrdered(layer -> named.put(layer, names.next(layer)));
    checkUnique(layers, named);
    return ImmutableMap.copyOf(Maps.filterKeys(named, Set.copyOf(layers)::contains));
  }

  private static void checkUnique(List<Layer> layers, Map<Layer, String> named) {
    Map<String, Layer> used = new HashMap<>();
    for (Layer layer : layers) {
      String name = named.getOrDefault(layer, "");
      Layer other = used.putIfAbsent(name, layer);
      if (other != null) {
        throw new ModelException(
            "model from '"
                + named.get(layers.get(0))
                + "' to '"
                + named.get(layers.get(layers.size() - 1))
                + "': expected a name of its own for every layer, received '"
                + name
                + "' for "
                + origin(other)
                + " and "
                + origin(layer)
                + "; rename one with name(...)");
      }
    }
  }

  private static String origin(Layer layer) {
    return layer.describe() + (layer.name().isPresent() ? "" : " (named automatically)");
  }

  /** Whether a layer or weight may be called so; scopes of TensorFlow and weight files may. */
  static boolean isValid(String name) {
    return VALID.matcher(name).matches();
  }

  /** A model's own name: its automatic number follows those of the models inside it. */
  static String ofModel(Model model) {
    Set<Layer> all = new HashSet<>();
    addAll(model.layers(), all);
    Names names = new Names();
    all.stream().filter(Model.class::isInstance).forEach(names::next);
    return names.next(model);
  }

  private static void addAll(List<Layer> layers, Set<Layer> all) {
    for (Layer layer : layers) {
      if (all.add(layer) && layer instanceof Model model) {
        addAll(model.layers(), all);
      }
    }
  }

  private String next(Layer layer) {
    if (layer.name().isPresent()) {
      return layer.name().get();
    }
    String prefix = layer.automaticName();
    if (!isValid(prefix)) {
      throw new ModelException(
          "layer of "
              + layer.getClass()
              + ": expected a class name of "
              + RULE
              + ", received '"
              + layer.className()
              + "'; override className()");
    }
    int count = counts.merge(prefix, 1, Integer::sum);
    return count == 1 ? prefix : prefix + "_" + (count - 1);
  }

  /** Keras's rule (keras/src/utils/naming.py): {@code UpSampling2D} is {@code up_sampling2d}. */
  static String snakeCase(String className) {
    String words = BEFORE_WORD.matcher(className).replaceAll("$1_$2");
    return Ascii.toLowerCase(BETWEEN_CASES.matcher(words).replaceAll("$1_$2"));
  }
}
