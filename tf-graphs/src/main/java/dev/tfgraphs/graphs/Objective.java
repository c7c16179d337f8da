package dev.tfgraphs.graphs;

import com.google.common.collect.ImmutableList;
import java.util.List;
import java.util.Optional;
import java.util.OptionalDouble;

/**
 * What one output is trained for.
 *
 * @param loss what is made small; without one the output is only predicted
 * @param weight what the loss counts in the sum of all losses; 1 by default
 * @param metrics what is reported, every sample counting alike
 * @param weightedMetrics what is reported with the samples' weights
 */
record Objective(
    Optional<Loss> loss,
    OptionalDouble weight,
    ImmutableList<Metric> metrics,
    ImmutableList<Metric> weightedMetrics) {
  static final Objective NONE =
      new Objective(
          Optional.empty(), OptionalDouble.empty(), ImmutableList.of(), ImmutableList.of());

  Objective {
    weight.ifPresent(Objective::check);
  }

  private static void check(double weight) {
    if (!(weight >= 0) || Double.isInfinite(weight)) {
      throw new GraphException("loss weight: expected a number of 0 or more, received " + weight);
    }
  }

  Objective loss(Loss wanted) {
    return new Objective(Optional.of(wanted), weight, metrics, weightedMetrics);
  }

  Objective weight(double wanted) {
    return new Objective(loss, OptionalDouble.of(wanted), metrics, weightedMetrics);
  }

  Objective metrics(List<Metric> wanted) {
    return new Objective(loss, weight, ImmutableList.copyOf(wanted), weightedMetrics);
  }

  Objective weightedMetrics(List<Metric> wanted) {
    return new Objective(loss, weight, metrics, ImmutableList.copyOf(wanted));
  }
}
