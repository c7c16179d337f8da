package dev.tfgraphs.examples;

import com.google.common.base.Joiner;
import com.google.common.math.LongMath;
import com.google.common.primitives.Ints;
import dev.tfgraphs.graphs.HostTensor;
import dev.tfgraphs.ops.Shape;
import java.io.EOFException;
import java.io.IOException;
import java.io.InputStream;
import java.nio.ByteBuffer;
import java.nio.ByteOrder;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Arrays;
import java.util.function.IntUnaryOperator;
import java.util.regex.Matcher;
import java.util.regex.Pattern;

/**
 * NumPy's files of one array (numpy/lib/format.py), read whatever the numbers are and written as
 * float32. Own code: the libraries for it are experiments, or bring Kotlin's.
 */
final class Npy {
  private static final byte[] MAGIC = {(byte) 0x93, 'N', 'U', 'M', 'P', 'Y'};
  private static final int ALIGNMENT = 64;

  /** NumPy's own default, {@code max_header_size} of {@code numpy.load}. */
  private static final int MOST_HEADER = 10_000;

  private static final int CHUNK = 1 << 13;
  private static final int MOST = Integer.MAX_VALUE - 8;
  private static final Pattern HEADER =
      Pattern.compile(
          "\\{\\s*'descr':\\s*'(?<type>[^']*)',\\s*'fortran_order':\\s*(?<fortran>True|False),"
              + "\\s*'shape':\\s*\\((?<shape>[\\d,\\s]*)\\),?\\s*\\}\\s*");

  /** Takes the next number out of the bytes and puts it at a place of the array. */
  private interface Element {
    void read(ByteBuffer bytes, int place);
  }

  private interface IntElement {
    int read(ByteBuffer bytes);
  }

  private interface LongElement {
    long read(ByteBuffer bytes);
  }

  private interface FloatElement {
    float read(ByteBuffer bytes);
  }

  /** Bytes that are yet to be read, of known number. */
  private record Source(String name, InputStream in, long size) {
    CommandException problem(String problem) {
      return new CommandException(name + ": " + problem);
    }
  }

  private Npy() {}

  /**
   * The array of a file.
   *
   * @throws CommandException if the file cannot be read or holds something else
   */
  static NumpyArray read(Path file) {
    String name = "array " + file;
    try (InputStream in = Files.newInputStream(file)) {
      return read(name, in, Files.size(file));
    } catch (IOException e) {
      throw new CommandException(
          name
              + ": expected a file that can be read, received "
              + (Files.isDirectory(file) ? "a folder" : Files.exists(file) ? "none" : "nothing"),
          e);
    }
  }

  /**
   * The array that errors call {@code name}. Nothing is made for numbers before they are known to
   * be as many as there are bytes for.
   *
   * @param size how many bytes there are
   * @throws CommandException if these are something else
   */
  static NumpyArray read(String name, InputStream in, long size) throws IOException {
    Source source = new Source(name, in, size);
    byte[] start = in.readNBytes(8);
    if (start.length < 8 || !Arrays.equals(start, 0, MAGIC.length, MAGIC, 0, MAGIC.length)) {
      throw source.problem("expected NumPy's format, received other bytes");
    }
    byte[] length = new byte[Integer.BYTES];
    int given = in.readNBytes(length, 0, start[6] == 1 ? 2 : 4);
    int wanted = ByteBuffer.wrap(length).order(ByteOrder.LITTLE_ENDIAN).getInt();
    long rest = size - start.length - given;
    if (wanted < 0 || wanted > rest) {
      throw source.problem("expected a header of " + wanted + " bytes, received fewer");
    }
    if (wanted > MOST_HEADER) {
      throw source.problem(
          "expected a header of at most " + MOST_HEADER + " bytes, received " + wanted);
    }
    String header = new String(in.readNBytes(wanted), StandardCharsets.ISO_8859_1);
    Matcher fields = HEADER.matcher(header);
    if (!fields.matches()) {
      throw source.problem("expected an array of numbers, received a header of another kind");
    }
    return array(new Source(name, in, rest - wanted), fields);
  }

  private static NumpyArray array(Source source, Matcher header) throws IOException {
    int[] sizes = shape(source, header.group("shape"));
    String type = header.group("type");
    int width = width(source, type);
    long wanted = Arrays.stream(sizes).asLongStream().reduce(width, LongMath::saturatedMultiply);
    if (source.size() != wanted) {
      throw source.problem("expected " + wanted + " bytes of numbers, received " + source.size());
    }
    int count = count(source, wanted / width);
    boolean fortran = header.group("fortran").equals("True");
    Filling filling =
        new Filling(
            source.in(),
            count,
            width,
            type.startsWith(">") ? ByteOrder.BIG_ENDIAN : ByteOrder.LITTLE_ENDIAN,
            fortran ? transposed(sizes) : IntUnaryOperator.identity());
    return filled(source.name(), Shape.of(sizes), type, filling);
  }

  /** What the numbers take in memory is not more than Java may use. */
  private static int count(Source source, long count) {
    long bytes = LongMath.saturatedMultiply(count, Float.BYTES);
    long most = Runtime.getRuntime().maxMemory();
    if (count > MOST || bytes > most) {
      throw source.problem(
          "expected at most %d numbers, which fit into Java's memory, received %d"
              .formatted(Math.min(MOST, most / Float.BYTES), count));
    }
    return (int) count;
  }

  private static int[] shape(Source source, String sizes) {
    int[] shape =
        Pattern.compile("\\d+")
            .matcher(sizes)
            .results()
            .mapToInt(size -> size(size.group()))
            .toArray();
    if (Ints.contains(shape, 0) || Ints.contains(shape, -1)) {
      throw source.problem("expected sizes of 1 or more, received (" + sizes.strip() + ")");
    }
    return shape;
  }

