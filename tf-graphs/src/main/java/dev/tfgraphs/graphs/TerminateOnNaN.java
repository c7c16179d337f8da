package dev.tfgraphs.graphs;

/**
 * Ends a fit whose loss is no finite number, with the weights before that step
 * (keras/src/callbacks/terminate_on_nan.py, which makes the step). Without it such a fit fails.
 * Only losses are looked at: where an earlier step had a finite loss and gradients that were not,
 * its weights are not finite either.
 */
public final class TerminateOnNaN implements AnnouncedLogs {
  private TerminateOnNaN() {}

  /** {@return the callback} */
  public static TerminateOnNaN create() {
    return new TerminateOnNaN();
  }

  @Override
  public boolean invalidLoss(Fit fit, int batch) {
    Terminal.out().println("Batch " + batch + ": Invalid loss, terminating training");
    return true;
  }
}
