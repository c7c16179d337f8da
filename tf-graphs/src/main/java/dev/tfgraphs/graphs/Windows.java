package dev.tfgraphs.graphs;

import dev.tfgraphs.ops.Size;
import java.util.ArrayList;
import java.util.List;
import org.tensorflow.Output;

/** Windows and sizes of image batches {@code (batch, height, width, channels)} as ops want them. */
final class Windows {
  private Windows() {}

  static long[] of(Size size) {
    return new long[] {1, size.height(), size.width(), 1};
  }

  /** One size of {@code x} at run time, int32; a constant where it is known. */
  static Output<?> size(Emitter e, Output<?> x, int axis) {
    long known = x.shape().isUnknown() ? -1 : x.shape().get(axis);
    if (known >= 0) {
      return e.scalar(Math.toIntExact(known));
    }
    return e.op("StridedSlice")
        .in(e.shape(x), e.vector(axis), e.vector(axis + 1), e.vector(1))
        .attr("shrink_axis_mask", 1L)
        .out();
  }

  /** All sizes of {@code x} but the last, which becomes {@code last}; known ones stay known. */
  static Output<?> sizes(Emitter e, Output<?> x, int last) {
    List<Output<?>> sizes = new ArrayList<>();
    for (int axis = 0; axis < x.shape().numDimensions() - 1; axis++) {
      sizes.add(size(e, x, axis));
    }
    sizes.add(e.scalar(last));
    return e.op("Pack").list(sizes).out();
  }
}
