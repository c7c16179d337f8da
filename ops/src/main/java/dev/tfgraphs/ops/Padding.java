package dev.tfgraphs.ops;

/** What a window does at the border of an image. */
public enum Padding {
  /** Only windows that lie wholly inside: {@code out = floor((in - window) / stride) + 1}. */
  VALID,
  /**
   * {@code out = ceil(in / stride)}. Of an odd number of border pixels the larger half is at the
   * bottom and right. Convolutions see zeros there; pools ignore them.
   */
  SAME;

  int outputSize(int input, int window, int stride) {
    if (input == Shape.UNKNOWN) {
      return Shape.UNKNOWN;
    }
    return this == SAME
        ? (int) ((input - 1L + stride) / stride)
        : Math.max(0, Math.floorDiv(input - window, stride) + 1);
  }
}
