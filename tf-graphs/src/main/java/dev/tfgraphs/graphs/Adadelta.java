package dev.tfgraphs.graphs;

/**
 * Adadelta (Zeiler, 2012): {@code a = rho * a + (1 - rho) * g^2; u = sqrt(d + epsilon) / sqrt(a +
 * epsilon) * g; d = rho * d + (1 - rho) * u^2; w -= rate * u} (keras/src/optimizers/adadelta.py).
 *
 * @param learningRate the rate of each step
 * @param rho decay of the mean of squares; 0.95 by default
 * @param epsilon what keeps the divisor from 0; 1e-7 by default
 * @param options what is done around the update
 */
public record Adadelta(Schedule learningRate, double rho, double epsilon, UpdateOptions options)
    implements Optimizer {
  /**
   * Checks the settings.
   *
   * @throws GraphException if one is out of its range
   */
  public Adadelta {
    Checks.fraction("adadelta: rho", rho);
    Checks.positive("adadelta: epsilon", epsilon);
  }

  /** {@return this optimizer with another rho} */
  public Adadelta rho(double rho) {
    return new Adadelta(learningRate, rho, epsilon, options);
  }

  /** {@return this optimizer with another epsilon} */
  public Adadelta epsilon(double epsilon) {
    return new Adadelta(learningRate, rho, epsilon, options);
  }

  @Override
  public Adadelta options(UpdateOptions options) {
    return new Adadelta(learningRate, rho, epsilon, options);
  }
}
