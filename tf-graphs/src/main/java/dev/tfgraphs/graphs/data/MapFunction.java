package dev.tfgraphs.graphs.data;

import org.tensorflow.Operand;
import org.tensorflow.op.Ops;

/** A change of a whole batch, said in TensorFlow's operations. */
@FunctionalInterface
public interface MapFunction {

  /**
   * {@return the operand that stands for the changed batch, as many samples as the input}
   *
   * @param tf where operations are made
   * @param input the batch, {@code (batch, ...)}, in the type that the dataset has it
   */
  Operand<?> apply(Ops tf, Operand<?> input);
}
