package dev.tfgraphs.savedmodel;

import com.google.common.math.LongMath;
import com.google.common.primitives.Ints;
import dev.tfgraphs.graphs.HostTensor;
import dev.tfgraphs.ops.Shape;
import java.io.IOException;
import java.nio.ByteBuffer;
import java.nio.ByteOrder;
import java.nio.channels.FileChannel;
import java.util.Arrays;
import java.util.function.UnaryOperator;

/**
 * A tensor in an open file. Its numbers are read when they are asked for, and not before.
 *
 * @param name what the file calls it
 * @param bytes its elements row by row, little-endian
 * @param arrangement puts them in the order of {@code shape}, where they are in another one
 */
record StoredTensor(
    String name, Shape shape, ElementType type, Bytes bytes, UnaryOperator<float[]> arrangement) {
  /** Small, and not outside of Java's heap, where what is no longer used stays for long. */
  private static final int CHUNK = 1 << 16;

  private static final int MOST_ELEMENTS = Integer.MAX_VALUE - Long.BYTES;

  /** Bytes that can be read from any place. */
  @FunctionalInterface
  interface Bytes {
    /** Fills what remains of {@code target} with the bytes from {@code position} on. */
    void read(long position, ByteBuffer target) throws IOException;
  }

  /**
   * A tensor whose elements lie in one piece at {@code offset} of {@code file}, which stays open.
   *
   * @throws ModelFileException if the file is too short for it, or Java's memory
   */
  static StoredTensor in(FileChannel file, long offset, String name, Shape shape, ElementType type)
      throws IOException {
    long elements = shape.elements();
    long end = file.size();
    if (offset < 0 || offset > end || elements > (end - offset) / type.size()) {
      throw new ModelFileException(
          "tensor '%s': expected %d elements of %s at byte %d, received a file of %d bytes"
              .formatted(name, elements, type, offset, end));
    }
    return new StoredTensor(
        name,
        shape,
        type,
        (position, target) -> FileChannels.readFully(file, offset + position, target));
  }

  /** A tensor whose numbers are in Java's memory. */
  static StoredTensor of(String name, HostTensor tensor) {
    return new StoredTensor(
        name,
        tensor.shape(),
        ElementType.FLOAT32,
        (position, target) -> {
          int count = target.remaining() / Float.BYTES;
          int from = Ints.checkedCast(position / Float.BYTES);
          target.asFloatBuffer().put(tensor.values(), from, count);
          target.position(target.position() + count * Float.BYTES);
        });
  }

  /** One whole number. */
  static StoredTensor of(String name, long number) {
    return new StoredTensor(
        name, Shape.of(), ElementType.INT64, (position, target) -> target.putLong(number));
  }

  /** Checks that an array can hold the elements, before there is one. */
  StoredTensor {
    if (shape.elements() > MOST_ELEMENTS) {
      throw new ModelFileException(
          "tensor '%s': expected less than 2^31 elements, received %s".formatted(name, shape));
    }
  }

  /** A tensor whose elements are in the order of {@code shape}. */
  StoredTensor(String name, Shape shape, ElementType type, Bytes bytes) {
    this(name, shape, type, bytes, UnaryOperator.identity());
  }

  /** The same elements as a tensor of another shape, in another order. */
  StoredTensor arranged(Shape other, UnaryOperator<float[]> order) {
    return new StoredTensor(name, other, type, bytes, order);
  }

  /**
   * The shape of a tensor that can be read.
   *
   * @throws IOException if a size is negative, or no array can hold so many elements
   */
  static Shape shape(String name, long... sizes) throws IOException {
    for (long size : sizes) {
      if (size < 0 || size > Integer.MAX_VALUE) {
        throw new IOException(
            "tensor '%s': expected sizes of 0 to 2^31 - 1, received %s"
                .formatted(name, Arrays.toString(sizes)));
      }
    }
    if (Arrays.stream(sizes).reduce(1, LongMath::saturatedMultiply) > MOST_ELEMENTS) {
      throw new IOException(
          "tensor '%s': expected less than 2^31 elements, received %s"
              .formatted(name, Arrays.toString(sizes)));
    }
    return Shape.of(Arrays.stream(sizes).mapToInt(Math::toIntExact).toArray());
  }

  /** Reads the numbers, rounded to floats. */
  HostTensor read() throws IOException {
    float[] values = new float[Ints.checkedCast(shape.elements())];
    int[] done = {0};
    chunks(
        chunk -> {
          int count = chunk.remaining() / type.size();
          type.decode(chunk, values, done[0], count);
          done[0] += count;
        });
    return new HostTensor(shape, arrangement.apply(values));
  }

  /** What takes the bytes of a tensor piece by piece. */
  @FunctionalInterface
  interface Sink {
    /** Takes the whole elements that remain of {@code chunk}. */
    void take(ByteBuffer chunk) throws IOException;
  }

  /** Reads all bytes, in order. */
  void chunks(Sink sink) throws IOException {
    long all = shape.elements() * type.size();
    ByteBuffer chunk =
        ByteBuffer.allocate(Ints.checkedCast(Math.min(CHUNK, all))).order(ByteOrder.LITTLE_ENDIAN);
    for (long done = 0; done < all; done += chunk.limit()) {
      chunk.clear().limit(Ints.checkedCast(Math.min(chunk.capacity(), all - done)));
      bytes.read(done, chunk);
      sink.take(chunk.flip());
    }
  }

  /** Reads the one number of a tensor as a whole number, which a float might round. */
  long readInteger() throws IOException {
    if (shape.elements() != 1 || type != ElementType.INT64) {
      throw new ModelFileException(
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
