package dev.tfgraphs.ops;

import java.util.Optional;

/**
 * In training, zooms each image about its center by amounts of its own; otherwise does nothing. The
 * shape {@code (batch, height, width, channels)} stays. Keras's source:
 * layers/preprocessing/image_preprocessing/random_zoom.py.
 */
public final class RandomZoom extends RandomWarp<RandomZoom> {
  static final Settings<RandomZoom> SETTINGS =
      warping(
          Settings.<RandomZoom>of(
              "RandomZoom",
              its ->
                  new RandomZoom(
                      its.required("height_factor", Forms.around(-1), RandomZoom::heightFactor),
                      its.with(
                          "width_factor",
                          Form.optional(Forms.around(-1)),
                          RandomZoom::widthFactor,
                          Optional.empty()))));

  private final Range heightFactor;
  private final Optional<Range> widthFactor;

  RandomZoom(double factor) {
    this.heightFactor = zoom("factor", factor);
    this.widthFactor = Optional.empty();
  }

  RandomZoom(double heightFactor, double widthFactor) {
    this.heightFactor = zoom("height factor", heightFactor);
    this.widthFactor = Optional.of(zoom("width factor", widthFactor));
  }

  RandomZoom(Range factor) {
    this.heightFactor = zoom("factor", factor);
    this.widthFactor = Optional.empty();
  }

  RandomZoom(Range heightFactor, Range widthFactor) {
    this(heightFactor, Optional.of(widthFactor));
  }

  private RandomZoom(Range heightFactor, Optional<Range> widthFactor) {
    this.heightFactor = zoom("height factor", heightFactor);
    this.widthFactor = widthFactor.map(factor -> zoom("width factor", factor));
  }

  private Range zoom(String setting, double factor) {
    require(factor > -1 && factor <= 1, expectation(setting), factor);
    return Range.around(factor, -1);
  }

  private Range zoom(String setting, Range factor) {
    // so much is what the number 1 is in Keras
    boolean one = factor.equals(Range.around(1, -1));
    require(one || (factor.lower() > -1 && factor.upper() <= 1), expectation(setting), factor);
    return factor;
  }

  private static String expectation(String setting) {
    return "a " + setting + " above -1.0 and up to 1.0";
  }

  /** {@return by how much more of the height is seen: 0.5 shows one and a half, -0.5 a half} */
  public Range heightFactor() {
    return heightFactor;
  }

  /** {@return by how much more of the width is seen; if empty as much as of the height} */
  public Optional<Range> widthFactor() {
    return widthFactor;
  }
}
