package dev.tfgraphs.examples;

import static org.junit.jupiter.api.Assertions.assertArrayEquals;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import com.google.common.io.BaseEncoding;
import com.google.common.primitives.Bytes;
import dev.tfgraphs.graphs.HostTensor;
import dev.tfgraphs.ops.Shape;
import java.io.IOException;
import java.io.RandomAccessFile;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Arrays;
import java.util.Random;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

class NpyTest {
  @TempDir private Path folder;

  private Path file(int version, String header, String hex) throws IOException {
    byte[] text = header.getBytes(StandardCharsets.ISO_8859_1);
    byte[] length = {(byte) text.length, (byte) (text.length >> 8)};
    byte[] start = {(byte) 0x93, 'N', 'U', 'M', 'P', 'Y', (byte) version, 0};
    byte[] more = version == 1 ? new byte[0] : new byte[2];
    byte[] numbers = BaseEncoding.base16().lowerCase().decode(hex);
    return Files.write(folder.resolve("a.npy"), Bytes.concat(start, length, more, text, numbers));
  }

  private static String header(String type, String shape) {
    return "{'descr': '" + type + "', 'fortran_order': False, 'shape': (" + shape + "), }   \n";
  }

  @ParameterizedTest(name = "{0}")
  @CsvSource({
    "<f4, 0000803f000000c0, 1, -2",
    ">f4, 3f800000c0000000, 1, -2",
    "<f8, 000000000000f03f00000000000000c0, 1, -2",
    "|u1, 01ff, 1, 255",
    "|i1, 01fe, 1, -2",
    "|b1, 0100, 1, 0",
    "<i2, 0100feff, 1, -2",
    "<u2, 0100ffff, 1, 65535",
    "<i4, 01000000feffffff, 1, -2",
    ">i4, 00000001fffffffe, 1, -2",
    "<u4, 01000000000000f0, 1, 4026531840",
    "<i8, 0100000000000000feffffffffffffff, 1, -2",
    "<i8, 01000000000000000000000000000040, 1, 4611686018427387904",
    "<u8, 01000000000000000200000000000000, 1, 2",
    "<f2, 003c00c0, 1, -2",
    ">f2, 3c00c000, 1, -2",
    "<f2, ff7b0100, 65504, 5.9604645e-8",
    "<f2, 007cff83, Infinity, -6.097555e-5",
  })
  void numbersOfEveryKindAreRead(String type, String hex, float first, float second)
      throws IOException {
    HostTensor array = Npy.read(file(1, header(type, "2,"), hex)).toHost();
    assertEquals(Shape.of(2), array.shape());
    assertArrayEquals(new float[] {first, second}, array.values());
  }

  @Test
  void theSecondVersionIsRead() throws IOException {
    assertEquals(Shape.of(1, 2), Npy.read(file(2, header("|u1", "1, 2"), "0102")).shape());
  }

  @Test
  void columnsBecomeRows() throws IOException {
    String header = header("|u1", "2, 3, 2").replace("False", "True");
    // numpy.asfortranarray(numpy.arange(12).reshape(2, 3, 2))
    NumpyArray array = Npy.read(file(1, header, "00060208040a01070309050b"));
    assertEquals(Shape.of(2, 3, 2), array.shape());
    assertArrayEquals(new float[] {0, 1, 2, 3, 4, 5, 6, 7, 8, 9, 10, 11}, array.floats());
  }

  @Test
  void whatIntsDoNotHoldBecomesFloatsWithAllBeforeIt() throws IOException {
    String header = header("<i8", "2, 2").replace("False", "True");
    String small = "ffffffffffffffff" + "0200000000000000";
    NumpyArray ints = Npy.read(file(1, header, small + small));
    assertArrayEquals(new float[] {-1, -1, 2, 2}, ints.floats());
    NumpyArray floats = Npy.read(file(1, header, small + "0000000001000000" + small.substring(16)));
    assertArrayEquals(new float[] {-1, 0x1p32f, 2, 2}, floats.floats());
  }

  @Test
  void aScalarIsRead() throws IOException {
    assertEquals(Shape.of(), Npy.read(file(1, header("|u1", ""), "05")).shape());
  }

  @Test
  void whatIsWrittenIsRead() throws IOException {
    for (Shape shape : new Shape[] {Shape.of(6), Shape.of(2, 3), Shape.of(1, 3, 2, 1)}) {
      Path file = folder.resolve("written.npy");
      HostTensor array = new HostTensor(shape, new float[] {1, 2, 3, -4, Float.NaN, 1e-30f});
      Npy.write(file, array);
      assertEquals(array, Npy.read(file).toHost());
      assertEquals(0, (Files.size(file) - 24) % 64);
    }
  }