  private static int size(String digits) {
    Integer size = Ints.tryParse(digits);
    return size == null ? -1 : size;
  }

  private static int width(Source source, String type) {
    return switch (type.isEmpty() ? "" : type.substring(1)) {
      case "b1", "i1", "u1" -> 1;
      case "i2", "u2", "f2" -> 2;
      case "i4", "u4", "f4" -> 4;
      case "i8", "u8", "f8" -> 8;
      default ->
          throw source.problem(
              "expected whole numbers, float16, float32 or float64, received '" + type + "'");
    };
  }

  /** Where a number goes row by row that is read column by column, the first axis fastest. */
  private static IntUnaryOperator transposed(int[] sizes) {
    return index -> {
      int place = 0;
      int rest = index;
      int stride = Arrays.stream(sizes).reduce(1, (a, b) -> a * b);
      for (int size : sizes) {
        stride /= size;
        place += rest % size * stride;
        rest /= size;
      }
      return place;
    };
  }

  /** How numbers come out of a stream. */
  private record Filling(
      InputStream in, int count, int width, ByteOrder order, IntUnaryOperator places) {
    void with(Element element) throws IOException {
      byte[] chunk = new byte[CHUNK * width];
      int done = 0;
      while (done < count) {
        int more = Math.min(CHUNK, count - done);
        if (in.readNBytes(chunk, 0, more * width) < more * width) {
          throw new EOFException("cut off");
        }
        ByteBuffer bytes = ByteBuffer.wrap(chunk).order(order);
        for (int i = done; i < done + more; i++) {
          element.read(bytes, places.applyAsInt(i));
        }
        done += more;
      }
    }

    int[] ints(IntElement element) throws IOException {
      int[] values = new int[count];
      with((bytes, place) -> values[place] = element.read(bytes));
      return values;
    }

    float[] floats(FloatElement element) throws IOException {
      float[] values = new float[count];
      with((bytes, place) -> values[place] = element.read(bytes));
      return values;
    }
  }

  private static NumpyArray filled(String name, Shape shape, String type, Filling filling)
      throws IOException {
    return switch (type.substring(1)) {
      case "f2" -> NumpyArray.of(name, shape, filling.floats(Npy::half));
      case "f4" -> NumpyArray.of(name, shape, filling.floats(ByteBuffer::getFloat));
      case "f8" -> NumpyArray.of(name, shape, filling.floats(bytes -> (float) bytes.getDouble()));
      case "b1", "u1" -> {
        byte[] values = new byte[filling.count()];
        filling.with((bytes, place) -> values[place] = bytes.get());
        yield NumpyArray.of(name, shape, values);
      }
      case "i1" -> NumpyArray.of(name, shape, filling.ints(ByteBuffer::get));
      case "i2" -> NumpyArray.of(name, shape, filling.ints(ByteBuffer::getShort));
      case "u2" ->
          NumpyArray.of(name, shape, filling.ints(bytes -> Short.toUnsignedInt(bytes.getShort())));
      case "i4" -> NumpyArray.of(name, shape, filling.ints(ByteBuffer::getInt));
      case "u4" -> narrowed(name, shape, filling, bytes -> Integer.toUnsignedLong(bytes.getInt()));
      case "u8" -> narrowed(name, shape, filling, bytes -> unsigned(name, bytes.getLong()));
      default -> narrowed(name, shape, filling, ByteBuffer::getLong);
    };
  }

  private static long unsigned(String name, long bits) {
    if (bits < 0) {
      throw new CommandException(
          "%s: expected whole numbers of less than 2^63, received %s"
              .formatted(name, Long.toUnsignedString(bits)));
    }
    return bits;
  }

  private static NumpyArray narrowed(String name, Shape shape, Filling filling, LongElement element)
      throws IOException {
    Narrowing narrowing = new Narrowing(element, filling.count());
    filling.with(narrowing);
    return narrowing.wide
        ? NumpyArray.of(name, shape, narrowing.floats)
        : NumpyArray.of(name, shape, narrowing.ints);
  }

  /** Whole numbers, which become floats from the first on that 32 bits do not hold. */
  private static final class Narrowing implements Element {
    private final LongElement element;
    private int[] ints;
    private float[] floats = new float[0];
    private boolean wide;

    Narrowing(LongElement element, int count) {
      this.element = element;
      this.ints = new int[count];
    }

    @Override
    public void read(ByteBuffer bytes, int place) {
      long value = element.read(bytes);
      if (!wide && value != (int) value) {
        widen();
      }
      if (wide) {
        floats[place] = value;
      } else {
        ints[place] = (int) value;
      }
    }

    private void widen() {
      wide = true;
      floats = new float[ints.length];
      for (int i = 0; i < ints.length; i++) {
        floats[i] = ints[i];
      }
      ints = new int[0];
    }
  }

  /** A float of 16 bits: a sign, 5 bits of exponent and 10 of fraction. */
  private static float half(ByteBuffer bytes) {
    int bits = bytes.getShort();
    int exponent = bits >> 10 & 0x1F;
    int fraction = bits & 0x3FF;
    float size =
        switch (exponent) {
          case 0 -> fraction * 0x1p-24f;
          case 0x1F -> fraction == 0 ? Float.POSITIVE_INFINITY : Float.NaN;
          default -> Math.scalb(1 + fraction * 0x1p-10f, exponent - 15);
        };
    return bits < 0 ? -size : size;
  }

  /**
   * Writes float32.
   *
   * @throws IOException if the file cannot be written
   */
  static void write(Path file, HostTensor array) throws IOException {
    Files.write(file, bytes(array));
  }

  /** A file of float32. */
  static byte[] bytes(HostTensor array) {
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
    return bytes.array();
  }
}
