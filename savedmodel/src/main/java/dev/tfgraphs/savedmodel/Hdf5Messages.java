package dev.tfgraphs.savedmodel;

import com.google.common.primitives.Ints;
import dev.tfgraphs.ops.Shape;
import java.nio.ByteBuffer;
import java.nio.ByteOrder;
import java.nio.charset.StandardCharsets;
import java.util.List;

/**
 * The messages of HDF5 object headers of which files of weights consist. The numbers are those of
 * the "HDF5 File Format Specification Version 3.0", IV.A.2.
 */
final class Hdf5Messages {
  /** Where nothing is. */
  static final long UNDEFINED = -1;

  static final int NIL = 0x00;
  static final int DATASPACE = 0x01;
  static final int LINK_INFO = 0x02;
  static final int DATATYPE = 0x03;
  private static final int FILL_VALUE = 0x05;
  static final int LINK = 0x06;
  static final int LAYOUT = 0x08;
  private static final int GROUP_INFO = 0x0a;
  static final int ATTRIBUTE = 0x0c;
  static final int CONTINUATION = 0x10;
  static final int SYMBOL_TABLE = 0x11;
  static final int ATTRIBUTE_INFO = 0x15;

  private static final int MOST = 0xffff;

  private static final int HEADER = 16;
  private static final int PREFIX = 8;

  private Hdf5Messages() {}

  /** An object header of version 1 around messages. */
  static ByteBuffer header(List<ByteBuffer> messages) {
    check(messages.size(), "messages in a header");
    int size = messages.stream().mapToInt(ByteBuffer::remaining).sum();
    ByteBuffer header = buffer(HEADER + size);
    header.put((byte) 1).put((byte) 0).putShort((short) messages.size()).putInt(1).putInt(size);
    header.position(HEADER);
    messages.forEach(message -> header.put(message.duplicate()));
    return header.clear();
  }

  /** A message in its envelope, as long as a multiple of eight bytes. */
  private static ByteBuffer message(int type, ByteBuffer body) {
    check(padded(body.remaining()), "bytes in a message");
    ByteBuffer message = buffer(PREFIX + padded(body.remaining()));
    message.putShort((short) type).putShort((short) padded(body.remaining()));
    message.position(PREFIX);
    return message.put(body).clear();
  }

  private static void check(int count, String what) {
    if (count > MOST) {
      throw new ModelFileException(
          "HDF5: expected at most %d %s, received %d".formatted(MOST, what, count));
    }
  }

  /** The two messages that say of an object that it is a group whose links follow. */
  static List<ByteBuffer> group() {
    ByteBuffer links = buffer(18);
    links.put((byte) 0).put((byte) 0).putLong(UNDEFINED).putLong(UNDEFINED);
    return List.of(message(LINK_INFO, links.clear()), message(GROUP_INFO, buffer(2)));
  }

  /** A link to the object at {@code address}. */
  static ByteBuffer link(String name, long address) {
    byte[] text = name.getBytes(StandardCharsets.UTF_8);
    ByteBuffer link = buffer(5 + text.length + Long.BYTES);
    // flags: two bytes for the length, a character set, which is UTF-8
    link.put((byte) 1).put((byte) 0x11).put((byte) 1).putShort((short) text.length).put(text);
    return message(LINK, link.putLong(address).clear());
  }

  /** The messages of a dataset in one piece. */
  static List<ByteBuffer> dataset(ElementType type, Shape shape, long address) {
    long bytes = shape.elements() * type.size();
    ByteBuffer layout = buffer(18);
    layout.put((byte) 3).put((byte) 1).putLong(bytes == 0 ? UNDEFINED : address).putLong(bytes);
    return List.of(
        message(DATASPACE, dataspace(shape)),
        message(DATATYPE, datatype(type)),
        // version 2, allocated late, never filled, no value
        message(FILL_VALUE, ByteBuffer.wrap(new byte[] {2, 2, 1, 0})),
        message(LAYOUT, layout.clear()));
  }

  /** An attribute that is one text. */
  static ByteBuffer attribute(String name, String value) {
    // no type of HDF5 has no bytes: an empty text is one zero
    ByteBuffer text = StandardCharsets.UTF_8.encode(value.isEmpty() ? "\0" : value);
    return attribute(name, strings(text.remaining()), Shape.of(), text);
  }

