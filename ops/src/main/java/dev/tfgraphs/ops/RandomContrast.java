package dev.tfgraphs.ops;

/**
 * In training, multiplies what each pixel of an image differs from the mean of its channel by a
 * number of the image's own and cuts the result off at the range of values; otherwise does nothing.
 * The shape {@code (batch, height, width, channels)} stays. Keras's source:
 * layers/preprocessing/image_preprocessing/random_contrast.py.
 */
public final class RandomContrast extends RandomImageLayer<RandomContrast> {
  static final Settings<RandomContrast> SETTINGS =
      seeded(
          Settings.<RandomContrast>of(
                  "RandomContrast",
                  its ->
                      new RandomContrast(
                          its.required("factor", Forms.around(0), RandomContrast::factor)))
              .with(
                  "value_range",
                  Forms.RANGE,
                  RandomContrast::valueRange,
                  (layer, range) -> layer.valueRange(range.lower(), range.upper())));

  private final Range factor;
  private Range valueRange = Range.of(0, 255);

  RandomContrast(double factor) {
    this.factor = bounded("factor", factor, 0, 1);
  }

  RandomContrast(Range factor) {
    this.factor = bounded("factor", factor, 0, 1);
  }

  /**
   * {@return how far the numbers lie from 1: {@code (lower, upper)} draws them from {@code 1 -
   * lower} to {@code 1 + upper}, as in Keras}
   */
  public Range factor() {
    return factor;
  }

  /** {@return between which values pixels lie; by default 0 and 255} */
  public Range valueRange() {
    return valueRange;
  }

  /**
   * {@return this layer for pixels of other values}
   *
   * @throws ModelException if a bound is not finite, or the lower is above the upper
   */
  public RandomContrast valueRange(double lower, double upper) {
    Range range = Range.of(lower, upper);
    return changed(copy -> copy.valueRange = range);
  }
}
