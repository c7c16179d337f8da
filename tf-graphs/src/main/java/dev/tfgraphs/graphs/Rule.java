package dev.tfgraphs.graphs;

import dev.tfgraphs.ops.Layer;
import java.util.List;
import org.tensorflow.Output;

/** How TensorFlow runs one kind of layer. */
interface Rule<L extends Layer> {
  Output<?> lower(L layer, LayerContext context, List<Output<?>> inputs);

  /** A rule for layers with one input. */
  interface OfOne<L extends Layer> {
    Output<?> lower(L layer, LayerContext context, Output<?> input);
  }
}
