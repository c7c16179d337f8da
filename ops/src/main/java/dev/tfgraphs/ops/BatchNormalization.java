package dev.tfgraphs.ops;

import com.google.common.collect.ImmutableList;
import java.util.List;

/**
 * Normalizes each channel: in training by the batch's mean and variance, otherwise, and when
 * frozen, by their moving averages. The shape stays. Weights {@code gamma}, {@code beta}, {@code
 * moving_mean}, {@code moving_variance}, each {@code (channels)}. The moving variance follows Keras
 * 3: the biased variance of the batch. Source: Ioffe and Szegedy, 2015; layers/normalization/
 * batch_normalization.py.
 */
public final class BatchNormalization extends Layer {
  static final Settings<BatchNormalization> SETTINGS =
      weighted(
              Settings.<BatchNormalization>of("BatchNormalization", its -> new BatchNormalization())
                  .with("axis", Forms.AXIS, BatchNormalization::axis, BatchNormalization::axis)
                  .with(
                      "momentum",
                      Form.NUMBER,
                      BatchNormalization::momentum,
                      BatchNormalization::momentum)
                  .with(
                      "epsilon",
                      Form.NUMBER,
                      BatchNormalization::epsilon,
                      BatchNormalization::epsilon)
                  .with("center", Form.FLAG, BatchNormalization::center, BatchNormalization::center)
                  .with("scale", Form.FLAG, BatchNormalization::scale, BatchNormalization::scale))
          .fixed("synchronized", false)
          .fixed("renorm", false)
          .fixed("renorm_clipping", null)
          .fixed("renorm_momentum", 0.99);

  private int axis = -1;
  private double momentum = 0.99;
  private double epsilon = 1e-3;
  private boolean center = true;
  private boolean scale = true;
  private WeightSettings beta = WeightSettings.from(Initializer.zeros());
  private WeightSettings gamma = WeightSettings.from(Initializer.ones());
  private Initializer movingMeanInitializer = Initializer.zeros();
  private Initializer movingVarianceInitializer = Initializer.ones();

  BatchNormalization() {}

  private static Settings<BatchNormalization> weighted(Settings<BatchNormalization> settings) {
    Settings<BatchNormalization> withBeta =
        WeightSettings.of(
            "beta",
            settings,
            its -> its.beta,
            (layer, beta) -> copy(layer, copy -> copy.beta = beta));
    return WeightSettings.of(
            "gamma",
            withBeta,
            its -> its.gamma,
            (layer, gamma) -> copy(layer, copy -> copy.gamma = gamma))
        .with(
            "moving_mean_initializer",
            Initializers.KINDS,
            its -> its.movingMeanInitializer,
            BatchNormalization::movingMeanInitializer)
        .with(
            "moving_variance_initializer",
            Initializers.KINDS,
            its -> its.movingVarianceInitializer,
            BatchNormalization::movingVarianceInitializer);
  }

  @Override
  void check() {
    require(momentum >= 0 && momentum <= 1, "a momentum from 0 to 1", momentum);
    require(epsilon > 0, "a positive epsilon", epsilon);
  }

  /** {@return the axis of the channels; by default the last} */
  public int axis() {
    return axis;
  }

  /** {@return this layer with channels on another axis} */
  public BatchNormalization axis(int axis) {
    return copy(this, copy -> copy.axis = axis);
  }

  /** {@return what the moving averages keep at each step; by default 0.99} */
  public double momentum() {
    return momentum;
  }

  /**
   * {@return this layer with moving averages that keep {@code momentum} of themselves at each step}
   */
  public BatchNormalization momentum(double momentum) {
    return copy(this, copy -> copy.momentum = momentum);
  }

  /** {@return what is added to the variance; by default 0.001} */
  public double epsilon() {
    return epsilon;
  }

  /** {@return this layer with another addend to the variance} */
  public BatchNormalization epsilon(double epsilon) {
    return copy(this, copy -> copy.epsilon = epsilon);
  }

  /** {@return whether {@code beta} is added; by default it is} */
  public boolean center() {
    return center;
  }

  /** {@return this layer with or without {@code beta}} */
  public BatchNormalization center(boolean center) {
    return copy(this, copy -> copy.center = center);
  }

  /** {@return whether {@code gamma} multiplies; by default it does} */
  public boolean scale() {
    return scale;
  }

  /** {@return this layer with or without {@code gamma}} */
  public BatchNormalization scale(boolean scale) {
    return copy(this, copy -> copy.scale = scale);
  }

  /**
   * {@return this layer with a {@code beta} that starts from {@code initializer}; by default zeros}
   */
  public BatchNormalization betaInitializer(Initializer initializer) {
    return copy(this, copy -> copy.beta = copy.beta.initializer(initializer));
  }

  /**
   * {@return this layer with a {@code gamma} that starts from {@code initializer}; by default ones}
   */
  public BatchNormalization gammaInitializer(Initializer initializer) {
    return copy(this, copy -> copy.gamma = copy.gamma.initializer(initializer));
  }

  /**
   * {@return this layer with a moving mean that starts from {@code initializer}; by default zeros}
   */
  public BatchNormalization movingMeanInitializer(Initializer initializer) {
    return copy(this, copy -> copy.movingMeanInitializer = initializer);
  }

  /**
   * {@return this layer with a moving variance that starts from {@code initializer}; by default
   * ones}
   */
  public BatchNormalization movingVarianceInitializer(Initializer initializer) {
    return copy(this, copy -> copy.movingVarianceInitializer = initializer);
  }

  /** {@return this layer with a penalty on {@code beta}; by default none} */
  public BatchNormalization betaRegularizer(Regularizer regularizer) {
    return copy(this, copy -> copy.beta = copy.beta.regularizer(regularizer));
  }

  /** {@return this layer with a penalty on {@code gamma}; by default none} */
  public BatchNormalization gammaRegularizer(Regularizer regularizer) {
    return copy(this, copy -> copy.gamma = copy.gamma.regularizer(regularizer));
  }

  /** {@return this layer with a {@code beta} held by {@code constraint}; by default none} */
  public BatchNormalization betaConstraint(Constraint constraint) {
    return copy(this, copy -> copy.beta = copy.beta.constraint(constraint));
  }

  /** {@return this layer with a {@code gamma} held by {@code constraint}; by default none} */
  public BatchNormalization gammaConstraint(Constraint constraint) {
    return copy(this, copy -> copy.gamma = copy.gamma.constraint(constraint));
  }

  @Override
  public BatchNormalization name(String name) {
    return named(this, name);
  }

  @Override
  public Shape infer(List<Shape> inputs) {
    Shape in = only(inputs);
    require(axis >= -in.rank() && axis < in.rank(), "an input that has axis " + axis, in);
    require(
        in.size(axis) != Shape.UNKNOWN, "an input whose size at axis " + axis + " is known", in);
    return in;
  }

  @Override
  public ImmutableList<WeightSpec> weights(List<Shape> inputs) {
    Shape channels = Shape.of(only(inputs).size(axis));
    ImmutableList.Builder<WeightSpec> weights = ImmutableList.builder();
    if (scale) {
      weights.add(gamma.spec("gamma", channels));
    }
    if (center) {
      weights.add(beta.spec("beta", channels));
    }
    return weights
        .add(WeightSpec.tracked("moving_mean", channels, movingMeanInitializer))
        .add(WeightSpec.tracked("moving_variance", channels, movingVarianceInitializer))
        .build();
  }
}
