package dev.tfgraphs.ops;

/** A height and a width, in pixels or in steps. */
public record Size(int height, int width) {
  static Size square(int side) {
    return new Size(side, side);
  }

  /** What a window of this size covers when its pixels are {@code rate} apart. */
  Size dilated(Layer owner, Size rate) {
    return new Size(
        owner.sized((height - 1L) * rate.height + 1), owner.sized((width - 1L) * rate.width + 1));
  }

  @Override
  public String toString() {
    return "(" + height + ", " + width + ")";
  }
}
