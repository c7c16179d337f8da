package dev.tfgraphs.ops;

import com.google.common.collect.ImmutableList;
import java.util.List;
import java.util.Optional;

/**
 * Convolution of each channel by filters of its own: {@code (batch, height, width, in)} becomes
 * {@code (batch, height', width', in * depthMultiplier)}. The kernel is {@code (kernel height,
 * kernel width, in, depthMultiplier)}; its bias is added after it. Keras's source:
 * layers/convolutional/base_depthwise_conv.py.
 */
public final class DepthwiseConv2D extends Layer {
  private final Size kernelSize;
  private int depthMultiplier = 1;
  private Size strides = Size.square(1);
  private Padding padding = Padding.VALID;
  private Size dilationRate = Size.square(1);
  private ActivationFunction activation = ActivationFunction.LINEAR;
  private boolean useBias = true;
  private Initializer depthwiseInitializer = Initializer.glorotUniform();
  private Initializer biasInitializer = Initializer.zeros();
  private Optional<Regularizer> depthwiseRegularizer = Optional.empty();
  private Optional<Regularizer> biasRegularizer = Optional.empty();

  DepthwiseConv2D(Size kernelSize) {
    this.kernelSize = kernelSize;
    check();
  }

  @Override
  void check() {
    requirePositive("kernel size", kernelSize);
    require(depthMultiplier > 0, "a positive depth multiplier", depthMultiplier);
    requirePositive("strides", strides);
    requirePositive("dilation rate", dilationRate);
    boolean dilated = dilationRate.height() > 1 || dilationRate.width() > 1;
    boolean strided = strides.height() > 1 || strides.width() > 1;
    require(
        !(dilated && strided), "strides or dilation, not both", strides + " and " + dilationRate);
  }

  /** {@return how many filters each channel has; by default 1} */
  public int depthMultiplier() {
    return depthMultiplier;
  }

  /** {@return this layer with {@code depthMultiplier} filters for each channel} */
  public DepthwiseConv2D depthMultiplier(int depthMultiplier) {
    return copy(this, copy -> copy.depthMultiplier = depthMultiplier);
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
  public DepthwiseConv2D strides(int stride) {
    return strides(stride, stride);
  }

  /**
   * {@return this layer with a window that moves {@code height} pixels down and {@code width}
   * across}
   */
  public DepthwiseConv2D strides(int height, int width) {
    return copy(this, copy -> copy.strides = new Size(height, width));
  }

  /** {@return what happens at the border; by default {@link Padding#VALID}} */
  public Padding padding() {
    return padding;
  }

  /** {@return this layer with other padding} */
  public DepthwiseConv2D padding(Padding padding) {
    return copy(this, copy -> copy.padding = padding);
  }

  /** {@return the distance of the window's pixels; by default (1, 1)} */
  public Size dilationRate() {
    return dilationRate;
  }

  /** {@return this layer with a window whose pixels are {@code rate} apart} */
  public DepthwiseConv2D dilationRate(int rate) {
    return dilationRate(rate, rate);
  }

  /**
   * {@return this layer with a window whose pixels are {@code height} apart down and {@code width}
   * across}
   */
  public DepthwiseConv2D dilationRate(int height, int width) {
    return copy(this, copy -> copy.dilationRate = new Size(height, width));
  }

  /** {@return the function applied to the result; by default linear} */
  public ActivationFunction activation() {
    return activation;
  }

  /** {@return this layer with a function applied to its result} */
  public DepthwiseConv2D activation(ActivationFunction activation) {
    return copy(this, copy -> copy.activation = activation);
  }

  /** {@return whether a bias is added; by default it is} */
  public boolean useBias() {
    return useBias;
  }

  /** {@return this layer with or without a bias} */
  public DepthwiseConv2D useBias(boolean useBias) {
    return copy(this, copy -> copy.useBias = useBias);
  }

  /**
   * {@return this layer with a kernel that starts from {@code initializer}; by default Glorot's
   * uniform}
   */
  public DepthwiseConv2D depthwiseInitializer(Initializer initializer) {
    return copy(this, copy -> copy.depthwiseInitializer = initializer);
  }

  /** {@return this layer with a bias that starts from {@code initializer}; by default zeros} */
  public DepthwiseConv2D biasInitializer(Initializer initializer) {
    return copy(this, copy -> copy.biasInitializer = initializer);
  }

  /** {@return this layer with a penalty on its kernel; by default none} */
  public DepthwiseConv2D depthwiseRegularizer(Regularizer regularizer) {
    return copy(this, copy -> copy.depthwiseRegularizer = Optional.of(regularizer));
  }

  /** {@return this layer with a penalty on its bias; by default none} */
  public DepthwiseConv2D biasRegularizer(Regularizer regularizer) {
    return copy(this, copy -> copy.biasRegularizer = Optional.of(regularizer));
  }

  @Override
  public DepthwiseConv2D name(String name) {
    return named(this, name);
  }

  @Override
  public Shape infer(List<Shape> inputs) {
    Shape in = image(inputs);
    Size window = kernelSize.dilated(this, dilationRate);
    Shape out = in.slid(window, strides, padding).with(-1, channels(in));
    require(!out.hasEmptySide(), "an input that the window " + window + " fits in", in);
    return out;
  }

  private int channels(Shape in) {
    return sized((long) in.size(-1) * depthMultiplier);
  }

  @Override
  public ImmutableList<WeightSpec> weights(List<Shape> inputs) {
    int in = image(inputs).size(-1);
    WeightSpec kernel =
        WeightSpec.trainable(
                "kernel",
                Shape.of(kernelSize.height(), kernelSize.width(), in, depthMultiplier),
                depthwiseInitializer)
            .regularized(depthwiseRegularizer);
    WeightSpec bias =
        WeightSpec.trainable("bias", Shape.of(channels(only(inputs))), biasInitializer)
            .regularized(biasRegularizer);
    return useBias ? ImmutableList.of(kernel, bias) : ImmutableList.of(kernel);
  }
}
