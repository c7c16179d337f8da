package dev.tfgraphs.graphs;

import org.tensorflow.Operand;
import org.tensorflow.op.Ops;
import org.tensorflow.types.TFloat32;

/** A number made of a model, said in TensorFlow's operations. */
@FunctionalInterface
public interface ScalarFunction {
  /**
   * {@return a scalar, to which every weight that trains leads}
   *
   * @param tf where operations are made
   * @param model the model on its inputs, in inference mode: its outputs, what its layers make, its
   *     weights
   */
  Operand<TFloat32> apply(Ops tf, Lowered model);
}
