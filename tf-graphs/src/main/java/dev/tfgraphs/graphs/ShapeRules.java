package dev.tfgraphs.graphs;

import dev.tfgraphs.ops.Cropping2D;
import dev.tfgraphs.ops.Flatten;
import dev.tfgraphs.ops.Flip;
import dev.tfgraphs.ops.Interpolation;
import dev.tfgraphs.ops.Permute;
import dev.tfgraphs.ops.Reshape;
import dev.tfgraphs.ops.Shape;
import dev.tfgraphs.ops.Sides;
import dev.tfgraphs.ops.UpSampling2D;
import dev.tfgraphs.ops.ZeroPadding2D;
import java.util.Arrays;
import java.util.List;
import org.tensorflow.Output;
import org.tensorflow.ndarray.buffer.DataBuffers;
import org.tensorflow.types.TInt32;

/** Layers that only move elements. */
final class ShapeRules {
  private ShapeRules() {}

  static Output<?> flatten(Flatten layer, LayerContext c, Output<?> x) {
    return reshaped(c.e(), x, layer.infer(List.of(Shapes.fromTensorFlow(x.shape()))));
  }

  static Output<?> reshape(Reshape layer, LayerContext c, Output<?> x) {
    return reshaped(c.e(), x, layer.infer(List.of(Shapes.fromTensorFlow(x.shape()))));
  }

  /**
   * With the batch and at most one more size unknown, the batch is read and the other left to
   * TensorFlow.
   */
  private static Output<?> reshaped(Emitter e, Output<?> x, Shape shape) {
    int[] sizes = shape.toArray();
    if (shape.size(0) == Shape.UNKNOWN && shape.with(0, 1).isKnown()) {
      return e.reshape(x, e.vector(sizes));
    }
    Output<?> batch = e.reshape(Windows.size(e, x, 0), e.vector(1));
    Output<?> rest = e.vector(Arrays.copyOfRange(sizes, 1, sizes.length));
    return e.reshape(x, e.op("ConcatV2").list(List.of(batch, rest)).in(e.scalar(0)).out());
  }

  static Output<?> permute(Permute layer, LayerContext c, Output<?> x) {
    int[] order = new int[layer.dims().size() + 1];
    for (int i = 1; i < order.length; i++) {
      order[i] = layer.dims().get(i - 1);
    }
    return c.e().op("Transpose").in(x, c.e().vector(order)).out();
  }

  static Output<?> flip(Flip layer, LayerContext c, Output<?> x) {
    return c.e().op("ReverseV2").in(x, c.e().vector(layer.axis())).out();
  }

  static Output<?> zeroPadding2D(ZeroPadding2D layer, LayerContext c, Output<?> x) {
    Sides sides = layer.padding();
    int[] amounts = {0, 0, sides.top(), sides.bottom(), sides.left(), sides.right(), 0, 0};
    try (TInt32 tensor =
        TInt32.tensorOf(
            org.tensorflow.ndarray.Shape.of(4, 2), DataBuffers.of(amounts, true, false))) {
      return c.e().op("Pad").in(x, c.e().constant(tensor)).out();
    }
  }

  static Output<?> cropping2D(Cropping2D layer, LayerContext c, Output<?> x) {
    Emitter e = c.e();
    Sides sides = layer.cropping();
    // an end of -n leaves n out; with nothing to leave out the end is masked away
    long open = 0b1001 | (sides.bottom() == 0 ? 0b10 : 0) | (sides.right() == 0 ? 0b100 : 0);
    return e.op("StridedSlice")
        .in(
            x,
            e.vector(0, sides.top(), sides.left(), 0),
            e.vector(0, -sides.bottom(), -sides.right(), 0),
            e.vector(1, 1, 1, 1))
        .attr("begin_mask", 0b1001L)
        .attr("end_mask", open)
        .out();
  }

  static Output<?> upSampling2D(UpSampling2D layer, LayerContext c, Output<?> x) {
    Emitter e = c.e();
    Output<?> height = grown(e, x, 1, layer.size().height());
    Output<?> width = grown(e, x, 2, layer.size().width());
    Output<?> size = e.op("Pack").list(List.of(height, width)).out();
    boolean nearest = layer.interpolation() == Interpolation.NEAREST;
    return e.op(nearest ? "ResizeNearestNeighbor" : "ResizeBilinear")
        .in(x, size)
        .attr("half_pixel_centers", true)
        .out();
  }

  private static Output<?> grown(Emitter e, Output<?> x, int axis, int factor) {
    long known = x.shape().get(axis);
    return known >= 0
        ? e.scalar(Math.toIntExact(known * factor))
        : e.mul(Windows.size(e, x, axis), e.scalar(factor));
  }
}
