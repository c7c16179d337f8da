package dev.tfgraphs.graphs;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Optional;
import java.util.OptionalDouble;
import java.util.function.Consumer;

/**
 * Ends a fit once a number in the logs has stopped getting better
 * (keras/src/callbacks/early_stopping.py). Each setting returns another callback.
 */
public final class EarlyStopping implements AnnouncedLogs {
  private static final String WHO = "early stopping";
  private static final String WEIGHTS = "best.weights";

  private Monitor monitor;
  private int patience;
  private int verbose;
  private OptionalDouble baseline = OptionalDouble.empty();
  private boolean restoresBest;
  private int startFromEpoch;

  private Monitor resolved;
  private int wait;
  private int stoppedEpoch;
  private int bestEpoch;
  private OptionalDouble best = OptionalDouble.empty();
  private Optional<Weights> bestWeights = Optional.empty();

  private EarlyStopping(Monitor monitor) {
    this.monitor = monitor;
    this.resolved = monitor;
  }

  /** {@return a callback that watches {@code monitor}, such as {@code val_loss}} */
  public static EarlyStopping on(String monitor) {
    return new EarlyStopping(Monitor.on(monitor));
  }

  /** {@return this callback for a number that should fall; by default the metric decides} */
  public EarlyStopping min() {
    return with(copy -> copy.monitor = monitor.rising(false));
  }

  /** {@return this callback for a number that should rise; by default the metric decides} */
  public EarlyStopping max() {
    return with(copy -> copy.monitor = monitor.rising(true));
  }

  /**
   * {@return this callback taking smaller changes for none; by default 0}
   *
   * @throws GraphException if not finite
   */
  public EarlyStopping minDelta(double minDelta) {
    Checks.finite(WHO + ": minDelta", minDelta);
    return with(copy -> copy.monitor = monitor.minDelta(minDelta));
  }

  /**
   * {@return this callback waiting so many epochs for something better; by default 0}
   *
   * @throws GraphException if negative
   */
  public EarlyStopping patience(int patience) {
    Checks.notNegative(WHO, "epochs of patience", patience);
    return with(copy -> copy.patience = patience);
  }

  /** {@return this callback printing nothing (0, the default) or what it does (1)} */
  public EarlyStopping verbose(int verbose) {
    return with(copy -> copy.verbose = verbose);
  }

  /**
   * {@return this callback waiting for what is better than {@code baseline}, too}
   *
   * @throws GraphException if not finite
   */
  public EarlyStopping baseline(double baseline) {
    Checks.finite(WHO + ": baseline", baseline);
    return with(copy -> copy.baseline = OptionalDouble.of(baseline));
  }

  /**
   * {@return this callback giving the model the weights of its best epoch when the fit ends, also
   * when it was not stopped; by default it keeps the last}
   */
  public EarlyStopping restoreBestWeights(boolean restores) {
    return with(copy -> copy.restoresBest = restores);
  }

  /**
   * {@return this callback taking no notice of epochs before this one, counted from 0}
   *
   * @throws GraphException if negative
   */
  public EarlyStopping startFromEpoch(int epoch) {
    Checks.notNegative(WHO, "epochs to start from", epoch);
    return with(copy -> copy.startFromEpoch = epoch);
  }

  private EarlyStopping with(Consumer<EarlyStopping> change) {
    EarlyStopping copy = new EarlyStopping(monitor);
    copy.patience = patience;
    copy.verbose = verbose;
    copy.baseline = baseline;
    copy.restoresBest = restoresBest;
    copy.startFromEpoch = startFromEpoch;
    change.accept(copy);
    return copy;
  }

  @Override
  public void trainBegin(Fit fit) {
    resolved = monitor.resolve(WHO, fit, this);
    wait = 0;
    stoppedEpoch = 0;
    bestEpoch = 0;
    best = OptionalDouble.empty();
    bestWeights = Optional.empty();
  }

  @Override
  public void epochEnd(Fit fit, int epoch) {
    OptionalDouble current = resolved.value(WHO, fit);
    if (current.isPresent() && epoch >= startFromEpoch) {
      judge(fit, epoch, current.getAsDouble());
    }
  }

  private void judge(Fit fit, int epoch, double current) {
    wait++;
    if (resolved.improves(current, best)) {
      best = OptionalDouble.of(current);
      bestEpoch = epoch;
      if (restoresBest) {
        bestWeights = Optional.of(fit.trainer().weights());
      }
      if (resolved.improves(current, baseline)) {
        wait = 0;
      }
    } else if (wait >= patience && epoch > 0) {
      stoppedEpoch = epoch;
      fit.stop();
    }
  }

  @Override
  public void trainEnd(Fit fit) {
    if (stoppedEpoch > 0 && verbose > 0) {
      Terminal.out().println("Epoch " + (stoppedEpoch + 1) + ": early stopping");
    }
    if (bestWeights.isPresent()) {
      if (verbose > 0) {
        Terminal.out()
            .println(
                "Restoring model weights from the end of the best epoch: " + (bestEpoch + 1) + ".");
      }
      fit.trainer().assign(bestWeights.get());
    }
  }

  @Override
  public void save(Path folder) throws IOException {
    Memory.empty()
        .put("wait", wait)
        .put("stoppedEpoch", stoppedEpoch)
        .put("bestEpoch", bestEpoch)
        .put("best", best)
        .saveIn(folder);
    if (bestWeights.isPresent()) {
      WeightsFile.write(folder.resolve(WEIGHTS), bestWeights.get());
    }
  }

  @Override
  public void restore(Path folder) throws IOException {
    Memory memory = Memory.in(folder);
    wait = memory.integer("wait");
    stoppedEpoch = memory.integer("stoppedEpoch");
    bestEpoch = memory.integer("bestEpoch");
    best = memory.optional("best");
    Path weights = folder.resolve(WEIGHTS);
    bestWeights = Files.exists(weights) ? Optional.of(WeightsFile.read(weights)) : Optional.empty();
  }
}
