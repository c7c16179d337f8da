package dev.tfgraphs.ops;

import java.util.List;
import java.util.OptionalLong;

/**
 * In training, sets whole channels {@code (height, width)} of images to 0 with probability {@code
 * rate} and multiplies the others by {@code 1 / (1 - rate)}; otherwise does nothing. The shape
 * stays. Keras's source: layers/regularization/spatial_dropout.py.
 */
public final class SpatialDropout2D extends Layer {
  static final Settings<SpatialDropout2D> SETTINGS =
      Forms.channelsLast(
              Settings.<SpatialDropout2D>of(
                      "SpatialDropout2D",
                      its ->
                          new SpatialDropout2D(
                              its.required("rate", Form.NUMBER, SpatialDropout2D::rate)))
                  .optional("seed", Form.LONG, its -> Form.boxed(its.seed), SpatialDropout2D::seed))
          .tolerated("noise_shape", (Object) null);

  private final double rate;
  private OptionalLong seed = OptionalLong.empty();

  SpatialDropout2D(double rate) {
    this.rate = rate;
    require(rate >= 0 && rate <= 1, "a rate from 0 to 1", rate);
  }

  /** {@return how likely a channel is dropped} */
  public double rate() {
    return rate;
  }

  /**
   * {@return the seed of this layer's own random numbers; without one it comes from the trainer's}
   */
  public OptionalLong seed() {
    return seed;
  }

  /** {@return this layer with random numbers from {@code seed}} */
  public SpatialDropout2D seed(long seed) {
    return copy(this, copy -> copy.seed = OptionalLong.of(seed));
  }

  @Override
  public SpatialDropout2D name(String name) {
    return named(this, name);
  }

  @Override
  public Shape infer(List<Shape> inputs) {
    return image(inputs);
  }

  @Override
  public boolean needsSeed() {
    return isRandom() && seed.isEmpty();
  }

  @Override
  public boolean isRandom() {
    return rate > 0;
  }
}
