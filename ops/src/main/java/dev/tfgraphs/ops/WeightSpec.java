package dev.tfgraphs.ops;

import java.util.Optional;

/**
 * One weight of a layer, as Keras names it.
 *
 * @param name the name inside the layer: {@code kernel}, {@code bias}, {@code gamma}, ...
 * @param shape the sizes, all known; a convolution's kernel is {@code (height, width, in, out)}
 * @param trainable false for what training tracks but does not learn, such as moving averages
 * @param initializer what it starts from
 * @param regularizer the penalty that it adds to the loss while its layer trains
 */
public record WeightSpec(
    String name,
    Shape shape,
    boolean trainable,
    Initializer initializer,
    Optional<Regularizer> regularizer) {
  /**
   * Checks name and shape.
   *
   * @throws ModelException if the name is none that TensorFlow takes, or if a size is unknown
   */
  public WeightSpec {
    if (!Names.isValid(name)) {
      throw new ModelException(
          "weight: expected a name of " + Names.RULE + ", received '" + name + "'");
    }
    if (!shape.isKnown()) {
      throw new ModelException("weight '" + name + "': expected known sizes, received " + shape);
    }
  }

  /** {@return a trainable weight without a penalty} */
  public static WeightSpec trainable(String name, Shape shape, Initializer initializer) {
    return new WeightSpec(name, shape, true, initializer, Optional.empty());
  }

  /** {@return a weight that training tracks but does not learn} */
  public static WeightSpec tracked(String name, Shape shape, Initializer initializer) {
    return new WeightSpec(name, shape, false, initializer, Optional.empty());
  }

  WeightSpec regularized(Optional<Regularizer> penalty) {
    return new WeightSpec(name, shape, trainable, initializer, penalty);
  }
}
