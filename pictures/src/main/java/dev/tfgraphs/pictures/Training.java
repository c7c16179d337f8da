package dev.tfgraphs.pictures;

import com.google.common.collect.ImmutableList;
import com.google.common.collect.ImmutableSet;
import dev.tfgraphs.graphs.History;
import java.util.Arrays;
import java.util.List;
import java.util.stream.DoubleStream;

/**
 * A training, from one seed or several.
 *
 * @param name empty if it needs none
 * @param family what it has in common with others
 */
record Training(String name, String family, ImmutableList<History> seeds) {
  /**
   * A metric in the epochs that all seeds have, over the seeds.
   *
   * @param epochs counted from 1
   */
  @SuppressWarnings("ArrayRecordComponent") // neither changed nor compared
  record Column(double[] epochs, double[] mean, double[] least, double[] most) {
    DoubleStream all() {
      return DoubleStream.concat(Arrays.stream(least), Arrays.stream(most));
    }

    /** How many epochs have no finite value. */
    long gaps() {
      return Arrays.stream(mean).filter(v -> !Double.isFinite(v)).count();
    }
  }

  Training {
    String of = name.isEmpty() ? "" : "'" + name + "': ";
    if (seeds.isEmpty()) {
      throw refused(of + "expected at least one history, received none");
    }
    if (seeds.stream().anyMatch(history -> history.epochs().isEmpty())) {
      throw refused(of + "expected at least one epoch, received an empty history");
    }
    if (epochs(seeds).isEmpty()) {
      throw refused(of + "expected seeds with epochs in common, received none");
    }
  }

  private static IllegalArgumentException refused(String what) {
    return new IllegalArgumentException("learning curves: " + what);
  }

  /** Counted from 0. */
  private static List<Integer> epochs(List<History> seeds) {
    return seeds.get(0).epochs().stream()
        .filter(epoch -> seeds.stream().allMatch(history -> history.epochs().contains(epoch)))
        .toList();
  }

  /** The metrics that all seeds have, in their order. */
  ImmutableSet<String> metrics() {
    return seeds.get(0).metrics().keySet().stream()
        .filter(metric -> seeds.stream().allMatch(s -> s.metrics().containsKey(metric)))
        .collect(ImmutableSet.toImmutableSet());
  }

  Column column(String metric) {
    seeds.forEach(history -> check(metric, history));
    List<Integer> epochs = epochs(seeds);
    double[][] values =
        epochs.stream()
            .map(epoch -> seeds.stream().mapToDouble(s -> value(s, metric, epoch)).toArray())
            .toArray(double[][]::new);
    return new Column(
        epochs.stream().mapToDouble(epoch -> epoch + 1).toArray(),
        Arrays.stream(values).mapToDouble(v -> mean(v)).toArray(),
        Arrays.stream(values).mapToDouble(v -> Arrays.stream(v).min().orElseThrow()).toArray(),
        Arrays.stream(values).mapToDouble(v -> Arrays.stream(v).max().orElseThrow()).toArray());
  }

  private static double mean(double[] values) {
    return Arrays.stream(values).average().orElseThrow();
  }

  /** Keras does not say which epochs are those that a validation frequency leaves. */
  private static void check(String metric, History history) {
    int epochs = history.epochs().size();
    int received = history.get(metric).size();
    if (received != epochs) {
      throw refused(
          ("column '%s': expected %d values, one for each epoch, received %d;"
                  + " leave it out by metrics(...)")
              .formatted(metric, epochs, received));
    }
  }

  private static double value(History history, String metric, int epoch) {
    return history.get(metric).get(history.epochs().indexOf(epoch));
  }
}