  /** An attribute that is a list of texts; an empty one has no texts, but NumPy's numbers. */
  static ByteBuffer attribute(String name, List<byte[]> values) {
    Shape shape = Shape.of(values.size());
    if (values.isEmpty()) {
      return attribute(name, datatype(ElementType.FLOAT64), shape, buffer(0));
    }
    int longest = longest(values);
    ByteBuffer texts = buffer(longest * values.size());
    for (int i = 0; i < values.size(); i++) {
      texts.position(i * longest).put(values.get(i));
    }
    return attribute(name, strings(longest), shape, texts.clear());
  }

  /** How many bytes each text of an attribute takes. */
  static int longest(List<byte[]> values) {
    return values.stream().mapToInt(value -> value.length).reduce(1, Math::max);
  }

  private static ByteBuffer attribute(
      String name, ByteBuffer datatype, Shape shape, ByteBuffer data) {
    ByteBuffer text = StandardCharsets.UTF_8.encode(name + "\0");
    ByteBuffer dataspace = dataspace(shape);
    int size =
        Long.BYTES
            + padded(text.remaining())
            + padded(datatype.remaining())
            + padded(dataspace.remaining())
            + data.remaining();
    ByteBuffer attribute = buffer(size);
    attribute.put((byte) 1).put((byte) 0).putShort((short) text.remaining());
    attribute.putShort((short) datatype.remaining()).putShort((short) dataspace.remaining());
    for (ByteBuffer part : List.of(text, datatype, dataspace, data)) {
      int end = attribute.position() + padded(part.remaining());
      attribute.put(part).position(Math.min(attribute.limit(), end));
    }
    return message(ATTRIBUTE, attribute.clear());
  }

  private static ByteBuffer dataspace(Shape shape) {
    ByteBuffer dataspace = buffer(8 + Long.BYTES * shape.rank());
    dataspace.put((byte) 1).put((byte) shape.rank()).position(8);
    for (int size : shape.toArray()) {
      dataspace.putLong(size);
    }
    return dataspace.clear();
  }

  /** Texts of one length, filled up with zeros, UTF-8. */
  private static ByteBuffer strings(int length) {
    return buffer(8).put((byte) 0x13).put((byte) 0x11).putInt(4, length).clear();
  }

  private static ByteBuffer datatype(ElementType type) {
    return switch (type) {
      case FLOAT16 -> floats(2, 10, 5, 15);
      case FLOAT32 -> floats(4, 23, 8, 127);
      case FLOAT64 -> floats(8, 52, 11, 1023);
      case UINT8, UINT16, UINT32, UINT64 -> integers(type.size(), 0);
      case INT8, INT16, INT32, INT64 -> integers(type.size(), 8);
      case BOOL, BFLOAT16 ->
          throw new ModelFileException("HDF5: expected numbers, received " + type);
    };
  }

  /** A little-endian whole number. */
  private static ByteBuffer integers(int bytes, int signed) {
    ByteBuffer type = buffer(12).put((byte) 0x10).put((byte) signed);
    return type.putInt(4, bytes).putShort(10, (short) (8 * bytes)).clear();
  }

  /** A little-endian IEEE number: its bytes, bits of fraction and exponent, bias. */
  private static ByteBuffer floats(int bytes, int fraction, int exponent, int bias) {
    int sign = 8 * bytes - 1;
    ByteBuffer type = buffer(20);
    // 0x20: the fraction has a leading 1 that is not stored
    type.put((byte) 0x11).put((byte) 0x20).put((byte) sign).put((byte) 0).putInt(bytes);
    type.putShort((short) 0).putShort((short) (8 * bytes));
    type.put((byte) fraction).put((byte) exponent).put((byte) 0).put((byte) fraction);
    return type.putInt(bias).clear();
  }

  private static int padded(int length) {
    return Ints.checkedCast((length + 7L) / 8 * 8);
  }

  private static ByteBuffer buffer(int size) {
    return ByteBuffer.allocate(size).order(ByteOrder.LITTLE_ENDIAN);
  }
}
