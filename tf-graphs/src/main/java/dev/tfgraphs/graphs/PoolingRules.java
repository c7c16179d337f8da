package dev.tfgraphs.graphs;

import dev.tfgraphs.ops.GlobalPooling2D;
import dev.tfgraphs.ops.Pooling2D;
import org.tensorflow.Output;

/** Layers that take the largest or the mean of windows or channels. */
final class PoolingRules {
  private PoolingRules() {}

  static Output<?> pooling2D(Pooling2D layer, LayerContext c, Output<?> x) {
    // the generated maxPool makes a MaxPoolV2, which oneDNN does not accelerate
    return c.e()
        .op(layer.kind() == Pooling2D.Kind.MAX ? "MaxPool" : "AvgPool")
        .in(x)
        .attr("ksize", Windows.of(layer.poolSize()))
        .attr("strides", Windows.of(layer.strides()))
        .attr("padding", layer.padding().name())
        .out();
  }

  static Output<?> globalPooling2D(GlobalPooling2D layer, LayerContext c, Output<?> x) {
    String type = layer.kind() == Pooling2D.Kind.MAX ? "Max" : "Mean";
    return c.e().reduce(type, x, layer.keepDims(), 1, 2);
  }
}
