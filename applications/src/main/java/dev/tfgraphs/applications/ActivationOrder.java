package dev.tfgraphs.applications;

import static dev.tfgraphs.applications.Steps.NONE;
import static dev.tfgraphs.applications.Steps.NORMALIZATION;
import static dev.tfgraphs.applications.Steps.NORMALIZATION_RELU;
import static dev.tfgraphs.applications.Steps.RELU;

/**
 * Where a residual unit normalizes and rectifies: the rows of table 2 of He et al., "Identity
 * Mappings in Deep Residual Networks" (2016), as its figure 4 draws them. Between convolutions all
 * do both. The errors are the paper's, on CIFAR-10's test set with a ResNet-110 and a ResNet-164.
 */
public enum ActivationOrder {
  /** As in He et al. (2015): 6.61 and 5.93 % of errors. */
  ORIGINAL(NORMALIZATION_RELU, NONE, NORMALIZATION, RELU),
  /** 8.17 and 6.50 % of errors. */
  BN_AFTER_ADDITION(NORMALIZATION_RELU, NONE, NONE, NORMALIZATION_RELU),
  /** 7.84 and 6.14 % of errors. */
  RELU_BEFORE_ADDITION(NORMALIZATION_RELU, NONE, NORMALIZATION_RELU, NONE),
  /** 6.71 and 5.91 % of errors. */
  RELU_ONLY_PRE_ACTIVATION(NORMALIZATION, RELU, NORMALIZATION, NONE),
  /** The paper's proposal, "v2": 6.37 and 5.46 % of errors. */
  FULL_PRE_ACTIVATION(NONE, NORMALIZATION_RELU, NONE, NONE);

  private final Steps stem;
  private final Steps before;
  private final Steps after;
  private final Steps sum;

  ActivationOrder(Steps stem, Steps before, Steps after, Steps sum) {
    this.stem = stem;
    this.before = before;
    this.after = after;
    this.sum = sum;
  }

  /** What follows the convolution before the first unit. */
  Steps stem() {
    return stem;
  }

  /** What precedes a unit's first convolution, and what follows the last unit. */
  Steps before() {
    return before;
  }

  /** What follows a unit's last convolution. */
  Steps after() {
    return after;
  }

  /** What follows a unit's sum. */
  Steps sum() {
    return sum;
  }
}
