package dev.tfgraphs.graphs;

/**
 * Adagrad (Duchi et al., 2011) with epsilon inside the root: {@code a += g^2; w -= rate * g /
 * sqrt(a + epsilon)} (keras/src/optimizers/adagrad.py).
 *
 * @param learningRate the rate of each step
 * @param initialAccumulatorValue the sum of squares at the start; 0.1 by default
 * @param epsilon what keeps the divisor from 0; 1e-7 by default
 * @param options what is done around the update
 */
public record Adagrad(
    Schedule learningRate, double initialAccumulatorValue, double epsilon, UpdateOptions options)
    implements Optimizer {
  /**
   * Checks the settings.
   *
   * @throws GraphException if one is out of its range
   */
  public Adagrad {
    Checks.notNegative("adagrad: initialAccumulatorValue", initialAccumulatorValue);
    Checks.positive("adagrad: epsilon", epsilon);
  }

  /** {@return this optimizer with another initialAccumulatorValue} */
  public Adagrad initialAccumulatorValue(double initialAccumulatorValue) {
    return new Adagrad(learningRate, initialAccumulatorValue, epsilon, options);
  }

  /** {@return this optimizer with another epsilon} */
  public Adagrad epsilon(double epsilon) {
    return new Adagrad(learningRate, initialAccumulatorValue, epsilon, options);
  }

  @Override
  public Adagrad options(UpdateOptions options) {
    return new Adagrad(learningRate, initialAccumulatorValue, epsilon, options);
  }
}
