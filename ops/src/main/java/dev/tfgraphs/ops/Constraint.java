package dev.tfgraphs.ops;

import com.google.common.collect.ImmutableList;
import com.google.common.primitives.Ints;
import java.util.HashSet;
import java.util.List;

/**
 * What a weight is brought back to after each step of training. Norms are square roots of sums of
 * squares over {@code axes}: over axis 0 each unit of a dense kernel {@code (in, units)} has its
 * own, over 0, 1 and 2 each filter of a convolution's kernel {@code (height, width, in, filters)}.
 * Keras's source: constraints/constraints.py.
 */
public sealed interface Constraint {
  /** {@return negative elements become 0} */
  static Constraint nonNeg() {
    return new NonNeg();
  }

  /**
   * {@return norms become 1; Keras's default axis is 0}
   *
   * @throws ModelException if there is no axis, or one twice
   */
  static Constraint unitNorm(int... axes) {
    return new UnitNorm(Ints.asList(axes));
  }

  /**
   * {@return norms above {@code max} become {@code max}; Keras's defaults are 2 and axis 0}
   *
   * @throws ModelException if {@code max} is negative or not finite, if there is no axis, or one
   *     twice
   */
  static Constraint maxNorm(double max, int... axes) {
    return minMaxNorm(0, max, 1, axes);
  }

  /**
   * {@return norms move by the part {@code rate} of the way to what lies from {@code min} to {@code
   * max}; Keras's defaults are 0, 1, all of the way and axis 0}
   *
   * @throws ModelException if the bounds are not finite, negative or in the wrong order, if {@code
   *     rate} is not from 0 to 1, if there is no axis, or one twice
   */
  static Constraint minMaxNorm(double min, double max, double rate, int... axes) {
    return new MinMaxNorm(min, max, rate, Ints.asList(axes));
  }

  /** {@return Keras's class and settings of this constraint} */
  default Config config() {
    return Constraints.KINDS.config(this);
  }

  /**
   * {@return the constraint that {@code config} describes, in the words of Keras 3 or 2}
   *
   * @throws ModelException if there is no such class here, or if a setting is unknown or not
   *     possible
   */
  static Constraint fromConfig(Config config) {
    return Constraints.KINDS.of(config);
  }

  private static ImmutableList<Integer> checked(List<Integer> axes) {
    require(!axes.isEmpty(), "an axis", "none");
    require(new HashSet<>(axes).size() == axes.size(), "every axis once", axes);
    return ImmutableList.copyOf(axes);
  }

  private static void require(boolean holds, String expected, Object received) {
    if (!holds) {
      throw new ModelException("constraint: expected " + expected + ", received " + received);
    }
  }

  /** Negative elements become 0. */
  record NonNeg() implements Constraint {}

  /** Norms become 1. */
  record UnitNorm(List<Integer> axes) implements Constraint {
    /**
     * Checks the axes.
     *
     * @throws ModelException if there is none, or one twice
     */
    public UnitNorm {
      axes = checked(axes);
    }
  }

  /**
   * Norms move by the part {@code rate} of the way to what lies from {@code min} to {@code max}.
   */
  record MinMaxNorm(double min, double max, double rate, List<Integer> axes) implements Constraint {
    /**
     * Checks the numbers.
     *
     * @throws ModelException if the bounds are not finite, negative or in the wrong order, if
     *     {@code rate} is not from 0 to 1, if there is no axis, or one twice
     */
    public MinMaxNorm {
      require(
          min >= 0 && min <= max && Double.isFinite(max),
          "finite norms of 0 or more, the smaller first",
          min + " and " + max);
      require(rate >= 0 && rate <= 1, "a rate from 0 to 1", rate);
      axes = checked(axes);
    }
  }
}
