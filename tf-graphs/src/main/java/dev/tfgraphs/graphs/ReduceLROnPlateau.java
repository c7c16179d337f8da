package dev.tfgraphs.graphs;

import com.google.common.collect.ImmutableSet;
import java.io.IOException;
import java.nio.file.Path;
import java.util.OptionalDouble;
import java.util.function.Consumer;

/**
 * Lowers the learning rate whenever a number in the logs has stopped getting better, and adds
 * {@code learning_rate} to the logs (keras/src/callbacks/reduce_lr_on_plateau.py). Each setting
 * returns another callback.
 */
public final class ReduceLROnPlateau implements AnnouncedLogs {
  private static final String WHO = "reduce learning rate on plateau";

  private Monitor monitor;
  private double factor = 0.1;
  private int patience = 10;
  private int verbose;
  private int cooldown;
  private double minLearningRate;

  private Monitor resolved;
  private int wait;
  private int cooling;
  private OptionalDouble best = OptionalDouble.empty();

  private ReduceLROnPlateau(Monitor monitor) {
    this.monitor = monitor;
    this.resolved = monitor;
  }

  /** {@return a callback that watches {@code monitor}, such as {@code val_loss}} */
  public static ReduceLROnPlateau on(String monitor) {
    return new ReduceLROnPlateau(Monitor.on(monitor).minDelta(1e-4));
  }

  /** {@return this callback for a number that should fall; by default the metric decides} */
  public ReduceLROnPlateau min() {
    return with(copy -> copy.monitor = monitor.rising(false));
  }

  /** {@return this callback for a number that should rise; by default the metric decides} */
  public ReduceLROnPlateau max() {
    return with(copy -> copy.monitor = monitor.rising(true));
  }

  /**
   * {@return this callback taking smaller changes for none; by default 0.0001}
   *
   * @throws GraphException if not finite
   */
  public ReduceLROnPlateau minDelta(double minDelta) {
    Checks.finite(WHO + ": minDelta", minDelta);
    return with(copy -> copy.monitor = monitor.minDelta(minDelta));
  }

  /**
   * {@return this callback multiplying the learning rate by {@code factor}; by default 0.1}
   *
   * @throws GraphException if negative or not less than 1
   */
  public ReduceLROnPlateau factor(double factor) {
    if (!(factor >= 0 && factor < 1)) {
      throw new GraphException(
          WHO + ": expected a factor of 0 or more and less than 1, received " + factor);
    }
    return with(copy -> copy.factor = factor);
  }

  /**
   * {@return this callback waiting so many epochs for something better; by default 10}
   *
   * @throws GraphException if negative
   */
  public ReduceLROnPlateau patience(int patience) {
    Checks.notNegative(WHO, "epochs of patience", patience);
    return with(copy -> copy.patience = patience);
  }

  /** {@return this callback printing nothing (0, the default) or what it does (1)} */
  public ReduceLROnPlateau verbose(int verbose) {
    return with(copy -> copy.verbose = verbose);
  }

  /**
   * {@return this callback resting so many epochs after it has acted; by default 0}
   *
   * @throws GraphException if negative
   */
  public ReduceLROnPlateau cooldown(int epochs) {
    Checks.notNegative(WHO, "epochs of cooldown", epochs);
    return with(copy -> copy.cooldown = epochs);
  }

  /**
   * {@return this callback going no lower than this; by default 0}
   *
   * @throws GraphException if negative or not finite
   */
  public ReduceLROnPlateau minLearningRate(double rate) {
    Checks.notNegative(WHO + ": minLearningRate", rate);
    return with(copy -> copy.minLearningRate = rate);
  }

  private ReduceLROnPlateau with(Consumer<ReduceLROnPlateau> change) {
    ReduceLROnPlateau copy = new ReduceLROnPlateau(monitor);
    copy.factor = factor;
    copy.patience = patience;
    copy.verbose = verbose;
    copy.cooldown = cooldown;
    copy.minLearningRate = minLearningRate;
    change.accept(copy);
    return copy;
  }

  @Override
  public ImmutableSet<String> added() {
    return ImmutableSet.of(LearningRateScheduler.LOG);
  }

  @Override
  public void trainBegin(Fit fit) {
    resolved = monitor.resolve(WHO, fit, this);
    // a rate that cannot be set is found now, not after the first plateau
    fit.trainer().learningRate(WHO, fit.trainer().learningRate());
    wait = 0;
    cooling = 0;
    best = OptionalDouble.empty();
  }

  @Override
  public void epochEnd(Fit fit, int epoch) {
    fit.log(LearningRateScheduler.LOG, fit.trainer().learningRate());
    OptionalDouble current = resolved.value(WHO, fit);
    if (current.isPresent()) {
      judge(fit, epoch, current.getAsDouble());
    }
  }

  private void judge(Fit fit, int epoch, double current) {
    if (cooling > 0) {
      cooling--;
      wait = 0;
    }
    if (resolved.improves(current, best)) {
      best = OptionalDouble.of(current);
      wait = 0;
    } else if (cooling == 0) {
      wait++;
      if (wait >= patience) {
        reduce(fit.trainer(), epoch);
      }
    }
  }

  private void reduce(Trainer trainer, int epoch) {
    double old = trainer.learningRate();
    if (old > (float) minLearningRate) {
      double lower = Math.max(old * factor, minLearningRate);
      trainer.learningRate(WHO, lower);
      if (verbose > 0) {
        Terminal.out()
            .printf(
                "%nEpoch %d: ReduceLROnPlateau reducing learning rate to %s.%n",
                epoch + 1, PythonNumbers.of(lower));
      }
      cooling = cooldown;
      wait = 0;
    }
  }

  @Override
  public void save(Path folder) throws IOException {
    Memory.empty().put("wait", wait).put("cooling", cooling).put("best", best).saveIn(folder);
  }

  @Override
  public void restore(Path folder) throws IOException {
    Memory memory = Memory.in(folder);
    wait = memory.integer("wait");
    cooling = memory.integer("cooling");
    best = memory.optional("best");
  }
}
