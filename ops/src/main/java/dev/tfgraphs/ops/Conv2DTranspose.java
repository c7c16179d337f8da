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
public final class Conv2DTranspose extends Convolution<Conv2DTranspose> {
  static final Settings<Conv2DTranspose> SETTINGS =
      convolving(
          windowed(
                  Settings.<Conv2DTranspose>of(
                      "Conv2DTranspose",
                      its ->
                          new Conv2DTranspose(
                              its.required("filters", Form.INTEGER, Conv2DTranspose::filters),
                              its.required(
                                  "kernel_size", Forms.SIZE, Conv2DTranspose::kernelSize))))
              .optional(
                  "output_padding",
                  Forms.SIZE,
                  Conv2DTranspose::outputPadding,
                  (layer, size) -> layer.outputPadding(size.height(), size.width()))
              .tolerated("groups", 1),
          "kernel");

  private final int filters;
  private Optional<Size> outputPadding = Optional.empty();

  Conv2DTranspose(int filters, Size kernelSize) {
    super(kernelSize);
    this.filters = filters;
    check();
  }

  @Override
  void check() {
    require(filters > 0, "positive filters", filters);
    super.check();
    outputPadding.ifPresent(
        size ->
            require(size.height() >= 0 && size.width() >= 0, "output padding of 0 or more", size));
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

  /**
   * {@return this layer with a kernel that starts from {@code initializer}; by default Glorot's
   * uniform}
   */
  public Conv2DTranspose kernelInitializer(Initializer initializer) {
    return kernel(settings -> settings.initializer(initializer));
  }

  /** {@return this layer with a penalty on its kernel; by default none} */
  public Conv2DTranspose kernelRegularizer(Regularizer regularizer) {
    return kernel(settings -> settings.regularizer(regularizer));
  }

  /** {@return this layer with a kernel held by {@code constraint}; by default none} */
  public Conv2DTranspose kernelConstraint(Constraint constraint) {
    return kernel(settings -> settings.constraint(constraint));
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
                size.height() < strides().height() && size.width() < strides().width(),
                "output padding below the strides " + strides(),
                size));
    int height =
        side(in.size(1), window().height(), strides().height(), outputPadding.map(Size::height));
    int width =
        side(in.size(2), window().width(), strides().width(), outputPadding.map(Size::width));
    Shape out = Shape.of(in.size(0), height, width, filters);
    require(!out.hasEmptySide(), "an input that gives a result that is not empty", in);
    return out;
  }

  private int side(int in, int window, int stride, Optional<Integer> added) {
    if (in == Shape.UNKNOWN) {
      return Shape.UNKNOWN;
    }
    long steps = (in - 1L) * stride;
    if (padding() == Padding.SAME) {
      return sized(steps + added.map(more -> window % 2 + more).orElse(stride));
    }
    return sized(
        steps + added.map(more -> (long) window + more).orElse((long) Math.max(window, stride)));
  }

  @Override
  public ImmutableList<WeightSpec> weights(List<Shape> inputs) {
    return weights(kernelShape(filters, image(inputs).size(-1)), filters);
  }
}
