package dev.tfgraphs.graphs;

import java.util.List;
import org.tensorflow.GraphOperation;
import org.tensorflow.Output;

/** An optimizer's own part: how one weight changes by its gradient. */
interface UpdateRule {
  /** The op with which the weight and its slots are updated. */
  GraphOperation update(Emitter e, Variable variable, Output<?> gradient);

  /** What is updated once for all weights. */
  default List<GraphOperation> once(Emitter e) {
    return List.of();
  }
}
