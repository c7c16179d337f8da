package dev.tfgraphs.ops;

import com.google.common.collect.ImmutableList;
import com.google.common.primitives.Doubles;
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

  /**
   * {@return {@code gain} on the diagonal of a matrix and zeros beside it; Keras's default gain is
   * 1}
   */
  static Initializer identity(double gain) {
    return new Identity(gain);
  }

  /** {@return these values, in row-major order} */
  static Initializer values(double... values) {
    return new Values(ImmutableList.copyOf(Doubles.asList(values)));
  }

  /** {@return a normal distribution; Keras's defaults are mean 0 and standard deviation 0.05} */
  static Initializer randomNormal(double mean, double stddev) {
    return new Random(new RandomNormal(mean, stddev));
  }

  /** {@return a uniform distribution; Keras's defaults are -0.05 and 0.05} */
  static Initializer randomUniform(double min, double max) {
    return new Random(new RandomUniform(min, max));
  }

  /**
   * {@return a normal distribution without what is beyond two deviations; Keras's defaults are 0
   * and 0.05}
   */
  static Initializer truncatedNormal(double mean, double stddev) {
    return new Random(new TruncatedNormal(mean, stddev));
  }

  /** {@return a distribution whose variance is {@code scale / n}, n by {@code fan}} */
  static Initializer varianceScaling(double scale, Fan fan, Distribution distribution) {
    return new Random(new VarianceScaling(scale, fan, distribution));
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
   * {@return {@code gain} times a random matrix whose columns are orthonormal, or its rows where it
   * is wider than high; of a kernel all axes but the last count as rows. Keras's default gain is 1.
   * Saxe et al., 2014}
   */
  static Initializer orthogonal(double gain) {
    return new Random(new Orthogonal(gain));
  }

  /**
   * {@return this initializer with a seed of its own: the same values wherever it is used; nothing
   * changes for what is not random}
   */
  default Initializer seed(long seed) {
    return this;
  }

  /** {@return whether a seed must come from the trainer's generator} */
  default boolean needsSeed() {
    return false;
  }

  /** {@return Keras's class and settings of this initializer} */
  default Config config() {
    return Initializers.KINDS.config(this);
  }

  /**
   * {@return the initializer that {@code config} describes, in the words of Keras 3 or 2}
   *
   * @throws ModelException if there is no such class here, or if a setting is unknown or not
   *     possible
   */
  static Initializer fromConfig(Config config) {
    return Initializers.KINDS.of(config);
  }

  private static void require(boolean holds, String expectation, Object received) {
    if (!holds) {
      throw new ModelException("initializer: " + expectation + ", received " + received);
    }
  }

  private static void requireNormal(String name, double mean, double stddev) {
    require(
        Double.isFinite(mean) && Double.isFinite(stddev) && stddev >= 0,
        name + " expects a finite mean and a finite deviation of 0 or more",
        mean + " and " + stddev);
  }

  /** Every element {@code value}. */
  record Constant(double value) implements Initializer {
    /**
     * Checks the number.
     *
     * @throws ModelException if the value is not finite
     */
    public Constant {
      require(Double.isFinite(value), "Constant expects a finite value", value);
    }
  }

  /** One value for each element, in row-major order. */
  record Values(ImmutableList<Double> values) implements Initializer {
    /**
     * Checks the numbers.
     *
     * @throws ModelException if a value is not finite
     */
    public Values {
      values.forEach(
          value -> require(Double.isFinite(value), "Values expects finite numbers", value));
    }
  }

  /** {@code gain} on the diagonal of a matrix. */
  record Identity(double gain) implements Initializer {
    /**
     * Checks the number.
     *
     * @throws ModelException if the gain is not finite
     */
    public Identity {
      require(Double.isFinite(gain), "Identity expects a finite gain", gain);
    }
  }

  /** What {@code draw} draws from {@code seed}, or from one that the trainer's generator gives. */
  record Random(Draw draw, OptionalLong seed) implements Initializer {
    private Random(Draw draw) {
      this(draw, OptionalLong.empty());
    }

    @Override
    public Initializer seed(long own) {
      return new Random(draw, OptionalLong.of(own));
    }

    @Override
    public boolean needsSeed() {
      return seed.isEmpty();
    }
  }

  /** How random numbers become a weight. */
  sealed interface Draw {}

  /** A normal distribution. */
  record RandomNormal(double mean, double stddev) implements Draw {
    /**
     * Checks the numbers.
     *
     * @throws ModelException if a number is not finite, or if the deviation is negative
     */
    public RandomNormal {
      requireNormal("RandomNormal", mean, stddev);
    }
  }

  /** A normal distribution without what is beyond two deviations. */
  record TruncatedNormal(double mean, double stddev) implements Draw {
    /**
     * Checks the numbers.
     *
     * @throws ModelException if a number is not finite, or if the deviation is negative
     */
    public TruncatedNormal {
      requireNormal("TruncatedNormal", mean, stddev);
    }
  }

  /** A uniform distribution from {@code min} to {@code max}. */
  record RandomUniform(double min, double max) implements Draw {
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
  }

  /** A distribution whose variance follows from the weight's shape. */
  record VarianceScaling(double scale, Fan fan, Distribution distribution) implements Draw {
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
  }

  /** Orthonormal columns, or rows, times {@code gain}. */
  record Orthogonal(double gain) implements Draw {
    /**
     * Checks the number.
     *
     * @throws ModelException if the gain is not finite
     */
    public Orthogonal {
      require(Double.isFinite(gain), "Orthogonal expects a finite gain", gain);
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
}
