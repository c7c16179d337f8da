package dev.tfgraphs.graphs;

/**
 * Adam's direction at the size of the weight (You et al., 2019): {@code w -= rate * |w| / |u| * u}
 * for Adam's step u of rate 1 (keras/src/optimizers/lamb.py).
 *
 * @param learningRate the rate of each step
 * @param beta1 decay of the mean of gradients; 0.9 by default
 * @param beta2 decay of the mean of squares; 0.999 by default
 * @param epsilon what keeps the divisor from 0; 1e-7 by default
 * @param options what is done around the update
 */
public record Lamb(
    Schedule learningRate, double beta1, double beta2, double epsilon, UpdateOptions options)
    implements Optimizer {
  /**
   * Checks the settings.
   *
   * @throws GraphException if one is out of its range
   */
  public Lamb {
    Checks.fraction("lamb: beta1", beta1);
    Checks.fraction("lamb: beta2", beta2);
    Checks.positive("lamb: epsilon", epsilon);
  }

  /** {@return this optimizer with another beta1} */
  public Lamb beta1(double beta1) {
    return new Lamb(learningRate, beta1, beta2, epsilon, options);
  }

  /** {@return this optimizer with another beta2} */
  public Lamb beta2(double beta2) {
    return new Lamb(learningRate, beta1, beta2, epsilon, options);
  }

  /** {@return this optimizer with another epsilon} */
  public Lamb epsilon(double epsilon) {
    return new Lamb(learningRate, beta1, beta2, epsilon, options);
  }

  @Override
  public Lamb options(UpdateOptions options) {
    return new Lamb(learningRate, beta1, beta2, epsilon, options);
  }
}
