package dev.tfgraphs.graphs.data;

import dev.tfgraphs.graphs.GraphException;
import dev.tfgraphs.graphs.random.Seeding;
import java.util.List;
import java.util.Objects;
import org.tensorflow.Operand;
import org.tensorflow.op.Ops;
import org.tensorflow.op.random.StatelessRandomGamma;
import org.tensorflow.op.random.StatelessRandomGetKeyCounter;
import org.tensorflow.proto.DataType;
import org.tensorflow.types.TBool;
import org.tensorflow.types.TFloat32;
import org.tensorflow.types.TInt32;
import org.tensorflow.types.TInt64;

/**
 * Mixes the images of a batch, and their targets, with those of the same batch in another order.
 * Formulas, random numbers and the order of draws are Keras's
 * (layers/preprocessing/image_preprocessing/mix_up.py and cut_mix.py).
 */
final class Mixing implements Stage {

  /** What is mixed, and the draws that it takes for a batch. */
  private enum Kind {
    MIX_UP(2),
    CUT_MIX(5);

    private final int draws;

    Kind(int draws) {
      this.draws = draws;
    }
  }

  /** TensorFlow's number of the generator that its CPU kernels use. */
  private static final int PHILOX = 1;

  private final Kind kind;
  private final float lower;
  private final float upper;
  private final long seed;

  private Mixing(Kind kind, double lower, double upper, long seed) {
    this.kind = kind;
    this.lower = (float) lower;
    this.upper = (float) upper;
    this.seed = Seeding.folded(seed);
  }

  static Mixing mixUp(double alpha, long seed) {
    if (!(alpha > 0) || Double.isInfinite(alpha)) {
      throw new GraphException("mixUp: expected a finite alpha above 0, received " + alpha);
    }
    return new Mixing(Kind.MIX_UP, alpha, alpha, seed);
  }

  static Mixing cutMix(double lower, double upper, long seed) {
    if (!(lower >= 0 && lower <= upper && upper <= 1)) {
      throw new GraphException(
          "cutMix: expected a factor from 0 to 1, the lower bound first, received (%s, %s)"
              .formatted(lower, upper));
    }
    return new Mixing(Kind.CUT_MIX, lower, upper, seed);
  }

  private String call() {
    return kind == Kind.MIX_UP ? "mixUp" : "cutMix";
  }

  /** Refuses samples that cannot be mixed. */
  void check(TensorSpec input, List<TensorSpec> targets) {
    if (input.shape().rank() != 3) {
      throw new GraphException(
          "%s: expected images (height, width, channels), received %s"
              .formatted(call(), input.shape()));
    }
    if (targets.isEmpty()) {
      throw new GraphException(
          call() + ": expected targets of DT_FLOAT (classes), such as oneHot makes, received none");
    }
    TensorSpec target = targets.get(0);
    if (target.dtype() != DataType.DT_FLOAT || target.shape().rank() != 1) {
      throw new GraphException(
          "%s: expected targets of DT_FLOAT (classes), such as oneHot makes, received %s %s"
              .formatted(call(), target.dtype(), target.shape()));
    }
  }

  @Override
  public Sample apply(Ops tf, Sample batch, Operand<TInt64> number) {
    Operand<TFloat32> images = tf.dtypes.cast(batch.input(), TFloat32.class);
    @SuppressWarnings("unchecked") // as checked
    Operand<TFloat32> targets = (Operand<TFloat32>) Objects.requireNonNull(batch.target());
    Mixed mixed = new Mixed(tf, images, targets, number);
    return kind == Kind.MIX_UP ? mixed.up() : mixed.cut();
  }

  /** One batch on its way into the graph. */
  private final class Mixed {
    private final Ops tf;
    private final Operand<TFloat32> images;
    private final Operand<TFloat32> targets;
    private final Operand<TInt64> number;
    private final Operand<TInt32> sizes;
    private final Operand<TInt32> count;

    Mixed(Ops tf, Operand<TFloat32> images, Operand<TFloat32> targets, Operand<TInt64> number) {
      this.tf = tf;
      this.images = images;
      this.targets = targets;
      this.number = number;
      this.sizes = tf.shape(images);
      this.count = tf.slice(sizes, tf.constant(new int[] {0}), tf.constant(new int[] {1}));
    }

    Sample up() {
      Operand<TInt32> order = order(0);
      Operand<TFloat32> weight = beta(tf.constant(lower), 1);
      return new Sample(
          blended(images, order, tf.reshape(weight, tf.constant(new int[] {-1, 1, 1, 1}))),
          blended(targets, order, tf.reshape(weight, tf.constant(new int[] {-1, 1}))));
    }

