package dev.tfgraphs.examples.slides;

import com.google.common.collect.ImmutableSet;
import dev.tfgraphs.graphs.Aside;
import dev.tfgraphs.savedmodel.Downloads;
import dev.tfgraphs.savedmodel.RemoteFile;
import java.io.EOFException;
import java.io.IOException;
import java.io.InputStream;
import java.io.UncheckedIOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardCopyOption;
import java.util.Set;
import java.util.TreeSet;
import java.util.zip.GZIPInputStream;

/**
 * The binary version of CIFAR-10 as its authors publish it, a tar of six files and a few notes,
 * compressed. Only the six are written, under names that stand here and not in the archive.
 */
final class Cifar10Archive {
  private static final String FOLDER = "cifar-10-batches-bin";
  private static final ImmutableSet<String> FILES =
      ImmutableSet.of(
          "data_batch_1.bin",
          "data_batch_2.bin",
          "data_batch_3.bin",
          "data_batch_4.bin",
          "data_batch_5.bin",
          "test_batch.bin");
  private static final RemoteFile ARCHIVE =
      new RemoteFile(
          "https://www.cs.toronto.edu/~kriz/cifar-10-binary.tar.gz",
          "cifar-10-binary.tar.gz",
          "c32a1d4ab5d03f1284b67883e8d87530");

  /** Those of CIFAR-10 have 30,730,000 bytes. */
  private static final int MOST_BYTES = 64 << 20;

  /** A tar is made of blocks: a header's, and those of the file, the last filled up. */
  private static final int BLOCK = 512;

  private static final int NAME_LENGTH = 100;
  private static final int SIZE = 124;
  private static final int SIZE_LENGTH = 12;

  private Cifar10Archive() {}

  /**
   * The folder of the six files, fetched if they were not there: beside Keras's data sets.
   *
   * @throws dev.tfgraphs.savedmodel.ModelFileException if it cannot be fetched
   * @throws UncheckedIOException if the files cannot be written
   */
  static Path fetch() {
    return fetch(Downloads.into(Downloads.ofKeras().folder().resolveSibling("datasets")), ARCHIVE);
  }

  static Path fetch(Downloads downloads, RemoteFile archive) {
    Path folder = downloads.folder().resolve(FOLDER);
    if (!FILES.stream().map(folder::resolve).allMatch(Files::isRegularFile)) {
      unpack(downloads.fetch(archive), folder);
    }
    return folder;
  }

  /**
   * Writes the six files of an archive into {@code folder}, each whole or not at all.
   *
   * @throws UncheckedIOException if a file is not in the archive, the archive is damaged, or a file
   *     cannot be written
   */
  static void unpack(Path archive, Path folder) {
    try (InputStream in = new GZIPInputStream(Files.newInputStream(archive))) {
      Set<String> missing = new TreeSet<>(FILES);
      while (!missing.isEmpty()) {
        missing.remove(next(in, folder, missing));
      }
    } catch (IOException e) {
      String received =
          e instanceof EOFException ? "an archive that ends within a file" : e.getMessage();
      throw new UncheckedIOException(
          "CIFAR-10: expected the six files of the binary version in %s, received %s"
              .formatted(archive, received),
          e);
    }
  }

  /** Goes past the next file, which is written if it is missing; its name in the folder. */
  private static String next(InputStream in, Path folder, Set<String> missing) throws IOException {
    byte[] header = exactly(in, BLOCK);
    String path = text(header, 0, NAME_LENGTH);
    if (path.isEmpty()) {
      throw new IOException("an archive without " + String.join(", ", missing));
    }
    int size = size(path, text(header, SIZE, SIZE_LENGTH));
    byte[] content = exactly(in, size);
    in.skipNBytes(Math.floorMod(-size, BLOCK));
    String file = path.startsWith(FOLDER + "/") ? path.substring(FOLDER.length() + 1) : "";
    if (missing.contains(file)) {
      write(content, folder.resolve(file));
    }
    return file;
  }

  private static byte[] exactly(InputStream in, int count) throws IOException {
    byte[] bytes = in.readNBytes(count);
    if (bytes.length < count) {
      throw new EOFException();
    }
    return bytes;
  }

  /** The characters of a field, up to the first zero. */
  private static String text(byte[] header, int from, int length) {
    String field = new String(header, from, length, StandardCharsets.ISO_8859_1);
    int end = field.indexOf('\0');
    return (end < 0 ? field : field.substring(0, end)).strip();
  }

  /** Octal digits as a number; what is no size within bounds is damage. */
  private static int size(String path, String digits) throws IOException {
    if (!digits.matches("[0-7]{1,12}") || Long.parseLong(digits, 8) > MOST_BYTES) {
      throw new IOException("'%s' of '%s' bytes in octal digits".formatted(path, digits));
    }
    return Integer.parseInt(digits, 8);
  }

  private static void write(byte[] content, Path file) throws IOException {
    try (Aside aside = Aside.of(file)) {
      Path fresh = Files.write(aside.fresh(), content);
      Files.move(fresh, file, StandardCopyOption.ATOMIC_MOVE);
      aside.deleteLeft();
    }
  }
}
