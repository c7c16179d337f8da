package dev.tfgraphs.graphs;

import dev.tfgraphs.ops.Shape;
import java.util.Arrays;
import java.util.List;
import org.tensorflow.Tensor;
import org.tensorflow.ndarray.buffer.DataBuffers;
import org.tensorflow.ndarray.buffer.FloatDataBuffer;
import org.tensorflow.types.TFloat32;

/**
 * Numbers in Java's memory with their shape: a weight, or what a model made of a batch.
 *
 * @param shape all sizes known
 * @param values the elements row by row, not copied
 */
@SuppressWarnings(
    "ArrayRecordComponent") // a flat array is the fastest way in and out of TensorFlow; equality is
// by content
public record HostTensor(Shape shape, float[] values) {
  /**
   * Checks that the values fill the shape.
   *
   * @throws GraphException if there are more or fewer values than the shape has elements
   */
  public HostTensor {
    if (shape.elements() != values.length) {
      throw new GraphException(
          "tensor: expected "
              + shape.elements()
              + " values for "
              + shape
              + ", received "
              + values.length);
    }
  }

  /**
   * {@return element {@code i} of the first axis: one sample of a batch, for example}
   *
   * @throws GraphException if there is no first axis, or it has no such element
   */
  public HostTensor row(int i) {
    if (shape.rank() == 0) {
      throw new GraphException("tensor: expected rows to take one of, received a single number");
    }
    if (i < 0 || i >= shape.size(0)) {
      throw new GraphException(
          "tensor: expected a row of 0 or more and less than %d of %s, received %d"
              .formatted(shape.size(0), shape, i));
    }
    int[] sizes = shape.toArray();
    Shape inner = Shape.of(Arrays.copyOfRange(sizes, 1, sizes.length));
    int length = Math.toIntExact(inner.elements());
    return new HostTensor(inner, Arrays.copyOfRange(values, i * length, (i + 1) * length));
  }

  /** {@return the index of the largest value, the first of equals} */
  public int argMax() {
    int best = 0;
    for (int i = 1; i < values.length; i++) {
      if (values[i] > values[best]) {
        best = i;
      }
    }
    return best;
  }

  boolean isFinite() {
    for (float value : values) {
      if (!Float.isFinite(value)) {
        return false;
      }
    }
    return true;
  }

  /**
   * All rows of {@code parts}, one or more.
   *
   * @throws GraphException if these are not alike but for their first size
   */
  static HostTensor joined(List<HostTensor> parts) {
    Shape first = parts.get(0).shape();
    for (HostTensor part : parts) {
      if (!part.shape().with(0, first.size(0)).equals(first)) {
        throw new GraphException(
            "predict: expected results of one shape, since they become one tensor, received %s and %s"
                .formatted(first, part.shape()));
      }
    }
    int rows = parts.stream().mapToInt(part -> part.shape().size(0)).sum();
    Shape shape = first.with(0, rows);
    float[] values = new float[Math.toIntExact(shape.elements())];
    int filled = 0;
    for (HostTensor part : parts) {
      System.arraycopy(part.values(), 0, values, filled, part.values().length);
      filled += part.values().length;
    }
    return new HostTensor(shape, values);
  }

  /** A copy of a float32 tensor. */
  static HostTensor of(Tensor tensor) {
    float[] values = new float[Math.toIntExact(tensor.shape().size())];
    tensor.asRawTensor().data().asFloats().read(values);
    return new HostTensor(Shapes.fromTensorFlow(tensor.shape()), values);
  }

  /** As one native tensor, which the caller closes: one or more tensors of {@code rows} rows. */
  static TFloat32 toNative(List<HostTensor> parts, int rows) {
    Shape shape = parts.get(0).shape().with(0, rows);
    return TFloat32.tensorOf(
        Shapes.toTensorFlow(shape),
        tensor -> {
          FloatDataBuffer data = tensor.asRawTensor().data().asFloats();
          long filled = 0;
          for (HostTensor part : parts) {
            data.offset(filled).write(part.values());
            filled += part.values().length;
          }
        });
  }

  /** A native copy, which the caller closes. */
  TFloat32 toNative() {
    return TFloat32.tensorOf(Shapes.toTensorFlow(shape), DataBuffers.of(values, true, false));
  }

  @Override
  public boolean equals(Object other) {
    return other instanceof HostTensor tensor
        && shape.equals(tensor.shape)
        && Arrays.equals(values, tensor.values);
  }

  @Override
  public int hashCode() {
    return 31 * shape.hashCode() + Arrays.hashCode(values);
  }

  @Override
  public String toString() {
    return "tensor " + shape;
  }
}
