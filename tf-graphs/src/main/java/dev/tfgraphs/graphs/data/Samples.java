package dev.tfgraphs.graphs.data;

import com.google.common.collect.Range;
import dev.tfgraphs.graphs.GraphException;
import dev.tfgraphs.ops.Shape;
import java.util.Arrays;
import java.util.IntSummaryStatistics;
import java.util.List;
import java.util.Optional;
import java.util.OptionalInt;
import java.util.function.IntUnaryOperator;
import java.util.stream.IntStream;
import org.jspecify.annotations.Nullable;
import org.tensorflow.Tensor;
import org.tensorflow.ndarray.ByteNdArray;
import org.tensorflow.ndarray.FloatNdArray;
import org.tensorflow.ndarray.IntNdArray;
import org.tensorflow.ndarray.LongNdArray;
import org.tensorflow.ndarray.NdArray;
import org.tensorflow.ndarray.buffer.ByteDataBuffer;
import org.tensorflow.ndarray.buffer.DataBuffers;
import org.tensorflow.proto.DataType;
import org.tensorflow.types.TFloat32;
import org.tensorflow.types.TInt32;
import org.tensorflow.types.TInt64;
import org.tensorflow.types.TUint8;

/**
 * One value for each sample, in an array: all the images, or all the labels. A Java array is not
 * copied; whoever changes it changes the samples. An {@link NdArray} is.
 */
public final class Samples {

  /** Copies {@code count} rows from {@code row} on into the tensor, from its row {@code at} on. */
  private interface Copier<T> {
    void copy(T tensor, int at, int row, int count);
  }

  /** Makes a tensor of some rows. */
  private interface Gatherer {
    Tensor gather(int[] rows);
  }

  private interface Maker<T> {
    T make(org.tensorflow.ndarray.Shape shape);
  }

  private final TensorSpec spec;
  private final int count;
  private final Gatherer gatherer;
  private final @Nullable IntUnaryOperator integers;

  /**
   * @param integers the value at a place of the flat array, if these are integers
   */
  private Samples(
      TensorSpec spec, int count, Gatherer gatherer, @Nullable IntUnaryOperator integers) {
    this.spec = spec;
    this.count = count;
    this.gatherer = gatherer;
    this.integers = integers;
  }

  /**
   * {@return float32 samples that lie one after the other in a flat array}
   *
   * @param sampleShape the sizes of one sample, such as 32, 32, 3; none for single numbers
   * @throws GraphException if the values are none, no whole number of samples, or not all finite
   */
  public static Samples of(float[] values, int... sampleShape) {
    TensorSpec spec = spec(DataType.DT_FLOAT, sampleShape);
    int row = row(spec, values.length);
    checkFinite(values, row);
    return of(
        spec,
        values.length / row,
        null,
        TFloat32::tensorOf,
        (tensor, at, from, n) ->
            tensor
                .asRawTensor()
                .data()
                .asFloats()
                .offset((long) at * row)
                .write(values, from * row, n * row));
  }

  /**
   * {@return uint8 samples, 0 to 255, that lie one after the other in a flat array}
   *
   * @param sampleShape the sizes of one sample, such as 32, 32, 3; none for single numbers
   * @throws GraphException if the values are none, or no whole number of samples
   */
  public static Samples of(byte[] values, int... sampleShape) {
    TensorSpec spec = spec(DataType.DT_UINT8, sampleShape);
    int row = row(spec, values.length);
    return of(
        spec,
        values.length / row,
        i -> Byte.toUnsignedInt(values[i]),
        TUint8::tensorOf,
        (tensor, at, from, n) ->
            tensor.asRawTensor().data().offset((long) at * row).write(values, from * row, n * row));
  }

  /**
   * {@return int32 samples that lie one after the other in a flat array}
   *
   * @param sampleShape the sizes of one sample; none for single numbers
   * @throws GraphException if the values are none, or no whole number of samples
   */
  public static Samples of(int[] values, int... sampleShape) {
    TensorSpec spec = spec(DataType.DT_INT32, sampleShape);
    int row = row(spec, values.length);
    return of(
        spec,
        values.length / row,
        i -> values[i],
        TInt32::tensorOf,
        (tensor, at, from, n) ->
            tensor
                .asRawTensor()
                .data()
                .asInts()
                .offset((long) at * row)
                .write(values, from * row, n * row));
  }

