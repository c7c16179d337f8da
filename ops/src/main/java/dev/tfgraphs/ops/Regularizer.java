package dev.tfgraphs.ops;

/**
 * A penalty that is added to the loss: on the size of a weight or of a layer's result, or on what
 * keeps vectors from being orthogonal. Keras's source: regularizers/regularizers.py.
 */
public sealed interface Regularizer {
  /** {@return {@code factor * sum(|w|)}; Keras's default factor is 0.01} */
  static Regularizer l1(double factor) {
    return new L1L2(factor, 0);
  }

  /**
   * {@return {@code factor * sum(w * w)}, without a half, as in Keras; its default factor is 0.01}
   */
  static Regularizer l2(double factor) {
    return new L1L2(0, factor);
  }

  /** {@return {@code l1 * sum(|w|) + l2 * sum(w * w)}} */
  static Regularizer l1l2(double l1, double l2) {
    return new L1L2(l1, l2);
  }

  /**
   * {@return {@code factor} times the mean of {@code |a . b|} over all pairs of vectors of a
   * matrix, each first brought to length 1; Keras's defaults are 0.01 and rows}
   */
  static Regularizer orthogonal(double factor, Vectors vectors) {
    return new Orthogonal(factor, vectors);
  }

  /** {@return Keras's class and settings of this regularizer} */
  default Config config() {
    return Regularizers.KINDS.config(this);
  }

  /**
   * {@return the regularizer that {@code config} describes, in the words of Keras 3 or 2}
   *
   * @throws ModelException if there is no such class here, or if a setting is unknown or not
   *     possible
   */
  static Regularizer fromConfig(Config config) {
    return Regularizers.KINDS.of(config);
  }

  private static boolean isFactor(double value) {
    return value >= 0 && Double.isFinite(value);
  }

  /** Which vectors of a matrix {@link Orthogonal} compares. */
  enum Vectors {
    /** Its rows. */
    ROWS,
    /** Its columns. */
    COLUMNS
  }

  /** {@code l1 * sum(|w|) + l2 * sum(w * w)}. */
  record L1L2(double l1, double l2) implements Regularizer {
    /**
     * Checks the factors.
     *
     * @throws ModelException if a factor is negative or not finite
     */
    public L1L2 {
      if (!isFactor(l1) || !isFactor(l2)) {
        throw new ModelException(
            "regularizer: factors must be finite and 0 or more, received l1="
                + l1
                + " and l2="
                + l2);
      }
    }
  }

  /** {@code factor} times the mean of {@code |a . b|} over all pairs of vectors of length 1. */
  record Orthogonal(double factor, Vectors vectors) implements Regularizer {
    /**
     * Checks the factor.
     *
     * @throws ModelException if it is negative or not finite
     */
    public Orthogonal {
      if (!isFactor(factor)) {
        throw new ModelException(
            "regularizer: the factor must be finite and 0 or more, received " + factor);
      }
    }
  }
}
