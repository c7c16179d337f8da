package dev.tfgraphs.savedmodel;

import java.io.EOFException;
import java.io.IOException;
import java.nio.ByteBuffer;
import java.nio.channels.FileChannel;

/** What a channel may do in parts, done in full. */
final class FileChannels {
  private FileChannels() {}

  /** Fills what remains of {@code target} with the bytes from {@code offset} on. */
  static void readFully(FileChannel file, long offset, ByteBuffer target) throws IOException {
    for (long position = offset; target.hasRemaining(); ) {
      int read = file.read(target, position);
      if (read < 0) {
        throw new EOFException("the file ends at byte " + position);
      }
      position += read;
    }
  }

  /** Writes what remains of {@code bytes} where the channel is. */
  static void writeFully(FileChannel file, ByteBuffer bytes) throws IOException {
    while (bytes.hasRemaining()) {
      file.write(bytes);
    }
  }
}
