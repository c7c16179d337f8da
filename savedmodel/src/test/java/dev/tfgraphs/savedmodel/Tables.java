package dev.tfgraphs.savedmodel;

import com.google.common.io.ByteArrayDataOutput;
import com.google.common.io.ByteStreams;
import java.io.IOException;
import java.nio.ByteBuffer;
import java.nio.ByteOrder;
import java.util.ArrayList;
import java.util.List;
import java.util.function.BinaryOperator;
import java.util.function.UnaryOperator;
import java.util.zip.CRC32C;

/** Tables of checkpoints as no writer would write them, but with right checksums. */
final class Tables {
  private static final int FOOTER = 48;
  private static final long MAGIC = 0xdb4775248b80fb57L;

  private Tables() {}

  /** A key and its value. */
  @SuppressWarnings("ArrayRecordComponent") // nobody compares them
  record Entry(byte[] key, byte[] value) {}

  static List<Entry> entries(byte[] table) throws IOException {
    List<Entry> entries = new ArrayList<>();
    SortedTable.read(
        ByteBuffer.wrap(table),
        (key, value) -> {
          byte[] bytes = new byte[value.remaining()];
          value.get(bytes);
          entries.add(new Entry(key, bytes));
        });
    return entries;
  }

  /** The table with other values. */
  static byte[] rewritten(byte[] table, BinaryOperator<byte[]> change) throws IOException {
    List<Entry> changed = new ArrayList<>();
    for (Entry entry : entries(table)) {
      changed.add(new Entry(entry.key(), change.apply(entry.key(), entry.value())));
    }
    return of(block(changed));
  }

  /** The table with all entries in one block, and that changed. */
  static byte[] resealed(byte[] table, UnaryOperator<byte[]> change) throws IOException {
    return of(change.apply(block(entries(table))));
  }

  /** A table of one block. */
  static byte[] of(byte[] block) {
    return of(block, List.of(new byte[] {(byte) 0xff}));
  }

  /** A table of one block that its index has under two keys. */
  static byte[] ofTwice(byte[] block) {
    return of(block, List.of(new byte[] {(byte) 0xfe}, new byte[] {(byte) 0xff}));
  }

  private static byte[] of(byte[] block, List<byte[]> keys) {
    ByteArrayDataOutput table = ByteStreams.newDataOutput();
    seal(table, block);
    byte[] handle = handle(0, block.length);
    byte[] index = block(keys.stream().map(key -> new Entry(key, handle)).toList());
    long place = block.length + 5L;
    seal(table, index);
    byte[] handles = new byte[FOOTER - Long.BYTES];
    byte[] ofIndex = handle(place, index.length);
    System.arraycopy(handle(0, 0), 0, handles, 0, 2);
    System.arraycopy(ofIndex, 0, handles, 2, ofIndex.length);
    table.write(handles);
    table.writeLong(Long.reverseBytes(MAGIC));
    return table.toByteArray();
  }

  private static void seal(ByteArrayDataOutput table, byte[] block) {
    CRC32C checksum = new CRC32C();
    checksum.update(block);
    checksum.update(0);
    table.write(block);
    table.write(0);
    table.writeInt(Integer.reverseBytes(Checksums.masked(checksum)));
  }

  private static byte[] handle(long offset, long size) {
    ByteArrayDataOutput handle = ByteStreams.newDataOutput();
    varint(handle, offset);
    varint(handle, size);
    return handle.toByteArray();
  }

  /** A block of entries that share nothing. */
  static byte[] block(List<Entry> entries) {
    ByteArrayDataOutput block = ByteStreams.newDataOutput();
    for (Entry entry : entries) {
      varint(block, 0);
      varint(block, entry.key().length);
      varint(block, entry.value().length);
      block.write(entry.key());
      block.write(entry.value());
    }
    ByteBuffer restarts = ByteBuffer.allocate(8).order(ByteOrder.LITTLE_ENDIAN);
    block.write(restarts.putInt(0).putInt(1).array());
    return block.toByteArray();
  }

  private static void varint(ByteArrayDataOutput bytes, long value) {
    long rest = value;
    for (; rest >= 128; rest >>>= 7) {
      bytes.write((int) ((rest & 127) | 128));
    }
    bytes.write((int) rest);
  }
}
