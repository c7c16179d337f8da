package dev.tfgraphs.graphs.data;

import java.util.List;
import org.tensorflow.Tensor;

/**
 * What is kept of a batch in place of its inputs: one argument of {@link Dataset#cache(int,
 * BatchFunction)}.
 */
@FunctionalInterface
public interface BatchFunction {
  /**
   * {@return a tensor {@code (batch, ...)} for each input of the new dataset, which whoever asked
   * closes; the batch stays open}
   */
  List<Tensor> apply(Batch batch);
}
