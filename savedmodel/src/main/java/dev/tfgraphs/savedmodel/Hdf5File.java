package dev.tfgraphs.savedmodel;

import dev.tfgraphs.ops.Shape;
import java.io.Closeable;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.ByteBuffer;
import java.nio.charset.StandardCharsets;
import java.nio.file.Path;
import java.util.Arrays;
import java.util.HashMap;
import java.util.Map;
import java.util.function.Supplier;

/**
 * An open HDF5 file, as far as h5py makes use of HDF5 for Keras. It may come from anywhere: nothing
 * that it says is followed without end, or believed before the file is seen to be long enough.
 * After the "HDF5 File Format Specification Version 3.0".
 */
final class Hdf5File implements Closeable {
  static final byte[] SIGNATURE = {(byte) 0x89, 'H', 'D', 'F', '\r', '\n', 0x1a, '\n'};

  /**
   * What is read of a file beside its numbers at most: names, attributes, where things are. A
   * ResNet152 has less than 2 MB of it.
   */
  private static final long MOST = 1 << 26;

  /** How large one such thing may be. */
  private static final int LARGEST = 1 << 24;

  /** What anything counts that is as good as nothing. */
  private static final int COST = 64;

  private final Path path;
  private final String kind;
  private final RandomBytes file;
  private final Hdf5Heaps heaps = new Hdf5Heaps(this);
  private final Map<Long, Hdf5Object> objects = new HashMap<>();
  private long left = MOST;

  private Hdf5File(Path path, String kind, RandomBytes file) {
    this.path = path;
    this.kind = kind;
    this.file = file;
  }

  /**
   * Opens a file, which the caller closes.
   *
   * @param kind what errors call such files
   */
  static Hdf5File open(Path path, String kind) throws IOException {
    return open(path, path, kind);
  }

  /**
   * Opens a file that errors call otherwise, which the caller closes.
   *
   * @param called where the file comes from
   */
  static Hdf5File open(Path path, Path called, String kind) throws IOException {
    return new Hdf5File(called, kind, RandomBytes.open(path));
  }

  /** Whether a file that begins with {@code head} is one of HDF5. */
  static boolean begins(byte[] head) {
    return ByteBuffer.wrap(SIGNATURE).mismatch(ByteBuffer.wrap(head)) == SIGNATURE.length;
  }

  /** The group that all others are in. */
  Hdf5Group root() {
    return read("", () -> new Hdf5Group(this, object(rootAddress()), ""));
  }

  private long rootAddress() {
    byte[] head = new byte[SIGNATURE.length];
    bytes(0, head.length).get(head);
    check(Arrays.equals(head, SIGNATURE), "the signature of HDF5", "other bytes");
    ByteBuffer block = bytes(SIGNATURE.length, 8);
    int version = block.get();
    boolean old = version < 2;
    int sizes = old ? 5 : 1; // where the sizes of addresses and lengths are
    check(version >= 0 && version <= 3, "superblock 0 to 3", version);
    check(block.get(sizes) == 8 && block.get(sizes + 1) == 8, "addresses of 8 bytes", "others");
    // version 1 has four bytes more before the addresses
    int addresses = old ? SIGNATURE.length + 16 + 4 * version : SIGNATURE.length + 4;
    check(bytes(addresses, 8).getLong() == 0, "no bytes before it", "some");
    return bytes(addresses + (old ? 40 : 24), 8).getLong();
  }

  /** The object whose header is at {@code address}. */
  Hdf5Object object(long address) {
    Hdf5Object known = objects.get(address);
    if (known == null) {
      known = Hdf5Object.read(this, address);
      objects.put(address, known);
    }
    return known;
  }

  /** What several objects keep their texts in. */
  Hdf5Heaps heaps() {
    return heaps;
  }

  /** Numbers in one piece, which the file is long enough for. */
  StoredTensor tensor(long address, String where, Shape shape, ElementType type)
      throws IOException {
    try {
      return StoredTensor.in(file.channel(), address, where, shape, type);
    } catch (ModelFileException e) {
      throw ModelFileException.ofWeights(path, kind, String.valueOf(e.getMessage()), e);
    }
  }

  /** Some bytes, little-endian. */
  ByteBuffer bytes(long address, long length) {
    try {
      check(
          address >= 0 && length >= 0 && length <= LARGEST && address <= file.size() - length,
          "bytes inside the file",
          length + " at " + address);
      spend(length);
      return file.read(address, (int) length);
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    }
  }

  /** Counts what is made of the file, which an honest one keeps in bounds. */
  void spend(long bytes) {
    left -= bytes + COST;
    check(left >= 0, "names and attributes of at most " + MOST + " bytes", "more, or in circles");
  }

  /** Bytes that begin with a signature of four letters, after it. */
  ByteBuffer bytes(long address, long length, String signature) {
    ByteBuffer bytes = bytes(address, length);
    byte[] letters = new byte[4];
    bytes.get(letters);
    String received = new String(letters, StandardCharsets.ISO_8859_1);
    check(received.equals(signature), "'" + signature + "' at byte " + address, "something else");
    return bytes;
  }

  /** Fails unless the file is as it should be. */
  static void check(boolean holds, String expected, Object received) {
    if (!holds) {
      throw new IllegalStateException("expected " + expected + ", received " + received);
    }
  }

  /** What is found at {@code where}; whatever goes wrong means that the file is damaged. */
  <T> T read(String where, Supplier<T> finding) {
    try {
      return finding.get();
    } catch (ModelFileException e) {
      throw e;
    } catch (RuntimeException e) {
      throw ModelFileException.ofWeights(
          path,
          kind,
          "expected an undamaged HDF5 file that Keras wrote, received one that fails at '/%s': %s"
              .formatted(where, ModelFileException.reason(e)),
          e);
    }
  }

  /** What is wrong at {@code where}. */
  ModelFileException expected(String expected, String where, String received) {
    return ModelFileException.ofWeights(
        path, kind, "expected " + expected + " at '/" + where + "', received " + received);
  }

  @Override
  public void close() throws IOException {
    file.close();
  }
}
