package dev.tfgraphs.examples;

import dev.tfgraphs.graphs.Callback;
import dev.tfgraphs.graphs.Fit;
import dev.tfgraphs.graphs.History;
import dev.tfgraphs.graphs.Scores;
import dev.tfgraphs.graphs.Trainer;
import dev.tfgraphs.graphs.Weights;
import java.util.LinkedHashMap;
import java.util.Locale;
import java.util.Map;
import java.util.Optional;

/** Keeps what a training has reached, epoch by epoch, and ends it when somebody wishes so. */
final class Course implements Callback {
  private final Trainer trainer;
  private final Interrupt interrupt;
  private final Map<Integer, Scores> finished = new LinkedHashMap<>();
  private Optional<Weights> weights = Optional.empty();
  private Optional<String> place = Optional.empty();

  Course(Trainer trainer, Interrupt interrupt) {
    this.trainer = trainer;
    this.interrupt = interrupt;
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
    weights = Optional.of(trainer.weights());
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

  /** Those after the last finished epoch. */
  Optional<Weights> weights() {
    return weights;
  }

  /** Whether a fit that failed did so because its numbers left those that float32 has. */
  boolean diverged() {
    return place.isPresent() || !trainer.weights().areFinite();
  }

  /** What to tell of a divergence, and what to do. */
  String divergence(double learningRate) {
    String what =
        place.orElse("epoch " + (finished.size() + 1))
            + ": expected a finite loss and finite weights, received NaN or infinity";
    return what
        + "; lower --learning-rate, which is "
        + learningRate
        + ", and look for wrong values in --data (in Java, clipnorm(1) of the optimizer helps too)";
  }
}
