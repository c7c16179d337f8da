package dev.tfgraphs.graphs;

import java.util.List;
import org.tensorflow.Operand;
import org.tensorflow.types.TFloat32;

/**
 * How TensorFlow runs a user's own kind of layer; implemented by subclasses of {@link
 * dev.tfgraphs.ops.CustomLayer}.
 */
public interface LoweredLayer {
  /**
   * {@return the result of the layer on {@code inputs}; its shape is the one that the layer infers}
   */
  Operand<TFloat32> lower(LayerContext context, List<Operand<TFloat32>> inputs);
}
