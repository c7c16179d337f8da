package dev.tfgraphs.ops;

import java.util.List;
import java.util.OptionalLong;
import java.util.function.Consumer;

/**
 * What changes images {@code (batch, height, width, channels)} at random in training and leaves
 * them alone otherwise. Its random numbers are Keras's, seed for seed.
 *
 * @param <L> the kind of layer, which every setting returns
 */
public abstract sealed class RandomImageLayer<L extends RandomImageLayer<L>> extends Layer
    permits RandomBrightness, RandomContrast, RandomCrop, RandomErasing, RandomFlip, RandomWarp {
  private OptionalLong seed = OptionalLong.empty();

  static <L extends RandomImageLayer<L>> Settings<L> seeded(Settings<L> settings) {
    return Forms.channelsLast(settings)
        .tolerated("rng_type", "stateful", "stateless", "legacy_stateful")
        .optional(
            "seed", Form.LONG, its -> Form.boxed(its.seed()), (layer, seed) -> layer.seed(seed));
  }

  RandomImageLayer() {}

  /**
   * {@return the seed of this layer's own random numbers; without one it comes from the trainer's}
   */
  public final OptionalLong seed() {
    return seed;
  }

  /** {@return this layer with random numbers from {@code seed}} */
  public final L seed(long seed) {
    return changed(copy -> ((RandomImageLayer<?>) copy).seed = OptionalLong.of(seed));
  }

  @Override
  public final L name(String name) {
    return named(self(), name);
  }

  @Override
  public Shape infer(List<Shape> inputs) {
    return image(inputs);
  }

  @Override
  public final boolean needsSeed() {
    return seed.isEmpty();
  }

  @Override
  public final boolean isRandom() {
    return true;
  }

  final L changed(Consumer<L> change) {
    return copy(self(), change);
  }

  /** {@return {@code range}, which lies between the bounds; {@code setting} says what it is} */
  final Range bounded(String setting, Range range, double lowest, double highest) {
    require(
        range.within(lowest, highest),
        "a " + setting + " from " + lowest + " to " + highest,
        range);
    return range;
  }

  /** {@return what Keras makes of a setting that is one number} */
  final Range bounded(String setting, double factor, double lowest, double highest) {
    require(
        lowest <= factor && factor <= highest,
        "a " + setting + " from " + lowest + " to " + highest,
        factor);
    return Range.around(factor, lowest);
  }

  @SuppressWarnings("unchecked") // every kind names itself
  private L self() {
    return (L) this;
  }
}
