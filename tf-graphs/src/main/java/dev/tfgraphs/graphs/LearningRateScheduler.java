package dev.tfgraphs.graphs;

import com.google.common.collect.ImmutableSet;
import java.util.function.IntToDoubleFunction;
import java.util.function.ToDoubleBiFunction;

/**
 * Sets the learning rate before each epoch, and adds {@code learning_rate} to the logs
 * (keras/src/callbacks/learning_rate_scheduler.py). Each setting returns another callback.
 */
public final class LearningRateScheduler implements AnnouncedLogs {
  /** What the learning rate is called in the logs. */
  static final String LOG = "learning_rate";

  private final ToDoubleBiFunction<Integer, Double> schedule;
  private final int verbose;

  private LearningRateScheduler(ToDoubleBiFunction<Integer, Double> schedule, int verbose) {
    this.schedule = schedule;
    this.verbose = verbose;
  }

  /** {@return a callback that asks {@code schedule} by the epoch, counted from 0} */
  public static LearningRateScheduler of(IntToDoubleFunction schedule) {
    return of((epoch, rate) -> schedule.applyAsDouble(epoch));
  }

  /** {@return a callback that asks {@code schedule} by the epoch and the rate so far} */
  public static LearningRateScheduler of(ToDoubleBiFunction<Integer, Double> schedule) {
    return new LearningRateScheduler(schedule, 0);
  }

  /** {@return this callback printing nothing (0, the default) or each rate (1)} */
  public LearningRateScheduler verbose(int verbose) {
    return new LearningRateScheduler(schedule, verbose);
  }

  @Override
  public ImmutableSet<String> added() {
    return ImmutableSet.of(LOG);
  }

  @Override
  public void epochBegin(Fit fit, int epoch) {
    double rate = schedule.applyAsDouble(epoch, fit.trainer().learningRate());
    fit.trainer().learningRate("learning rate scheduler", rate);
    if (verbose > 0) {
      Terminal.out()
          .printf(
              "%nEpoch %d: LearningRateScheduler setting learning rate to %s.%n",
              epoch + 1, PythonNumbers.of(rate));
    }
  }

  @Override
  public void epochEnd(Fit fit, int epoch) {
    fit.log(LOG, fit.trainer().learningRate());
  }
}
