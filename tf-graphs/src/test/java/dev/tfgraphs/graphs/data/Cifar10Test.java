package dev.tfgraphs.graphs.data;

import static dev.tfgraphs.graphs.data.Reading.assertFails;
import static dev.tfgraphs.graphs.data.Reading.numbers;
import static dev.tfgraphs.graphs.data.Reading.pass;
import static org.junit.jupiter.api.Assertions.assertEquals;

import com.google.common.collect.ImmutableList;
import dev.tfgraphs.ops.Shape;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.tensorflow.proto.DataType;

class Cifar10Test {

  private static final int RECORD = 3073;

  @TempDir Path folder;

  /** Red is 1, 2, 3... from {@code first} on, green is red + 50, blue red + 100, in bytes. */
  private void write(String name, int... labels) throws IOException {
    byte[] bytes = new byte[labels.length * RECORD];
    for (int record = 0; record < labels.length; record++) {
      bytes[record * RECORD] = (byte) labels[record];
      for (int i = 0; i < RECORD - 1; i++) {
        bytes[record * RECORD + 1 + i] = (byte) (i % 1024 + 50 * (i / 1024) + record);
      }
    }
    Files.write(folder.resolve(name), bytes);
  }

  @Test
  void planesBecomePixelsAndTheFirstByteTheLabel() throws IOException {
    write("test_batch.bin", 3, 9);
    Dataset test = Cifar10.test(folder);
    assertEquals(
        ImmutableList.of(new TensorSpec(DataType.DT_UINT8, Shape.of(32, 32, 3))), test.inputs());
    assertEquals(ImmutableList.of(new TensorSpec(DataType.DT_INT32, Shape.of())), test.targets());
    try (Batches batches = test.open(8, false, 0)) {
      List<String> read =
          pass(
              batches,
              0,
              batch -> {
                List<Number> pixels = numbers(batch.inputs().get(0));
                return ""
                    + numbers(batch.targets().get(0))
                    + pixels.subList(0, 6)
                    + pixels.subList(3072, 3075)
                    + pixels.subList(6141, 6144);
              });
      assertEquals(List.of("[3, 9][0, 50, 100, 1, 51, 101][1, 51, 101][0, 50, 100]"), read);
    }
    assertEquals("truck", Cifar10.classNames().get(9));
    assertEquals(10, Cifar10.classNames().size());
  }

  @Test
  void theFiveFilesToLearnFromFollowOneAnother() throws IOException {
    for (int i = 1; i <= 5; i++) {
      write("data_batch_" + i + ".bin", i, i);
    }
    try (Batches batches = Cifar10.train(folder).open(10, false, 0)) {
      assertEquals(
          List.of(List.of(1, 1, 2, 2, 3, 3, 4, 4, 5, 5)),
          pass(batches, 0, batch -> numbers(batch.targets().get(0))));
    }
  }

  @Test
  void wrongFilesAreRefused() throws IOException {
    Path file = folder.resolve("test_batch.bin");
    assertFails(
        "CIFAR-10: expected " + file + " of the binary version, received nothing",
        () -> Cifar10.test(folder));
    Files.write(folder.resolve("test_batch"), new byte[1]);
    assertFails(
        "CIFAR-10: expected "
            + file
            + " of the binary version, received nothing; the folder holds the Python version",
        () -> Cifar10.test(folder));
    Files.write(file, new byte[5000]);
    assertFails(
        "CIFAR-10: expected a multiple of 3073 bytes in " + file + ", received 5000",
        () -> Cifar10.test(folder));
    write("test_batch.bin", 1, 12);
    assertFails(
        "CIFAR-10: expected labels from 0 to 9 in " + file + ", received 12 in record 1",
        () -> Cifar10.test(folder));
  }
}
