package dev.tfgraphs.ops;

import java.util.List;
import java.util.OptionalDouble;

/**
 * A rectifier with a ceiling, a slope and a threshold: {@code maxValue} from {@code maxValue} on,
 * {@code x} from {@code threshold} on, {@code negativeSlope * (x - threshold)} below; the shape
 * stays. Keras's source: layers/activations/relu.py.
 */
public final class ReLU extends Layer {
  static final Settings<ReLU> SETTINGS =
      Settings.<ReLU>of("ReLU", its -> new ReLU())
          .optional("max_value", Form.NUMBER, its -> Form.boxed(its.maxValue), ReLU::maxValue)
          .with("negative_slope", Form.NUMBER, ReLU::negativeSlope, ReLU::negativeSlope)
          .with("threshold", Form.NUMBER, ReLU::threshold, ReLU::threshold);

  private OptionalDouble maxValue = OptionalDouble.empty();
  private double negativeSlope;
  private double threshold;

  ReLU() {}

  @Override
  void check() {
    maxValue.ifPresent(value -> require(value >= 0, "a maximum of 0 or more", value));
    require(negativeSlope >= 0, "a negative slope of 0 or more", negativeSlope);
    require(threshold >= 0, "a threshold of 0 or more", threshold);
  }

  /** {@return the largest result; by default there is none} */
  public OptionalDouble maxValue() {
    return maxValue;
  }

  /** {@return this layer with results of at most {@code maxValue}} */
  public ReLU maxValue(double maxValue) {
    return copy(this, copy -> copy.maxValue = OptionalDouble.of(maxValue));
  }

  /** {@return the slope below the threshold; by default 0} */
  public double negativeSlope() {
    return negativeSlope;
  }

  /** {@return this layer with another slope below the threshold} */
  public ReLU negativeSlope(double negativeSlope) {
    return copy(this, copy -> copy.negativeSlope = negativeSlope);
  }

  /** {@return from where on values pass; by default 0} */
  public double threshold() {
    return threshold;
  }

  /** {@return this layer with values that pass from {@code threshold} on} */
  public ReLU threshold(double threshold) {
    return copy(this, copy -> copy.threshold = threshold);
  }

  @Override
  public ReLU name(String name) {
    return named(this, name);
  }

  @Override
  public Shape infer(List<Shape> inputs) {
    return only(inputs);
  }
}
