package dev.tfgraphs.savedmodel;

import com.google.common.collect.ImmutableSet;
import com.google.common.primitives.Longs;
import dev.tfgraphs.ops.Layer;
import java.util.Collection;
import java.util.HashMap;
import java.util.Map;
import java.util.NavigableSet;
import java.util.Set;
import java.util.TreeSet;
import java.util.stream.Collectors;

/**
 * Names of layers as two programs can compare them. Keras counts on from model to model, so that a
 * {@code conv2d_4} may be the {@code conv2d} of another program: of names that it made, only the
 * order of their numbers says something.
 */
final class LayerNames {
  private final Set<String> prefixes;
  private final Map<String, NavigableSet<Long>> numbers = new HashMap<>();

  private LayerNames(Set<String> prefixes, Collection<String> names) {
    this.prefixes = prefixes;
    for (String name : names) {
      String prefix = prefix(name);
      if (!prefix.isEmpty()) {
        numbers.computeIfAbsent(prefix, first -> new TreeSet<>()).add(number(name, prefix));
      }
    }
  }

  /** Names given to layers of a model, or stored for such layers. */
  static LayerNames of(Collection<? extends Layer> layers, Collection<String> names) {
    ImmutableSet<String> prefixes =
        layers.stream()
            .map(Layer::automaticName)
            .collect(Collectors.collectingAndThen(Collectors.toSet(), ImmutableSet::copyOf));
    return new LayerNames(prefixes, names);
  }

  /** {@code conv2d} for {@code conv2d_4}; nothing for a name that Keras did not make. */
  private String prefix(String name) {
    if (prefixes.contains(name)) {
      return name;
    }
    int underscore = name.lastIndexOf('_');
    String prefix = name.substring(0, Math.max(0, underscore));
    Long number = Longs.tryParse(name.substring(underscore + 1));
    return prefixes.contains(prefix) && number != null && number > 0 ? prefix : "";
  }

  private static long number(String name, String prefix) {
    return name.equals(prefix) ? 0 : Long.parseLong(name.substring(prefix.length() + 1));
  }

  /** The name, if it was given; otherwise its class and place among those of the class. */
  String comparable(String name) {
    String prefix = prefix(name);
    NavigableSet<Long> all = numbers.get(prefix);
    return all == null ? name : prefix + "#" + all.headSet(number(name, prefix)).size();
  }
}
