package dev.tfgraphs.graphs;

import com.google.common.collect.ImmutableList;
import com.google.common.primitives.Ints;

/**
 * What training makes small: numbers for each sample or each of its places, reduced over the batch,
 * by default as Keras's {@code sum_over_batch_size} does. Targets t are shaped as the output y
 * unless it says otherwise; integers stand for such numbers, and where these are yes or no, or
 * parts of a whole, other integers than 0 and 1 are refused. A model that ends in softmax or
 * sigmoid has its cross-entropy computed from the logits, as in Keras (keras/src/losses/losses.py).
 */
public sealed interface Loss
    permits Crossentropy,
        Loss.CTC,
        Loss.Circle,
        Loss.CosineSimilarity,
        Loss.Dice,
        Loss.Huber,
        Loss.Own,
        Loss.Reduced,
        Loss.Tversky,
        PlainLoss {
  /** {@return cross-entropy against class numbers, int {@code (batch)} or {@code (batch, ...)}} */
  static Crossentropy.SparseCategorical sparseCategoricalCrossentropy() {
    return Crossentropy.SparseCategorical.DEFAULT;
  }

  /**
   * {@return cross-entropy against distributions over classes, float {@code (batch, ..., classes)}}
   */
  static Crossentropy.Categorical categoricalCrossentropy() {
    return new Crossentropy.Categorical(false, 0);
  }

  /** {@return cross-entropy against yes or no, float and shaped as the output} */
  static Crossentropy.Binary binaryCrossentropy() {
    return new Crossentropy.Binary(false, 0);
  }

  /** {@return cross-entropy against yes or no in which what is hard counts more; gamma is 2} */
  static Crossentropy.BinaryFocal binaryFocalCrossentropy() {
    return new Crossentropy.BinaryFocal(false, 0.25, 2, false, 0);
  }

  /**
   * {@return cross-entropy against distributions in which what is hard counts more; alpha is 0.25,
   * gamma 2}
   */
  static Crossentropy.CategoricalFocal categoricalFocalCrossentropy() {
    return new Crossentropy.CategoricalFocal(0.25, 2, false, 0);
  }

  /**
   * {@return {@code (1 - p^q) / q} of the right class's probability p, against class numbers; it
   * bears wrong labels}
   */
  static Crossentropy.CategoricalGeneralized categoricalGeneralizedCrossEntropy(double q) {
    return new Crossentropy.CategoricalGeneralized(q);
  }

  /** {@return the mean of {@code (t - y)^2} over the last axis} */
  static Loss meanSquaredError() {
    return PlainLoss.MEAN_SQUARED_ERROR;
  }

  /** {@return the mean of {@code |t - y|} over the last axis} */
  static Loss meanAbsoluteError() {
    return PlainLoss.MEAN_ABSOLUTE_ERROR;
  }

  /** {@return 100 times the mean of {@code |t - y| / max(|t|, 1e-7)} over the last axis} */
  static Loss meanAbsolutePercentageError() {
    return PlainLoss.MEAN_ABSOLUTE_PERCENTAGE_ERROR;
  }

  /** {@return the mean of {@code (log(1 + t) - log(1 + y))^2}, of what is at least 1e-7} */
  static Loss meanSquaredLogarithmicError() {
    return PlainLoss.MEAN_SQUARED_LOGARITHMIC_ERROR;
  }

  /** {@return half the square of small errors and straight lines beyond, joined at 1} */
  static Huber huber() {
    return new Huber(1);
  }

  /** {@return the mean of {@code log(cosh(y - t))} over the last axis} */
  static Loss logCosh() {
    return PlainLoss.LOG_COSH;
  }

  /** {@return minus the cosine of the angle between target and output, along the last axis} */
  static CosineSimilarity cosineSimilarity() {
    return new CosineSimilarity(-1);
  }

  /** {@return the sum of {@code t log(t / y)} over the last axis, both clipped to 1e-7 and 1} */
  static Loss klDivergence() {
    return PlainLoss.KL_DIVERGENCE;
  }

  /** {@return the mean of {@code y - t log(y + 1e-7)} over the last axis} */
  static Loss poisson() {
    return PlainLoss.POISSON;
  }

  /** {@return the mean of {@code max(1 - t y, 0)}; targets all 0 or 1 stand for -1 and 1} */
  static Loss hinge() {
    return PlainLoss.HINGE;
  }

  /** {@return the mean of {@code max(1 - t y, 0)^2}; targets all 0 or 1 stand for -1 and 1} */
  static Loss squaredHinge() {
    return PlainLoss.SQUARED_HINGE;
  }

  /** {@return {@code max(wrong - right + 1, 0)} of the likeliest wrong class and the right one} */
  static Loss categoricalHinge() {
    return PlainLoss.CATEGORICAL_HINGE;
  }

  /** {@return {@code 1 - 2 sum(t y) / (sum(t) + sum(y) + 1e-7)}, over the whole batch} */
  static Dice dice() {
    return new Dice(ImmutableList.of());
  }

  /** {@return Dice's loss in which false alarms and misses weigh differently; both 0.5} */
  static Tversky tversky() {
    return new Tversky(0.5, 0.5, ImmutableList.of());
  }

  /**
   * {@return {@code -log(p)} of a row of labels, over all ways to lay it along the steps of logits
   * {@code (batch, steps, classes)}: connectionist temporal classification}
   *
   * <p>Targets are class numbers, int {@code (batch, length)}; class 0 is the blank and fills rows
   * up behind their last label. A row is refused that has 0 before a label, or that needs more
   * steps than there are: one for each label, and one between two equal labels.
   */
  static CTC ctc() {
    return new CTC();
  }

  /**
   * {@return the loss by which outputs of equal numbers come together and others apart; gamma is
   * 80, the margin 0.4}
   */
  static Circle circle() {
    return new Circle(80, 0.4, true);
  }

  /**
   * {@return a loss of one's own, with targets shaped as the output}
   *
   * @throws GraphException if the name has other signs than letters, digits, '_', '.' and '-'
   */
  static Own of(String name, LossFunction function) {
    return new Own(name, function, false);
  }

  /** {@return this loss, its values reduced another way} */
  default Loss reduction(Reduction reduction) {
    return new Reduced(this, reduction);
  }

  /**
   * The mean of {@code d^2 / 2} where |d| is at most delta, {@code delta |d| - delta^2 / 2} else.
   */
  record Huber(double delta) implements Loss {
    /**
     * Checks delta.
     *
     * @throws GraphException if it is not positive
     */
    public Huber {
      Checks.positive("huber: delta", delta);
    }

    /** {@return this loss, straight beyond {@code delta}; by default 1} */
    public Huber delta(double delta) {
      return new Huber(delta);
    }
  }

  /** Minus the cosine, along an axis that is not the batch's. */
  record CosineSimilarity(int axis) implements Loss {
    /** {@return this loss along another axis, negative from the end; by default the last} */
    public CosineSimilarity axis(int axis) {
      return new CosineSimilarity(axis);
    }
  }

  /** Dice's loss; {@code axes} are those summed over, all if there are none. */
  record Dice(ImmutableList<Integer> axes) implements Loss {
    /** {@return this loss with sums over {@code axes} only, for instance 1, 2 and 3 of images} */
    public Dice axis(int... axes) {
      return new Dice(ImmutableList.copyOf(Ints.asList(axes)));
    }
  }

  /**
   * {@code 1 - i / (i + alpha sum(t (1 - y)) + beta sum(y (1 - t)) + 1e-7)} where i is {@code sum(t
   * y)}; {@code axes} are those summed over, all if there are none.
   */
  record Tversky(double alpha, double beta, ImmutableList<Integer> axes) implements Loss {
    /**
     * Checks the weights.
     *
     * @throws GraphException if one is negative or not finite
     */
    public Tversky {
      Checks.notNegative("tversky: alpha", alpha);
      Checks.notNegative("tversky: beta", beta);
    }

    /** {@return this loss with another weight of what was missed; by default 0.5} */
    public Tversky alpha(double alpha) {
      return new Tversky(alpha, beta, axes);
    }

    /** {@return this loss with another weight of what was too much; by default 0.5} */
    public Tversky beta(double beta) {
      return new Tversky(alpha, beta, axes);
    }

    /** {@return this loss with sums over {@code axes} only, for instance 1, 2 and 3 of images} */
    public Tversky axis(int... axes) {
      return new Tversky(alpha, beta, ImmutableList.copyOf(Ints.asList(axes)));
    }
  }

  /** Connectionist temporal classification, see {@link Loss#ctc}. */
  record CTC() implements Loss {}

  /**
   * The circle loss of outputs {@code (batch, numbers)} of length 1, against numbers {@code
   * (batch)} of which equal ones say what belongs together. Each sample is compared with all of its
   * batch; those that have nothing beside them, or nothing against them, are left out of the mean.
   * The distance d of two is 1 minus their cosine, and the loss of a sample {@code log(1 + sum
   * exp(gamma (d + margin) (d - margin)) sum exp(gamma max(1 + margin - d, 0) (1 - margin - d)))},
   * the sums over what belongs to it and over what does not; {@code removeDiagonal} says that no
   * sample is compared with itself.
   */
  record Circle(double gamma, double margin, boolean removeDiagonal) implements Loss {
    /**
     * Checks gamma and the margin.
     *
     * @throws GraphException if gamma is not positive, or the margin not finite
     */
    public Circle {
      Checks.positive("circle: gamma", gamma);
      Checks.finite("circle: margin", margin);
    }

    /** {@return this loss with another scale of similarities; by default 80} */
    public Circle gamma(double gamma) {
      return new Circle(gamma, margin, removeDiagonal);
    }

    /** {@return this loss with another margin; by default 0.4} */
    public Circle margin(double margin) {
      return new Circle(gamma, margin, removeDiagonal);
    }

    /** {@return this loss with samples compared with themselves, or not; by default not} */
    public Circle removeDiagonal(boolean removeDiagonal) {
      return new Circle(gamma, margin, removeDiagonal);
    }
  }

  /** A loss of one's own; {@code classes} says that its targets are class numbers. */
  record Own(String name, LossFunction function, boolean classes) implements Loss {
    /**
     * Checks the name.
     *
     * @throws GraphException if it has other signs than letters, digits, '_', '.' and '-'
     */
    public Own {
      Checks.name("loss", name);
    }

    /** {@return this loss against class numbers, handed to it as float {@code (batch, ...)}} */
    public Own classNumbers() {
      return new Own(name, function, true);
    }
  }

  /** A loss with a reduction of its own. */
  record Reduced(Loss loss, Reduction reduction) implements Loss {
    @Override
    public Loss reduction(Reduction reduction) {
      return new Reduced(loss, reduction);
    }
  }
}
