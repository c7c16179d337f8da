package dev.tfgraphs.graphs;

import com.google.common.collect.ImmutableList;
import com.google.common.collect.ImmutableMap;
import com.google.common.collect.ImmutableSortedMap;
import java.util.Map;
import java.util.function.Function;

/**
 * Norms of gradients over a training.
 *
 * @param norms those of the same weights for each recorded step, counted from 0 over all epochs
 */
public record GradientHistory(ImmutableSortedMap<Long, GradientNorms> norms) {
  /** {@return the recorded steps} */
  public ImmutableList<Long> steps() {
    return norms.keySet().asList();
  }

  /** {@return the norms of each weight over the recorded steps, in the order of the model} */
  public ImmutableMap<String, ImmutableList<Double>> byWeight() {
    return columns(GradientNorms::byWeight);
  }

  /** {@return the norms of each layer over the recorded steps, in the order of the model} */
  public ImmutableMap<String, ImmutableList<Double>> byLayer() {
    return columns(GradientNorms::byLayer);
  }

  /** {@return the norms of each depth over the recorded steps, from the first to the last} */
  public ImmutableMap<Integer, ImmutableList<Double>> byDepth() {
    return columns(GradientNorms::byDepth);
  }

  /**
   * {@return the norms of weights of some kinds alone, such as {@code kernel}}
   *
   * @throws GraphException if there is none of one of them
   */
  public GradientHistory only(String... kinds) {
    return new GradientHistory(
        norms.entrySet().stream()
            .collect(
                ImmutableSortedMap.toImmutableSortedMap(
                    Long::compare, Map.Entry::getKey, step -> step.getValue().only(kinds))));
  }

  private <K> ImmutableMap<K, ImmutableList<Double>> columns(
      Function<GradientNorms, ? extends Map<K, Double>> row) {
    ImmutableList<Map<K, Double>> rows =
        norms.values().stream().map(row).collect(ImmutableList.toImmutableList());
    ImmutableMap.Builder<K, ImmutableList<Double>> columns = ImmutableMap.builder();
    if (!rows.isEmpty()) {
      for (K name : rows.get(0).keySet()) {
        columns.put(
            name,
            rows.stream()
                .map(norms -> norms.getOrDefault(name, Double.NaN))
                .collect(ImmutableList.toImmutableList()));
      }
    }
    return columns.buildOrThrow();
  }
}
