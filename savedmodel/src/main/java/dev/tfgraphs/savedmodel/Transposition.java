package dev.tfgraphs.savedmodel;

import dev.tfgraphs.ops.Shape;
import java.util.Arrays;

/**
 * Puts the axes of a tensor in another order.
 *
 * @param shape of what it is applied to
 * @param axes for each axis of the result, which one it is of {@code shape}
 */
@SuppressWarnings("ArrayRecordComponent") // nobody compares them
record Transposition(Shape shape, int[] axes) {

  Shape result() {
    return Shape.of(Arrays.stream(axes).map(shape::size).toArray());
  }

  /** The elements row by row of the result, from those row by row of {@link #shape}. */
  float[] apply(float[] values) {
    int[] sizes = result().toArray();
    int[] strides = strides();
    float[] arranged = new float[values.length];
    int[] place = new int[sizes.length];
    int source = 0;
    for (int i = 0; i < arranged.length; i++) {
      arranged[i] = values[source];
      for (int axis = sizes.length - 1; axis >= 0; axis--) {
        source += strides[axis];
        if (++place[axis] < sizes[axis]) {
          break;
        }
        source -= strides[axis] * sizes[axis];
        place[axis] = 0;
      }
    }
    return arranged;
  }

  /** How far apart neighbours along each axis of the result are in {@link #shape}. */
  private int[] strides() {
    int[] own = new int[axes.length];
    int stride = 1;
    for (int axis = own.length - 1; axis >= 0; axis--) {
      own[axis] = stride;
      stride *= shape.size(axis);
    }
    return Arrays.stream(axes).map(axis -> own[axis]).toArray();
  }
}
