package dev.tfgraphs.examples;

import com.google.common.collect.ImmutableSortedMap;
import com.google.common.collect.ImmutableSortedSet;
import com.google.common.math.LongMath;
import dev.tfgraphs.graphs.HostTensor;
import java.io.IOException;
import java.io.InputStream;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Locale;
import java.util.Map;
import java.util.TreeMap;
import java.util.zip.CRC32;
import java.util.zip.CheckedInputStream;
import java.util.zip.ZipEntry;
import java.util.zip.ZipFile;
import java.util.zip.ZipOutputStream;

/**
 * NumPy's files of arrays with names, as {@code numpy.savez} and {@code numpy.savez_compressed}
 * write them: a zip of {@link Npy}'s files. An array is read when it is asked for; names of entries
 * are looked up and never become paths.
 */
final class Npz implements AutoCloseable {
  private static final String ENDING = ".npy";
  private static final int MOST_ENTRIES = 1000;

  /** Deflate makes no byte into more. */
  private static final long MOST_GROWTH = 1032;

  private final Path file;
  private final ZipFile zip;
  private final ImmutableSortedMap<String, ZipEntry> entries;

  private Npz(Path file, ZipFile zip, Map<String, ZipEntry> entries) {
    this.file = file;
    this.zip = zip;
    this.entries = ImmutableSortedMap.copyOf(entries);
  }

  static boolean isNpz(Path file) {
    return file.toString().toLowerCase(Locale.ROOT).endsWith(".npz");
  }

  /**
   * Opens a file; the caller closes it.
   *
   * @throws CommandException if there is none, or if it is no zip of arrays
   */
  static Npz open(Path file) {
    if (!Files.isRegularFile(file)) {
      throw problem(
          file,
          "expected a file that can be read, received "
              + (Files.isDirectory(file) ? "a folder" : "nothing"));
    }
    ZipFile zip = zip(file);
    try {
      return new Npz(file, zip, entries(file, zip));
    } catch (IOException e) {
      throw closed(zip, unreadable(file, e));
    } catch (RuntimeException e) {
      throw closed(zip, e);
    }
  }

  private static ZipFile zip(Path file) {
    try {
      return new ZipFile(file.toFile(), StandardCharsets.UTF_8);
    } catch (IOException | IllegalArgumentException | UnsupportedOperationException e) {
      throw new CommandException(
          "arrays " + file + ": expected a .npz of numpy.savez, received what is no zip", e);
    }
  }

  private static RuntimeException closed(ZipFile zip, RuntimeException failure) {
    try {
      zip.close();
    } catch (IOException e) {
      failure.addSuppressed(e);
    }
    return failure;
  }

  /** Entries that share their bytes would hold more than the file does. */
  private static Map<String, ZipEntry> entries(Path file, ZipFile zip) throws IOException {
    if (zip.size() > MOST_ENTRIES) {
      throw problem(file, "expected at most " + MOST_ENTRIES + " arrays, received " + zip.size());
    }
    Map<String, ZipEntry> entries = new TreeMap<>();
    long packed = 0;
    for (ZipEntry entry : zip.stream().toList()) {
      String name = entry.getName();
      if (!name.endsWith(ENDING)) {
        throw problem(file, "expected .npy entries alone, received '" + name + "'");
      }
      String array = name.substring(0, name.length() - ENDING.length());
      if (entries.put(array, entry) != null) {
        throw problem(file, "expected every array once, received '" + array + "' twice");
      }
      packed = LongMath.saturatedAdd(packed, entry.getCompressedSize());
      long most = LongMath.saturatedMultiply(MOST_GROWTH, entry.getCompressedSize());
      if (entry.getSize() > most) {
        throw problem(
            file,
            "expected '%s' of at most %d bytes, packed in %d, received %d"
                .formatted(array, most, entry.getCompressedSize(), entry.getSize()));
      }
    }
    if (packed > Files.size(file)) {
      throw problem(
          file, "expected arrays of at most " + Files.size(file) + " bytes, received " + packed);
    }
    return entries;
  }

  /** The names of the arrays, sorted. */
  ImmutableSortedSet<String> names() {
    return entries.keySet();
  }

  Path file() {
    return file;
  }

  /**
   * The array of a name that is there.
   *
   * @throws CommandException if it is damaged or of another kind
   */
  NumpyArray read(String name) {
    ZipEntry entry = entries.get(name);
    if (entry == null) {
      throw problem(file, "expected an array of " + names() + ", asked for '" + name + "'");
    }
    String called = "array " + name + " of " + file;
    try (InputStream in = zip.getInputStream(entry)) {
      CheckedInputStream checked = new CheckedInputStream(in, new CRC32());
      NumpyArray array = Npy.read(called, checked, entry.getSize());
      if (checked.read() >= 0 || checked.getChecksum().getValue() != entry.getCrc()) {
        throw new CommandException(called + ": expected the bytes that were written, others came");
      }
      return array;
    } catch (IOException e) {
      throw new CommandException(called + ": cannot be read: " + e.getMessage(), e);
    }
  }

  /**
   * Writes float32 under these names.
   *
   * @throws IOException if the file cannot be written
   */
  static void write(Path file, Map<String, HostTensor> arrays) throws IOException {
    try (ZipOutputStream zip = new ZipOutputStream(Files.newOutputStream(file))) {
      for (Map.Entry<String, HostTensor> array : arrays.entrySet()) {
        zip.putNextEntry(new ZipEntry(array.getKey() + ENDING));
        zip.write(Npy.bytes(array.getValue()));
        zip.closeEntry();
      }
    }
  }

  private static CommandException problem(Path file, String problem) {
    return new CommandException("arrays " + file + ": " + problem);
  }

  private static CommandException unreadable(Path file, IOException e) {
    return new CommandException("arrays " + file + ": cannot be read: " + e.getMessage(), e);
  }

  @Override
  public void close() {
    try {
      zip.close();
    } catch (IOException e) {
      throw unreadable(file, e);
    }
  }
}