  @ParameterizedTest(name = "{2}")
  @CsvSource(
      quoteCharacter = '`',
      delimiter = '#',
      value = {
        "{'descr': '<c8', 'fortran_order': False, 'shape': (1,), } # 00000000 # expected whole"
            + " numbers, float16, float32 or float64, received '<c8'",
        "{'descr': '|O', 'fortran_order': False, 'shape': (1,), } # 00000000 # expected whole"
            + " numbers, float16, float32 or float64, received '|O'",
        "{'descr': [('a', '<f4')], 'fortran_order': False, 'shape': (1,), } # 00000000 # expected"
            + " an array of numbers, received a header of another kind",
        "{'descr': '<f4', 'fortran_order': False, 'shape': (2,), } # 00000000 # expected 8 bytes of"
            + " numbers, received 4",
        "{'descr': '<f4', 'fortran_order': False, 'shape': (0,), } # 00 # expected sizes of 1 or"
            + " more, received (0,)",
        "{'descr': '|u1', 'fortran_order': False, 'shape': (65536, 65536, 65536, 65536), } # 00 #"
            + " expected 9223372036854775807 bytes of numbers, received 1",
      })
  void anotherFileIsRefused(String header, String hex, String message) throws IOException {
    assertRefused(file(1, header.strip(), hex.strip()), message);
  }

  @Test
  void wholeNumbersThatNoLongHoldsAreRefused() throws IOException {
    assertRefused(
        file(1, header("<u8", "2,"), "0100000000000000" + "0000000000000080"),
        "expected whole numbers of less than 2^63, received 9223372036854775808");
  }

  /** As {@code numpy.load} refuses it, whose default this is. */
  @Test
  void aHeaderIsNotLongerThanNumPyReads() throws IOException {
    String header = header("|u1", "1,").stripTrailing();
    assertEquals(Shape.of(1), Npy.read(file(1, padded(header, 10_000), "05")).shape());
    assertRefused(
        file(1, padded(header, 10_001), "05"),
        "expected a header of at most 10000 bytes, received 10001");
  }

  private static String padded(String header, int length) {
    return header + " ".repeat(length - header.length());
  }

  @Test
  void otherBytesAreRefused() throws IOException {
    assertRefused(
        Files.writeString(folder.resolve("a.npy"), "something else"),
        "expected NumPy's format, received other bytes");
    assertRefused(
        Files.write(folder.resolve("b.npy"), new byte[0]),
        "expected NumPy's format, received other bytes");
    assertRefused(folder.resolve("no.npy"), "expected a file that can be read, received nothing");
    assertRefused(folder, "expected a file that can be read, received a folder");
  }

  @Test
  void aCutHeaderIsRefused() throws IOException {
    byte[] whole = Files.readAllBytes(file(1, header("<f4", "1,"), "00000000"));
    byte[] cut = Arrays.copyOf(whole, 30);
    assertRefused(
        Files.write(folder.resolve("a.npy"), cut),
        "expected a header of " + (whole.length - 14) + " bytes, received fewer");
  }

  /** Formats without checksums cannot tell a number from another: what is read has all of them. */
  @Test
  void changedFilesAreReadOrRefused() throws IOException {
    byte[] whole = Files.readAllBytes(file(1, header("<f4", "2, 1"), "0000803f000000c0"));
    Path file = folder.resolve("changed.npy");
    int runs = Integer.getInteger("tfgraphs.fuzz", 300);
    int refused = 0;
    for (int run = 0; run < runs; run++) {
      Files.write(file, damaged(whole, new Random(run)));
      try {
        HostTensor read = Npy.read(file).toHost();
        assertEquals(read.shape().elements(), read.values().length);
      } catch (CommandException e) {
        assertTrue(String.valueOf(e.getMessage()).startsWith("array " + file + ": "));
        refused++;
      }
    }
    assertTrue(refused > runs / 4, refused + " refused");
    print(".npy", runs, refused);
  }

  /** A line for those who have asked for more than the tests run. */
  static void print(String kind, int runs, int refused) {
    if (Integer.getInteger("tfgraphs.fuzz") != null) {
      System.out.printf("| %s | %d | %d | %d |%n", kind, runs, refused, runs - refused);
    }
  }

  /** The bytes cut or whole, with up to three others. */
  static byte[] damaged(byte[] whole, Random random) {
    int length = random.nextInt(8) == 0 ? random.nextInt(whole.length) : whole.length;
    byte[] bytes = Arrays.copyOf(whole, length);
    for (int left = 1 + random.nextInt(3); left > 0 && length > 0; left--) {
      bytes[random.nextInt(length)] = (byte) random.nextInt(256);
    }
    return bytes;
  }

  @Test
  void moreThanMemoryHoldsIsRefused() throws IOException {
    long most = Math.min(Integer.MAX_VALUE - 8, Runtime.getRuntime().maxMemory() / Float.BYTES);
    long count = most + 1;
    Path file = file(1, header("|u1", count + ","), "");
    try (RandomAccessFile sparse = new RandomAccessFile(file.toFile(), "rw")) {
      sparse.setLength(sparse.length() + count);
    }
    assertRefused(
        file,
        "expected at most " + most + " numbers, which fit into Java's memory, received " + count);
  }

  private static void assertRefused(Path file, String message) {
    CommandException thrown = assertThrows(CommandException.class, () -> Npy.read(file));
    assertEquals("array " + file + ": " + message, thrown.getMessage());
  }
}
