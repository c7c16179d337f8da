package dev.tfgraphs.graphs;

import dev.tfgraphs.ops.Shape;
import org.tensorflow.Output;
import org.tensorflow.proto.DataType;

/** Metrics as ops: a number for each sample, 1 where the output is right. */
final class Metrics {
  private final Emitter e;

  Metrics(Emitter e) {
    this.e = e;
  }

  /** Keras's name of the metric, as it stands in a history. */
  static String name(Metric metric, Targets targets) {
    if (metric instanceof Metric.TopK) {
      return targets.classes() ? "sparse_top_k_categorical_accuracy" : "top_k_categorical_accuracy";
    }
    return "accuracy";
  }

  Output<?> values(Metric metric, Targets targets, Output<?> prediction, Output<?> target) {
    if (metric instanceof Metric.TopK top) {
      return topK(top, targets, prediction, target);
    }
    if (targets.output().size(-1) == 1) {
      return binary(targets, prediction, target);
    }
    Output<?> wanted = targets.classes() ? target : argMax(target);
    return equal(argMax(prediction), wanted);
  }

  private Output<?> binary(Targets targets, Output<?> prediction, Output<?> target) {
    Output<?> above = e.op("Greater").in(prediction, e.scalar(0.5f)).out();
    Output<?> guess = e.cast(above, DataType.DT_FLOAT);
    Output<?> wanted =
        targets.classes()
            ? e.op("ExpandDims").in(e.cast(target, DataType.DT_FLOAT), e.scalar(-1)).out()
            : target;
    Output<?> right = equal(guess, wanted);
    return e.reduce("Mean", right, false, right.shape().numDimensions() - 1);
  }

  private Output<?> topK(Metric.TopK top, Targets targets, Output<?> prediction, Output<?> target) {
    Output<?> classes = targets.classes() ? target : argMax(target);
    Output<?> rows = e.reshape(prediction, e.vector(-1, targets.output().size(-1)));
    Output<?> in =
        e.op("InTopKV2").in(rows, e.reshape(classes, e.vector(-1)), e.scalar(top.k())).out();
    return e.cast(in, DataType.DT_FLOAT);
  }

  private Output<?> argMax(Output<?> x) {
    return e.op("ArgMax").in(x, e.scalar(-1)).attr("output_type", DataType.DT_INT32).out();
  }

  private Output<?> equal(Output<?> a, Output<?> b) {
    return e.cast(e.op("Equal").in(a, b).out(), DataType.DT_FLOAT);
  }

  /** Fails when a metric cannot be asked of such an output. */
  static void check(Metric metric, Shape output) {
    if (metric instanceof Metric.TopK top && top.k() > output.size(-1)) {
      throw new GraphException(
          "top-k: expected k of at most " + output.size(-1) + " classes, received " + top.k());
    }
  }
}
