package dev.tfgraphs.ops;

import java.util.List;

/**
 * {@code x * scale + offset}; the shape stays. Keras's source: layers/preprocessing/rescaling.py.
 */
public final class Rescaling extends Layer {
  static final Settings<Rescaling> SETTINGS =
      Settings.<Rescaling>of(
              "Rescaling",
              its -> new Rescaling(its.required("scale", Form.NUMBER, Rescaling::scale)))
          .with("offset", Form.NUMBER, Rescaling::offset, Rescaling::offset);

  private final double scale;
  private double offset;

  Rescaling(double scale) {
    this.scale = scale;
    check();
  }

  @Override
  void check() {
    require(Double.isFinite(scale), "a finite scale", scale);
    require(Double.isFinite(offset), "a finite offset", offset);
  }

  /** {@return the factor} */
  public double scale() {
    return scale;
  }

  /** {@return what is added after the factor; by default 0} */
  public double offset() {
    return offset;
  }

  /** {@return this layer with {@code offset} added after the factor} */
  public Rescaling offset(double offset) {
    return copy(this, copy -> copy.offset = offset);
  }

  @Override
  public Rescaling name(String name) {
    return named(this, name);
  }

  @Override
  public Shape infer(List<Shape> inputs) {
    return only(inputs);
  }
}
