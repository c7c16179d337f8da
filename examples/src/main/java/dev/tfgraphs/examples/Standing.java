package dev.tfgraphs.examples;

import com.google.common.collect.ImmutableList;
import com.google.common.math.Stats;
import dev.tfgraphs.graphs.History;
import java.time.Duration;
import java.util.List;
import java.util.Optional;

/**
 * What came of a network, over all seeds.
 *
 * @param parameters that it has
 * @param runs one or more, each with another seed
 */
record Standing(Subject subject, long parameters, ImmutableList<Run> runs) {
  private static final String JUDGED = "val_accuracy";

  /**
   * A training.
   *
   * @param history its finished epochs
   * @param diverged whether it ended before the last one, for want of finite numbers
   */
  record Run(long seed, History history, boolean diverged, Duration time) {
    double accuracy() {
      List<Double> all = history.get(JUDGED);
      return all.get(all.size() - 1);
    }
  }

  /** The runs that count: those that came to their end. */
  ImmutableList<Run> finished() {
    return runs.stream().filter(run -> !run.diverged()).collect(ImmutableList.toImmutableList());
  }

  int diverged() {
    return runs.size() - finished().size();
  }

  /** Of the test accuracies after the last epoch, from 0 to 1; empty if no run came to its end. */
  Optional<Stats> accuracy() {
    return finished().isEmpty()
        ? Optional.empty()
        : Optional.of(finished().stream().map(Run::accuracy).collect(Stats.toStats()));
  }

  /** The highest test accuracy after any epoch of a run that came to its end. */
  double best() {
    return finished().stream()
        .flatMap(run -> run.history().get(JUDGED).stream())
        .mapToDouble(Double::doubleValue)
        .max()
        .orElse(Double.NaN);
  }

  /** The mean of a run. */
  double seconds() {
    return runs.stream().mapToDouble(run -> run.time().toMillis() / 1000.0).average().orElse(0);
  }

  /** Of the runs that came to their end. */
  List<History> histories() {
    return finished().stream().map(Run::history).toList();
  }
}
