package dev.tfgraphs.ops;

import com.google.common.collect.ImmutableList;
import java.util.List;
import java.util.Optional;

/**
 * Convolution over images: {@code (batch, height, width, in)} becomes {@code (batch, height',
 * width', filters)}. The kernel is {@code (kernel height, kernel width, in / groups, filters)}; its
 * bias is added after it. Keras's source: layers/convolutional/conv2d.py.
 */
public final class Conv2D extends Layer {
  private final int filters;
  private final Size kernelSize;
  private Size strides = Size.square(1);
  private Padding padding = Padding.VALID;
  private Size dilationRate = Size.square(1);
  private int groups = 1;
  private ActivationFunction activation = ActivationFunction.LINEAR;
  private boolean useBias = true;
  private Initializer kernelInitializer = Initializer.glorotUniform();
  private Initializer biasInitializer = Initializer.zeros();
  private Optional<Regularizer> kernelRegularizer = Optional.empty();
  private Optional<Regularizer> biasRegularizer = Optional.empty();

  Conv2D(int filters, Size kernelSize) {
    this.filters = filters;
    this.kernelSize = kernelSize;
    check();
  }

  @Override
  void check() {
    require(filters > 0, "positive filters", filters);
    requirePositive("kernel size", kernelSize);
    requirePositive("strides", strides);
    requirePositive("dilation rate", dilationRate);
    require(
        groups > 0 && filters % groups == 0,
        "groups that divide the " + filters + " filters",
        groups);
    boolean dilated = dilationRate.height() > 1 || dilationRate.width() > 1;
    boolean strided = strides.height() > 1 || strides.width() > 1;
    require(
        !(dilated && strided), "strides or dilation, not both", strides + " and " + dilationRate);
  }

  /** {@return how many channels the result has} */
  public int filters() {
    return filters;
  }

  /** {@return height and width of the window} */
  public Size kernelSize() {
    return kernelSize;
  }

  /** {@return how far the window moves; by default (1, 1)} */
  public Size strides() {
    return strides;
  }

  /** {@return this layer with a window that moves {@code stride} pixels down and across} */
  public Conv2D strides(int stride) {
    return strides(stride, stride);
  }

  /**
   * {@return this layer with a window that moves {@code height} pixels down and {@code width}
   * across}
   */
  public Conv2D strides(int height, int width) {
    return copy(this, copy -> copy.strides = new Size(height, width));
  }

  /** {@return what happens at the border; by default {@link Padding#VALID}} */
  public Padding padding() {
    return padding;
  }

  /** {@return this layer with other padding} */
  public Conv2D padding(Padding padding) {
    return copy(this, copy -> copy.padding = padding);
  }

  /** {@return the distance of the window's pixels; by default (1, 1)} */
  public Size dilationRate() {
    return dilationRate;
  }

  /** {@return this layer with a window whose pixels are {@code rate} apart} */
  public Conv2D dilationRate(int rate) {
    return dilationRate(rate, rate);
  }

  /**
   * {@return this layer with a window whose pixels are {@code height} apart down and {@code width}
   * across}
   */
  public Conv2D dilationRate(int height, int width) {
    return copy(this, copy -> copy.dilationRate = new Size(height, width));
  }

  /**
   * {@return into how many parts the channels are split, each with its own filters; by default 1}
   */
  public int groups() {
    return groups;
  }

  /** {@return this layer with channels split into {@code groups} parts} */
  public Conv2D groups(int groups) {
    return copy(this, copy -> copy.groups = groups);
  }

  /** {@return the function applied to the result; by default linear} */
  public ActivationFunction activation() {
    return activation;
  }

  /** {@return this layer with a function applied to its result} */
  public Conv2D activation(ActivationFunction activation) {
    return copy(this, copy -> copy.activation = activation);
  }

  /** {@return whether a bias is added; by default it is} */
  public boolean useBias() {
    return useBias;
  }

  /** {@return this layer with or without a bias} */
  public Conv2D useBias(boolean useBias) {
    return copy(this, copy -> copy.useBias = useBias);
  }

  /**
   * {@return this layer with a kernel that starts from {@code initializer}; by default Glorot's
   * uniform}
   */
  public Conv2D kernelInitializer(Initializer initializer) {
    return copy(this, copy -> copy.kernelInitializer = initializer);
  }

  /** {@return this layer with a bias that starts from {@code initializer}; by default zeros} */
  public Conv2D biasInitializer(Initializer initializer) {
    return copy(this, copy -> copy.biasInitializer = initializer);
  }

  /** {@return this layer with a penalty on its kernel; by default none} */
  public Conv2D kernelRegularizer(Regularizer regularizer) {
    return copy(this, copy -> copy.kernelRegularizer = Optional.of(regularizer));
  }

  /** {@return this layer with a penalty on its bias; by default none} */
  public Conv2D biasRegularizer(Regularizer regularizer) {
    return copy(this, copy -> copy.biasRegularizer = Optional.of(regularizer));
  }

  @Override
  public Conv2D name(String name) {
    return named(this, name);
  }

  @Override
  public Shape infer(List<Shape> inputs) {
    Shape in = image(inputs);
    require(in.size(-1) % groups == 0, "channels that " + groups + " groups divide", in);
    Size window = kernelSize.dilated(this, dilationRate);
    Shape out = in.slid(window, strides, padding).with(-1, filters);
    require(!out.hasEmptySide(), "an input that the window " + window + " fits in", in);
    return out;
  }

  @Override
  public ImmutableList<WeightSpec> weights(List<Shape> inputs) {
    int in = image(inputs).size(-1) / groups;
    WeightSpec kernel =
        WeightSpec.trainable(
                "kernel",
                Shape.of(kernelSize.height(), kernelSize.width(), in, filters),
                kernelInitializer)
            .regularized(kernelRegularizer);
    WeightSpec bias =
        WeightSpec.trainable("bias", Shape.of(filters), biasInitializer)
            .regularized(biasRegularizer);
    return useBias ? ImmutableList.of(kernel, bias) : ImmutableList.of(kernel);
  }
}
