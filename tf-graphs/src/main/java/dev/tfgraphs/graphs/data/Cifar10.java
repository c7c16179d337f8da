package dev.tfgraphs.graphs.data;

import com.google.common.collect.ImmutableList;
import dev.tfgraphs.graphs.GraphException;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;

/**
 * CIFAR-10 in its binary version: images uint8, {@code (32, 32, 3)}, and labels int32, {@code ()}.
 * All of it is read into memory.
 */
public final class Cifar10 {

  private static final int SIDE = 32;
  private static final int PLANE = SIDE * SIDE;
  private static final int IMAGE = 3 * PLANE;
  private static final int RECORD = 1 + IMAGE;

  private static final ImmutableList<String> TRAIN =
      ImmutableList.of(
          "data_batch_1.bin",
          "data_batch_2.bin",
          "data_batch_3.bin",
          "data_batch_4.bin",
          "data_batch_5.bin");
  private static final ImmutableList<String> TEST = ImmutableList.of("test_batch.bin");

  private static final ImmutableList<String> CLASS_NAMES =
      ImmutableList.of(
          "airplane", "automobile", "bird", "cat", "deer", "dog", "frog", "horse", "ship", "truck");

  private Cifar10() {}

  /** {@return the names of the classes, by label} */
  public static ImmutableList<String> classNames() {
    return CLASS_NAMES;
  }

  /**
   * {@return the images to learn from, of {@code data_batch_1.bin} to {@code data_batch_5.bin}}
   *
   * @throws GraphException if a file is missing or is not as it should be
   */
  public static Dataset train(Path folder) {
    return read(folder, TRAIN);
  }

  /**
   * {@return the images to judge by, of {@code test_batch.bin}}
   *
   * @throws GraphException if the file is missing or is not as it should be
   */
  public static Dataset test(Path folder) {
    return read(folder, TEST);
  }

  private static Dataset read(Path folder, List<String> names) {
    List<Path> files = names.stream().map(folder::resolve).toList();
    long records = 0;
    for (Path file : files) {
      records += records(file);
    }
    byte[] images = new byte[Math.toIntExact(records * IMAGE)];
    int[] labels = new int[Math.toIntExact(records)];
    int next = 0;
    for (Path file : files) {
      next = read(file, images, labels, next);
    }
    return Dataset.of(Samples.of(images, SIDE, SIDE, 3), Samples.labels(labels));
  }

  private static long records(Path file) {
    if (!Files.isRegularFile(file)) {
      throw new GraphException(
          "CIFAR-10: expected " + file + " of the binary version, received nothing" + hint(file));
    }
    long length;
    try {
      length = Files.size(file);
    } catch (IOException e) {
      throw unreadable(file, e);
    }
    if (length == 0 || length % RECORD != 0) {
      throw new GraphException(
          "CIFAR-10: expected a multiple of %d bytes in %s, received %d"
              .formatted(RECORD, file, length));
    }
    return length / RECORD;
  }

  private static String hint(Path file) {
    String python = file.getFileName().toString().replace(".bin", "");
    return Files.exists(file.resolveSibling(python)) ? "; the folder holds the Python version" : "";
  }

  private static int read(Path file, byte[] images, int[] labels, int first) {
    byte[] bytes;
    try {
      bytes = Files.readAllBytes(file);
    } catch (IOException e) {
      throw unreadable(file, e);
    }
    int records = bytes.length / RECORD;
    for (int i = 0; i < records; i++) {
      int label = Byte.toUnsignedInt(bytes[i * RECORD]);
      if (label >= CLASS_NAMES.size()) {
        throw new GraphException(
            "CIFAR-10: expected labels from 0 to 9 in %s, received %d in record %d"
                .formatted(file, label, i));
      }
      labels[first + i] = label;
      interleave(bytes, i * RECORD + 1, images, (first + i) * IMAGE);
    }
    return first + records;
  }

  /** Planes of red, green and blue become pixels. */
  private static void interleave(byte[] planes, int from, byte[] pixels, int to) {
    for (int pixel = 0; pixel < PLANE; pixel++) {
      for (int channel = 0; channel < 3; channel++) {
        pixels[to + 3 * pixel + channel] = planes[from + channel * PLANE + pixel];
      }
    }
  }

  private static GraphException unreadable(Path file, IOException e) {
    return new GraphException("CIFAR-10: expected a file that can be read at " + file, e);
  }
}