    Sample cut() {
      Operand<TFloat32> drawn = uniform(tf.constant(new int[0]), 0);
      Operand<TFloat32> spread = tf.math.mul(drawn, tf.constant(upper - lower));
      Operand<TFloat32> alpha =
          tf.math.add(tf.math.add(spread, tf.constant(lower)), tf.constant(1e-6f));
      Operand<TFloat32> ratio = tf.math.sqrt(without(beta(alpha, 1)));
      Span columns = span(2, ratio, 2);
      Span rows = span(1, ratio, 3);
      Operand<TInt32> order = order(4);
      Operand<TFloat32> area =
          tf.math.mul(tf.math.sub(columns.end, columns.start), tf.math.sub(rows.end, rows.start));
      Operand<TFloat32> whole = tf.dtypes.cast(tf.math.mul(size(2), size(1)), TFloat32.class);
      Operand<TFloat32> weight = without(tf.math.div(area, whole));
      Operand<TBool> box = tf.math.logicalAnd(columns.inside, rows.inside);
      return new Sample(
          tf.select(box, tf.gather(images, order, tf.constant(0)), images),
          blended(targets, order, tf.reshape(weight, tf.constant(new int[] {-1, 1}))));
    }

    private Operand<TFloat32> blended(
        Operand<TFloat32> values, Operand<TInt32> order, Operand<TFloat32> weight) {
      return tf.math.add(
          tf.math.mul(weight, values),
          tf.math.mul(without(weight), tf.gather(values, order, tf.constant(0))));
    }

    private Operand<TFloat32> without(Operand<TFloat32> weight) {
      return tf.math.sub(tf.constant(1f), weight);
    }

    /** Rows or columns from a start up to an end, {@code (batch, 1, 1, 1)}. */
    private record Span(Operand<TFloat32> start, Operand<TFloat32> end, Operand<TBool> inside) {}

    private Span span(int axis, Operand<TFloat32> ratio, int draw) {
      Operand<TFloat32> length = tf.dtypes.cast(size(axis), TFloat32.class);
      Operand<TFloat32> extent = tf.math.mul(ratio, length);
      Operand<TFloat32> free = tf.math.sub(length, extent);
      Operand<TInt32> each = tf.constant(new int[] {-1, 1, 1, 1});
      Operand<TFloat32> start = tf.reshape(tf.math.mul(uniform(count, draw), free), each);
      Operand<TFloat32> end = tf.math.add(start, tf.reshape(extent, each));
      int[] along = {1, 1, 1, 1};
      along[axis] = -1;
      Operand<TFloat32> places =
          tf.reshape(
              tf.dtypes.cast(tf.range(tf.constant(0), size(axis), tf.constant(1)), TFloat32.class),
              tf.constant(along));
      return new Span(
          start,
          end,
          tf.math.logicalAnd(tf.math.greaterEqual(places, start), tf.math.less(places, end)));
    }

    private Operand<TInt32> size(int axis) {
      return tf.reshape(
          tf.slice(sizes, tf.constant(new int[] {axis}), tf.constant(new int[] {1})),
          tf.constant(new int[0]));
    }

    /** Another order of the batch: that of as many random numbers, smallest first. */
    private Operand<TInt32> order(int draw) {
      Operand<TFloat32> negative = tf.math.neg(uniform(count, draw));
      Operand<TInt32> all = tf.reshape(count, tf.constant(new int[0]));
      return tf.nn.topK(negative, all, TInt32.class).indices();
    }

    /** A draw of Beta(alpha, alpha) for each image. */
    private Operand<TFloat32> beta(Operand<TFloat32> alpha, int draw) {
      Operand<TInt64> seed = seed(draw);
      Operand<TFloat32> a = gamma(alpha, seed);
      Operand<TFloat32> b = gamma(alpha, tf.math.add(seed, tf.constant(new long[] {12, 12})));
      return tf.math.div(a, tf.math.add(a, b));
    }

    private Operand<TFloat32> gamma(Operand<TFloat32> alpha, Operand<TInt64> seed) {
      StatelessRandomGetKeyCounter start = tf.random.statelessRandomGetKeyCounter(seed);
      Operand<TFloat32> drawn =
          StatelessRandomGamma.create(
              tf.scope(),
              count,
              start.key(),
              start.counter(),
              tf.constant(PHILOX),
              tf.broadcastTo(alpha, count));
      return tf.math.maximum(drawn, tf.constant(Float.MIN_NORMAL));
    }

    private Operand<TFloat32> uniform(Operand<TInt32> shape, int draw) {
      return tf.random.statelessRandomUniform(shape, seed(draw));
    }

    /** As many draws as a batch takes lie between those of one batch and of the next. */
    private Operand<TInt64> seed(int draw) {
      return tf.math.add(
          tf.constant(new long[] {seed, draw}),
          tf.math.mul(number, tf.constant(new long[] {0, kind.draws})));
    }
  }

  @Override
  public boolean isRandom() {
    return true;
  }
}
