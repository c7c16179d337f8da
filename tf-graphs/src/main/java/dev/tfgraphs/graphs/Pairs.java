package dev.tfgraphs.graphs;

import java.util.Optional;
import org.tensorflow.Output;

/** Losses of pairs of samples as ops (keras/src/losses/losses.py: circle). */
final class Pairs {
  private final Emitter e;
  private final Arithmetic m;

  Pairs(Emitter e) {
    this.e = e;
    this.m = new Arithmetic(e);
  }

  /** The loss of each sample; those of loss 0 do not count, as in Keras. */
  Losses.Values circle(Loss.Circle loss, Output<?> groups, Output<?> y) {
    Output<?> cosines = e.op("MatMul").in(y, y).attr("transpose_b", true).out();
    Output<?> distance = m.max(m.oneMinus(cosines), 0);
    Output<?> column = m.apply("ExpandDims", groups, e.scalar(1));
    Output<?> same = m.apply("Equal", column, m.apply("ExpandDims", groups, e.scalar(0)));
    Output<?> other = m.apply("LogicalNot", same);
    Output<?> together = loss.removeDiagonal() ? m.apply("LogicalAnd", same, apart(groups)) : same;
    Output<?> near = m.max(m.mul(m.add(distance, loss.margin()), m.number(together)), 0);
    Output<?> far = m.max(m.mul(m.sub(m.scalar(1 + loss.margin()), distance), m.number(other)), 0);
    Output<?> pull = m.mul(m.mul(near, -loss.gamma()), m.sub(m.scalar(loss.margin()), distance));
    Output<?> push = m.mul(m.mul(far, loss.gamma()), m.sub(m.scalar(1 - loss.margin()), distance));
    Output<?> sum = m.add(logSum(together, pull), logSum(other, push));
    Output<?> values = m.apply("Softplus", sum);
    Output<?> counted = m.number(m.apply("Greater", values, m.scalar(0)));
    return new Losses.Values(values, Optional.of(counted), true);
  }

  /** Whether two places of the batch are not the same. */
  private Output<?> apart(Output<?> groups) {
    Output<?> size = Windows.size(e, groups, 0);
    Output<?> places = m.apply("Range", e.scalar(0), size, e.scalar(1));
    Output<?> column = m.apply("ExpandDims", places, e.scalar(1));
    return m.apply("NotEqual", column, m.apply("ExpandDims", places, e.scalar(0)));
  }

  private Output<?> logSum(Output<?> counting, Output<?> x) {
    Output<?> masked = m.where(counting, x, m.scalar(Double.NEGATIVE_INFINITY));
    return e.op("Squeeze").in(m.logSumExp(masked, 1)).attr("squeeze_dims", new long[] {1}).out();
  }
}
