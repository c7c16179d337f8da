package dev.tfgraphs.savedmodel;

import java.io.Closeable;
import java.io.IOException;
import java.nio.ByteBuffer;
import java.nio.ByteOrder;
import java.nio.channels.FileChannel;
import java.nio.charset.CharacterCodingException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Path;
import java.nio.file.StandardOpenOption;
import java.util.zip.CRC32C;

/**
 * A file that is read from any place. It is not mapped into memory: to read where a file was mapped
 * and has been cut off since is an error that Java does not survive on every system.
 */
final class RandomBytes implements Closeable {
  private static final int CHUNK = 1 << 16;

  private final FileChannel channel;
  private final long size;

  private RandomBytes(FileChannel channel) throws IOException {
    this.channel = channel;
    this.size = channel.size();
  }

  static RandomBytes open(Path file) throws IOException {
    FileChannel channel = FileChannel.open(file, StandardOpenOption.READ);
    try {
      return new RandomBytes(channel);
    } catch (IOException e) {
      channel.close();
      throw e;
    }
  }

  /** How many bytes there were when it was opened. */
  long size() {
    return size;
  }

  FileChannel channel() {
    return channel;
  }

  /** The bytes from {@code offset} on, little-endian; the caller knows that there are as many. */
  ByteBuffer read(long offset, int count) throws IOException {
    ByteBuffer bytes = ByteBuffer.allocate(count).order(ByteOrder.LITTLE_ENDIAN);
    fill(offset, bytes);
    return bytes.flip();
  }

  /** Fills what remains of {@code target}. */
  void fill(long offset, ByteBuffer target) throws IOException {
    FileChannels.readFully(channel, offset, target);
  }

  /** The text of some bytes; fails if they are not UTF-8. */
  String text(long offset, int count) throws IOException {
    try {
      return StandardCharsets.UTF_8.newDecoder().decode(read(offset, count)).toString();
    } catch (CharacterCodingException e) {
      throw new IOException("header: expected UTF-8, received other bytes", e);
    }
  }

  /** The checksum of some bytes. */
  CRC32C checksum(long offset, long count) throws IOException {
    CRC32C checksum = new CRC32C();
    ByteBuffer chunk = ByteBuffer.allocate((int) Math.min(CHUNK, count));
    for (long done = 0; done < count; done += chunk.limit()) {
      chunk.clear().limit((int) Math.min(CHUNK, count - done));
      fill(offset + done, chunk);
      checksum.update(chunk.flip());
    }
    return checksum;
  }

  @Override
  public void close() throws IOException {
    channel.close();
  }
}
