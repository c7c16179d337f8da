package dev.tfgraphs.savedmodel;

import java.nio.ByteBuffer;
import java.nio.ByteOrder;
import java.nio.charset.StandardCharsets;
import java.util.HashMap;
import java.util.Map;

/** Where a file keeps texts of any length. III.D and III.E of the specification. */
final class Hdf5Heaps {
  private static final int HEAD = 16;

  private final Hdf5File file;
  private final Map<Long, Map<Integer, ByteBuffer>> global = new HashMap<>();

  Hdf5Heaps(Hdf5File file) {
    this.file = file;
  }

  /** A text of {@code length} bytes, number {@code index} of the heap at {@code address}. */
  String text(long address, int index, int length) {
    if (length == 0) {
      return "";
    }
    Map<Integer, ByteBuffer> heap = global.get(address);
    if (heap == null) {
      heap = heap(address);
      global.put(address, heap);
    }
    ByteBuffer text = heap.get(index);
    if (text == null) {
      throw new IllegalStateException("expected text " + index + " in a heap, received none");
    }
    file.spend(length);
    return text(text.slice(0, length));
  }

  /** A name, which can be shown in a line. */
  static String text(ByteBuffer bytes) {
    String text = StandardCharsets.UTF_8.decode(bytes).toString();
    Hdf5File.check(
        text.chars().noneMatch(Character::isISOControl), "a name of one line", "something else");
    return text;
  }

  private Map<Integer, ByteBuffer> heap(long address) {
    long size = file.bytes(address, HEAD, "GCOL").getLong(8);
    ByteBuffer bytes = file.bytes(address, size, "GCOL").position(HEAD);
    Map<Integer, ByteBuffer> texts = new HashMap<>();
    while (bytes.remaining() >= HEAD) {
      int start = bytes.position();
      int index = Short.toUnsignedInt(bytes.getShort());
      long length = bytes.getLong(start + 8);
      if (index == 0) { // what is free
        break;
      }
      Hdf5File.check(length >= 0 && length <= bytes.limit(), "a text inside its heap", length);
      texts.put(index, bytes.slice(start + HEAD, (int) length));
      bytes.position(Math.min(bytes.limit(), start + HEAD + (int) ((length + 7) / 8 * 8)));
    }
    return texts;
  }

  /** The names of the links of a group. */
  ByteBuffer names(long address) {
    ByteBuffer head = file.bytes(address, 32, "HEAP").order(ByteOrder.LITTLE_ENDIAN);
    return file.bytes(head.getLong(24), head.getLong(8));
  }

  /** The name that starts at {@code offset} and ends with a zero. */
  static String name(ByteBuffer names, long offset) {
    Hdf5File.check(offset >= 0 && offset < names.limit(), "a name inside its heap", offset);
    int end = (int) offset;
    while (names.get(end) != 0) {
      end++;
    }
    return text(names.slice((int) offset, end - (int) offset));
  }
}
