package dev.tfgraphs.ops;

import java.util.List;
import java.util.Optional;
import java.util.Set;
import java.util.stream.Collectors;

/**
 * One weight of a layer, as Keras names it.
 *
 * @param name the name inside the layer: {@code kernel}, {@code bias}, {@code gamma}, ...
 * @param shape the sizes, all known; a convolution's kernel is {@code (height, width, in, out)}
 * @param trainable false for what training tracks but does not learn, such as moving averages
 * @param initializer what it starts from
 * @param regularizer the penalty that it adds to the loss while its layer trains
 * @param constraint what it is brought back to after each step while its layer trains
 */
public record WeightSpec(
    String name,
    Shape shape,
    boolean trainable,
    Initializer initializer,
    Optional<Regularizer> regularizer,
    Optional<Constraint> constraint) {
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

  /** {@return a trainable weight without penalty and constraint} */
  public static WeightSpec trainable(String name, Shape shape, Initializer initializer) {
    return WeightSettings.from(initializer).spec(name, shape);
  }

  /** {@return a weight that training tracks but does not learn} */
  public static WeightSpec tracked(String name, Shape shape, Initializer initializer) {
    return new WeightSpec(name, shape, false, initializer, Optional.empty(), Optional.empty());
  }

  /** {@return this weight with a penalty} */
  public WeightSpec regularized(Regularizer penalty) {
    return new WeightSpec(name, shape, trainable, initializer, Optional.of(penalty), constraint);
  }

  /** {@return this weight with a constraint} */
  public WeightSpec constrained(Constraint bound) {
    return new WeightSpec(name, shape, trainable, initializer, regularizer, Optional.of(bound));
  }

  /** What the shape would have to be for the other settings, where it is not. */
  Optional<String> misfit() {
    if (initializer instanceof Initializer.Identity && shape.rank() != 2) {
      return Optional.of("rank 2 for an identity");
    }
    if (initializer instanceof Initializer.Random random
        && random.draw() instanceof Initializer.Orthogonal
        && shape.rank() < 2) {
      return Optional.of("rank 2 or more for an orthogonal matrix");
    }
    if (regularizer.isPresent() && !fits(regularizer.get(), shape)) {
      return Optional.of("rank 2 with two vectors or more for an orthogonal regularizer");
    }
    return constraint
        .filter(bound -> !fits(axes(bound)))
        .map(b -> "axes " + axes(b) + " for its norms");
  }

  /** Whether {@code shape} has the vectors that a regularizer compares. */
  static boolean fits(Regularizer regularizer, Shape shape) {
    return !(regularizer instanceof Regularizer.Orthogonal orthogonal)
        || (shape.rank() == 2
            && shape.size(orthogonal.vectors() == Regularizer.Vectors.ROWS ? 0 : 1) > 1);
  }

  private static List<Integer> axes(Constraint bound) {
    if (bound instanceof Constraint.UnitNorm unit) {
      return unit.axes();
    }
    return bound instanceof Constraint.MinMaxNorm norm ? norm.axes() : List.of();
  }

  /** Whether this weight has each of {@code axes}, and none of them under two numbers. */
  private boolean fits(List<Integer> axes) {
    Set<Integer> places =
        axes.stream()
            .filter(axis -> axis >= -shape.rank() && axis < shape.rank())
            .map(axis -> Math.floorMod(axis, shape.rank()))
            .collect(Collectors.toSet());
    return places.size() == axes.size();
  }
}
