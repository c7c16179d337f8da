package dev.tfgraphs.graphs;

import dev.tfgraphs.ops.Shape;
import java.util.Arrays;
import org.tensorflow.proto.DataType;

/**
 * What a loss wants as target for an output.
 *
 * @param classes whether it wants class numbers, int32, instead of float32 numbers shaped as the
 *     output
 * @param output the shape of the output
 */
record Targets(boolean classes, Shape output) {
  /**
   * What {@code loss} wants.
   *
   * @throws GraphException if the output has no last axis of classes behind the batch
   */
  static Targets of(Loss loss, Shape output) {
    if (output.rank() < 2 || output.size(-1) == Shape.UNKNOWN) {
      throw new GraphException(
          "loss: expected an output (batch, ..., classes) of known last size, received " + output);
    }
    return new Targets(loss instanceof Loss.SparseCategoricalCrossentropy, output);
  }

  DataType type() {
    return classes ? DataType.DT_INT32 : DataType.DT_FLOAT;
  }

  /** The shape in which ops use targets: the output's, for class numbers without its last axis. */
  Shape shape() {
    int[] sizes = output.toArray();
    return classes ? Shape.of(Arrays.copyOf(sizes, sizes.length - 1)) : output;
  }

  /**
   * Whether samples of {@code shape} (without the batch) fit; a last axis of 1 may be there or not.
   */
  boolean accepts(Shape shape) {
    Shape wanted = shape();
    return matches(wanted, shape.batched())
        || (classes && matches(append(wanted, 1), shape.batched()))
        || (!classes && wanted.size(-1) == 1 && matches(wanted, append(shape.batched(), 1)));
  }

  private static Shape append(Shape shape, int size) {
    int[] sizes = Arrays.copyOf(shape.toArray(), shape.rank() + 1);
    sizes[shape.rank()] = size;
    return Shape.of(sizes);
  }

  static boolean matches(Shape wanted, Shape given) {
    if (wanted.rank() != given.rank()) {
      return false;
    }
    for (int axis = 0; axis < wanted.rank(); axis++) {
      int a = wanted.size(axis);
      int b = given.size(axis);
      if (a != b && a != Shape.UNKNOWN && b != Shape.UNKNOWN) {
        return false;
      }
    }
    return true;
  }
}
