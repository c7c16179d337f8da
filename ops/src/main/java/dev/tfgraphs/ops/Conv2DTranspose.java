package dev.tfgraphs.ops;

import com.google.common.collect.ImmutableList;
import java.util.List;
import java.util.Optional;

/**
 * The gradient of a convolution, which widens images: {@code (batch, height, width, in)} becomes
 * {@code (batch, height', width', filters)}. With {@link Padding#SAME} a side becomes {@code in *
 * stride}, with {@link Padding#VALID} {@code (in - 1) * stride + max(window, stride)}, unless
 * {@link #outputPadding(int)} says otherwise. The kernel is {@code (kernel height, kernel width,
 * filters, in)}; its bias is added after it. Keras's source:
 * layers/convolutional/base_conv_transpose.py.
 */
public final class Conv2DTranspose extends Layer {
  private final int filters;
  private final Size kernelSize;
  private Size strides = Size.square(1);
  private Padding padding = Padding.VALID;
  private Optional<Size> outputPadding = Optional.empty();
  private Size dilationRate = Size.square(1);
  private ActivationFunction activation = ActivationFunction.LINEAR;
  private boolean useBias = true;
  private Initializer kernelInitializer = Initializer.glorotUniform();
  private Initializer biasInitializer = Initializer.zeros();
  private Optional<Regularizer> kernelRegularizer = Optional.empty();
  private Optional<Regularizer> biasRegularizer = Optional.empty();

  Conv2DTranspose(int filters, Size kernelSize) {
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
    outputPadding.ifPresent(
        size ->
            require(size.height() >= 0 && size.width() >= 0, "output padding of 0 or more", size));
    boolean dilated = dilationRate.height() > 1 || dilationRate.width() > 1;
    boolean strided = strides.height() > 1 || strides.width() > 1;
    require(
        !(dilated && strided), "strides or dilation, not both", strides + " and " + dilationRate);
  }

  /** {@return how many channels the result has} */
  public int filters() {
    return filters;
  }

  /**
   * {@return rows and columns added at the bottom and right; without one, sides are as the class
   * says}
   */
  public Optional<Size> outputPadding() {
    return outputPadding;
  }

  /** {@return this layer with {@code size} rows and columns added at the bottom and right} */
  public Conv2DTranspose outputPadding(int size) {
    return outputPadding(size, size);
  }

  /**
   * {@return this layer with {@code height} rows added at the bottom and {@code width} columns at
   * the right}
   */
  public Conv2DTranspose outputPadding(int height, int width) {
    return copy(this, copy -> copy.outputPadding = Optional.of(new Size(height, width)));
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
  public Conv2DTranspose strides(int stride) {
    return strides(stride, stride);
  }

  /**
   * {@return this layer with a window that moves {@code height} pixels down and {@code width}
   * across}
   */
  public Conv2DTranspose strides(int height, int width) {
    return copy(this, copy -> copy.strides = new Size(height, width));
  }

  /** {@return what happens at the border; by default {@link Padding#VALID}} */
  public Padding padding() {
    return padding;
  }

  /** {@return this layer with other padding} */
  public Conv2DTranspose padding(Padding padding) {
    return copy(this, copy -> copy.padding = padding);
  }

  /** {@return the distance of the window's pixels; by default (1, 1)} */
  public Size dilationRate() {
    return dilationRate;
  }

  /** {@return this layer with a window whose pixels are {@code rate} apart} */
  public Conv2DTranspose dilationRate(int rate) {
    return dilationRate(rate, rate);
  }

  /**
   * {@return this layer with a window whose pixels are {@code height} apart down and {@code width}
   * across}
   */
  public Conv2DTranspose dilationRate(int height, int width) {
    return copy(this, copy -> copy.dilationRate = new Size(height, width));
  }

  /** {@return the function applied to the result; by default linear} */
  public ActivationFunction activation() {
    return activation;
  }

  /** {@return this layer with a function applied to its result} */
  public Conv2DTranspose activation(ActivationFunction activation) {
    return copy(this, copy -> copy.activation = activation);
  }

  /** {@return whether a bias is added; by default it is} */
  public boolean useBias() {
    return useBias;
  }

  /** {@return this layer with or without a bias} */
  public Conv2DTranspose useBias(boolean useBias) {
    return copy(this, copy -> copy.useBias = useBias);
  }

  /**
   * {@return this layer with a kernel that starts from {@code initializer}; by default Glorot's
   * uniform}
   */
  public Conv2DTranspose kernelInitializer(Initializer initializer) {
    return copy(this, copy -> copy.kernelInitializer = initializer);
  }

  /** {@return this layer with a bias that starts from {@code initializer}; by default zeros} */
  public Conv2DTranspose biasInitializer(Initializer initializer) {
    return copy(this, copy -> copy.biasInitializer = initializer);
  }

  /** {@return this layer with a penalty on its kernel; by default none} */
  public Conv2DTranspose kernelRegularizer(Regularizer regularizer) {
    return copy(this, copy -> copy.kernelRegularizer = Optional.of(regularizer));
  }

  /** {@return this layer with a penalty on its bias; by default none} */
  public Conv2DTranspose biasRegularizer(Regularizer regularizer) {
    return copy(this, copy -> copy.biasRegularizer = Optional.of(regularizer));
  }

  @Override
  public Conv2DTranspose name(String name) {
    return named(this, name);
  }

  @Override
  public Shape infer(List<Shape> inputs) {
    Shape in = image(inputs);
    require(!in.hasEmptySide(), "an input that is not empty", in);
    // here and not in check(), so that strides may be set after it
    outputPadding.ifPresent(
        size ->
            require(
                size.height() < strides.height() && size.width() < strides.width(),
                "output padding below the strides " + strides,
                size));
    Size window = kernelSize.dilated(this, dilationRate);
    int height =
        side(in.size(1), window.height(), strides.height(), outputPadding.map(Size::height));
    int width = side(in.size(2), window.width(), strides.width(), outputPadding.map(Size::width));
    Shape out = Shape.of(in.size(0), height, width, filters);
    require(!out.hasEmptySide(), "an input that gives a result that is not empty", in);
    return out;
  }

  private int side(int in, int window, int stride, Optional<Integer> added) {
    if (in == Shape.UNKNOWN) {
      return Shape.UNKNOWN;
    }
    long steps = (in - 1L) * stride;
    if (padding == Padding.SAME) {
      return sized(steps + added.map(more -> window % 2 + more).orElse(stride));
    }
    return sized(
        steps + added.map(more -> (long) window + more).orElse((long) Math.max(window, stride)));
  }

  @Override
  public ImmutableList<WeightSpec> weights(List<Shape> inputs) {
    int in = image(inputs).size(-1);
    WeightSpec kernel =
        WeightSpec.trainable(
                "kernel",
                Shape.of(kernelSize.height(), kernelSize.width(), filters, in),
                kernelInitializer)
            .regularized(kernelRegularizer);
    WeightSpec bias =
        WeightSpec.trainable("bias", Shape.of(filters), biasInitializer)
            .regularized(biasRegularizer);
    return useBias ? ImmutableList.of(kernel, bias) : ImmutableList.of(kernel);
  }
}
