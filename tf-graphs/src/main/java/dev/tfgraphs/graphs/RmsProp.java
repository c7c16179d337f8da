package dev.tfgraphs.graphs;

/**
 * RMSprop (Hinton, 2012) with epsilon inside the root: {@code v = rho * v + (1 - rho) * g^2; m =
 * momentum * m + rate * g / sqrt(v + epsilon); w -= m}; centered, the square of the mean gradient
 * is taken from v (keras/src/optimizers/rmsprop.py).
 *
 * @param learningRate the rate of each step
 * @param rho decay of the mean of squares; 0.9 by default
 * @param momentum how much of a step goes on in the next; 0 by default
 * @param epsilon what keeps the divisor from 0; 1e-7 by default
 * @param centered whether to divide by an estimate of the variance; false by default
 * @param options what is done around the update
 */
public record RmsProp(
    Schedule learningRate,
    double rho,
    double momentum,
    double epsilon,
    boolean centered,
    UpdateOptions options)
    implements Optimizer {
  /**
   * Checks the settings.
   *
   * @throws GraphException if one is out of its range
   */
  public RmsProp {
    Checks.fraction("rmsProp: rho", rho);
    Checks.fraction("rmsProp: momentum", momentum);
    Checks.positive("rmsProp: epsilon", epsilon);
  }

  /** {@return this optimizer with another rho} */
  public RmsProp rho(double rho) {
    return new RmsProp(learningRate, rho, momentum, epsilon, centered, options);
  }

  /** {@return this optimizer with another momentum} */
  public RmsProp momentum(double momentum) {
    return new RmsProp(learningRate, rho, momentum, epsilon, centered, options);
  }

  /** {@return this optimizer with another epsilon} */
  public RmsProp epsilon(double epsilon) {
    return new RmsProp(learningRate, rho, momentum, epsilon, centered, options);
  }

  /** {@return this optimizer with centered on or off} */
  public RmsProp centered(boolean centered) {
    return new RmsProp(learningRate, rho, momentum, epsilon, centered, options);
  }

  @Override
  public RmsProp options(UpdateOptions options) {
    return new RmsProp(learningRate, rho, momentum, epsilon, centered, options);
  }
}
