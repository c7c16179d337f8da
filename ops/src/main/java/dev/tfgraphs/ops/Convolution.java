package dev.tfgraphs.ops;

import java.util.function.Consumer;

/** What layers that slide a window over images have in common. */
abstract sealed class Convolution<L extends Convolution<L>> extends KernelLayer<L>
    permits Conv2D, Conv2DTranspose, DepthwiseConv2D {
  private final Size kernelSize;
  private Size strides = Size.square(1);
  private Padding padding = Padding.VALID;
  private Size dilationRate = Size.square(1);

  static <L extends Convolution<L>> Settings<L> windowed(Settings<L> settings) {
    return Forms.channelsLast(
            settings
                .with(
                    "strides",
                    Forms.SIZE,
                    its -> its.strides(),
                    (layer, size) -> layer.strides(size.height(), size.width()))
                .with(
                    "padding",
                    Forms.PADDING,
                    its -> its.padding(),
                    (layer, padding) -> layer.padding(padding)))
        .with(
            "dilation_rate",
            Forms.SIZE,
            its -> its.dilationRate(),
            (layer, size) -> layer.dilationRate(size.height(), size.width()));
  }

  static <L extends Convolution<L>> Settings<L> convolving(Settings<L> settings, String kernel) {
    return weighted(settings, kernel)
        .optional(
            "activity_regularizer",
            Regularizers.KINDS,
            its -> its.activityRegularizer(),
            (layer, regularizer) -> layer.activityRegularizer(regularizer));
  }

  Convolution(Size kernelSize) {
    this.kernelSize = kernelSize;
  }

  @SuppressWarnings("unchecked") // L is the layer's own kind
  private L with(Consumer<Convolution<L>> change) {
    return copy((L) this, change::accept);
  }

  @Override
  void check() {
    requirePositive("kernel size", kernelSize);
    requirePositive("strides", strides);
    requirePositive("dilation rate", dilationRate);
    boolean dilated = dilationRate.height() > 1 || dilationRate.width() > 1;
    boolean strided = strides.height() > 1 || strides.width() > 1;
    require(
        !(dilated && strided), "strides or dilation, not both", strides + " and " + dilationRate);
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
  public L strides(int stride) {
    return strides(stride, stride);
  }

  /**
   * {@return this layer with a window that moves {@code height} pixels down and {@code width}
   * across}
   */
  public L strides(int height, int width) {
    return with(copy -> copy.strides = new Size(height, width));
  }

  /** {@return what happens at the border; by default {@link Padding#VALID}} */
  public Padding padding() {
    return padding;
  }

  /** {@return this layer with other padding} */
  public L padding(Padding padding) {
    return with(copy -> copy.padding = padding);
  }

  /** {@return the distance of the window's pixels; by default (1, 1)} */
  public Size dilationRate() {
    return dilationRate;
  }

  /** {@return this layer with a window whose pixels are {@code rate} apart} */
  public L dilationRate(int rate) {
    return dilationRate(rate, rate);
  }

  /**
   * {@return this layer with a window whose pixels are {@code height} apart down and {@code width}
   * across}
   */
  public L dilationRate(int height, int width) {
    return with(copy -> copy.dilationRate = new Size(height, width));
  }

  /** The window with the gaps between its pixels. */
  final Size window() {
    return kernelSize.dilated(this, dilationRate);
  }

  /** What the window makes of {@code in} as it slides. */
  final Shape slid(Shape in, int channels) {
    Shape out = in.slid(window(), strides, padding).with(-1, channels);
    require(!out.hasEmptySide(), "an input that the window " + window() + " fits in", in);
    return out;
  }

  final Shape kernelShape(int third, int fourth) {
    return Shape.of(kernelSize.height(), kernelSize.width(), third, fourth);
  }
}
