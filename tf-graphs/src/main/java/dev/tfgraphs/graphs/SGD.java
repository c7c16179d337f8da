package dev.tfgraphs.graphs;

/**
 * Stochastic gradient descent, {@code w -= rate * g}; with momentum {@code m = momentum * m - rate
 * * g; w += m}, and with Nesterov's look-ahead {@code w += momentum * m - rate * g} for the new m
 * (keras/src/optimizers/sgd.py).
 *
 * @param learningRate the rate of each step
 * @param momentum how much of a step goes on in the next; 0 by default
 * @param nesterov whether to look ahead; false by default
 * @param options what is done around the update
 */
public record SGD(Schedule learningRate, double momentum, boolean nesterov, UpdateOptions options)
    implements Optimizer {
  /**
   * Checks the settings.
   *
   * @throws GraphException if one is out of its range
   */
  public SGD {
    Checks.fraction("sgd: momentum", momentum);
  }

  /** {@return this optimizer with another momentum} */
  public SGD momentum(double momentum) {
    return new SGD(learningRate, momentum, nesterov, options);
  }

  /** {@return this optimizer with nesterov on or off} */
  public SGD nesterov(boolean nesterov) {
    return new SGD(learningRate, momentum, nesterov, options);
  }

  @Override
  public SGD options(UpdateOptions options) {
    return new SGD(learningRate, momentum, nesterov, options);
  }
}
