package dev.tfgraphs.graphs;

import java.util.OptionalInt;

/**
 * Losses on probabilities, along the last axis; {@code fromLogits} says that the model ends without
 * softmax or sigmoid (keras/src/losses/losses.py).
 */
public sealed interface Crossentropy extends Loss {
  /** {@code -log(p)} of the right class, against class numbers. */
  record SparseCategorical(boolean fromLogits, OptionalInt ignoreClass) implements Crossentropy {
    static final SparseCategorical DEFAULT = new SparseCategorical(false, OptionalInt.empty());

    /** {@return this loss on outputs that are logits, or not} */
    public SparseCategorical fromLogits(boolean fromLogits) {
      return new SparseCategorical(fromLogits, ignoreClass);
    }

    /**
     * {@return this loss without what is labelled {@code ignoreClass}, often 255 or -1: it is left
     * out of the mean as well}
     */
    public SparseCategorical ignoreClass(int ignoreClass) {
      return new SparseCategorical(fromLogits, OptionalInt.of(ignoreClass));
    }
  }

  /**
   * {@code -sum(t log(p))} against distributions; {@code labelSmoothing} a makes a label t into
   * {@code t (1 - a) + a / classes}.
   */
  record Categorical(boolean fromLogits, double labelSmoothing) implements Crossentropy {
    /**
     * Checks the smoothing.
     *
     * @throws GraphException if it is not in 0 to 1
     */
    public Categorical {
      Checks.fraction("categorical crossentropy: label smoothing", labelSmoothing);
    }

    /** {@return this loss on outputs that are logits, or not} */
    public Categorical fromLogits(boolean fromLogits) {
      return new Categorical(fromLogits, labelSmoothing);
    }

    /** {@return this loss with smoothed labels; by default 0} */
    public Categorical labelSmoothing(double labelSmoothing) {
      return new Categorical(fromLogits, labelSmoothing);
    }
  }

  /**
   * The mean of {@code -t log(p) - (1 - t) log(1 - p)}; {@code labelSmoothing} a makes a label t
   * into {@code t (1 - a) + a / 2}.
   */
  record Binary(boolean fromLogits, double labelSmoothing) implements Crossentropy {
    /**
     * Checks the smoothing.
     *
     * @throws GraphException if it is not in 0 to 1
     */
    public Binary {
      Checks.fraction("binary crossentropy: label smoothing", labelSmoothing);
    }

    /** {@return this loss on outputs that are logits, or not} */
    public Binary fromLogits(boolean fromLogits) {
      return new Binary(fromLogits, labelSmoothing);
    }

    /** {@return this loss with smoothed labels; by default 0} */
    public Binary labelSmoothing(double labelSmoothing) {
      return new Binary(fromLogits, labelSmoothing);
    }
  }

  /**
   * Binary cross-entropy times {@code (1 - q)^gamma}, where q is the probability of what is right;
   * with {@code classBalancing} also times alpha for yes and 1 - alpha for no (Lin et al., 2017).
   */
  record BinaryFocal(
      boolean classBalancing, double alpha, double gamma, boolean fromLogits, double labelSmoothing)
      implements Crossentropy {
    /**
     * Checks the numbers.
     *
     * @throws GraphException if alpha or the smoothing is not in 0 to 1, or gamma is negative or
     *     not finite
     */
    public BinaryFocal {
      Checks.fraction("binary focal crossentropy: alpha", alpha);
      Checks.notNegative("binary focal crossentropy: gamma", gamma);
      Checks.fraction("binary focal crossentropy: label smoothing", labelSmoothing);
    }

    /** {@return this loss with balanced classes, or not, as by default} */
    public BinaryFocal classBalancing(boolean classBalancing) {
      return new BinaryFocal(classBalancing, alpha, gamma, fromLogits, labelSmoothing);
    }

    /** {@return this loss with another weight of yes when classes are balanced; by default 0.25} */
    public BinaryFocal alpha(double alpha) {
      return new BinaryFocal(classBalancing, alpha, gamma, fromLogits, labelSmoothing);
    }

    /** {@return this loss with another focus; by default 2} */
    public BinaryFocal gamma(double gamma) {
      return new BinaryFocal(classBalancing, alpha, gamma, fromLogits, labelSmoothing);
    }

    /** {@return this loss on outputs that are logits, or not} */
    public BinaryFocal fromLogits(boolean fromLogits) {
      return new BinaryFocal(classBalancing, alpha, gamma, fromLogits, labelSmoothing);
    }

    /** {@return this loss with smoothed labels; by default 0} */
    public BinaryFocal labelSmoothing(double labelSmoothing) {
      return new BinaryFocal(classBalancing, alpha, gamma, fromLogits, labelSmoothing);
    }
  }

  /** The sum of {@code -alpha (1 - p)^gamma t log(p)} over the classes (Lin et al., 2017). */
  record CategoricalFocal(double alpha, double gamma, boolean fromLogits, double labelSmoothing)
      implements Crossentropy {
    /**
     * Checks the numbers.
     *
     * @throws GraphException if alpha or gamma is negative or not finite, or the smoothing not in 0
     *     to 1
     */
    public CategoricalFocal {
      Checks.notNegative("categorical focal crossentropy: alpha", alpha);
      Checks.notNegative("categorical focal crossentropy: gamma", gamma);
      Checks.fraction("categorical focal crossentropy: label smoothing", labelSmoothing);
    }

    /** {@return this loss with another weight; by default 0.25} */
    public CategoricalFocal alpha(double alpha) {
      return new CategoricalFocal(alpha, gamma, fromLogits, labelSmoothing);
    }

    /** {@return this loss with another focus; by default 2} */
    public CategoricalFocal gamma(double gamma) {
      return new CategoricalFocal(alpha, gamma, fromLogits, labelSmoothing);
    }

    /** {@return this loss on outputs that are logits, or not} */
    public CategoricalFocal fromLogits(boolean fromLogits) {
      return new CategoricalFocal(alpha, gamma, fromLogits, labelSmoothing);
    }

    /** {@return this loss with smoothed labels; by default 0} */
    public CategoricalFocal labelSmoothing(double labelSmoothing) {
      return new CategoricalFocal(alpha, gamma, fromLogits, labelSmoothing);
    }
  }

  /** {@code (1 - p^q) / q} of the right class, against class numbers (Zhang and Sabuncu, 2018). */
  record CategoricalGeneralized(double q) implements Crossentropy {
    /**
     * Checks q.
     *
     * @throws GraphException if it is not between 0 and 1
     */
    public CategoricalGeneralized {
      if (!(q > 0 && q < 1)) {
        throw new GraphException(
            "categorical generalized cross-entropy: expected q between 0 and 1, received " + q);
      }
    }
  }
}
