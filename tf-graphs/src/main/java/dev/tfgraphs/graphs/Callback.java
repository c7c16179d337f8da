package dev.tfgraphs.graphs;

import java.io.IOException;
import java.nio.file.Path;
import java.util.function.ObjIntConsumer;

/**
 * What hears of a fit's progress and may act on it (keras/src/callbacks/callback.py). Callbacks are
 * called in the order in which they were given, on the thread that fits.
 *
 * <p>The {@link Fit} handed over says what has been measured ({@link Fit#logs}), stops the training
 * ({@link Fit#stop}) and knows the {@link Fit#trainer} with its weights and learning rate. Epochs
 * and batches are counted from 0.
 *
 * <p>Of Keras 3.15's callbacks RemoteMonitor and OrbaxCheckpoint are left out; LambdaCallback is a
 * class of one's own here.
 */
public interface Callback {
  /** {@return a callback that is called after each epoch and its validation} */
  static Callback onEpochEnd(ObjIntConsumer<Fit> action) {
    return new Callback() {
      @Override
      public void epochEnd(Fit fit, int epoch) {
        action.accept(fit, epoch);
      }
    };
  }

  /** {@return a callback that is called after each step} */
  static Callback onBatchEnd(ObjIntConsumer<Fit> action) {
    return new Callback() {
      @Override
      public void batchEnd(Fit fit, int batch) {
        action.accept(fit, batch);
      }
    };
  }

  /** Called before the first step of a fit. */
  default void trainBegin(Fit fit) {}

  /** Called after the last epoch of a fit, also of one that was stopped. */
  default void trainEnd(Fit fit) {}

  /**
   * Called before the first step of an epoch; not again when a fit is resumed in the middle of one.
   */
  default void epochBegin(Fit fit, int epoch) {}

  /** Called after an epoch and its validation. */
  default void epochEnd(Fit fit, int epoch) {}

  /** Called before a step. */
  default void batchBegin(Fit fit, int batch) {}

  /** Called after a step. */
  default void batchEnd(Fit fit, int batch) {}

  /**
   * Called when a loss is no finite number. The step has changed nothing; a fit that no callback
   * answers for fails, or in float16 goes on with a smaller scale. Of one that ends, the epoch's
   * loss and metrics in training are NaN.
   *
   * @return whether the fit is to end without a failure
   */
  default boolean invalidLoss(Fit fit, int batch) {
    return false;
  }

  /** Called before the first batch that is judged, in a fit's validation too. */
  default void testBegin(Trainer trainer) {}

  /** Called after the last batch that is judged, with the loss and metrics of all. */
  default void testEnd(Trainer trainer, Scores scores) {}

  /** Called before a batch is judged. */
  default void testBatchBegin(Trainer trainer, int batch) {}

  /** Called after a batch is judged. */
  default void testBatchEnd(Trainer trainer, int batch) {}

  /** Called before the first batch that is predicted for. */
  default void predictBegin(Trainer trainer) {}

  /** Called after the last batch that is predicted for. */
  default void predictEnd(Trainer trainer) {}

  /** Called before a batch is predicted for. */
  default void predictBatchBegin(Trainer trainer, int batch) {}

  /** Called after a batch is predicted for. */
  default void predictBatchEnd(Trainer trainer, int batch) {}

  /**
   * Writes what this callback remembers into {@code folder}, which is its own, so that a resumed
   * fit goes on as if it had not ended. By default there is nothing to remember.
   *
   * <p>Of several callbacks of a class the first reads what the first has written, and so on. A fit
   * whose callbacks of a class that remembers are more or fewer is not resumed.
   */
  default void save(Path folder) throws IOException {}

  /** Reads what {@link #save} has written. */
  default void restore(Path folder) throws IOException {}
}
