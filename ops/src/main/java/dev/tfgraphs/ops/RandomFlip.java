package dev.tfgraphs.ops;

/**
 * In training, flips each image with probability one half; otherwise does nothing. The shape {@code
 * (batch, height, width, channels)} stays. Keras's source:
 * layers/preprocessing/image_preprocessing/random_flip.py.
 */
public final class RandomFlip extends RandomImageLayer<RandomFlip> {
  /** Which sides change places. */
  public enum Mode {
    /** Left and right. */
    HORIZONTAL,
    /** Top and bottom. */
    VERTICAL,
    /** Both or none, as in Keras, which draws once for an image. */
    HORIZONTAL_AND_VERTICAL
  }

  static final Settings<RandomFlip> SETTINGS =
      seeded(
          Settings.<RandomFlip>of(
              "RandomFlip",
              its ->
                  new RandomFlip(
                      its.with(
                          "mode",
                          Form.choice(Mode.class),
                          RandomFlip::mode,
                          Mode.HORIZONTAL_AND_VERTICAL))));

  private final Mode mode;

  RandomFlip(Mode mode) {
    this.mode = mode;
  }

  /** {@return which sides change places} */
  public Mode mode() {
    return mode;
  }
}
