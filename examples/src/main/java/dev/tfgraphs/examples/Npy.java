package dev.tfgraphs.examples;

import com.google.common.base.Joiner;
import com.google.common.primitives.Ints;
import dev.tfgraphs.graphs.HostTensor;
import dev.tfgraphs.ops.Shape;
import java.io.IOException;
import java.nio.ByteBuffer;
import java.nio.ByteOrder;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Arrays;
import java.util.regex.Matcher;
import java.util.regex.Pattern;

/**
 * NumPy's files of one array (numpy/lib/format.py), read whatever the numbers are and written as
 * float32. Own code: the libraries for it are experiments, or bring Kotlin's.
 */
final class Npy {
  private static final byte[] MAGIC = {(byte) 0x93, 'N', 'U', 'M', 'P', 'Y'};
  private static final int ALIGNMENT = 64;
  private static final Pattern HEADER =
      Pattern.compile(
          "\\{\\s*'descr':\\s*'(?<type>[^']*)',\\s*'fortran_order':\\s*(?<fortran>True|False),"
              + "\\s*'shape':\\s*\\((?<shape>[\\d,\\s]*)\\),?\\s*\\}\\s*");

  private interface Element {
    float read(ByteBuffer bytes);
  }

  private Npy() {}

  /**
   * The array of a file; numbers of all kinds become floats.
   *
   * @throws CommandException if the file cannot be read or holds something else
   */
  static HostTensor read(Path file) {
    ByteBuffer bytes = bytes(file);
    if (bytes.remaining() < 12 || !bytes.slice(0, 6).equals(ByteBuffer.wrap(MAGIC))) {
      throw problem(file, "expected NumPy's format, received other bytes");
    }
    boolean old = bytes.get(6) == 1;
    int length = old ? bytes.getShort(8) & 0xFFFF : bytes.getInt(8);
    int start = old ? 10 : 12;
    if (length < 0 || length > bytes.limit() - start) {
      throw problem(file, "expected a header of " + length + " bytes, received fewer");
    }
    byte[] header = new byte[length];
    bytes.position(start).get(header);
    Matcher fields = HEADER.matcher(new String(header, StandardCharsets.ISO_8859_1));
    if (!fields.matches()) {
      throw problem(file, "expected an array of numbers, received a header of another kind");
    }
    if (fields.group("fortran").equals("True")) {
      throw problem(
          file, "expected rows in C order, received Fortran's; numpy.ascontiguousarray changes it");
    }
    return values(file, bytes, fields.group("type"), shape(file, fields.group("shape")));
  }

  private static ByteBuffer bytes(Path file) {
    try {
      return ByteBuffer.wrap(Files.readAllBytes(file)).order(ByteOrder.LITTLE_ENDIAN);
    } catch (IOException e) {
      throw new CommandException(
          "array "
              + file
              + ": expected a file that can be read, received "
              + (Files.isDirectory(file) ? "a folder" : Files.exists(file) ? "none" : "nothing"),
          e);
    }
  }

  private static int[] shape(Path file, String sizes) {
    int[] shape =
        Pattern.compile("\\d+")
            .matcher(sizes)
            .results()
            .mapToInt(size -> size(size.group()))
            .toArray();
    if (Ints.contains(shape, 0) || Ints.contains(shape, -1)) {
      throw problem(file, "expected sizes of 1 or more, received (" + sizes.strip() + ")");
    }
    return shape;
  }

  private static int size(String digits) {
    Integer size = Ints.tryParse(digits);
    return size == null ? -1 : size;
  }

  private static HostTensor values(Path file, ByteBuffer bytes, String type, int[] shape) {
    bytes.order(type.startsWith(">") ? ByteOrder.BIG_ENDIAN : ByteOrder.LITTLE_ENDIAN);
    Element element = element(file, type);
    int width = type.charAt(2) - '0';
    long wanted = Arrays.stream(shape).asLongStream().reduce(width, (a, b) -> a * b);
    if (bytes.remaining() != wanted) {
      throw problem(
          file, "expected " + wanted + " bytes of numbers, received " + bytes.remaining());
    }
    float[] values = new float[bytes.remaining() / width];
    for (int i = 0; i < values.length; i++) {
      values[i] = element.read(bytes);
    }
    return new HostTensor(Shape.of(shape), values);
  }

  private static Element element(Path file, String type) {
    return switch (type.isEmpty() ? "" : type.substring(1)) {
      case "f4" -> ByteBuffer::getFloat;
      case "f8" -> bytes -> (float) bytes.getDouble();
      case "u1", "b1" -> bytes -> Byte.toUnsignedInt(bytes.get());
      case "i1" -> ByteBuffer::get;
      case "u2" -> bytes -> Short.toUnsignedInt(bytes.getShort());
      case "i2" -> ByteBuffer::getShort;
      case "u4" -> bytes -> Integer.toUnsignedLong(bytes.getInt());
      case "i4" -> ByteBuffer::getInt;
      case "i8", "u8" -> ByteBuffer::getLong;
      default ->
          throw problem(
              file, "expected whole numbers, float32 or float64, received '" + type + "'");
    };
  }

  /**
   * Writes float32.
   *
   * @throws IOException if the file cannot be written
   */
  static void write(Path file, HostTensor array) throws IOException {
    int[] sizes = array.shape().toArray();
    String shape = Joiner.on(", ").join(Ints.asList(sizes)) + (sizes.length == 1 ? "," : "");
    String header = "{'descr': '<f4', 'fortran_order': False, 'shape': (" + shape + "), }";
    int unpadded = 10 + header.length() + 1;
    int padding = (ALIGNMENT - unpadded % ALIGNMENT) % ALIGNMENT;
    ByteBuffer bytes =
        ByteBuffer.allocate(Math.addExact(unpadded + padding, 4 * array.values().length))
            .order(ByteOrder.LITTLE_ENDIAN);
    bytes.put(MAGIC).put((byte) 1).put((byte) 0);
    bytes.putShort((short) (unpadded + padding - 10));
    bytes.put((header + " ".repeat(padding) + "\n").getBytes(StandardCharsets.ISO_8859_1));
    bytes.asFloatBuffer().put(array.values());
    Files.write(file, bytes.array());
  }

  private static CommandException problem(Path file, String problem) {
    return new CommandException("array " + file + ": " + problem);
  }
}
