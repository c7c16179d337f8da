package dev.tfgraphs.ops;

import java.util.List;
import java.util.OptionalLong;

/**
 * In training, adds normal noise of mean 0; otherwise does nothing. The shape stays. Keras's
 * source: layers/regularization/gaussian_noise.py.
 */
public final class GaussianNoise extends Layer {
  static final Settings<GaussianNoise> SETTINGS =
      Settings.<GaussianNoise>of(
              "GaussianNoise",
              its -> new GaussianNoise(its.required("stddev", Form.NUMBER, GaussianNoise::stddev)))
          .optional("seed", Form.LONG, its -> Form.boxed(its.seed), GaussianNoise::seed);

  private final double stddev;
  private OptionalLong seed = OptionalLong.empty();

  GaussianNoise(double stddev) {
    this.stddev = stddev;
    require(stddev >= 0 && stddev <= 1, "a standard deviation from 0 to 1", stddev);
  }

  /** {@return the standard deviation of the noise} */
  public double stddev() {
    return stddev;
  }

  /**
   * {@return the seed of this layer's own random numbers; without one it comes from the trainer's}
   */
  public OptionalLong seed() {
    return seed;
  }

  /** {@return this layer with random numbers from {@code seed}} */
  public GaussianNoise seed(long seed) {
    return copy(this, copy -> copy.seed = OptionalLong.of(seed));
  }

  @Override
  public GaussianNoise name(String name) {
    return named(this, name);
  }

  @Override
  public Shape infer(List<Shape> inputs) {
    return only(inputs);
  }

  @Override
  public boolean needsSeed() {
    return isRandom() && seed.isEmpty();
  }

  @Override
  public boolean isRandom() {
    return stddev > 0;
  }
}
