package dev.tfgraphs.ops;

import java.util.List;

/**
 * Puts rows and columns of zeros around images: {@code (batch, height, width, channels)} becomes
 * {@code (batch, top + height + bottom, left + width + right, channels)}. Keras's source:
 * layers/reshaping/zero_padding2d.py.
 */
public final class ZeroPadding2D extends Layer {
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
