package dev.tfgraphs.ops;

import java.util.OptionalLong;

/**
 * What a weight starts from. Random ones without a seed of their own take the next one from the
 * generator that a trainer seeds, in the order in which layers were made, exactly as {@code
 * keras.utils.set_random_seed} does.
 *
 * <p>An initializer is a value. One random initializer without a seed that is given to two layers
 * draws anew for each of them; in Keras an instance draws its seed once, so that two layers that
 * share it start alike. {@link #seed} gives that here.
 */
public sealed interface Initializer {
  /** {@return all zeros} */
  static Initializer zeros() {
    return new Constant(0);
  }

  /** {@return all ones} */
  static Initializer ones() {
    return new Constant(1);
  }

  /** {@return every element {@code value}} */
  static Initializer constant(double value) {
    return new Constant(value);
  }

  /** {@return a normal distribution; Keras's defaults are mean 0 and standard deviation 0.05} */
  static Initializer randomNormal(double mean, double stddev) {
    return new RandomNormal(mean, stddev, OptionalLong.empty());
  }

  /** {@return a uniform distribution; Keras's defaults are -0.05 and 0.05} */
  static Initializer randomUniform(double min, double max) {
    return new RandomUniform(min, max, OptionalLong.empty());
  }

  /**
   * {@return a normal distribution without what is beyond two deviations; Keras's defaults are 0
   * and 0.05}
   */
  static Initializer truncatedNormal(double mean, double stddev) {
    return new TruncatedNormal(mean, stddev, OptionalLong.empty());
  }

  /** {@return a distribution whose variance is {@code scale / n}, n by {@code fan}} */
  static Initializer varianceScaling(double scale, Fan fan, Distribution distribution) {
    return new VarianceScaling(scale, fan, distribution, OptionalLong.empty());
  }

  /** {@return uniform within {@code sqrt(6 / (in + out))}, Keras's default for kernels} */
  static Initializer glorotUniform() {
    return varianceScaling(1, Fan.AVERAGE, Distribution.UNIFORM);
  }

  /** {@return truncated normal of variance {@code 2 / (in + out)}} */
  static Initializer glorotNormal() {
    return varianceScaling(1, Fan.AVERAGE, Distribution.TRUNCATED_NORMAL);
  }

  /** {@return uniform within {@code sqrt(6 / in)}} */
  static Initializer heUniform() {
    return varianceScaling(2, Fan.IN, Distribution.UNIFORM);
  }

  /**
   * {@return truncated normal of variance {@code 2 / in}, as "Delving Deep into Rectifiers" has it}
   */
  static Initializer heNormal() {
    return varianceScaling(2, Fan.IN, Distribution.TRUNCATED_NORMAL);
  }

  /** {@return uniform within {@code sqrt(3 / in)}} */
  static Initializer lecunUniform() {
    return varianceScaling(1, Fan.IN, Distribution.UNIFORM);
  }

  /** {@return truncated normal of variance {@code 1 / in}} */
  static Initializer lecunNormal() {
    return varianceScaling(1, Fan.IN, Distribution.TRUNCATED_NORMAL);
  }

  /**
   * {@return this initializer with a seed of its own: the same values wherever it is used; nothing
   * changes for constants}
   */
  Initializer seed(long seed);

  /** {@return whether a seed must come from the trainer's generator} */
  boolean needsSeed();

  private static void require(boolean holds, String expectation, Object received) {
    if (!holds) {
      throw new ModelException("initializer: " + expectation + ", received " + received);
    }
  }

  /** Which connections {@link VarianceScaling} counts. */
  enum Fan {
    /** Inputs of one output unit. */
    IN,
    /** Outputs of one input unit. */
    OUT,
    /** The mean of both. */
    AVERAGE
  }

  /** From which distribution {@link VarianceScaling} draws. */
  enum Distribution {
    /** Normal without what is beyond two deviations, widened so that the variance is right. */
    TRUNCATED_NORMAL,
    /** Normal. */
    UNTRUNCATED_NORMAL,
    /** Uniform, symmetric around 0. */
    UNIFORM
  }

  /** Every element {@code value}. */
  record Constant(double value) implements Initializer {
    /**
     * Checks the numbers.
     *
     * @throws ModelException if the value is not finite
     */
    public Constant {
      require(Double.isFinite(value), "Constant expects a finite value", value);
    }

    @Override
    public Initializer seed(long seed) {
      return this;
    }

    @Override
    public boolean needsSeed() {
      return false;
    }
  }

  /** A normal distribution. */
  record RandomNormal(double mean, double stddev, OptionalLong seed) implements Initializer {
    /**
     * Checks the numbers.
     *
     * @throws ModelException if a number is not finite, or if the deviation is negative
     */
    public RandomNormal {
      require(
          Double.isFinite(mean) && Double.isFinite(stddev) && stddev >= 0,
          "RandomNormal expects a finite mean and a finite deviation of 0 or more",
          mean + " and " + stddev);
    }

    @Override
    public Initializer seed(long own) {
      return new RandomNormal(mean, stddev, OptionalLong.of(own));
    }

    @Override
    public boolean needsSeed() {
      return seed.isEmpty();
    }
  }

  /** A uniform distribution from {@code min} to {@code max}. */
  record RandomUniform(double min, double max, OptionalLong seed) implements Initializer {
    /**
     * Checks the numbers.
     *
     * @throws ModelException if a number is not finite, or if {@code min} is above {@code max}
     */
    public RandomUniform {
      require(
          Double.isFinite(min) && Double.isFinite(max) && min <= max,
          "RandomUniform expects finite numbers, the smaller first",
          min + " and " + max);
    }

    @Override
    public Initializer seed(long own) {
      return new RandomUniform(min, max, OptionalLong.of(own));
    }

    @Override
    public boolean needsSeed() {
      return seed.isEmpty();
    }
  }

  /** A normal distribution without what is beyond two deviations. */
  record TruncatedNormal(double mean, double stddev, OptionalLong seed) implements Initializer {
    /**
     * Checks the numbers.
     *
     * @throws ModelException if a number is not finite, or if the deviation is negative
     */
    public TruncatedNormal {
      require(
          Double.isFinite(mean) && Double.isFinite(stddev) && stddev >= 0,
          "TruncatedNormal expects a finite mean and a finite deviation of 0 or more",
          mean + " and " + stddev);
    }

    @Override
    public Initializer seed(long own) {
      return new TruncatedNormal(mean, stddev, OptionalLong.of(own));
    }

    @Override
    public boolean needsSeed() {
      return seed.isEmpty();
    }
  }

  /** A distribution whose variance follows from the weight's shape. */
  record VarianceScaling(double scale, Fan fan, Distribution distribution, OptionalLong seed)
      implements Initializer {
    /**
     * Checks the scale.
     *
     * @throws ModelException if {@code scale} is not positive or not finite
     */
    public VarianceScaling {
      require(
          scale > 0 && Double.isFinite(scale),
          "VarianceScaling expects a positive finite scale",
          scale);
    }

    @Override
    public Initializer seed(long own) {
      return new VarianceScaling(scale, fan, distribution, OptionalLong.of(own));
    }

    @Override
    public boolean needsSeed() {
      return seed.isEmpty();
    }
  }
}
