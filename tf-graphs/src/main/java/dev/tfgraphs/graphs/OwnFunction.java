package dev.tfgraphs.graphs;

import org.tensorflow.Output;
import org.tensorflow.proto.DataType;
import org.tensorflow.types.TFloat32;

/** Losses and metrics of a user's own: generics do not hold them to the graph, type or shape. */
final class OwnFunction {
  private OwnFunction() {}

  /** The values of {@code function}, checked. */
  @SuppressWarnings("unchecked") // an output and a cast target are float32
  static Output<?> apply(
      Emitter e, String kind, String name, LossFunction function, Outcome outcome) {
    String what = kind + " '" + name + "'";
    Output<TFloat32> target = (Output<TFloat32>) e.cast(outcome.target(), DataType.DT_FLOAT);
    Output<TFloat32> prediction = (Output<TFloat32>) outcome.prediction();
    Output<?> values = function.apply(e.tf(), target, prediction).asOutput();
    if (values.env() != e.graph()) {
      throw new GraphException(
          what + ": expected values in the graph of the model, received some in another");
    }
    if (values.dataType() != DataType.DT_FLOAT) {
      throw new GraphException(
          what + ": expected values of DT_FLOAT, received " + values.dataType());
    }
    if (values.shape().isUnknown()) {
      throw new GraphException(what + ": expected values of known rank, received some of none");
    }
    checkBatch(what, values, prediction);
    return values;
  }

  private static void checkBatch(String what, Output<?> values, Output<?> prediction) {
    if (Arithmetic.rank(values) == 0) {
      return;
    }
    long wanted = prediction.shape().get(0);
    long received = values.shape().get(0);
    if (received >= 0 && received != wanted) {
      throw new GraphException(
          "%s: expected a value for each sample, or one for the batch, received values %s"
              .formatted(what, Shapes.fromTensorFlow(values.shape())));
    }
  }
}
