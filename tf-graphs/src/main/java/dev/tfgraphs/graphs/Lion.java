package dev.tfgraphs.graphs;

/**
 * Steps of one size in each weight (Chen et al., 2023): {@code w -= rate * sign(beta1 * m + (1 -
 * beta1) * g); m = beta2 * m + (1 - beta2) * g} (keras/src/optimizers/lion.py).
 *
 * @param learningRate the rate of each step
 * @param beta1 share of the mean gradient in a step; 0.9 by default
 * @param beta2 decay of the mean of gradients; 0.99 by default
 * @param options what is done around the update
 */
public record Lion(Schedule learningRate, double beta1, double beta2, UpdateOptions options)
    implements Optimizer {
  /**
   * Checks the settings.
   *
   * @throws GraphException if one is out of its range
   */
  public Lion {
    Checks.fraction("lion: beta1", beta1);
    Checks.positive("lion: beta1", beta1);
    Checks.fraction("lion: beta2", beta2);
  }

  /** {@return this optimizer with another beta1} */
  public Lion beta1(double beta1) {
    return new Lion(learningRate, beta1, beta2, options);
  }

  /** {@return this optimizer with another beta2} */
  public Lion beta2(double beta2) {
    return new Lion(learningRate, beta1, beta2, options);
  }

  @Override
  public Lion options(UpdateOptions options) {
    return new Lion(learningRate, beta1, beta2, options);
  }
}