  private static Samples ofLongs(long[] values, int... sampleShape) {
    TensorSpec spec = spec(DataType.DT_INT64, sampleShape);
    int row = row(spec, values.length);
    return of(
        spec,
        values.length / row,
        null,
        TInt64::tensorOf,
        (tensor, at, from, n) ->
            tensor
                .asRawTensor()
                .data()
                .asLongs()
                .offset((long) at * row)
                .write(values, from * row, n * row));
  }

  /**
   * {@return the class number of each sample, int32, {@code ()} each}
   *
   * @throws GraphException if there are none
   */
  public static Samples labels(int... labels) {
    return of(labels, new int[0]);
  }

  /**
   * {@return samples in an array whose first dimension counts them} A float array gives float32, a
   * byte array uint8, int and long arrays int32 and int64. A tensor is such an array too. The
   * values are copied, so that a tensor may be closed as soon as this returns.
   *
   * @throws GraphException if the array is of another kind, without dimensions, empty or of more
   *     values than a Java array holds
   */
  public static Samples of(NdArray<?> array) {
    if (array instanceof FloatNdArray floats) {
      int[] shape = sampleShape(array);
      float[] values = new float[length(array)];
      floats.copyTo(DataBuffers.of(values, false, false));
      return of(values, shape);
    } else if (array instanceof ByteNdArray bytes) {
      int[] shape = sampleShape(array);
      byte[] values = new byte[length(array)];
      bytes.copyTo(DataBuffers.of(values, false, false));
      return of(values, shape);
    } else if (array instanceof IntNdArray ints) {
      int[] shape = sampleShape(array);
      int[] values = new int[length(array)];
      ints.copyTo(DataBuffers.of(values, false, false));
      return of(values, shape);
    } else if (array instanceof LongNdArray longs) {
      int[] shape = sampleShape(array);
      long[] values = new long[length(array)];
      longs.copyTo(DataBuffers.of(values, false, false));
      return ofLongs(values, shape);
    }
    throw new GraphException(
        "samples: expected an array of float, byte, int or long, received "
            + array.getClass().getSimpleName());
  }

  /**
   * {@return samples of one kind, whose numbers are bytes of an array each, as TensorFlow has them}
   *
   * @param from where they begin in the arrays, which are not copied
   */
  static Samples ofRows(TensorSpec spec, List<byte[]> rows, int from) {
    return switch (spec.dtype()) {
      case DT_FLOAT -> ofRows(spec, rows, from, TFloat32::tensorOf);
      case DT_UINT8 -> ofRows(spec, rows, from, TUint8::tensorOf);
      case DT_INT32 -> ofRows(spec, rows, from, TInt32::tensorOf);
      case DT_INT64 -> ofRows(spec, rows, from, TInt64::tensorOf);
      default ->
          throw new GraphException(
              "samples: expected float32, uint8, int32 or int64, received " + spec.dtype());
    };
  }

  private static <T extends Tensor> Samples ofRows(
      TensorSpec spec, List<byte[]> rows, int from, Maker<T> maker) {
    int bytes = spec.bytes();
    return of(
        spec,
        rows.size(),
        null,
        maker,
        (tensor, at, row, n) -> {
          ByteDataBuffer data = tensor.asRawTensor().data();
          for (int i = 0; i < n; i++) {
            data.offset((long) (at + i) * bytes).write(rows.get(row + i), from, bytes);
          }
        });
  }

  /** {@return what one sample is} */
  public TensorSpec spec() {
    return spec;
  }

  /** {@return how many samples there are} */
  public int count() {
    return count;
  }

  /** {@return a new tensor of the given rows, which the caller closes} */
  Tensor gather(int[] rows) {
    return gatherer.gather(rows);
  }

