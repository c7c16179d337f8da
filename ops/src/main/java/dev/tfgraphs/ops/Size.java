package dev.tfgraphs.ops;

/** A height and a width, in pixels or in steps. */
public record Size(int height, int width) {
  static Size square(int side) {
    return new Size(side, side);
  }

  /** What a window of this size covers when its pixels are {@code rate} apart. */
  Size dilated(Size rate) {
    return new Size((height - 1) * rate.height + 1, (width - 1) * rate.width + 1);
  }

  @Override
  public String toString() {
    return "(" + height + ", " + width + ")";
  }
}
