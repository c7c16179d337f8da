package dev.tfgraphs.graphs;

import org.tensorflow.Operand;
import org.tensorflow.Output;
import org.tensorflow.proto.DataType;

/** Arithmetic on float32 values, in which losses and metrics are written. */
record Arithmetic(Emitter e) {
  /** Keras's {@code backend.epsilon()}. */
  static final float EPSILON = 1e-7f;

  Output<?> apply(String type, Operand<?>... inputs) {
    return e.op(type).in(inputs).out();
  }

  Output<?> scalar(double value) {
    return e.scalar((float) value);
  }

  Output<?> add(Output<?> a, Output<?> b) {
    return e.add(a, b);
  }

  Output<?> add(Output<?> a, double b) {
    return e.add(a, scalar(b));
  }

  Output<?> sub(Output<?> a, Output<?> b) {
    return e.sub(a, b);
  }

  Output<?> oneMinus(Output<?> x) {
    return e.sub(scalar(1), x);
  }

  Output<?> mul(Output<?> a, Output<?> b) {
    return e.mul(a, b);
  }

  Output<?> mul(Output<?> a, double b) {
    return e.mul(a, scalar(b));
  }

  Output<?> div(Output<?> a, Output<?> b) {
    return e.div(a, b);
  }

  /** a / b, and 0 where b is. */
  Output<?> divNoNan(Output<?> a, Output<?> b) {
    return apply("DivNoNan", a, b);
  }

  Output<?> pow(Output<?> x, double exponent) {
    return apply("Pow", x, scalar(exponent));
  }

  Output<?> neg(Output<?> x) {
    return apply("Neg", x);
  }

  Output<?> abs(Output<?> x) {
    return apply("Abs", x);
  }

  Output<?> log(Output<?> x) {
    return apply("Log", x);
  }

  Output<?> square(Output<?> x) {
    return apply("Square", x);
  }

  Output<?> max(Output<?> a, Output<?> b) {
    return apply("Maximum", a, b);
  }

  Output<?> max(Output<?> a, double b) {
    return max(a, scalar(b));
  }

  Output<?> clip(Output<?> x, double low, double high) {
    return apply("ClipByValue", x, scalar(low), scalar(high));
  }

  /** Within what a logarithm bears: Keras's clip of probabilities, in float32. */
  Output<?> clipped(Output<?> probability) {
    return apply("ClipByValue", probability, e.scalar(EPSILON), e.scalar(1 - EPSILON));
  }

  Output<?> where(Output<?> condition, Output<?> then, Output<?> otherwise) {
    return apply("SelectV2", condition, then, otherwise);
  }

  Output<?> number(Output<?> x) {
    return e.cast(x, DataType.DT_FLOAT);
  }

  /** Which class is the likeliest, the first of several, int32. */
  Output<?> argMax(Output<?> x) {
    return e.op("ArgMax").in(x, e.scalar(-1)).attr("output_type", DataType.DT_INT32).out();
  }

  Output<?> mean(Output<?> x) {
    return last("Mean", x);
  }

  Output<?> sum(Output<?> x) {
    return last("Sum", x);
  }

  /** Sum, Mean, Max over the last axis. */
  Output<?> last(String type, Output<?> x) {
    return e.reduce(type, x, false, rank(x) - 1);
  }

  /** Sum, Mean, Max over an axis that stays, of size 1. */
  Output<?> keep(String type, Output<?> x, int axis) {
    return e.reduce(type, x, true, axis);
  }

  /** The mean of each sample's values, {@code (batch)}. */
  Output<?> bySample(Output<?> x) {
    int[] axes = new int[Math.max(0, rank(x) - 1)];
    for (int i = 0; i < axes.length; i++) {
      axes[i] = i + 1;
    }
    return axes.length == 0 ? x : e.reduce("Mean", x, false, axes);
  }

  Output<?> total(Output<?> x) {
    return e.reduceAll("Sum", x);
  }

  /** How many values there are, float32. */
  Output<?> size(Output<?> x) {
    return number(apply("Size", x));
  }

  /**
   * {@code log(sum(exp(x)))} over an axis that stays, of size 1; minus infinity where all are
   * (keras/src/backend/tensorflow/math.py).
   */
  Output<?> logSumExp(Output<?> x, int axis) {
    Output<?> most = keep("Max", x, axis);
    Output<?> finite = where(apply("IsFinite", most), most, scalar(0));
    Output<?> shift = apply("StopGradient", finite);
    return add(log(keep("Sum", apply("Exp", sub(x, shift)), axis)), shift);
  }

  /** Of length 1 along {@code axis} (keras/src/ops/nn.py: normalize). */
  Output<?> normalized(Output<?> x, int axis) {
    Output<?> inverse = apply("Rsqrt", keep("Sum", square(x), axis));
    return mul(x, apply("Minimum", inverse, scalar(1 / 1e-7)));
  }

  static int rank(Output<?> x) {
    return x.shape().numDimensions();
  }
}
