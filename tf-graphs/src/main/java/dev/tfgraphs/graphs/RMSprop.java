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
public record RMSprop(
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
  public RMSprop {
    Checks.fraction("rmsprop: rho", rho);
    Checks.fraction("rmsprop: momentum", momentum);
    Checks.positive("rmsprop: epsilon", epsilon);
  }

  /** {@return this optimizer with another rho} */
  public RMSprop rho(double rho) {
    return new RMSprop(learningRate, rho, momentum, epsilon, centered, options);
  }

  /** {@return this optimizer with another momentum} */
  public RMSprop momentum(double momentum) {
    return new RMSprop(learningRate, rho, momentum, epsilon, centered, options);
  }

  /** {@return this optimizer with another epsilon} */
  public RMSprop epsilon(double epsilon) {
    return new RMSprop(learningRate, rho, momentum, epsilon, centered, options);
  }

  /** {@return this optimizer with centered on or off} */
  public RMSprop centered(boolean centered) {
    return new RMSprop(learningRate, rho, momentum, epsilon, centered, options);
  }

  @Override
  public RMSprop options(UpdateOptions options) {
    return new RMSprop(learningRate, rho, momentum, epsilon, centered, options);
  }
}
