package dev.tfgraphs.ops;

import com.google.common.collect.ImmutableList;
import com.google.common.primitives.Doubles;
import com.google.common.primitives.Ints;
import java.util.List;
import java.util.Optional;

/**
 * {@code (x - mean) / max(sqrt(variance), 1e-7)} with numbers for each size of an axis, or one for
 * all; the shape stays. The numbers are given, or learned from data by a dataset's {@code adapt};
 * as in Keras, learned ones are the weights {@code mean}, {@code variance} and {@code count}, which
 * no gradient changes, and given ones are none. Keras's source:
 * layers/preprocessing/normalization.py.
 */
public final class Normalization extends Layer {
  private static final Form<Optional<ImmutableList<Double>>> NUMBERS =
      Form.optional(Form.numbers());

  /** Null is none, which Keras writes as an empty list. */
  private static final Form<ImmutableList<Integer>> AXES =
      Form.of(
          value -> value.isNull() ? ImmutableList.of() : Form.AXES.read(value),
          Form.list(Form.INTEGER)::write);

  static final Settings<Normalization> SETTINGS =
      Settings.<Normalization>of("Normalization", Normalization::made)
          .with("axis", AXES, Normalization::axes, (layer, axes) -> layer.axis(Ints.toArray(axes)))
          .with("invert", Form.FLAG, Normalization::invert, Normalization::invert);

  private final boolean learned;
  private ImmutableList<Double> mean;
  private ImmutableList<Double> variance;
  private ImmutableList<Integer> axes = ImmutableList.of(-1);
  private boolean invert;

  /** With the numbers that were given, or without, to learn them. */
  private static Normalization made(Settings.Arguments<Normalization> its) {
    Optional<ImmutableList<Double>> mean =
        its.with("mean", NUMBERS, layer -> layer.given(layer.mean), Optional.empty());
    Optional<ImmutableList<Double>> variance =
        its.with("variance", NUMBERS, layer -> layer.given(layer.variance), Optional.empty());
    if (mean.isEmpty() && variance.isEmpty()) {
      return new Normalization();
    }
    return new Normalization(numbers(mean), numbers(variance));
  }

  private static double[] numbers(Optional<ImmutableList<Double>> numbers) {
    return Doubles.toArray(numbers.orElse(ImmutableList.of()));
  }

  private Optional<ImmutableList<Double>> given(ImmutableList<Double> numbers) {
    return learned ? Optional.empty() : Optional.of(numbers);
  }

  Normalization() {
    this.learned = true;
    this.mean = ImmutableList.of();
    this.variance = ImmutableList.of();
  }

  Normalization(double[] mean, double[] variance) {
    this.learned = false;
    this.mean = ImmutableList.copyOf(Doubles.asList(mean));
    this.variance = ImmutableList.copyOf(Doubles.asList(variance));
    requireNumbers();
  }

  private void requireNumbers() {
    require(
        !mean.isEmpty() && mean.size() == variance.size(),
        "as many means as variances, one or more",
        mean.size() + " and " + variance.size());
    mean.forEach(value -> require(Double.isFinite(value), "finite means", value));
    variance.forEach(
        value ->
            require(value >= 0 && Double.isFinite(value), "finite variances of 0 or more", value));
  }

  /** {@return whether mean and variance are weights, to be learned from data} */
  public boolean learned() {
    return learned;
  }

  /**
   * {@return what is subtracted: a number for each size of the axis, or one for all; none while
   * nothing is learned, which subtracts 0}
   */
  public ImmutableList<Double> mean() {
    return mean;
  }

  /** {@return the squares of what is divided by, as many as {@link #mean}; none divide by 1} */
  public ImmutableList<Double> variance() {
    return variance;
  }

  /**
   * {@return this layer, whose weights start from what was learned}
   *
   * @throws ModelException if the numbers were given, if these are not as many means as variances,
   *     if one is not finite, or if a variance is negative
   */
  public Normalization adapted(double[] mean, double[] variance) {
    require(learned, "a normalization without given numbers", "mean " + this.mean);
    return copy(
        this,
        copy -> {
          copy.mean = ImmutableList.copyOf(Doubles.asList(mean));
          copy.variance = ImmutableList.copyOf(Doubles.asList(variance));
          copy.requireNumbers();
        });
  }

  /** {@return the axes along which numbers differ; by default the last} */
  public ImmutableList<Integer> axes() {
    return axes;
  }

  /**
   * {@return this layer with numbers that differ along other axes, or along none; negative ones
   * count from the end}
   */
  public Normalization axis(int... axes) {
    return copy(this, copy -> copy.axes = ImmutableList.copyOf(Ints.asList(axes)));
  }

  /**
   * {@return whether this undoes the normalization: {@code mean + x * max(sqrt(variance), 1e-7)};
   * by default not}
   */
  public boolean invert() {
    return invert;
  }

  /** {@return this layer the other way round, or not} */
  public Normalization invert(boolean invert) {
    return copy(this, copy -> copy.invert = invert);
  }

  @Override
  public Normalization name(String name) {
    return named(this, name);
  }

  @Override
  public Shape infer(List<Shape> inputs) {
    Shape in = only(inputs);
    long sizes = 1;
    for (int axis : axes) {
      require(axis >= -in.rank() && axis < in.rank(), "an input that has axis " + axis, in);
      require(
          in.size(axis) != Shape.UNKNOWN, "an input whose size at axis " + axis + " is known", in);
      sizes *= in.size(axis);
    }
    require(
        mean.size() == sizes || (learned ? mean.isEmpty() : mean.size() == 1),
        "an input of size " + mean.size() + " at " + places(),
        in);
    return in;
  }

  private String places() {
    return axes.size() == 1 ? "axis " + axes.get(0) : "axes " + axes;
  }

  /** {@return the sizes of {@code in} along the axes and 1 elsewhere, as numbers are broadcast} */
  public Shape broadcast(Shape in) {
    int[] sizes = new int[in.rank()];
    for (int axis = 0; axis < sizes.length; axis++) {
      boolean kept = axes.contains(axis) || axes.contains(axis - sizes.length);
      sizes[axis] = kept ? in.size(axis) : 1;
    }
    return Shape.of(sizes);
  }

  @Override
  public ImmutableList<WeightSpec> weights(List<Shape> inputs) {
    if (!learned) {
      return ImmutableList.of();
    }
    Shape in = infer(inputs);
    int[] kept =
        axes.stream()
            .mapToInt(axis -> Math.floorMod(axis, in.rank()))
            .sorted()
            .distinct()
            .map(in::size)
            .toArray();
    Shape shape = Shape.of(kept);
    return ImmutableList.of(
        WeightSpec.tracked("mean", shape, start(mean, Initializer.zeros())),
        WeightSpec.tracked("variance", shape, start(variance, Initializer.ones())),
        WeightSpec.tracked("count", Shape.of(), Initializer.zeros()));
  }

  private static Initializer start(ImmutableList<Double> numbers, Initializer otherwise) {
    return numbers.isEmpty() ? otherwise : Initializer.values(Doubles.toArray(numbers));
  }
}
