package dev.tfgraphs.graphs;

import dev.tfgraphs.ops.ActivationFunction;
import java.util.Arrays;
import java.util.Optional;
import org.tensorflow.Output;
import org.tensorflow.ndarray.Shape;
import org.tensorflow.proto.DataType;

/** Losses as ops, in Keras's order of float32 operations (keras/src/backend/tensorflow/nn.py). */
final class Losses {
  private static final float EPSILON = 1e-7f;

  private final Emitter e;

  Losses(Emitter e) {
    this.e = e;
  }

  /**
   * The loss of a batch: the weighted values' sum over their number, not over the weights' sum.
   *
   * @param prediction the output, and what it was a softmax or sigmoid of
   * @param weights {@code (batch)}
   */
  Output<?> mean(
      Loss loss,
      Output<?> prediction,
      Optional<Pass.Logits> logits,
      Output<?> target,
      Output<?> weights) {
    Output<?> values = values(loss, prediction, logits, target);
    int rank = values.shape().numDimensions();
    int[] column = new int[rank];
    Arrays.fill(column, 1);
    column[0] = -1;
    Output<?> weighted = e.mul(values, rank == 1 ? weights : e.reshape(weights, e.vector(column)));
    Output<?> count = e.cast(e.op("Size").in(values).out(), DataType.DT_FLOAT);
    return e.div(e.reduceAll("Sum", weighted), count);
  }

  /** The loss of each sample, or of each of its pixels. */
  Output<?> values(
      Loss loss, Output<?> prediction, Optional<Pass.Logits> logits, Output<?> target) {
    if (loss instanceof Loss.SparseCategoricalCrossentropy sparse) {
      Optional<Output<?>> raw =
          logits(sparse.fromLogits(), prediction, logits, ActivationFunction.SOFTMAX);
      return sparse(raw.orElseGet(() -> log(clipped(prediction))), target);
    }
    if (loss instanceof Loss.CategoricalCrossentropy categorical) {
      Optional<Output<?>> raw =
          logits(categorical.fromLogits(), prediction, logits, ActivationFunction.SOFTMAX);
      int classes = Math.toIntExact(prediction.shape().get(prediction.shape().numDimensions() - 1));
      Output<?> smooth = smoothed(target, categorical.labelSmoothing(), classes);
      return raw.isPresent() ? fused(raw.get(), smooth) : categorical(prediction, smooth);
    }
    if (loss instanceof Loss.BinaryCrossentropy binary) {
      Optional<Output<?>> raw =
          logits(binary.fromLogits(), prediction, logits, ActivationFunction.SIGMOID);
      Output<?> smooth = smoothed(target, binary.labelSmoothing(), 2);
      return last(
          "Mean", raw.isPresent() ? sigmoid(raw.get(), smooth) : binary(prediction, smooth));
    }
    return last("Mean", e.op("SquaredDifference").in(prediction, target).out());
  }

  private static Optional<Output<?>> logits(
      boolean fromLogits,
      Output<?> prediction,
      Optional<Pass.Logits> known,
      ActivationFunction wanted) {
    Optional<Output<?>> before =
        known.filter(logits -> logits.function() == wanted).map(Pass.Logits::value);
    return before.isPresent() || !fromLogits ? before : Optional.of(prediction);
  }

  private Output<?> sparse(Output<?> logits, Output<?> target) {
    int classes = Math.toIntExact(logits.shape().get(logits.shape().numDimensions() - 1));
    // the sparse fused op has no gradient in C++
    Output<?> labels =
        e.op("OneHot").in(target, e.scalar(classes), e.scalar(1f), e.scalar(0f)).out();
    return fused(logits, labels);
  }

  private Output<?> fused(Output<?> logits, Output<?> labels) {
    Shape shape = logits.shape();
    int rank = shape.numDimensions();
    Output<?> fixed = e.op("StopGradient").in(labels).out();
    if (rank == 2) {
      return e.op("SoftmaxCrossEntropyWithLogits").in(logits, fixed).out();
    }
    Output<?> rows = e.vector(-1, Math.toIntExact(shape.get(rank - 1)));
    Output<?> flat =
        e.op("SoftmaxCrossEntropyWithLogits")
            .in(e.reshape(logits, rows), e.reshape(fixed, rows))
            .out();
    Output<?> sizes =
        e.op("StridedSlice").in(e.shape(logits), e.vector(0), e.vector(-1), e.vector(1)).out();
    return e.reshape(flat, sizes);
  }

  private Output<?> categorical(Output<?> prediction, Output<?> target) {
    Output<?> normalized = e.div(prediction, keep("Sum", prediction));
    Output<?> log = log(clipped(normalized));
    return e.op("Neg").in(last("Sum", e.mul(target, log))).out();
  }

  private Output<?> binary(Output<?> prediction, Output<?> target) {
    Output<?> p = clipped(prediction);
    Output<?> one = e.scalar(1f);
    Output<?> yes = e.mul(target, log(p));
    Output<?> no = e.mul(e.sub(one, target), log(e.sub(one, p)));
    return e.op("Neg").in(e.add(yes, no)).out();
  }

  /** {@code max(x, 0) - x t + log(1 + exp(-|x|))}, which overflows nowhere. */
  private Output<?> sigmoid(Output<?> x, Output<?> target) {
    Output<?> positive = e.op("Relu").in(x).out();
    Output<?> small = e.op("Exp").in(e.op("Neg").in(e.op("Abs").in(x).out()).out()).out();
    return e.add(e.sub(positive, e.mul(x, target)), e.op("Log1p").in(small).out());
  }

  private Output<?> smoothed(Output<?> target, double smoothing, int classes) {
    return smoothing == 0
        ? target
        : e.add(
            e.mul(target, e.scalar((float) (1 - smoothing))),
            e.scalar((float) (smoothing / classes)));
  }

  private Output<?> clipped(Output<?> p) {
    return e.op("ClipByValue").in(p, e.scalar(EPSILON), e.scalar(1 - EPSILON)).out();
  }

  private Output<?> log(Output<?> x) {
    return e.op("Log").in(x).out();
  }

  private Output<?> last(String type, Output<?> x) {
    return e.reduce(type, x, false, x.shape().numDimensions() - 1);
  }

  private Output<?> keep(String type, Output<?> x) {
    return e.reduce(type, x, true, x.shape().numDimensions() - 1);
  }
}
