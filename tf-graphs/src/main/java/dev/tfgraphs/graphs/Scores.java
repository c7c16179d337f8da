package dev.tfgraphs.graphs;

import com.google.common.collect.ImmutableMap;
import com.google.common.collect.Maps;
import java.util.LinkedHashMap;
import java.util.Map;
import java.util.TreeMap;

/**
 * Loss and metrics by name, in Keras's order: alphabetical, then what callbacks have added. A
 * value.
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

  /** {@return the numbers as Keras shows them, {@code accuracy: 0.7100 - loss: 0.5923}} */
  @Override
  public String toString() {
    return ProgressBar.shown(asMap, 1);
  }

  /** The same names, of which nothing is known. */
  Scores unknown() {
    return new Scores(ImmutableMap.copyOf(Maps.transformValues(asMap, value -> Double.NaN)));
  }

  /** These scores and one more behind them. */
  Scores and(String name, double value) {
    Map<String, Double> all = new LinkedHashMap<>(asMap);
    all.put(name, value);
    return new Scores(ImmutableMap.copyOf(all));
  }

  /** These scores and those of validation, {@code val_...}, all in alphabetical order. */
  Scores and(Scores validation) {
    Map<String, Double> all = new TreeMap<>(asMap);
    validation.asMap.forEach((name, value) -> all.put("val_" + name, value));
    return new Scores(ImmutableMap.copyOf(all));
  }
}
