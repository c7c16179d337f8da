package dev.tfgraphs.graphs;

/** How gradients change weights; the formulas and defaults are Keras 3's (keras/src/optimizers). */
public sealed interface Optimizer {
  /** {@return {@code w -= rate * g}; Keras's default rate is 0.01} */
  static Sgd sgd(double learningRate) {
    return sgd(Schedule.constant(learningRate));
  }

  /** {@return stochastic gradient descent at a rate that changes} */
  static Sgd sgd(Schedule learningRate) {
    return new Sgd(learningRate, 0, false);
  }

  /** {@return Adam at Keras's rate, 0.001} */
  static Adam adam() {
    return adam(0.001);
  }

  /** {@return Adam at a rate} */
  static Adam adam(double learningRate) {
    return adam(Schedule.constant(learningRate));
  }

  /** {@return Adam at a rate that changes} */
  static Adam adam(Schedule learningRate) {
    return new Adam(learningRate, 0.9, 0.999, 1e-7);
  }

  /** {@return the learning rate} */
  Schedule learningRate();

  /**
   * Stochastic gradient descent: {@code m = momentum * m - rate * g; w += m}, with Nesterov's
   * look-ahead {@code w += momentum * m - rate * g} for the new m.
   */
  record Sgd(Schedule learningRate, double momentum, boolean nesterov) implements Optimizer {
    /**
     * Checks the settings.
     *
     * @throws GraphException if the momentum is not in 0 to 1
     */
    public Sgd {
      checkFraction("sgd: momentum", momentum);
    }

    /** {@return this optimizer with momentum; by default 0} */
    public Sgd momentum(double momentum) {
      return new Sgd(learningRate, momentum, nesterov);
    }

    /** {@return this optimizer with or without Nesterov's look-ahead; by default without} */
    public Sgd nesterov(boolean nesterov) {
      return new Sgd(learningRate, momentum, nesterov);
    }
  }

  /**
   * Adam (Kingma and Ba, 2014) in the form in which epsilon is added to the uncorrected root:
   * {@code w -= rate * sqrt(1 - b2^t) / (1 - b1^t) * m / (sqrt(v) + epsilon)}.
   */
  record Adam(Schedule learningRate, double beta1, double beta2, double epsilon)
      implements Optimizer {
    /**
     * Checks the settings.
     *
     * @throws GraphException if a beta is not in 0 to 1 or epsilon is not positive
     */
    public Adam {
      checkFraction("adam: beta1", beta1);
      checkFraction("adam: beta2", beta2);
      if (!(epsilon > 0)) {
        throw new GraphException("adam: expected a positive epsilon, received " + epsilon);
      }
    }

    /** {@return this optimizer with another decay of the mean of gradients; by default 0.9} */
    public Adam beta1(double beta1) {
      return new Adam(learningRate, beta1, beta2, epsilon);
    }

    /** {@return this optimizer with another decay of the mean of squares; by default 0.999} */
    public Adam beta2(double beta2) {
      return new Adam(learningRate, beta1, beta2, epsilon);
    }

    /** {@return this optimizer with another epsilon; by default 1e-7} */
    public Adam epsilon(double epsilon) {
      return new Adam(learningRate, beta1, beta2, epsilon);
    }
  }

  private static void checkFraction(String what, double value) {
    if (!(value >= 0 && value <= 1)) {
      throw new GraphException(what + ": expected 0 to 1, received " + value);
    }
  }
}
