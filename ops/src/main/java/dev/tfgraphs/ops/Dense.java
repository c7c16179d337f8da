package dev.tfgraphs.ops;

import com.google.common.collect.ImmutableList;
import java.util.List;

/**
 * A fully connected layer on the last axis: {@code (..., in)} becomes {@code (..., units)}. The
 * kernel is {@code (in, units)}. Keras's source: layers/core/dense.py.
 */
public final class Dense extends KernelLayer<Dense> {
  static final Settings<Dense> SETTINGS =
      weighted(
              Settings.<Dense>of(
                  "Dense", its -> new Dense(its.required("units", Form.INTEGER, Dense::units))),
              "kernel")
          .whereSet(
              "activity_regularizer",
              Regularizers.KINDS,
              Dense::activityRegularizer,
              Dense::activityRegularizer)
          .fixed("quantization_config", null);

  private final int units;

  Dense(int units) {
    this.units = units;
    require(units > 0, "positive units", units);
  }

  /** {@return the size of the result's last axis} */
  public int units() {
    return units;
  }

  /**
   * {@return this layer with a kernel that starts from {@code initializer}; by default Glorot's
   * uniform}
   */
  public Dense kernelInitializer(Initializer initializer) {
    return kernel(settings -> settings.initializer(initializer));
  }

  /** {@return this layer with a penalty on its kernel; by default none} */
  public Dense kernelRegularizer(Regularizer regularizer) {
    return kernel(settings -> settings.regularizer(regularizer));
  }

  /** {@return this layer with a kernel held by {@code constraint}; by default none} */
  public Dense kernelConstraint(Constraint constraint) {
    return kernel(settings -> settings.constraint(constraint));
  }

  @Override
  public Dense name(String name) {
    return named(this, name);
  }

  @Override
  public Shape infer(List<Shape> inputs) {
    Shape in = only(inputs);
    require(in.rank() >= 2, "an input of rank 2 or more", in);
    require(in.size(-1) != Shape.UNKNOWN, "an input whose last size is known", in);
    return in.with(-1, units);
  }

  @Override
  public ImmutableList<WeightSpec> weights(List<Shape> inputs) {
    return weights(Shape.of(only(inputs).size(-1), units), units);
  }
}
