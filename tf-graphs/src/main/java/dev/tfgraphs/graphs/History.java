package dev.tfgraphs.graphs;

import com.google.common.collect.ImmutableList;
import com.google.common.collect.ImmutableMap;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;

/**
 * What a fit reported, epoch by epoch.
 *
 * @param epochs the finished epochs, counted from 0
 * @param metrics the values of each epoch by name, in Keras's order: alphabetical, then what only
 *     later epochs have or callbacks have added
 */
public record History(
    ImmutableList<Integer> epochs, ImmutableMap<String, ImmutableList<Double>> metrics) {
  /**
   * {@return the values of {@code metric}, one for each epoch}
   *
   * @throws GraphException if the fit reported no such metric
   */
  public List<Double> get(String metric) {
    ImmutableList<Double> values = metrics.get(metric);
    if (values == null) {
      throw new GraphException(
          "history: expected a metric among " + metrics.keySet() + ", received '" + metric + "'");
    }
    return values;
  }

  /** {@return the history of epochs, counted from 0, in the order of the map} */
  public static History of(Map<Integer, Scores> logs) {
    Map<String, ImmutableList.Builder<Double>> columns = new LinkedHashMap<>();
    for (Scores scores : logs.values()) {
      scores
          .asMap()
          .forEach(
              (name, value) ->
                  columns.computeIfAbsent(name, key -> ImmutableList.builder()).add(value));
    }
    ImmutableMap.Builder<String, ImmutableList<Double>> metrics = ImmutableMap.builder();
    columns.forEach((name, values) -> metrics.put(name, values.build()));
    return new History(ImmutableList.copyOf(logs.keySet()), metrics.buildOrThrow());
  }
}
