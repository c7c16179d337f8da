package dev.tfgraphs.examples;

import com.google.common.collect.ImmutableMap;
import dev.tfgraphs.graphs.Callback;
import dev.tfgraphs.graphs.Fit;
import dev.tfgraphs.graphs.FitOptions;
import dev.tfgraphs.graphs.GraphException;
import dev.tfgraphs.graphs.History;
import dev.tfgraphs.graphs.OptimizerWeights;
import dev.tfgraphs.graphs.Scores;
import dev.tfgraphs.graphs.Trainer;
import dev.tfgraphs.graphs.Weights;
import dev.tfgraphs.graphs.data.Dataset;
import java.util.LinkedHashMap;
import java.util.Locale;
import java.util.Map;
import java.util.Optional;

/** Keeps what a training has reached, epoch by epoch, and ends it when somebody wishes so. */
final class Course implements Callback {
  private record Reached(Weights weights, OptimizerWeights optimizer) {}

  private final Trainer trainer;
  private final Interrupt interrupt;
  private final Map<Integer, Scores> finished = new LinkedHashMap<>();
  private final Map<Integer, Double> rates = new LinkedHashMap<>();
  private Optional<Reached> reached = Optional.empty();
  private Optional<String> place = Optional.empty();

  Course(Trainer trainer, Interrupt interrupt) {
    this.trainer = trainer;
    this.interrupt = interrupt;
  }

  /**
   * Trains; after a divergence the trainer has what it had after the last finished epoch.
   *
   * @throws GraphException if a fit fails for another reason
   */
  Ending fit(Dataset data, FitOptions options, Console console) {
    try {
      trainer.fit(data, options.verbose(console.quiet() ? 0 : 1).callback(this));
    } catch (GraphException failure) {
      if (!diverged()) {
        throw failure;
      }
      console.endLine();
      reached.ifPresent(
          state -> {
            trainer.assign(state.weights());
            trainer.assign(state.optimizer());
          });
      return Ending.DIVERGED;
    }
    if (!interrupt.requested()) {
      return Ending.FINISHED;
    }
    console.endLine();
    return Ending.INTERRUPTED;
  }

  @Override
  public void epochBegin(Fit fit, int epoch) {
    rates.put(epoch, trainer.learningRate());
  }

  @Override
  public void batchEnd(Fit fit, int batch) {
    if (interrupt.requested()) {
      trainer.stop();
    }
  }

  @Override
  public void epochEnd(Fit fit, int epoch) {
    finished.put(epoch, fit.logs());
    reached = Optional.of(new Reached(trainer.weights(), trainer.optimizerWeights()));
    batchEnd(fit, 0);
  }

  @Override
  public boolean invalidLoss(Fit fit, int batch) {
    place =
        Optional.of(String.format(Locale.ROOT, "epoch %d, step %d", fit.epoch() + 1, batch + 1));
    return false;
  }

  /** The finished epochs. */
  History history() {
    return History.of(finished);
  }

  /** What was measured in each of the finished epochs, counted from 0. */
  ImmutableMap<Integer, Scores> finished() {
    return ImmutableMap.copyOf(finished);
  }

  /** The learning rates with which the epochs, counted from 0, have begun. */
  ImmutableMap<Integer, Double> rates() {
    return ImmutableMap.copyOf(rates);
  }

  /** Whether a fit that failed did so because its numbers left those that float32 has. */
  private boolean diverged() {
    return place.isPresent() || !trainer.weights().areFinite();
  }

  /** What to tell of a divergence. */
  String divergence() {
    return place.orElse("epoch " + (finished.size() + 1))
        + ": expected a finite loss and finite weights, received NaN or infinity";
  }
}
