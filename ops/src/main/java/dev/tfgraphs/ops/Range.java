package dev.tfgraphs.ops;

/**
 * Where random numbers lie.
 *
 * @param lower the smallest
 * @param upper the largest
 */
public record Range(double lower, double upper) {
  /**
   * Checks the bounds.
   *
   * @throws ModelException if one is not finite, or the lower is above the upper
   */
  public Range {
    if (!(lower <= upper) || Double.isInfinite(lower) || Double.isInfinite(upper)) {
      throw new ModelException(
          "range: expected finite bounds, the lower first, received " + words(lower, upper));
    }
  }

  /**
   * {@return the range from {@code lower} to {@code upper}}
   *
   * @throws ModelException if a bound is not finite, or the lower is above the upper
   */
  public static Range of(double lower, double upper) {
    return new Range(lower, upper);
  }

  /** What Keras makes of one number: as far below 0 as above, though not below {@code lowest}. */
  static Range around(double factor, double lowest) {
    double size = Math.abs(factor);
    return new Range(Math.max(-size, lowest), size);
  }

  boolean within(double lowest, double highest) {
    return lowest <= lower && upper <= highest;
  }

  /** {@return such as {@code (-0.5, 0.5)}} */
  @Override
  public String toString() {
    return words(lower, upper);
  }

  private static String words(double lower, double upper) {
    return "(" + lower + ", " + upper + ")";
  }
}
