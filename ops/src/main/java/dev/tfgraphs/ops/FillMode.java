package dev.tfgraphs.ops;

/** What is seen beyond the edge of an image that was moved, for pixels {@code a b c d}. */
public enum FillMode {
  /** {@code k k k k | a b c d | k k k k}: a number. */
  CONSTANT,
  /** {@code a a a a | a b c d | d d d d}: the pixel at the edge. */
  NEAREST,
  /** {@code d c b a | a b c d | d c b a}: the image in a mirror at the edge. */
  REFLECT,
  /** {@code a b c d | a b c d | a b c d}: the image again. */
  WRAP
}
