package dev.tfgraphs.ops;

import java.util.List;

/**
 * Puts rows and columns of zeros around images: {@code (batch, height, width, channels)} becomes
 * {@code (batch, top + height + bottom, left + width + right, channels)}. Keras's source:
 * layers/reshaping/zero_padding2d.py.
 */
public final class ZeroPadding2D extends Layer {
  static final Settings<ZeroPadding2D> SETTINGS =
      Forms.channelsLast(
          Settings.<ZeroPadding2D>of(
              "ZeroPadding2D",
              its ->
                  new ZeroPadding2D(
                      its.with(
                          "padding", Forms.SIDES, ZeroPadding2D::padding, new Sides(1, 1, 1, 1)))));

  private final Sides padding;

  ZeroPadding2D(Sides padding) {
    this.padding = padding;
    require(!padding.hasNegative(), "padding of 0 or more", padding);
  }

  /** {@return how many rows and columns are added at each side} */
  public Sides padding() {
    return padding;
  }

  @Override
  public ZeroPadding2D name(String name) {
    return named(this, name);
  }

  @Override
  public Shape infer(List<Shape> inputs) {
    return padding.grow(this, image(inputs), 1);
  }
}
