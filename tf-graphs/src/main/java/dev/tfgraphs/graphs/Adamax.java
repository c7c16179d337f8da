package dev.tfgraphs.graphs;

/**
 * Adam by the largest gradient (Kingma and Ba, 2014): {@code u = max(beta2 * u, |g|); w -= rate * m
 * / ((1 - beta1^t) * (u + epsilon))} (keras/src/optimizers/adamax.py).
 *
 * @param learningRate the rate of each step
 * @param beta1 decay of the mean of gradients; 0.9 by default
 * @param beta2 decay of the largest gradient; 0.999 by default
 * @param epsilon what keeps the divisor from 0; 1e-7 by default
 * @param options what is done around the update
 */
public record Adamax(
    Schedule learningRate, double beta1, double beta2, double epsilon, UpdateOptions options)
    implements Optimizer {
  /**
   * Checks the settings.
   *
   * @throws GraphException if one is out of its range
   */
  public Adamax {
    Checks.fraction("adamax: beta1", beta1);
    Checks.fraction("adamax: beta2", beta2);
    Checks.positive("adamax: epsilon", epsilon);
  }

  /** {@return this optimizer with another beta1} */
  public Adamax beta1(double beta1) {
    return new Adamax(learningRate, beta1, beta2, epsilon, options);
  }

  /** {@return this optimizer with another beta2} */
  public Adamax beta2(double beta2) {
    return new Adamax(learningRate, beta1, beta2, epsilon, options);
  }

  /** {@return this optimizer with another epsilon} */
  public Adamax epsilon(double epsilon) {
    return new Adamax(learningRate, beta1, beta2, epsilon, options);
  }

  @Override
  public Adamax options(UpdateOptions options) {
    return new Adamax(learningRate, beta1, beta2, epsilon, options);
  }
}
