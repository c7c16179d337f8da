package dev.tfgraphs.graphs.data;

import org.jspecify.annotations.Nullable;
import org.tensorflow.Operand;
import org.tensorflow.op.Ops;
import org.tensorflow.types.TInt64;

/** One change of the first input of batches, and perhaps of their first target. */
interface Stage {

  /** The first input of a batch and its first target, if it has one. */
  record Sample(Operand<?> input, @Nullable Operand<?> target) {}

  /** {@return what stands for the changed batch; {@code number} counts batches over all passes} */
  Sample apply(Ops tf, Sample batch, Operand<TInt64> number);

  /** {@return whether it makes another batch of the same one in every pass} */
  default boolean isRandom() {
    return false;
  }

  static Stage of(NumberedMapFunction function, boolean random) {
    return new Stage() {
      @Override
      public Sample apply(Ops tf, Sample batch, Operand<TInt64> number) {
        return new Sample(function.apply(tf, batch.input, number), batch.target);
      }

      @Override
      public boolean isRandom() {
        return random;
      }
    };
  }
}
