package dev.tfgraphs.ops;

import java.util.List;

/** Applies a function to every element, or over the last axis for softmax; the shape stays. */
public final class Activation extends Layer {
  static final Settings<Activation> SETTINGS =
      Settings.<Activation>of(
          "Activation",
          its ->
              new Activation(its.required("activation", Forms.ACTIVATION, Activation::function)));

  private final ActivationFunction function;

  Activation(ActivationFunction function) {
    this.function = function;
  }

  /** {@return the function} */
  public ActivationFunction function() {
    return function;
  }

  @Override
  public Activation name(String name) {
    return named(this, name);
  }

  @Override
  public Shape infer(List<Shape> inputs) {
    return only(inputs);
  }
}
