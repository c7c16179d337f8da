package dev.tfgraphs.graphs;

import java.util.function.Supplier;

/** A step was not made because its loss is no finite number. */
final class InvalidLoss extends GraphException {
  private static final long serialVersionUID = 1;

  /**
   * Says what is known of it; what goes wrong in finding out does not hide it.
   *
   * @param cause what TensorFlow says of the step
   * @param why gives what has led to it, and what may help
   */
  static InvalidLoss of(String call, RuntimeException cause, Supplier<String> why) {
    String found;
    try {
      found = why.get();
    } catch (RuntimeException another) {
      cause.addSuppressed(another);
      found = "what has led to it cannot be told";
    }
    return new InvalidLoss(
        call, Diagnosis.received(String.valueOf(cause.getMessage())), found, cause);
  }

  private InvalidLoss(String call, String received, String why, Throwable cause) {
    super(
        "%s: expected a finite loss, received %s: %s; this step has changed nothing"
            .formatted(call, received, why),
        cause);
  }
}
