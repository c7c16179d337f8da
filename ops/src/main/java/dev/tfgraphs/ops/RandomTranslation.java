package dev.tfgraphs.ops;

/**
 * In training, moves each image down and to the right by amounts of its own; otherwise does
 * nothing. The shape {@code (batch, height, width, channels)} stays. Keras's source:
 * layers/preprocessing/image_preprocessing/random_translation.py.
 */
public final class RandomTranslation extends RandomWarp<RandomTranslation> {
  static final Settings<RandomTranslation> SETTINGS =
      warping(
          Settings.<RandomTranslation>of(
              "RandomTranslation",
              its ->
                  new RandomTranslation(
                      its.required(
                          "height_factor", Forms.around(-1), RandomTranslation::heightFactor),
                      its.required(
                          "width_factor", Forms.around(-1), RandomTranslation::widthFactor))));

  private final Range heightFactor;
  private final Range widthFactor;

  RandomTranslation(double heightFactor, double widthFactor) {
    this.heightFactor = bounded("height factor", heightFactor, -1, 1);
    this.widthFactor = bounded("width factor", widthFactor, -1, 1);
  }

  RandomTranslation(Range heightFactor, Range widthFactor) {
    this.heightFactor = bounded("height factor", heightFactor, -1, 1);
    this.widthFactor = bounded("width factor", widthFactor, -1, 1);
  }

  /** {@return how far down an image moves, as a fraction of its height} */
  public Range heightFactor() {
    return heightFactor;
  }

  /** {@return how far to the right an image moves, as a fraction of its width} */
  public Range widthFactor() {
    return widthFactor;
  }
}
