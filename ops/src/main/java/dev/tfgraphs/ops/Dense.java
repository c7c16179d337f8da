package dev.tfgraphs.ops;

import com.google.common.collect.ImmutableList;
import java.util.List;
import java.util.Optional;

/**
 * A fully connected layer on the last axis: {@code (..., in)} becomes {@code (..., units)}. The
 * kernel is {@code (in, units)}. Keras's source: layers/core/dense.py.
 */
public final class Dense extends Layer {
  private final int units;
  private ActivationFunction activation = ActivationFunction.LINEAR;
  private boolean useBias = true;
  private Initializer kernelInitializer = Initializer.glorotUniform();
  private Initializer biasInitializer = Initializer.zeros();
  private Optional<Regularizer> kernelRegularizer = Optional.empty();
  private Optional<Regularizer> biasRegularizer = Optional.empty();

  Dense(int units) {
    this.units = units;
    require(units > 0, "positive units", units);
  }

  /** {@return the size of the result's last axis} */
  public int units() {
    return units;
  }

  /** {@return the function applied to the result; by default linear} */
  public ActivationFunction activation() {
    return activation;
  }

  /** {@return this layer with a function applied to its result} */
  public Dense activation(ActivationFunction activation) {
    return copy(this, copy -> copy.activation = activation);
  }

  /** {@return whether a bias is added; by default it is} */
  public boolean useBias() {
    return useBias;
  }

  /** {@return this layer with or without a bias} */
  public Dense useBias(boolean useBias) {
    return copy(this, copy -> copy.useBias = useBias);
  }

  /**
   * {@return this layer with a kernel that starts from {@code initializer}; by default Glorot's
   * uniform}
   */
  public Dense kernelInitializer(Initializer initializer) {
    return copy(this, copy -> copy.kernelInitializer = initializer);
  }

  /** {@return this layer with a bias that starts from {@code initializer}; by default zeros} */
  public Dense biasInitializer(Initializer initializer) {
    return copy(this, copy -> copy.biasInitializer = initializer);
  }

  /** {@return this layer with a penalty on its kernel; by default none} */
  public Dense kernelRegularizer(Regularizer regularizer) {
    return copy(this, copy -> copy.kernelRegularizer = Optional.of(regularizer));
  }

  /** {@return this layer with a penalty on its bias; by default none} */
  public Dense biasRegularizer(Regularizer regularizer) {
    return copy(this, copy -> copy.biasRegularizer = Optional.of(regularizer));
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
    WeightSpec kernel =
        WeightSpec.trainable("kernel", Shape.of(only(inputs).size(-1), units), kernelInitializer)
            .regularized(kernelRegularizer);
    WeightSpec bias =
        WeightSpec.trainable("bias", Shape.of(units), biasInitializer).regularized(biasRegularizer);
    return useBias ? ImmutableList.of(kernel, bias) : ImmutableList.of(kernel);
  }
}
