package dev.tfgraphs.ops;

/** A penalty on the size of a weight, added to the loss. */
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

  /** {@code l1 * sum(|w|) + l2 * sum(w * w)}. */
  record L1L2(double l1, double l2) implements Regularizer {
    /**
     * Checks the factors.
     *
     * @throws ModelException if a factor is negative or not finite
     */
    public L1L2 {
      if (!(l1 >= 0 && l2 >= 0) || Double.isInfinite(l1 + l2)) {
        throw new ModelException(
            "regularizer: factors must be finite and 0 or more, received l1="
                + l1
                + " and l2="
                + l2);
      }
    }
  }
}
