package dev.tfgraphs.graphs;

/**
 * Has the averages of weights that an optimizer keeps ({@link Optimizer#ema(double)}) judged and
 * predict, in the place of the weights (keras/src/callbacks/swap_ema_weights.py). Training goes on
 * from the weights themselves; where no step was made yet the weights are their averages.
 *
 * <p>Keras leaves the averages in the model when a prediction ends, and the weights in the place of
 * their averages when a fit that swaps on epochs is stopped early; here the weights return, and a
 * fit ends with the averages, as it does without this callback.
 */
public final class SwapEMAWeights implements AnnouncedLogs {
  private static final String WHO = "swap EMA weights";

  private final boolean onEpoch;

  private SwapEMAWeights(boolean onEpoch) {
    this.onEpoch = onEpoch;
  }

  /** {@return the callback, which swaps around what is judged or predicted} */
  public static SwapEMAWeights create() {
    return new SwapEMAWeights(false);
  }

  /**
   * {@return this callback swapping also from the end of an epoch to the begin of the next, or not
   * (the default)} Callbacks given after it, such as {@link ModelCheckpoint}, then find the
   * averages at the end of an epoch.
   */
  public SwapEMAWeights swapOnEpoch(boolean swaps) {
    return new SwapEMAWeights(swaps);
  }

  @Override
  public void trainBegin(Fit fit) {
    fit.trainer().checkAverages(WHO);
  }

  @Override
  public void epochBegin(Fit fit, int epoch) {
    if (onEpoch) {
      fit.trainer().showAverages(false);
    }
  }

  @Override
  public void epochEnd(Fit fit, int epoch) {
    if (onEpoch) {
      fit.trainer().showAverages(true);
    }
  }

  @Override
  public void testBegin(Trainer trainer) {
    show(trainer);
  }

  @Override
  public void testEnd(Trainer trainer, Scores scores) {
    trainer.showAverages(false);
  }

  @Override
  public void predictBegin(Trainer trainer) {
    show(trainer);
  }

  @Override
  public void predictEnd(Trainer trainer) {
    trainer.showAverages(false);
  }

  private static void show(Trainer trainer) {
    trainer.checkAverages(WHO);
    trainer.showAverages(true);
  }
}
