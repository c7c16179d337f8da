package dev.tfgraphs.graphs;

import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.ByteBuffer;
import java.nio.channels.FileChannel;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardOpenOption;

/**
 * A file that grows at its end and is cut back to where it was when a fit is resumed, so that
 * nothing is in it twice. It is open only while it is written to.
 */
final class Journal {
  private final Path file;
  private long length;

  private Journal(Path file, long length) {
    this.file = file;
    this.length = length;
  }

  /** A file that begins anew with what is written first. */
  static Journal anew(Path file) {
    return new Journal(file, 0);
  }

  /** A file that goes on behind what it holds. */
  static Journal after(Path file) {
    try {
      return new Journal(file, Files.exists(file) ? Files.size(file) : 0);
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    }
  }

  /**
   * A file that goes on behind its first {@code length} bytes.
   *
   * @throws GraphException if it has fewer
   */
  static Journal at(Path file, long length) {
    Journal whole = after(file);
    if (whole.length < length) {
      throw new GraphException(
          "%s: expected the %d bytes that were written, received %d"
              .formatted(file, length, whole.length));
    }
    return new Journal(file, length);
  }

  Path file() {
    return file;
  }

  long length() {
    return length;
  }

  /** Fails if it cannot be written; what it holds stays as it is. */
  void tryWriting() {
    try {
      open().close();
    } catch (IOException e) {
      throw unwritable(e);
    }
  }

  private FileChannel open() throws IOException {
    Snapshots.makeParent(file);
    return FileChannel.open(file, StandardOpenOption.CREATE, StandardOpenOption.WRITE);
  }

  private UncheckedIOException unwritable(IOException cause) {
    return new UncheckedIOException("expected to write " + file, cause);
  }

  void write(byte[] bytes) {
    try {
      try (FileChannel channel = open()) {
        channel.truncate(length).position(length);
        ByteBuffer left = ByteBuffer.wrap(bytes);
        while (left.hasRemaining()) {
          channel.write(left);
        }
      }
      length += bytes.length;
    } catch (IOException e) {
      throw unwritable(e);
    }
  }
}
