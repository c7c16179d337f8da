package dev.tfgraphs.ops;

/**
 * In training, turns each image about its center by an angle of its own; otherwise does nothing.
 * The shape {@code (batch, height, width, channels)} stays. Keras's source:
 * layers/preprocessing/image_preprocessing/random_rotation.py.
 */
public final class RandomRotation extends RandomWarp<RandomRotation> {
  static final Settings<RandomRotation> SETTINGS =
      warping(
          Settings.<RandomRotation>of(
              "RandomRotation",
              its ->
                  new RandomRotation(
                      its.required("factor", Forms.around(-1), RandomRotation::factor))));

  private final Range factor;

  RandomRotation(double factor) {
    this.factor = bounded("factor", factor, -1, 1);
  }

  RandomRotation(Range factor) {
    this.factor = bounded("factor", factor, -1, 1);
  }

  /** {@return by how much an image turns, as a fraction of a full turn, counter-clockwise} */
  public Range factor() {
    return factor;
  }
}
