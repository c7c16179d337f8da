package dev.tfgraphs.savedmodel;

import com.google.common.primitives.Ints;
import dev.tfgraphs.graphs.HostTensor;
import dev.tfgraphs.ops.Shape;
import java.io.EOFException;
import java.io.IOException;
import java.nio.ByteBuffer;
import java.nio.ByteOrder;
import java.nio.channels.FileChannel;

/**
 * A tensor in an open file. Its numbers are read when they are asked for, and not before.
 *
 * @param name what the file calls it
 * @param bytes its elements row by row, little-endian
 */
record StoredTensor(String name, Shape shape, ElementType type, Bytes bytes) {
  private static final int CHUNK = 1 << 20;

  /** Bytes that can be read from any place. */
  @FunctionalInterface
  interface Bytes {
    /** Fills what remains of {@code target} with the bytes from {@code position} on. */
    void read(long position, ByteBuffer target) throws IOException;
  }

  /**
   * A tensor whose elements lie in one piece at {@code offset} of {@code file}, which stays open.
   *
   * @throws SavedModelException if the file is too short for it, or Java's memory
   */
  static StoredTensor in(FileChannel file, long offset, String name, Shape shape, ElementType type)
      throws IOException {
    long elements = shape.elements();
    long end = file.size();
    if (offset < 0 || offset > end || elements > (end - offset) / type.size()) {
      throw new SavedModelException(
          "tensor '%s': expected %d elements of %s at byte %d, received a file of %d bytes"
              .formatted(name, elements, type, offset, end));
    }
    return new StoredTensor(
        name, shape, type, (position, target) -> readFully(file, offset + position, target));
  }

  /** Checks that an array can hold the elements, before there is one. */
  StoredTensor {
    if (shape.elements() > Integer.MAX_VALUE - Long.BYTES) {
      throw new SavedModelException(
          "tensor '%s': expected less than 2^31 elements, received %s".formatted(name, shape));
    }
  }

  private static void readFully(FileChannel file, long offset, ByteBuffer target)
      throws IOException {
    for (long position = offset; target.hasRemaining(); ) {
      int read = file.read(target, position);
      if (read < 0) {
        throw new EOFException("the file ends at byte " + position);
      }
      position += read;
    }
  }

  /** Reads the numbers, rounded to floats. */
  HostTensor read() throws IOException {
    float[] values = new float[Ints.checkedCast(shape.elements())];
    int most = Math.min(CHUNK / type.size(), values.length);
    ByteBuffer chunk = ByteBuffer.allocateDirect(most * type.size()).order(ByteOrder.LITTLE_ENDIAN);
    for (int done = 0; done < values.length; ) {
      int count = Math.min(most, values.length - done);
      chunk.clear().limit(count * type.size());
      bytes.read((long) done * type.size(), chunk);
      type.decode(chunk.flip(), values, done, count);
      done += count;
    }
    return new HostTensor(shape, values);
  }

  /** Reads the one number of a tensor as a whole number, which a float might round. */
  long readInteger() throws IOException {
    if (shape.elements() != 1 || type != ElementType.INT64) {
      throw new SavedModelException(
          "tensor '%s': expected one int64, received %s %s".formatted(name, type, shape));
    }
    ByteBuffer number = ByteBuffer.allocate(Long.BYTES).order(ByteOrder.LITTLE_ENDIAN);
    bytes.read(0, number);
    return number.getLong(0);
  }

  /** {@code kernel float32 (3, 3, 8, 8)}, for messages. */
  @Override
  public String toString() {
    return name + " " + type + " " + shape;
  }
}
