package dev.tfgraphs.graphs;

/**
 * Adam with Nesterov's look-ahead (Dozat, 2016), whose beta1 rises with the steps: {@code u(t) =
 * beta1 * (1 - 0.96^t / 2)} (keras/src/optimizers/nadam.py).
 *
 * @param learningRate the rate of each step
 * @param beta1 decay of the mean of gradients; 0.9 by default
 * @param beta2 decay of the mean of squares; 0.999 by default
 * @param epsilon what keeps the divisor from 0; 1e-7 by default
 * @param options what is done around the update
 */
public record Nadam(
    Schedule learningRate, double beta1, double beta2, double epsilon, UpdateOptions options)
    implements Optimizer {
  /**
   * Checks the settings.
   *
   * @throws GraphException if one is out of its range
   */
  public Nadam {
    Checks.fraction("nadam: beta1", beta1);
    Checks.fraction("nadam: beta2", beta2);
    Checks.positive("nadam: epsilon", epsilon);
  }

  /** {@return this optimizer with another beta1} */
  public Nadam beta1(double beta1) {
    return new Nadam(learningRate, beta1, beta2, epsilon, options);
  }

  /** {@return this optimizer with another beta2} */
  public Nadam beta2(double beta2) {
    return new Nadam(learningRate, beta1, beta2, epsilon, options);
  }

  /** {@return this optimizer with another epsilon} */
  public Nadam epsilon(double epsilon) {
    return new Nadam(learningRate, beta1, beta2, epsilon, options);
  }

  @Override
  public Nadam options(UpdateOptions options) {
    return new Nadam(learningRate, beta1, beta2, epsilon, options);
  }
}
