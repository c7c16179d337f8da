package dev.tfgraphs.ops;

import java.util.List;

/**
 * Takes rows and columns off images: {@code (batch, height, width, channels)} becomes {@code
 * (batch, height - top - bottom, width - left - right, channels)}. Keras's source:
 * layers/reshaping/cropping2d.py.
 */
public final class Cropping2D extends Layer {
  static final Settings<Cropping2D> SETTINGS =
      Forms.channelsLast(
          Settings.<Cropping2D>of(
              "Cropping2D",
              its ->
                  new Cropping2D(
                      its.with(
                          "cropping", Forms.SIDES, Cropping2D::cropping, new Sides(0, 0, 0, 0)))));

  private final Sides cropping;

  Cropping2D(Sides cropping) {
    this.cropping = cropping;
    require(!cropping.hasNegative(), "cropping of 0 or more", cropping);
  }

  /** {@return how many rows and columns are taken off at each side} */
  public Sides cropping() {
    return cropping;
  }

  @Override
  public Cropping2D name(String name) {
    return named(this, name);
  }

  @Override
  public Shape infer(List<Shape> inputs) {
    Shape in = image(inputs);
    Shape out = cropping.grow(this, in, -1);
    require(!out.hasEmptySide(), "an input larger than the cropping " + cropping, in);
    return out;
  }
}
