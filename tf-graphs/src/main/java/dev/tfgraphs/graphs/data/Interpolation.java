package dev.tfgraphs.graphs.data;

/** How an image is brought to another size. Pixels are points at the centres of their squares. */
public enum Interpolation {
  /** Weighs the four pixels around; does not blur before shrinking. */
  BILINEAR,
  /** Takes the pixel nearest by. */
  NEAREST
}
