package dev.tfgraphs.ops;

import com.google.common.primitives.Ints;
import java.util.List;
import java.util.Optional;
import java.util.OptionalLong;

/**
 * In training, sets elements to 0 with probability {@code rate} and multiplies the others by {@code
 * 1 / (1 - rate)}; otherwise does nothing. The shape stays. Keras's source:
 * layers/regularization/dropout.py.
 */
public final class Dropout extends Layer {
  static final Settings<Dropout> SETTINGS =
      Settings.<Dropout>of(
              "Dropout", its -> new Dropout(its.required("rate", Form.NUMBER, Dropout::rate)))
          .optional("seed", Form.LONG, its -> Form.boxed(its.seed), Dropout::seed)
          .optional(
              "noise_shape",
              Forms.SHAPE,
              Dropout::noiseShape,
              (layer, shape) -> layer.noiseShape(shape.toArray()));

  private final double rate;
  private Optional<Shape> noiseShape = Optional.empty();
  private OptionalLong seed = OptionalLong.empty();

  Dropout(double rate) {
    this.rate = rate;
    require(rate >= 0 && rate <= 1, "a rate from 0 to 1", rate);
  }

  /** {@return how likely an element is dropped} */
  public double rate() {
    return rate;
  }

  /**
   * {@return the shape in which it is decided what is dropped, the batch included; {@link
   * Shape#UNKNOWN} is the input's size, and along a size of 1 all elements share their fate. By
   * default the input's shape}
   */
  public Optional<Shape> noiseShape() {
    return noiseShape;
  }

  /**
   * {@return this layer with elements that share their fate along sizes of 1}
   *
   * @throws ModelException if a size is neither positive nor {@link Shape#UNKNOWN}
   */
  public Dropout noiseShape(int... sizes) {
    Shape shape = Shape.of(sizes);
    require(!Ints.contains(sizes, 0), "positive sizes of the noise", shape);
    return copy(this, copy -> copy.noiseShape = Optional.of(shape));
  }

  /**
   * {@return the seed of this layer's own random numbers; without one it comes from the trainer's}
   */
  public OptionalLong seed() {
    return seed;
  }

  /** {@return this layer with random numbers from {@code seed}} */
  public Dropout seed(long seed) {
    return copy(this, copy -> copy.seed = OptionalLong.of(seed));
  }

  @Override
  public Dropout name(String name) {
    return named(this, name);
  }

  @Override
  public Shape infer(List<Shape> inputs) {
    Shape in = only(inputs);
    noiseShape.ifPresent(noise -> require(fits(noise, in), "an input for noise " + noise, in));
    return in;
  }

  private static boolean fits(Shape noise, Shape in) {
    boolean fits = noise.rank() == in.rank();
    for (int axis = 0; fits && axis < in.rank(); axis++) {
      int size = noise.size(axis);
      fits =
          size == Shape.UNKNOWN
              || size == 1
              || in.size(axis) == Shape.UNKNOWN
              || size == in.size(axis);
    }
    return fits;
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
