package dev.tfgraphs.graphs.data;

import org.tensorflow.Operand;
import org.tensorflow.op.Ops;
import org.tensorflow.types.TInt64;

/**
 * A change of a whole batch that depends on which batch it is, as random changes do that can be
 * repeated.
 */
@FunctionalInterface
public interface NumberedMapFunction {

  /**
   * {@return the operand that stands for the changed batch, as many samples as the input}
   *
   * @param tf where operations are made
   * @param input the batch, {@code (batch, ...)}, in the type that the dataset has it
   * @param number the number of the batch, {@code ()}, from 0 and on from pass to pass
   */
  Operand<?> apply(Ops tf, Operand<?> input, Operand<TInt64> number);
}
