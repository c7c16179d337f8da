package dev.tfgraphs.graphs;

import com.google.common.collect.ImmutableMap;
import com.google.common.collect.Maps;
import java.util.LinkedHashMap;
import java.util.Map;

/**
 * Loss and metrics by name, in Keras's order: alphabetical, then those of validation. A value.
 *
 * @param asMap the numbers by name
 */
public record Scores(ImmutableMap<String, Double> asMap) {
  /**
   * {@return the value of {@code name}}
   *
   * @throws GraphException if nothing of that name was measured
   */
  public double get(String name) {
    Double value = asMap.get(name);
    if (value == null) {
      throw new GraphException(
          "scores: expected a name among " + asMap.keySet() + ", received '" + name + "'");
    }
    return value;
  }

  /** {@return whether something of that name was measured} */
  public boolean has(String name) {
    return asMap.containsKey(name);
  }

  /** {@return the loss} */
  public double loss() {
    return get("loss");
  }

  /** The same names, of which nothing is known. */
  Scores unknown() {
    return new Scores(ImmutableMap.copyOf(Maps.transformValues(asMap, value -> Double.NaN)));
  }

  Scores and(String name, double value) {
    return and(new Scores(ImmutableMap.of(name, value)), "");
  }

  /** These scores and {@code more}, whose names begin with {@code prefix}. */
  Scores and(Scores more, String prefix) {
    Map<String, Double> all = new LinkedHashMap<>(asMap);
    more.asMap.forEach((name, value) -> all.put(prefix + name, value));
    return new Scores(ImmutableMap.copyOf(all));
  }
}
