package dev.tfgraphs.ops;

import com.google.common.collect.ImmutableList;
import java.util.List;

/**
 * Convolution of each channel by filters of its own: {@code (batch, height, width, in)} becomes
 * {@code (batch, height', width', in * depthMultiplier)}. The kernel is {@code (kernel height,
 * kernel width, in, depthMultiplier)}; its bias is added after it. Keras's source:
 * layers/convolutional/base_depthwise_conv.py.
 */
public final class DepthwiseConv2D extends Convolution<DepthwiseConv2D> {
  static final Settings<DepthwiseConv2D> SETTINGS =
      convolving(
          windowed(
                  Settings.<DepthwiseConv2D>of(
                      "DepthwiseConv2D",
                      its ->
                          new DepthwiseConv2D(
                              its.required(
                                  "kernel_size", Forms.SIZE, DepthwiseConv2D::kernelSize))))
              .with(
                  "depth_multiplier",
                  Form.INTEGER,
                  DepthwiseConv2D::depthMultiplier,
                  DepthwiseConv2D::depthMultiplier)
              .tolerated("groups", 1),
          "depthwise");

  private int depthMultiplier = 1;

  DepthwiseConv2D(Size kernelSize) {
    super(kernelSize);
    check();
  }

  @Override
  void check() {
    super.check();
    require(depthMultiplier > 0, "a positive depth multiplier", depthMultiplier);
  }

  /** {@return how many filters each channel has; by default 1} */
  public int depthMultiplier() {
    return depthMultiplier;
  }

  /** {@return this layer with {@code depthMultiplier} filters for each channel} */
  public DepthwiseConv2D depthMultiplier(int depthMultiplier) {
    return copy(this, copy -> copy.depthMultiplier = depthMultiplier);
  }

  /**
   * {@return this layer with a kernel that starts from {@code initializer}; by default Glorot's
   * uniform}
   */
  public DepthwiseConv2D depthwiseInitializer(Initializer initializer) {
    return kernel(settings -> settings.initializer(initializer));
  }

  /** {@return this layer with a penalty on its kernel; by default none} */
  public DepthwiseConv2D depthwiseRegularizer(Regularizer regularizer) {
    return kernel(settings -> settings.regularizer(regularizer));
  }

  /** {@return this layer with a kernel held by {@code constraint}; by default none} */
  public DepthwiseConv2D depthwiseConstraint(Constraint constraint) {
    return kernel(settings -> settings.constraint(constraint));
  }

  @Override
  public DepthwiseConv2D name(String name) {
    return named(this, name);
  }

  @Override
  public Shape infer(List<Shape> inputs) {
    Shape in = image(inputs);
    return slid(in, channels(in));
  }

  private int channels(Shape in) {
    return sized((long) in.size(-1) * depthMultiplier);
  }

  @Override
  public ImmutableList<WeightSpec> weights(List<Shape> inputs) {
    Shape in = image(inputs);
    return weights(kernelShape(in.size(-1), depthMultiplier), channels(in));
  }
}
