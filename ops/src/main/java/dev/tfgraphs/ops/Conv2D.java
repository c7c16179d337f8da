package dev.tfgraphs.ops;

import com.google.common.collect.ImmutableList;
import java.util.List;

/**
 * Convolution over images: {@code (batch, height, width, in)} becomes {@code (batch, height',
 * width', filters)}. The kernel is {@code (kernel height, kernel width, in / groups, filters)}; its
 * bias is added after it. Keras's source: layers/convolutional/conv2d.py.
 */
public final class Conv2D extends Convolution<Conv2D> {
  static final Settings<Conv2D> SETTINGS =
      convolving(
          windowed(
                  Settings.<Conv2D>of(
                      "Conv2D",
                      its ->
                          new Conv2D(
                              its.required("filters", Form.INTEGER, Conv2D::filters),
                              its.required("kernel_size", Forms.SIZE, Conv2D::kernelSize))))
              .with("groups", Form.INTEGER, Conv2D::groups, Conv2D::groups),
          "kernel");

  private final int filters;
  private int groups = 1;

  Conv2D(int filters, Size kernelSize) {
    super(kernelSize);
    this.filters = filters;
    check();
  }

  @Override
  void check() {
    require(filters > 0, "positive filters", filters);
    super.check();
    require(
        groups > 0 && filters % groups == 0,
        "groups that divide the " + filters + " filters",
        groups);
  }

  /** {@return how many channels the result has} */
  public int filters() {
    return filters;
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

  /**
   * {@return this layer with a kernel that starts from {@code initializer}; by default Glorot's
   * uniform}
   */
  public Conv2D kernelInitializer(Initializer initializer) {
    return kernel(settings -> settings.initializer(initializer));
  }

  /** {@return this layer with a penalty on its kernel; by default none} */
  public Conv2D kernelRegularizer(Regularizer regularizer) {
    return kernel(settings -> settings.regularizer(regularizer));
  }

  /** {@return this layer with a kernel held by {@code constraint}; by default none} */
  public Conv2D kernelConstraint(Constraint constraint) {
    return kernel(settings -> settings.constraint(constraint));
  }

  @Override
  public Conv2D name(String name) {
    return named(this, name);
  }

  @Override
  public Shape infer(List<Shape> inputs) {
    Shape in = image(inputs);
    require(in.size(-1) % groups == 0, "channels that " + groups + " groups divide", in);
    return slid(in, filters);
  }

  @Override
  public ImmutableList<WeightSpec> weights(List<Shape> inputs) {
    return weights(kernelShape(image(inputs).size(-1) / groups, filters), filters);
  }
}
