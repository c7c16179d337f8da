package dev.tfgraphs.ops;

/** Rows and columns at the four sides of an image, in pixels. */
public record Sides(int top, int bottom, int left, int right) {
  /** An image shape grown by these rows and columns, or shrunk with {@code sign} -1. */
  Shape grow(Layer owner, Shape image, int sign) {
    return image
        .with(1, moved(owner, image.size(1), sign * ((long) top + bottom)))
        .with(2, moved(owner, image.size(2), sign * ((long) left + right)));
  }

  private static int moved(Layer owner, int side, long by) {
    return side == Shape.UNKNOWN ? side : owner.sized(Math.max(0, side + by));
  }

  boolean hasNegative() {
    return top < 0 || bottom < 0 || left < 0 || right < 0;
  }

  @Override
  public String toString() {
    return "((" + top + ", " + bottom + "), (" + left + ", " + right + "))";
  }
}