  /** {@return only the given samples, in their order} */
  Samples chosen(int[] chosen) {
    int row = Math.toIntExact(spec.shape().elements());
    IntUnaryOperator all = integers;
    return new Samples(
        spec,
        chosen.length,
        rows -> gatherer.gather(Arrays.stream(rows).map(i -> chosen[i]).toArray()),
        all == null ? null : i -> all.applyAsInt(chosen[i / row] * row + i % row));
  }

  /** {@return the smallest and largest number of some samples; empty if not int32 or uint8} */
  Optional<Range<Integer>> range(int from, int to) {
    if (integers == null || from == to) {
      return Optional.empty();
    }
    int row = Math.toIntExact(spec.shape().elements());
    IntSummaryStatistics all =
        IntStream.range(from * row, to * row).map(integers).summaryStatistics();
    return Optional.of(Range.closed(all.getMin(), all.getMax()));
  }

  /** The first of some samples in which {@code number} is; empty if none, or not int32 or uint8. */
  OptionalInt first(int from, int to, int number) {
    IntUnaryOperator all = integers;
    if (all == null) {
      return OptionalInt.empty();
    }
    int row = Math.toIntExact(spec.shape().elements());
    return IntStream.range(from * row, to * row)
        .filter(i -> all.applyAsInt(i) == number)
        .map(i -> i / row)
        .findFirst();
  }

  private static <T extends Tensor> Samples of(
      TensorSpec spec,
      int count,
      @Nullable IntUnaryOperator integers,
      Maker<T> maker,
      Copier<T> copier) {
    return new Samples(
        spec,
        count,
        rows -> {
          T tensor = maker.make(spec.batch(rows.length));
          try {
            copyRuns(tensor, rows, copier);
          } catch (RuntimeException e) {
            tensor.close();
            throw e;
          }
          return tensor;
        },
        integers);
  }

  /** Rows that follow one another are one copy. */
  private static <T> void copyRuns(T tensor, int[] rows, Copier<T> copier) {
    int start = 0;
    for (int i = 1; i <= rows.length; i++) {
      if (i == rows.length || rows[i] != rows[i - 1] + 1) {
        copier.copy(tensor, start, rows[start], i - start);
        start = i;
      }
    }
  }

  private static TensorSpec spec(DataType dtype, int[] sampleShape) {
    for (int size : sampleShape) {
      if (size < 1) {
        throw new GraphException(
            "samples: expected sizes of 1 or more, received " + Arrays.toString(sampleShape));
      }
    }
    return new TensorSpec(dtype, Shape.of(sampleShape));
  }

  private static int[] sampleShape(NdArray<?> array) {
    if (array.rank() == 0) {
      throw new GraphException(
          "samples: expected an array whose first dimension counts samples, received a scalar");
    }
    long[] sizes = array.shape().asArray();
    return Arrays.stream(sizes).skip(1).mapToInt(Math::toIntExact).toArray();
  }

  /** How long a Java array of all the values is. */
  private static int length(NdArray<?> array) {
    if (array.size() > Integer.MAX_VALUE) {
      throw new GraphException(
          "samples: expected at most %d values, received %d"
              .formatted(Integer.MAX_VALUE, array.size()));
    }
    return (int) array.size();
  }

  private static int row(TensorSpec spec, int values) {
    checkNotEmpty(values);
    long row = spec.shape().elements();
    if (values % row != 0) {
      throw new GraphException(
          "samples: expected a multiple of %d values, %s each, received %d"
              .formatted(row, spec.shape(), values));
    }
    return (int) row;
  }

  /** One number that is none makes every weight none in one step. */
  private static void checkFinite(float[] values, int row) {
    for (int i = 0; i < values.length; i++) {
      if (!Float.isFinite(values[i])) {
        throw new GraphException(
            "samples: expected finite numbers, received %s at place %d of sample %d"
                .formatted(values[i], i % row, i / row));
      }
    }
  }

  private static void checkNotEmpty(long values) {
    if (values == 0) {
      throw new GraphException("samples: expected at least one, received none");
    }
  }
}
