package dev.tfgraphs.graphs;

import com.google.common.io.ByteArrayDataOutput;
import com.google.common.io.ByteStreams;
import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.ByteBuffer;
import java.nio.charset.StandardCharsets;
import java.util.zip.CRC32;
import java.util.zip.DeflaterOutputStream;

/** Pictures in the PNG format (RFC 2083), so that nothing here needs the desktop module. */
final class Png {
  private static final long SIGNATURE = 0x89504e470d0a1a0aL;
  private static final int SIZE_END = 24;

  /** Of a picture, in pixels. */
  record Size(int width, int height) {}

  private Png() {}

  /**
   * A picture of eight bits a channel.
   *
   * @param channels 1 (grey), 3 (colours) or 4 (colours and opacity)
   * @param pixels row by row, the channels of a pixel side by side
   */
  static byte[] of(int width, int height, int channels, byte[] pixels) {
    ByteArrayDataOutput out = ByteStreams.newDataOutput();
    out.writeLong(SIGNATURE);
    ByteArrayDataOutput header = ByteStreams.newDataOutput();
    header.writeInt(width);
    header.writeInt(height);
    header.write(new byte[] {8, (byte) (channels == 1 ? 0 : channels == 3 ? 2 : 6), 0, 0, 0});
    chunk(out, "IHDR", header.toByteArray());
    chunk(out, "IDAT", deflated(height, pixels));
    chunk(out, "IEND", new byte[0]);
    return out.toByteArray();
  }

  /**
   * The size of a picture that there is.
   *
   * @throws GraphException if {@code bytes} do not begin as a PNG does
   */
  static Size size(byte[] bytes) {
    ByteBuffer begin = ByteBuffer.wrap(bytes);
    if (bytes.length < SIZE_END || begin.getLong() != SIGNATURE) {
      throw new GraphException(
          "image: expected the bytes of a PNG, received %d others".formatted(bytes.length));
    }
    return new Size(begin.getInt(SIZE_END - 8), begin.getInt(SIZE_END - 4));
  }

  private static byte[] deflated(int height, byte[] pixels) {
    ByteArrayOutputStream out = new ByteArrayOutputStream();
    int row = pixels.length / height;
    try (DeflaterOutputStream deflater = new DeflaterOutputStream(out)) {
      for (int y = 0; y < height; y++) {
        deflater.write(0); // no filter
        deflater.write(pixels, y * row, row);
      }
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    }
    return out.toByteArray();
  }

  private static void chunk(ByteArrayDataOutput out, String type, byte[] data) {
    byte[] name = type.getBytes(StandardCharsets.US_ASCII);
    CRC32 crc = new CRC32();
    crc.update(name);
    crc.update(data);
    out.writeInt(data.length);
    out.write(name);
    out.write(data);
    out.writeInt((int) crc.getValue());
  }
}
