package dev.tfgraphs.ops;

/** How pixels between the pixels of an image get their values. */
public enum Interpolation {
  /** The nearest pixel's. */
  NEAREST,
  /** Linear between the centers of the nearest four. */
  BILINEAR,
  /** Cubic between the centers of the nearest sixteen. */
  BICUBIC,
  /** The mean of the pixels that a new one covers. */
  AREA,
  /** Lanczos's kernel of radius 3. */
  LANCZOS3,
  /** Lanczos's kernel of radius 5. */
  LANCZOS5
}
