package dev.tfgraphs.savedmodel;

import java.io.IOException;
import java.nio.ByteBuffer;
import java.nio.ByteOrder;
import java.util.Arrays;
import java.util.zip.CRC32C;

/**
 * TensorFlow's file of sorted keys with values (tensorflow/core/lib/io/table_format.txt), which is
 * LevelDB's: blocks of entries, a block that says where these are, and a footer that says where
 * that is. Each block has a checksum.
 */
final class SortedTable {
  private static final int FOOTER = 48;
  private static final int TRAILER = 5;
  private static final long MAGIC = 0xdb4775248b80fb57L;

  /** Is told of the keys in their order. */
  @FunctionalInterface
  interface Visitor {
    void visit(byte[] key, ByteBuffer value) throws IOException;
  }

  private final ByteBuffer table;
  private final int limit;
  private byte[] last = {};
  private boolean any;
  private long keyBytes;
  private long blocksEnd;

  private SortedTable(ByteBuffer table) {
    this.table = table;
    this.limit = table.limit() - FOOTER;
  }

  /**
   * Reads a whole table.
   *
   * @throws IOException if it is not one, or damaged; {@code visitor} may have been told of a part
   */
  static void read(ByteBuffer table, Visitor visitor) throws IOException {
    ByteBuffer bytes = table.slice().order(ByteOrder.LITTLE_ENDIAN);
    if (bytes.limit() < FOOTER || bytes.getLong(bytes.limit() - Long.BYTES) != MAGIC) {
      throw new IOException("expected the table of a checkpoint, received other bytes at its end");
    }
    new SortedTable(bytes).read(visitor);
  }

  private void read(Visitor visitor) throws IOException {
    ByteBuffer footer = table.slice(limit, FOOTER);
    varint(footer); // where the block of filters would be
    varint(footer);
    SortedTable keys = new SortedTable(table);
    keys.entries(keys.block(footer), (key, handle) -> entries(block(handle), visitor));
  }

  /** The block that is at the place said next in {@code handle}. */
  private ByteBuffer block(ByteBuffer handle) throws IOException {
    long offset = varint(handle);
    long size = varint(handle);
    if (offset < 0
        || size < Integer.BYTES
        || size > limit - TRAILER
        || offset > limit - TRAILER - size) {
      throw new IOException(
          "expected blocks inside of %d bytes, received %d bytes at %d"
              .formatted(limit, size, offset));
    }
    if (offset < blocksEnd) { // one that is read again and again could make of little much
      throw new IOException(
          "expected blocks one after another, received one at %d before %d"
              .formatted(offset, blocksEnd));
    }
    blocksEnd = offset + size + TRAILER;
    ByteBuffer checked = table.slice((int) offset, (int) size + 1);
    CRC32C checksum = new CRC32C();
    checksum.update(checked);
    if (Checksums.masked(checksum) != table.getInt((int) (offset + size) + 1)) {
      throw new IOException("the block at byte " + offset + " is damaged: its checksum differs");
    }
    if (table.get((int) (offset + size)) != 0) {
      throw new IOException("expected blocks that are not compressed, received a compressed one");
    }
    return table.slice((int) offset, (int) size).order(ByteOrder.LITTLE_ENDIAN);
  }

  private void entries(ByteBuffer block, Visitor visitor) throws IOException {
    long restarts = Integer.toUnsignedLong(block.getInt(block.limit() - Integer.BYTES));
    long end = block.limit() - Integer.BYTES * (restarts + 1);
    if (end < 0) {
      throw new IOException("expected a block with its " + restarts + " restarts, received less");
    }
    block.limit((int) end);
    while (block.hasRemaining()) {
      entry(block, visitor);
    }
  }

  private void entry(ByteBuffer block, Visitor visitor) throws IOException {
    long shared = varint(block);
    long own = varint(block);
    long value = varint(block);
    if (shared < 0
        || shared > last.length
        || own < 0
        || value < 0
        || own > block.remaining()
        || value > block.remaining() - own) {
      throw new IOException("expected entries inside of their block, received a longer one");
    }
    byte[] key = Arrays.copyOf(last, (int) (shared + own));
    block.get(key, (int) shared, (int) own);
    keyBytes += key.length;
    if (any && Arrays.compareUnsigned(last, key) >= 0) {
      throw new IOException("expected sorted keys, received others");
    }
    if (keyBytes > 8L * table.limit()) { // shared beginnings could make of little much
      throw new IOException(
          "expected keys of " + 8L * table.limit() + " bytes in all, received more");
    }
    last = key;
    any = true;
    visitor.visit(key, block.slice(block.position(), (int) value));
    block.position(block.position() + (int) value);
  }

  /** A number of up to 64 bits, seven a byte, the lowest first. */
  static long varint(ByteBuffer bytes) throws IOException {
    long value = 0;
    for (int shift = 0; shift < Long.SIZE && bytes.hasRemaining(); shift += 7) {
      byte next = bytes.get();
      value |= (next & 0x7fL) << shift;
      if (next >= 0) {
        return value;
      }
    }
    throw new IOException("expected a number, received bytes without an end of one");
  }
}
