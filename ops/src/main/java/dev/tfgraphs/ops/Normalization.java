package dev.tfgraphs.ops;

import com.google.common.collect.ImmutableList;
import com.google.common.primitives.Doubles;
import java.util.List;

/**
 * {@code (x - mean) / max(sqrt(variance), 1e-7)} with given numbers, one for each size of an axis
 * or one for all; the shape stays. As in Keras, given numbers are no weights. Keras's source:
 * layers/preprocessing/normalization.py.
 */
public final class Normalization extends Layer {
  private final ImmutableList<Double> mean;
  private final ImmutableList<Double> variance;
  private int axis = -1;
  private boolean invert;

  Normalization(double[] mean, double[] variance) {
    this.mean = ImmutableList.copyOf(Doubles.asList(mean));
    this.variance = ImmutableList.copyOf(Doubles.asList(variance));
    require(
        mean.length > 0 && mean.length == variance.length,
        "as many means as variances, one or more",
        mean.length + " and " + variance.length);
    this.mean.forEach(value -> require(Double.isFinite(value), "finite means", value));
    this.variance.forEach(
        value ->
            require(value >= 0 && Double.isFinite(value), "finite variances of 0 or more", value));
  }

  /** {@return what is subtracted: a number for each size of the axis, or one for all} */
  public ImmutableList<Double> mean() {
    return mean;
  }

  /** {@return the squares of what is divided by, as many as {@link #mean}} */
  public ImmutableList<Double> variance() {
    return variance;
  }

  /** {@return the axis along which numbers differ; by default the last} */
  public int axis() {
    return axis;
  }

  /**
   * {@return this layer with numbers that differ along another axis; a negative one counts from the
   * end}
   */
  public Normalization axis(int axis) {
    return copy(this, copy -> copy.axis = axis);
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
    require(axis >= -in.rank() && axis < in.rank(), "an input that has axis " + axis, in);
    int size = in.size(axis);
    require(size != Shape.UNKNOWN, "an input whose size at axis " + axis + " is known", in);
    require(
        mean.size() == 1 || mean.size() == size,
        "an input of size " + mean.size() + " at axis " + axis,
        in);
    return in;
  }
}
