package dev.tfgraphs.ops;

import java.util.List;

/**
 * Everything along one axis in reverse order; the shape stays. Along the channels it makes BGR of
 * RGB and RGB of BGR. What Keras's {@code ops.flip} is in a model; its source: ops/numpy.py.
 *
 * <p>Here it is a layer as any, in {@link Model#layers} and found by its name, where Keras's {@code
 * model.layers} and {@code get_layer} leave operations out. Configs and summaries have it in both,
 * and files of weights in neither.
 */
public final class Flip extends Layer {
  static final Settings<Flip> SETTINGS =
      Settings.<Flip>of("Flip", its -> new Flip(its.required("axis", Form.INTEGER, Flip::axis)));

  private final int axis;

  Flip(int axis) {
    this.axis = axis;
    require(axis != 0, "an axis other than the batch", axis);
  }

  /** {@return along which axis; a negative one counts from the end} */
  public int axis() {
    return axis;
  }

  @Override
  public Flip name(String name) {
    return named(this, name);
  }

  @Override
  public Shape infer(List<Shape> inputs) {
    Shape in = only(inputs);
    require(
        axis > -in.rank() && axis < in.rank(),
        "an input that has axis " + axis + " behind the batch",
        in);
    return in;
  }
}
