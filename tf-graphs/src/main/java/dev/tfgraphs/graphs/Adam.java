package dev.tfgraphs.graphs;

/**
 * Adam (Kingma and Ba, 2014) in the form in which epsilon is added to the uncorrected root: {@code
 * w -= rate * sqrt(1 - beta2^t) / (1 - beta1^t) * m / (sqrt(v) + epsilon)}; with AMSGrad, v is the
 * largest so far (keras/src/optimizers/adam.py). TensorFlow's kernel has 1 - beta in float32, Keras
 * in float64, which for a beta2 of 0.999 makes steps 2e-5 of their size apart.
 *
 * @param learningRate the rate of each step
 * @param beta1 decay of the mean of gradients; 0.9 by default
 * @param beta2 decay of the mean of squares; 0.999 by default
 * @param epsilon what keeps the divisor from 0; 1e-7 by default
 * @param amsgrad whether to divide by the largest v so far; false by default
 * @param options what is done around the update
 */
public record Adam(
    Schedule learningRate,
    double beta1,
    double beta2,
    double epsilon,
    boolean amsgrad,
    UpdateOptions options)
    implements Optimizer {
  /**
   * Checks the settings.
   *
   * @throws GraphException if one is out of its range
   */
  public Adam {
    Checks.fraction("adam: beta1", beta1);
    Checks.fraction("adam: beta2", beta2);
    Checks.positive("adam: epsilon", epsilon);
  }

  /** {@return this optimizer with another beta1} */
  public Adam beta1(double beta1) {
    return new Adam(learningRate, beta1, beta2, epsilon, amsgrad, options);
  }

  /** {@return this optimizer with another beta2} */
  public Adam beta2(double beta2) {
    return new Adam(learningRate, beta1, beta2, epsilon, amsgrad, options);
  }

  /** {@return this optimizer with another epsilon} */
  public Adam epsilon(double epsilon) {
    return new Adam(learningRate, beta1, beta2, epsilon, amsgrad, options);
  }

  /** {@return this optimizer with amsgrad on or off} */
  public Adam amsgrad(boolean amsgrad) {
    return new Adam(learningRate, beta1, beta2, epsilon, amsgrad, options);
  }

  @Override
  public Adam options(UpdateOptions options) {
    return new Adam(learningRate, beta1, beta2, epsilon, amsgrad, options);
  }
}
