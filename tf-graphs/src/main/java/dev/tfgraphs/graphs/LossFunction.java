package dev.tfgraphs.graphs;

import org.tensorflow.Operand;
import org.tensorflow.op.Ops;
import org.tensorflow.types.TFloat32;

/** A loss or a metric of one's own, said in TensorFlow's operations. */
@FunctionalInterface
public interface LossFunction {
  /**
   * {@return a number for each sample or for each of its places, {@code (batch, ...)}, or one for
   * the whole batch} By sample weights each number is multiplied before all are summed or averaged;
   * one for the whole batch is multiplied by each sample's, as in Keras.
   *
   * <p>Called for each graph that is made, and before on placeholders of a batch of some size in a
   * graph aside, where shapes that do not fit are found.
   *
   * @param tf where operations are made
   * @param target what was wanted: shaped as the prediction, or class numbers {@code (batch, ...)}
   * @param prediction the output of the model, {@code (batch, ..., classes)}
   */
  Operand<TFloat32> apply(Ops tf, Operand<TFloat32> target, Operand<TFloat32> prediction);
}
