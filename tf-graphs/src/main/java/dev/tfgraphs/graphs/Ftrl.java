package dev.tfgraphs.graphs;

/**
 * Follow the regularized leader (McMahan et al., 2013), with shrinkage
 * (keras/src/optimizers/ftrl.py).
 *
 * @param learningRate the rate of each step
 * @param learningRatePower how the rate falls with the sum of squares; -0.5 by default
 * @param initialAccumulatorValue the sum of squares at the start; 0.1 by default
 * @param l1RegularizationStrength how much weights are drawn to 0 in absolute value; 0 by default
 * @param l2RegularizationStrength how much weights are drawn to 0 in square; 0 by default
 * @param l2ShrinkageRegularizationStrength how much gradients draw weights to 0; 0 by default
 * @param beta what is added to the strength of l2, over twice the rate; 0 by default
 * @param options what is done around the update
 */
public record Ftrl(
    Schedule learningRate,
    double learningRatePower,
    double initialAccumulatorValue,
    double l1RegularizationStrength,
    double l2RegularizationStrength,
    double l2ShrinkageRegularizationStrength,
    double beta,
    UpdateOptions options)
    implements Optimizer {
  /**
   * Checks the settings.
   *
   * @throws GraphException if one is out of its range
   */
  public Ftrl {
    Checks.notPositive("ftrl: learningRatePower", learningRatePower);
    Checks.notNegative("ftrl: initialAccumulatorValue", initialAccumulatorValue);
    Checks.notNegative("ftrl: l1RegularizationStrength", l1RegularizationStrength);
    Checks.notNegative("ftrl: l2RegularizationStrength", l2RegularizationStrength);
    Checks.notNegative(
        "ftrl: l2ShrinkageRegularizationStrength", l2ShrinkageRegularizationStrength);
    Checks.notNegative("ftrl: beta", beta);
  }

  /** {@return this optimizer with another learningRatePower} */
  public Ftrl learningRatePower(double learningRatePower) {
    return new Ftrl(
        learningRate,
        learningRatePower,
        initialAccumulatorValue,
        l1RegularizationStrength,
        l2RegularizationStrength,
        l2ShrinkageRegularizationStrength,
        beta,
        options);
  }

  /** {@return this optimizer with another initialAccumulatorValue} */
  public Ftrl initialAccumulatorValue(double initialAccumulatorValue) {
    return new Ftrl(
        learningRate,
        learningRatePower,
        initialAccumulatorValue,
        l1RegularizationStrength,
        l2RegularizationStrength,
        l2ShrinkageRegularizationStrength,
        beta,
        options);
  }

  /** {@return this optimizer with another l1RegularizationStrength} */
  public Ftrl l1RegularizationStrength(double l1RegularizationStrength) {
    return new Ftrl(
        learningRate,
        learningRatePower,
        initialAccumulatorValue,
        l1RegularizationStrength,
        l2RegularizationStrength,
        l2ShrinkageRegularizationStrength,
        beta,
        options);
  }

  /** {@return this optimizer with another l2RegularizationStrength} */
  public Ftrl l2RegularizationStrength(double l2RegularizationStrength) {
    return new Ftrl(
        learningRate,
        learningRatePower,
        initialAccumulatorValue,
        l1RegularizationStrength,
        l2RegularizationStrength,
        l2ShrinkageRegularizationStrength,
        beta,
        options);
  }

  /** {@return this optimizer with another l2ShrinkageRegularizationStrength} */
  public Ftrl l2ShrinkageRegularizationStrength(double l2ShrinkageRegularizationStrength) {
    return new Ftrl(
        learningRate,
        learningRatePower,
        initialAccumulatorValue,
        l1RegularizationStrength,
        l2RegularizationStrength,
        l2ShrinkageRegularizationStrength,
        beta,
        options);
  }

  /** {@return this optimizer with another beta} */
  public Ftrl beta(double beta) {
    return new Ftrl(
        learningRate,
        learningRatePower,
        initialAccumulatorValue,
        l1RegularizationStrength,
        l2RegularizationStrength,
        l2ShrinkageRegularizationStrength,
        beta,
        options);
  }

  @Override
  public Ftrl options(UpdateOptions options) {
    return new Ftrl(
        learningRate,
        learningRatePower,
        initialAccumulatorValue,
        l1RegularizationStrength,
        l2RegularizationStrength,
        l2ShrinkageRegularizationStrength,
        beta,
        options);
  }
}
