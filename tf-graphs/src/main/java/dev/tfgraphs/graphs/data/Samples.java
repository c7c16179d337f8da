package dev.tfgraphs.graphs.data;

import dev.tfgraphs.graphs.GraphException;
import dev.tfgraphs.ops.Shape;
import java.util.Arrays;
import org.tensorflow.Tensor;
import org.tensorflow.ndarray.ByteNdArray;
import org.tensorflow.ndarray.FloatNdArray;
import org.tensorflow.ndarray.IntNdArray;
import org.tensorflow.ndarray.LongNdArray;
import org.tensorflow.ndarray.NdArray;
import org.tensorflow.proto.DataType;
import org.tensorflow.types.TFloat32;
import org.tensorflow.types.TInt32;
import org.tensorflow.types.TInt64;
import org.tensorflow.types.TUint8;

/**
 * One value for each sample, in an array: all the images, or all the labels. The array is not
 * copied; whoever changes it changes the samples.
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

  private Samples(TensorSpec spec, int count, Gatherer gatherer) {
    this.spec = spec;
    this.count = count;
    this.gatherer = gatherer;
  }

  /**
   * {@return float32 samples that lie one after the other in a flat array}
   *
   * @param sampleShape the sizes of one sample, such as 32, 32, 3; none for single numbers
   * @throws GraphException if the values are none, or no whole number of samples
   */
  public static Samples of(float[] values, int... sampleShape) {
    TensorSpec spec = spec(DataType.DT_FLOAT, sampleShape);
    int row = row(spec, values.length);
    return of(
        spec,
        values.length / row,
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
        TInt32::tensorOf,
        (tensor, at, from, n) ->
            tensor
                .asRawTensor()
                .data()
                .asInts()
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
   * byte array uint8, int and long arrays int32 and int64. A tensor is such an array too; whoever
   * made it closes it, after the last batch was read.
   *
   * @throws GraphException if the array is of another kind, without dimensions or empty
   */
  public static Samples of(NdArray<?> array) {
    if (array instanceof FloatNdArray floats) {
      return rows(DataType.DT_FLOAT, floats, TFloat32::tensorOf);
    } else if (array instanceof ByteNdArray bytes) {
      return rows(DataType.DT_UINT8, bytes, TUint8::tensorOf);
    } else if (array instanceof IntNdArray ints) {
      return rows(DataType.DT_INT32, ints, TInt32::tensorOf);
    } else if (array instanceof LongNdArray longs) {
      return rows(DataType.DT_INT64, longs, TInt64::tensorOf);
    }
    throw new GraphException(
        "samples: expected an array of float, byte, int or long, received "
            + array.getClass().getSimpleName());
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
    return new Samples(
        spec,
        chosen.length,
        rows -> gatherer.gather(Arrays.stream(rows).map(row -> chosen[row]).toArray()));
  }

  private static <T extends Tensor> Samples of(
      TensorSpec spec, int count, Maker<T> maker, Copier<T> copier) {
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
        });
  }

  private static <E, T extends Tensor & NdArray<E>> Samples rows(
      DataType dtype, NdArray<E> array, Maker<T> maker) {
    return of(
        spec(dtype, array),
        count(array),
        maker,
        (tensor, at, from, n) -> {
          for (int i = 0; i < n; i++) {
            array.get(from + i).copyTo(tensor.get(at + i));
          }
        });
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

  private static TensorSpec spec(DataType dtype, NdArray<?> array) {
    if (array.rank() == 0) {
      throw new GraphException(
          "samples: expected an array whose first dimension counts samples, received a scalar");
    }
    long[] sizes = array.shape().asArray();
    return spec(dtype, Arrays.stream(sizes).skip(1).mapToInt(Math::toIntExact).toArray());
  }

  private static int count(NdArray<?> array) {
    checkNotEmpty(array.size());
    return Math.toIntExact(array.shape().get(0));
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

  private static void checkNotEmpty(long values) {
    if (values == 0) {
      throw new GraphException("samples: expected at least one, received none");
    }
  }
}
