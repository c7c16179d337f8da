package dev.tfgraphs.savedmodel;

import java.util.zip.CRC32C;

/** TensorFlow's checksums. */
final class Checksums {
  private static final int DELTA = 0xa282ead8;

  private Checksums() {}

  /**
   * The checksum as TensorFlow stores it: turned and moved, because one of bytes that hold a
   * checksum is a weak one (tensorflow/core/lib/hash/crc32c.h).
   */
  static int masked(CRC32C checksum) {
    return Integer.rotateRight((int) checksum.getValue(), 15) + DELTA;
  }
}
