package dev.tfgraphs.graphs;

import dev.tfgraphs.ops.Shape;
import org.tensorflow.Graph;
import org.tensorflow.Output;
import org.tensorflow.op.Ops;
import org.tensorflow.proto.DataType;
import org.tensorflow.types.TFloat32;

/** Losses and metrics of a user's own: generics do not hold them to the graph, type or shape. */
final class OwnFunction {
  /** A size that nothing else has. */
  private static final int BATCH = 1009;

  private OwnFunction() {}

  /** The values of {@code function}, checked. */
  @SuppressWarnings("unchecked") // an output and a cast target are float32
  static Output<?> apply(
      Emitter e, String kind, String name, LossFunction function, Outcome outcome) {
    String what = kind + " '" + name + "'";
    tryOut(what, function, outcome);
    Output<TFloat32> target = (Output<TFloat32>) e.cast(outcome.target(), DataType.DT_FLOAT);
    Output<TFloat32> prediction = (Output<TFloat32>) outcome.prediction();
    Output<?> values = checked(e, what, function.apply(e.tf(), target, prediction).asOutput());
    checkBatch(what, values, prediction);
    return values;
  }

  /** Values of a user's own, if they are float32, of known rank and in the graph of {@code e}. */
  static Output<?> checked(Emitter e, String what, Output<?> values) {
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
    return values;
  }

  /**
   * Fails if the function cannot be of batches: in a graph aside whose batch has a size, TensorFlow
   * finds while the graph is made what it would otherwise find in the first step.
   */
  @SuppressWarnings("unchecked") // both are float32
  private static void tryOut(String what, LossFunction function, Outcome outcome) {
    Shape output = sized(outcome.targets().output());
    Shape wanted = sized(outcome.targets().shape());
    try (Graph aside = new Graph()) {
      Emitter e = Emitter.into(Ops.create(aside));
      Output<TFloat32> target = (Output<TFloat32>) placeholder(e, wanted);
      Output<TFloat32> prediction = (Output<TFloat32>) placeholder(e, output);
      Output<?> values = function.apply(e.tf(), target, prediction).asOutput();
      checkBatch(what, values, prediction);
    } catch (GraphException refused) {
      throw refused;
    } catch (RuntimeException failure) { // TensorFlow's exceptions have no common class
      throw new GraphException(
          "%s: expected ops that fit targets %s and outputs %s, as a batch of %d has them, received:"
                  .formatted(what, wanted, output, BATCH)
              + " "
              + String.valueOf(failure.getMessage()).lines().findFirst().orElse("")
              + (outcome.targets().classes()
                  ? "; targets are class numbers, of which tf.oneHot makes rows"
                  : ""),
          failure);
    }
  }

  private static Shape sized(Shape shape) {
    return shape.size(0) == Shape.UNKNOWN ? shape.with(0, BATCH) : shape;
  }

  private static Output<?> placeholder(Emitter e, Shape shape) {
    return e.op("Placeholder")
        .attr("dtype", DataType.DT_FLOAT)
        .attr("shape", Shapes.toTensorFlow(shape))
        .out();
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
