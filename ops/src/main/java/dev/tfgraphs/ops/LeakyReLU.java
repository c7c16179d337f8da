package dev.tfgraphs.ops;

import java.util.List;

/**
 * {@code x} above 0, {@code negativeSlope * x} below; the shape stays. Keras's source:
 * layers/activations/leaky_relu.py.
 */
public final class LeakyReLU extends Layer {
  static final Settings<LeakyReLU> SETTINGS =
      Settings.<LeakyReLU>of("LeakyReLU", its -> new LeakyReLU())
          .with("negative_slope", Form.NUMBER, LeakyReLU::negativeSlope, LeakyReLU::negativeSlope)
          .formerly("alpha", "negative_slope");

  private double negativeSlope = 0.3;

  LeakyReLU() {}

  @Override
  void check() {
    require(negativeSlope >= 0, "a negative slope of 0 or more", negativeSlope);
  }

  /** {@return the slope below 0; by default 0.3} */
  public double negativeSlope() {
    return negativeSlope;
  }

  /** {@return this layer with another slope below 0} */
  public LeakyReLU negativeSlope(double negativeSlope) {
    return copy(this, copy -> copy.negativeSlope = negativeSlope);
  }

  @Override
  public LeakyReLU name(String name) {
    return named(this, name);
  }

  @Override
  public Shape infer(List<Shape> inputs) {
    return only(inputs);
  }
}
