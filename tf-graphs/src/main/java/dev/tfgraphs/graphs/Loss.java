package dev.tfgraphs.graphs;

/**
 * What training makes small: a number for each sample, averaged over the batch as Keras's {@code
 * sum_over_batch_size} does. A model that ends in softmax or sigmoid has its loss computed from the
 * logits, as in Keras (keras/src/losses).
 */
public sealed interface Loss {
  /** {@return cross-entropy against class numbers, int {@code (batch)} or {@code (batch, ...)}} */
  static SparseCategoricalCrossentropy sparseCategoricalCrossentropy() {
    return new SparseCategoricalCrossentropy(false);
  }

  /**
   * {@return cross-entropy against distributions over classes, float {@code (batch, ..., classes)}}
   */
  static CategoricalCrossentropy categoricalCrossentropy() {
    return new CategoricalCrossentropy(false, 0);
  }

  /** {@return cross-entropy against yes or no, float and shaped as the output} */
  static BinaryCrossentropy binaryCrossentropy() {
    return new BinaryCrossentropy(false, 0);
  }

  /** {@return the mean of squared differences over the last axis} */
  static MeanSquaredError meanSquaredError() {
    return new MeanSquaredError();
  }

  /**
   * Cross-entropy against class numbers; {@code fromLogits} says that the model ends without a
   * softmax.
   */
  record SparseCategoricalCrossentropy(boolean fromLogits) implements Loss {
    /** {@return this loss on outputs that are logits, or not} */
    public SparseCategoricalCrossentropy fromLogits(boolean fromLogits) {
      return new SparseCategoricalCrossentropy(fromLogits);
    }
  }

  /**
   * Cross-entropy against distributions; {@code labelSmoothing} a makes a label t into {@code t (1
   * - a) + a / classes}.
   */
  record CategoricalCrossentropy(boolean fromLogits, double labelSmoothing) implements Loss {
    /**
     * Checks the smoothing.
     *
     * @throws GraphException if it is not in 0 to 1
     */
    public CategoricalCrossentropy {
      checkSmoothing("categorical crossentropy", labelSmoothing);
    }

    /** {@return this loss on outputs that are logits, or not} */
    public CategoricalCrossentropy fromLogits(boolean fromLogits) {
      return new CategoricalCrossentropy(fromLogits, labelSmoothing);
    }

    /** {@return this loss with smoothed labels; by default 0} */
    public CategoricalCrossentropy labelSmoothing(double labelSmoothing) {
      return new CategoricalCrossentropy(fromLogits, labelSmoothing);
    }
  }

  /**
   * Cross-entropy against yes or no; {@code labelSmoothing} a makes a label t into {@code t (1 - a)
   * + a / 2}.
   */
  record BinaryCrossentropy(boolean fromLogits, double labelSmoothing) implements Loss {
    /**
     * Checks the smoothing.
     *
     * @throws GraphException if it is not in 0 to 1
     */
    public BinaryCrossentropy {
      checkSmoothing("binary crossentropy", labelSmoothing);
    }

    /** {@return this loss on outputs that are logits, or not} */
    public BinaryCrossentropy fromLogits(boolean fromLogits) {
      return new BinaryCrossentropy(fromLogits, labelSmoothing);
    }

    /** {@return this loss with smoothed labels; by default 0} */
    public BinaryCrossentropy labelSmoothing(double labelSmoothing) {
      return new BinaryCrossentropy(fromLogits, labelSmoothing);
    }
  }

  /** The mean of squared differences. */
  record MeanSquaredError() implements Loss {}

  private static void checkSmoothing(String what, double smoothing) {
    if (!(smoothing >= 0 && smoothing <= 1)) {
      throw new GraphException(
          what + ": expected label smoothing from 0 to 1, received " + smoothing);
    }
  }
}
