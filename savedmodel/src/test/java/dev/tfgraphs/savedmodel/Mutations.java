package dev.tfgraphs.savedmodel;

import java.nio.ByteBuffer;
import java.nio.ByteOrder;
import java.util.Arrays;
import java.util.Random;

/** Ways to damage the bytes of a file, each decided by the seed of its random numbers. */
final class Mutations {
  /** Numbers at which sizes and offsets are most likely mistaken. */
  private static final long[] EDGES = {
    0,
    1,
    7,
    8,
    127,
    128,
    255,
    256,
    65535,
    1 << 24,
    Integer.MAX_VALUE,
    0xffffffffL,
    1L << 40,
    Long.MAX_VALUE,
    Long.MIN_VALUE,
    -1
  };

  private Mutations() {}

  /** Some bytes changed, put in or taken out. */
  static byte[] changed(byte[] whole, Random random) {
    byte[] bytes = whole.clone();
    for (int change = 0; change <= random.nextInt(3) && bytes.length > 0; change++) {
      int at = random.nextInt(bytes.length);
      switch (random.nextInt(6)) {
        case 0 -> bytes[at] ^= (byte) (1 << random.nextInt(8));
        case 1 -> bytes[at] = (byte) random.nextInt();
        case 2 -> bytes = Arrays.copyOf(bytes, Math.max(at, 1));
        case 3 -> bytes = spliced(bytes, at, at, random);
        case 4 -> bytes = spliced(bytes, at, random.nextInt(bytes.length - at) + at, random);
        default -> edge(bytes, at, random);
      }
    }
    return bytes;
  }

  private static byte[] spliced(byte[] bytes, int from, int to, Random random) {
    byte[] middle = new byte[random.nextInt(9)];
    random.nextBytes(middle);
    return ByteBuffer.allocate(from + middle.length + bytes.length - to)
        .put(bytes, 0, from)
        .put(middle)
        .put(bytes, to, bytes.length - to)
        .array();
  }

  private static void edge(byte[] bytes, int at, Random random) {
    long value = EDGES[random.nextInt(EDGES.length)];
    ByteBuffer number = ByteBuffer.allocate(Long.BYTES).order(ByteOrder.LITTLE_ENDIAN);
    number.putLong(value);
    int start = random.nextBoolean() ? 0 : at;
    int count = Math.min(random.nextBoolean() ? Integer.BYTES : Long.BYTES, bytes.length - start);
    System.arraycopy(number.array(), 0, bytes, start, count);
  }

  /** Sizes and addresses changed where HDF5 has them, or as {@link #changed}. */
  static byte[] fields(byte[] whole, Random random) {
    if (random.nextInt(4) == 0) {
      return changed(whole, random);
    }
    byte[] bytes = whole.clone();
    ByteBuffer all = ByteBuffer.wrap(bytes).order(ByteOrder.LITTLE_ENDIAN);
    for (int left = 1 + random.nextInt(4); left > 0; left--) {
      int place = random.nextInt(bytes.length - 8);
      switch (random.nextInt(4)) {
        case 0 -> bytes[place] ^= (byte) (1 << random.nextInt(8));
        case 1 -> all.putLong(place / 8 * 8, EDGES[random.nextInt(EDGES.length)]);
        case 2 -> all.putLong(place / 8 * 8, random.nextInt(bytes.length / 8) * 8L);
        default -> all.putShort(place / 2 * 2, (short) random.nextInt());
      }
    }
    return bytes;
  }

  /** Digits of a text changed, so that JSON stays JSON; {@code from} is where the text begins. */
  static byte[] otherDigits(byte[] whole, int from, int to, Random random) {
    byte[] bytes = whole.clone();
    for (int changes = 0; changes < 2; ) {
      int at = from + random.nextInt(to - from);
      if (bytes[at] >= '0' && bytes[at] <= '9') {
        bytes[at] = (byte) ('0' + random.nextInt(10));
        changes++;
      }
    }
    return bytes;
  }

  /** A text with characters changed, taken out, or repeated from elsewhere in it. */
  static byte[] otherText(byte[] whole, Random random) {
    byte[] bytes = whole;
    for (int change = 0; change <= random.nextInt(3); change++) {
      int at = random.nextInt(bytes.length);
      int from = random.nextInt(bytes.length);
      byte[] middle =
          switch (random.nextInt(3)) {
            case 0 -> new byte[0];
            case 1 -> new byte[] {(byte) (32 + random.nextInt(96))};
            default -> Arrays.copyOfRange(bytes, from, Math.min(bytes.length, from + 40));
          };
      int skipped = Math.min(bytes.length - at, random.nextInt(2));
      bytes =
          ByteBuffer.allocate(bytes.length + middle.length - skipped)
              .put(bytes, 0, at)
              .put(middle)
              .put(bytes, at + skipped, bytes.length - at - skipped)
              .array();
    }
    return bytes;
  }
}
