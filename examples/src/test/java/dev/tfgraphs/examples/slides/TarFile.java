package dev.tfgraphs.examples.slides;

import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.zip.GZIPOutputStream;

/** Makes compressed archives of a few files, as {@code tar -czf} does. */
final class TarFile {
  private static final int BLOCK = 512;
  private final ByteArrayOutputStream blocks = new ByteArrayOutputStream();

  TarFile add(String path, byte[] content) {
    return add(path, "%011o".formatted(content.length), content);
  }

  /** With a size that may be wrong. */
  TarFile add(String path, String size, byte[] content) {
    byte[] header = new byte[BLOCK];
    put(header, 0, path);
    put(header, 124, size);
    put(header, 156, "0");
    put(header, 257, "ustar");
    blocks.writeBytes(header);
    blocks.writeBytes(content);
    blocks.writeBytes(new byte[Math.floorMod(-content.length, BLOCK)]);
    return this;
  }

  private static void put(byte[] header, int at, String text) {
    byte[] bytes = text.getBytes(StandardCharsets.US_ASCII);
    System.arraycopy(bytes, 0, header, at, bytes.length);
  }

  TarFile end() {
    blocks.writeBytes(new byte[2 * BLOCK]);
    return this;
  }

  Path write(Path file) throws IOException {
    try (GZIPOutputStream out = new GZIPOutputStream(Files.newOutputStream(file))) {
      blocks.writeTo(out);
    }
    return file;
  }
}
