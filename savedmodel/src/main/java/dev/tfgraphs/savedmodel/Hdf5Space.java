package dev.tfgraphs.savedmodel;

import dev.tfgraphs.ops.Shape;
import java.nio.ByteBuffer;

/** The sizes of a dataset or an attribute. IV.A.2.b of the specification. */
final class Hdf5Space {
  private static final int MOST = 32;

  private Hdf5Space() {}

  /** Reads a message of them. */
  static Shape of(ByteBuffer message) {
    int version = message.get(0);
    Hdf5File.check(version == 1 || version == 2, "sizes of version 1 or 2", version);
    int rank = message.get(1);
    Hdf5File.check(rank >= 0 && rank <= MOST, "at most " + MOST + " sizes", rank);
    if (version == 2 && message.get(3) == 2) {
      return Shape.of(0); // no elements, not even one
    }
    int[] sizes = new int[rank];
    for (int axis = 0; axis < rank; axis++) {
      long size = message.getLong((version == 1 ? 8 : 4) + 8 * axis);
      Hdf5File.check(size >= 0 && size <= Integer.MAX_VALUE, "sizes less than 2^31", size);
      sizes[axis] = (int) size;
    }
    Shape shape = Shape.of(sizes);
    Hdf5File.check(shape.elements() <= Integer.MAX_VALUE - 8, "less than 2^31 elements", shape);
    return shape;
  }
}
