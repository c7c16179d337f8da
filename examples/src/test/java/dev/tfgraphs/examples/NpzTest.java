package dev.tfgraphs.examples;

import static org.junit.jupiter.api.Assertions.assertArrayEquals;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import com.google.common.collect.ImmutableMap;
import com.google.common.collect.ImmutableSet;
import com.google.common.primitives.Bytes;
import dev.tfgraphs.graphs.HostTensor;
import dev.tfgraphs.ops.Shape;
import java.io.IOException;
import java.nio.ByteBuffer;
import java.nio.ByteOrder;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Arrays;
import java.util.Objects;
import java.util.Random;
import java.util.zip.ZipEntry;
import java.util.zip.ZipFile;
import java.util.zip.ZipOutputStream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

class NpzTest {
  private static final byte[] CENTRAL = {'P', 'K', 1, 2};

  /** Where a central header has what the entry's bytes are said to be. */
  private static final int CRC = 16;

  private static final int PACKED = 20;
  private static final int SIZE = 24;

  @TempDir private Path folder;

  private Path file() {
    return folder.resolve("a.npz");
  }

  private Path written() throws IOException {
    return NpzFile.of("x", "<f4", "2,", "0000803f000000c0")
        .and("y", "|u1", "2,", "0102")
        .write(file());
  }

  /** Writes another number into the first central header. */
  private Path patched(int offset, int value) throws IOException {
    byte[] bytes = Files.readAllBytes(written());
    int header = Bytes.indexOf(bytes, CENTRAL);
    ByteBuffer.wrap(bytes).order(ByteOrder.LITTLE_ENDIAN).putInt(header + offset, value);
    return Files.write(file(), bytes);
  }

  @Test
  void arraysAreReadByName() throws IOException {
    try (Npz arrays = Npz.open(written())) {
      assertEquals(ImmutableSet.of("x", "y"), arrays.names());
      assertArrayEquals(new float[] {1, -2}, arrays.read("x").floats());
      assertArrayEquals(new float[] {1, 2}, arrays.read("y").floats());
    }
  }

  @Test
  void whatNumPyStoredAndPackedIsRead() {
    try (Npz packed = Npz.open(KerasFit.named("images").data());
        Npz stored = Npz.open(KerasFit.named("resumed").data())) {
      assertEquals(Shape.of(20, 6, 6), packed.read("x").shape());
      assertEquals(Shape.of(20, 3), stored.read("x").shape());
      assertEquals(Shape.of(20), stored.read("y").shape());
    }
  }

  @Test
  void whatIsWrittenIsRead() throws IOException {
    HostTensor a = new HostTensor(Shape.of(2, 1), new float[] {1, 2});
    HostTensor b = new HostTensor(Shape.of(1), new float[] {3});
    Npz.write(file(), ImmutableMap.of("b", b, "a/c", a));
    try (Npz arrays = Npz.open(file())) {
      assertEquals(ImmutableSet.of("a/c", "b"), arrays.names());
      assertEquals(a, arrays.read("a/c").toHost());
      assertEquals(b, arrays.read("b").toHost());
    }
  }

  @Test
  void whatIsNoZipOfArraysIsRefused() throws IOException {
    refused("expected a file that can be read, received a folder", folder);
    refused("expected a file that can be read, received nothing", folder.resolve("none.npz"));
    refused(
        "expected a .npz of numpy.savez, received what is no zip",
        Files.writeString(file(), "something else"));
    try (ZipOutputStream zip = new ZipOutputStream(Files.newOutputStream(file()))) {
      zip.putNextEntry(new ZipEntry("x.txt"));
    }
    refused("expected .npy entries alone, received 'x.txt'", file());
    try (ZipOutputStream zip = new ZipOutputStream(Files.newOutputStream(file()))) {
      for (int i = 0; i <= 1000; i++) {
        zip.putNextEntry(new ZipEntry(i + ".npy"));
      }
    }
    refused("expected at most 1000 arrays, received 1001", file());
  }

  @Test
  void aNameTwiceIsRefused() throws IOException {
    String bytes = Files.readString(written(), StandardCharsets.ISO_8859_1);
    Files.writeString(file(), bytes.replace("y.npy", "x.npy"), StandardCharsets.ISO_8859_1);
    refused("expected every array once, received 'x' twice", file());
  }

  @Test
  void sizesThatCannotBeAreRefused() throws IOException {
    int packed = packedSize();
    refused(
        "expected 'x' of at most %d bytes, packed in %d, received 100000000"
            .formatted(1032 * packed, packed),
        patched(SIZE, 100_000_000));
    refusedArray("expected 8 bytes of numbers, received 12", patched(SIZE, 12 + sizeOfHeader()));
  }

  private int packedSize() throws IOException {
    byte[] bytes = Files.readAllBytes(written());
    return ByteBuffer.wrap(bytes)
        .order(ByteOrder.LITTLE_ENDIAN)
        .getInt(Bytes.indexOf(bytes, CENTRAL) + PACKED);
  }

  private static int sizeOfHeader() {
    return NpzFile.npy("<f4", "2,", "").length;
  }

  /** Bytes of which several entries consist would make much of a small file. */
  @Test
  void moreThanTheFileHoldsIsRefused() throws IOException {
    long other;
    try (ZipFile zip = new ZipFile(written().toFile())) {
      other = Objects.requireNonNull(zip.getEntry("y.npy")).getCompressedSize();
    }
    Path file = patched(PACKED, 1000);
    refused(
        "expected arrays of at most %d bytes, received %d"
            .formatted(Files.size(file), 1000 + other),
        file);
  }

  @Test
  void aDamagedArrayIsRefused() throws IOException {
    refusedArray("expected the bytes that were written, others came", patched(CRC, 7));
  }

  /** What is read in spite of damage has its checksum, whatever it is called now. */
  @Test
  void changedFilesAreReadOrRefused() throws IOException {
    byte[] whole = Files.readAllBytes(written());
    int runs = Integer.getInteger("tfgraphs.fuzz", 300);
    int refused = 0;
    for (int run = 0; run < runs; run++) {
      Files.write(file(), NpyTest.damaged(whole, new Random(run)));
      try (Npz arrays = Npz.open(file())) {
        for (String name : arrays.names()) {
          float[] read = arrays.read(name).floats();
          assertTrue(
              Arrays.equals(read, new float[] {1, -2}) || Arrays.equals(read, new float[] {1, 2}),
              "run " + run + ": " + Arrays.toString(read));
        }
      } catch (CommandException e) {
        String message = String.valueOf(e.getMessage());
        assertTrue(message.contains(file().toString()), message);
        refused++;
      }
    }
    assertTrue(refused > runs / 4, refused + " refused");
    NpyTest.print(".npz", runs, refused);
  }

  @Test
  void anArrayThatIsNotThereIsRefused() throws IOException {
    try (Npz arrays = Npz.open(written())) {
      CommandException thrown = assertThrows(CommandException.class, () -> arrays.read("z"));
      assertEquals(
          "arrays " + file() + ": expected an array of [x, y], asked for 'z'", thrown.getMessage());
    }
  }

  private static void refused(String message, Path file) {
    CommandException thrown = assertThrows(CommandException.class, () -> Npz.open(file).close());
    assertEquals("arrays " + file + ": " + message, thrown.getMessage());
  }

  private static void refusedArray(String message, Path file) {
    try (Npz arrays = Npz.open(file)) {
      CommandException thrown = assertThrows(CommandException.class, () -> arrays.read("x"));
      assertEquals("array x of " + file + ": " + message, thrown.getMessage());
    }
  }
}
