package dev.tfgraphs.graphs.data;

import java.io.DataInputStream;
import java.io.EOFException;
import java.io.IOException;
import java.io.InputStream;
import java.nio.ByteBuffer;
import java.nio.ByteOrder;
import java.util.Arrays;

/**
 * What a JPEG says of itself before its pixels. Whatever is damaged says nothing: who decodes the
 * pixels tells what is wrong with them.
 *
 * @param components how many numbers a pixel has, 4 in CMYK; 0 if that is not said
 * @param orientation as EXIF has it; upright if that is not said
 */
record JpegHeader(int components, Orientation orientation) {
  private static final int START = 0xffd8;
  private static final int EXIF = 0xffe1;
  private static final int SCAN = 0xffda;
  private static final byte[] EXIF_NAME = {'E', 'x', 'i', 'f', 0, 0};

  private static final int ORIENTATION_TAG = 0x0112;
  private static final int SHORT = 3;
  private static final int ENTRY_BYTES = 12;

  /**
   * {@return the header of the JPEG that {@code in} is; one that says nothing, if it is none}
   *
   * @throws IOException if it cannot be read; not if it is damaged
   */
  static JpegHeader read(InputStream in) throws IOException {
    DataInputStream data = new DataInputStream(in);
    Orientation orientation = Orientation.UPRIGHT;
    try {
      if (data.readUnsignedShort() != START) {
        return new JpegHeader(0, orientation);
      }
      for (int marker = marker(data); marker > 0xff00 && marker != SCAN; marker = marker(data)) {
        int length = Math.max(0, data.readUnsignedShort() - 2);
        if (isFrame(marker)) {
          data.skipNBytes(5);
          return new JpegHeader(data.readUnsignedByte(), orientation);
        }
        if (marker == EXIF && orientation == Orientation.UPRIGHT) {
          orientation = ofExif(data.readNBytes(length));
        } else {
          data.skipNBytes(length);
        }
      }
    } catch (EOFException damaged) {
      // what has been said until there holds
    }
    return new JpegHeader(0, orientation);
  }

  private static int marker(DataInputStream in) throws IOException {
    int marker = in.readUnsignedShort();
    while (marker == 0xffff) { // markers may be padded
      marker = 0xff00 | in.readUnsignedByte();
    }
    return marker;
  }

  /** C0 to CF are frames, but for C4, C8 and CC. */
  private static boolean isFrame(int marker) {
    return marker == 0xffc0 || (marker > 0xffc0 && marker <= 0xffcf && marker % 4 != 0);
  }

  /** What a segment says that may be EXIF's: a TIFF file, of which the first directory counts. */
  private static Orientation ofExif(byte[] segment) {
    int name = EXIF_NAME.length;
    if (segment.length < name + 8 || !Arrays.equals(EXIF_NAME, Arrays.copyOf(segment, name))) {
      return Orientation.UPRIGHT;
    }
    ByteBuffer tiff = ByteBuffer.wrap(segment, name, segment.length - name).slice();
    short order = tiff.getShort(0);
    if (order == 0x4949) {
      tiff.order(ByteOrder.LITTLE_ENDIAN);
    } else if (order != 0x4d4d) {
      return Orientation.UPRIGHT;
    }
    return tiff.getShort(2) == 42 ? ofDirectory(tiff, tiff.getInt(4)) : Orientation.UPRIGHT;
  }

  private static Orientation ofDirectory(ByteBuffer tiff, int start) {
    if (start < 0 || start > tiff.limit() - 2) {
      return Orientation.UPRIGHT;
    }
    int entries = Short.toUnsignedInt(tiff.getShort(start));
    for (int i = 0; i < entries; i++) {
      int entry = start + 2 + i * ENTRY_BYTES;
      if (entry > tiff.limit() - ENTRY_BYTES) {
        return Orientation.UPRIGHT;
      }
      if (tiff.getShort(entry) == ORIENTATION_TAG) {
        boolean one = tiff.getShort(entry + 2) == SHORT && tiff.getInt(entry + 4) == 1;
        return one ? Orientation.of(tiff.getShort(entry + 8)) : Orientation.UPRIGHT;
      }
    }
    return Orientation.UPRIGHT;
  }
}
