package dev.tfgraphs.ops;

/**
 * In training, adds a number of its own to each image and cuts the result off at the range of
 * values; otherwise does nothing. The shape {@code (batch, height, width, channels)} stays. Keras's
 * source: layers/preprocessing/image_preprocessing/random_brightness.py.
 */
public final class RandomBrightness extends RandomImageLayer<RandomBrightness> {
  static final Settings<RandomBrightness> SETTINGS =
      seeded(
          Settings.<RandomBrightness>of(
                  "RandomBrightness",
                  its ->
                      new RandomBrightness(
                          its.required("factor", Forms.around(-1), RandomBrightness::factor)))
              .with(
                  "value_range",
                  Forms.RANGE,
                  RandomBrightness::valueRange,
                  (layer, range) -> layer.valueRange(range.lower(), range.upper())));

  private final Range factor;
  private Range valueRange = Range.of(0, 255);

  RandomBrightness(double factor) {
    this.factor = bounded("factor", factor, -1, 1);
  }

  RandomBrightness(Range factor) {
    this.factor = bounded("factor", factor, -1, 1);
  }

  /** {@return what is added, as a fraction of the range of values} */
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
  public RandomBrightness valueRange(double lower, double upper) {
    Range range = Range.of(lower, upper);
    return changed(copy -> copy.valueRange = range);
  }
}
