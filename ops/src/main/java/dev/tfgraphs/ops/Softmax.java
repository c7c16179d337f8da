package dev.tfgraphs.ops;

import java.util.List;

/**
 * {@code exp(x) / sum(exp(x))} over an axis; the shape stays. Keras's source:
 * layers/activations/softmax.py.
 */
public final class Softmax extends Layer {
  static final Settings<Softmax> SETTINGS =
      Settings.<Softmax>of("Softmax", its -> new Softmax())
          .with("axis", Forms.AXIS, Softmax::axis, Softmax::axis);

  private int axis = -1;

  Softmax() {}

  /** {@return the axis over which results sum to 1; by default the last} */
  public int axis() {
    return axis;
  }

  /** {@return this layer over another axis; a negative one counts from the end} */
  public Softmax axis(int axis) {
    return copy(this, copy -> copy.axis = axis);
  }

  @Override
  public Softmax name(String name) {
    return named(this, name);
  }

  @Override
  public Shape infer(List<Shape> inputs) {
    Shape in = only(inputs);
    require(axis >= -in.rank() && axis < in.rank(), "an input that has axis " + axis, in);
    return in;
  }
}
