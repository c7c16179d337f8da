package dev.tfgraphs.graphs.data;

import java.util.List;

/**
 * What is kept of a batch in place of its inputs: one argument of {@link Dataset#cache(int, List,
 * BatchFunction)}.
 */
@FunctionalInterface
public interface BatchFunction {
  /**
   * {@return for each sample of the batch the bytes of its new inputs, one input behind the other
   * and each as TensorFlow has it} The arrays are kept and not copied; the batch stays open.
   */
  List<byte[]> apply(Batch batch);
}
