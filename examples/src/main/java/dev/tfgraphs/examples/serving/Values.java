package dev.tfgraphs.examples.serving;

import com.google.common.collect.ImmutableList;
import dev.tfgraphs.ops.Shape;
import dev.tfgraphs.savedmodel.SignatureTensor;
import java.util.Arrays;
import java.util.List;
import org.tensorflow.RawTensor;
import org.tensorflow.Tensor;
import org.tensorflow.ndarray.buffer.DataBuffers;
import org.tensorflow.types.TBool;
import org.tensorflow.types.TFloat32;
import org.tensorflow.types.TFloat64;
import org.tensorflow.types.TInt32;
import org.tensorflow.types.TInt64;
import org.tensorflow.types.TString;
import org.tensorflow.types.TUint8;

/**
 * A tensor in Java's memory, row by row: numbers, of which 0 and 1 stand for false and true, or
 * strings.
 *
 * @param shape all sizes known
 * @param numbers empty if there are strings
 * @param strings empty if there are numbers
 */
@SuppressWarnings("ArrayRecordComponent") // large, handed on and never compared
record Values(Shape shape, double[] numbers, ImmutableList<byte[]> strings) {
  /** Whole numbers beyond are not told apart. */
  private static final double EXACT = 0x1p53;

  /** How many rows there are; the first axis is that of the batch. */
  int rows() {
    return shape.size(0);
  }

  boolean isText() {
    return !strings.isEmpty();
  }

  /** Rows of equal shapes, one after the other. */
  static Values joined(List<Values> parts) {
    Values first = parts.get(0);
    int rows = parts.stream().mapToInt(Values::rows).sum();
    double[] numbers =
        parts.stream().map(Values::numbers).flatMapToDouble(Arrays::stream).toArray();
    ImmutableList<byte[]> strings =
        parts.stream()
            .flatMap(part -> part.strings.stream())
            .collect(ImmutableList.toImmutableList());
    return new Values(first.shape.with(0, rows), numbers, strings);
  }

  /** The rows from {@code from} to before {@code to}. */
  Values rows(int from, int to) {
    Shape part = shape.with(0, to - from);
    int length = rows() == 0 ? 0 : Math.toIntExact(shape.elements() / rows());
    return isText()
        ? new Values(part, numbers, strings.subList(from * length, to * length))
        : new Values(part, Arrays.copyOfRange(numbers, from * length, to * length), strings);
  }

  /**
   * A native copy, which the caller closes.
   *
   * @throws RequestException if {@code input} cannot hold a number, or is of a type of which
   *     nothing is read
   */
  Tensor toNative(SignatureTensor input) {
    org.tensorflow.ndarray.Shape sizes = sizes();
    return switch (input.dtype()) {
      case DT_FLOAT -> {
        float[] floats = new float[numbers.length];
        for (int i = 0; i < floats.length; i++) {
          floats[i] = (float) numbers[i];
        }
        yield TFloat32.tensorOf(sizes, DataBuffers.of(floats, true, false));
      }
      case DT_DOUBLE -> TFloat64.tensorOf(sizes, DataBuffers.of(numbers, true, false));
      case DT_INT32 -> {
        int[] ints = Arrays.stream(whole(input, 0x1p31 - 1)).mapToInt(i -> (int) i).toArray();
        yield TInt32.tensorOf(sizes, DataBuffers.of(ints, true, false));
      }
      case DT_INT64 -> TInt64.tensorOf(sizes, DataBuffers.of(whole(input, EXACT), true, false));
      case DT_UINT8 -> TUint8.tensorOf(sizes, DataBuffers.of(bytes(input, 255), true, false));
      case DT_BOOL -> bools(input, sizes);
      case DT_STRING ->
          TString.tensorOfBytes(sizes, DataBuffers.of(strings.toArray(byte[][]::new), true, false));
      default ->
          throw RequestException.invalid(
              "input '%s': expected a type that is read from JSON, received %s"
                  .formatted(input.name(), input.dtype()));
    };
  }

  private org.tensorflow.ndarray.Shape sizes() {
    return org.tensorflow.ndarray.Shape.of(Arrays.stream(shape.toArray()).asLongStream().toArray());
  }

  private TBool bools(SignatureTensor input, org.tensorflow.ndarray.Shape sizes) {
    byte[] bytes = bytes(input, 1);
    return TBool.tensorOf(sizes, tensor -> tensor.asRawTensor().data().write(bytes));
  }

  private byte[] bytes(SignatureTensor input, int most) {
    byte[] bytes = new byte[numbers.length];
    for (int i = 0; i < bytes.length; i++) {
      bytes[i] = (byte) whole(input, numbers[i], 0, most);
    }
    return bytes;
  }

  private long[] whole(SignatureTensor input, double most) {
    return Arrays.stream(numbers)
        .mapToLong(number -> whole(input, number, most == EXACT ? -EXACT : -most - 1, most))
        .toArray();
  }

  private static long whole(SignatureTensor input, double number, double least, double most) {
    if (number != Math.rint(number) || number < least || number > most) {
      throw RequestException.invalid(
          "input '%s': expected whole numbers from %.0f to %.0f for %s, received %s"
              .formatted(input.name(), least, most, input.dtype(), number));
    }
    return (long) number;
  }

  /**
   * A copy of what a model gave.
   *
   * @throws RequestException if it is of a type that is not written, or a number would change
   */
  static Values of(SignatureTensor output, Tensor tensor) {
    RawTensor raw = tensor.asRawTensor();
    int count = Math.toIntExact(tensor.shape().size());
    Shape shape =
        Shape.of(Arrays.stream(tensor.shape().asArray()).mapToInt(Math::toIntExact).toArray());
    if (tensor instanceof TString text) {
      ImmutableList.Builder<byte[]> strings = ImmutableList.builder();
      text.asBytes().scalars().forEach(scalar -> strings.add(scalar.getObject()));
      return new Values(shape, new double[0], strings.build());
    }
    double[] numbers = new double[count];
    for (int i = 0; i < count; i++) {
      numbers[i] =
          switch (tensor.dataType()) {
            case DT_FLOAT -> raw.data().asFloats().getFloat(i);
            case DT_DOUBLE -> raw.data().asDoubles().getDouble(i);
            case DT_INT32 -> raw.data().asInts().getInt(i);
            case DT_INT64 -> exact(output, raw.data().asLongs().getLong(i));
            case DT_UINT8, DT_BOOL -> Byte.toUnsignedInt(raw.data().getByte(i));
            default ->
                throw new RequestException(
                    RequestException.FAILED,
                    "output '%s': expected a type that is written as JSON, received %s"
                        .formatted(output.name(), tensor.dataType()));
          };
    }
    return new Values(shape, numbers, ImmutableList.of());
  }

  private static double exact(SignatureTensor output, long number) {
    if (Math.abs(number) > EXACT) {
      throw new RequestException(
          RequestException.FAILED,
          "output '%s': expected whole numbers of at most 2^53, received %d"
              .formatted(output.name(), number));
    }
    return number;
  }
}
