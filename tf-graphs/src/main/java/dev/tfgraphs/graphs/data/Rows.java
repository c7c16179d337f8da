package dev.tfgraphs.graphs.data;

import dev.tfgraphs.graphs.GraphException;
import dev.tfgraphs.ops.Shape;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import org.jspecify.annotations.Nullable;
import org.tensorflow.Tensor;
import org.tensorflow.ndarray.buffer.ByteDataBuffer;

/** The rows of tensors, sample after sample, as bytes in Java's memory. */
final class Rows {
  private final List<byte[]> rows = new ArrayList<>();
  private @Nullable TensorSpec spec;

  /** Adds copies of all rows of a tensor {@code (batch, ...)}. */
  void add(Tensor tensor) {
    TensorSpec given = specOf(tensor);
    if (spec != null && !spec.equals(given)) {
      throw new GraphException(
          "cache: expected all of one shape and type, received %s of %s and %s of %s"
              .formatted(spec.shape(), spec.dtype(), given.shape(), given.dtype()));
    }
    spec = given;
    rows.addAll(of(tensor));
  }

  /** Copies of the rows of a tensor. */
  static List<byte[]> of(Tensor tensor) {
    int count = Math.toIntExact(tensor.shape().get(0));
    ByteDataBuffer data = tensor.asRawTensor().data();
    int size = Math.toIntExact(data.size() / Math.max(1, count));
    List<byte[]> rows = new ArrayList<>();
    for (int i = 0; i < count; i++) {
      byte[] row = new byte[size];
      data.offset((long) i * size).read(row);
      rows.add(row);
    }
    return rows;
  }

  private static TensorSpec specOf(Tensor tensor) {
    long[] sizes = tensor.shape().asArray();
    return new TensorSpec(
        tensor.dataType(),
        Shape.of(Arrays.stream(sizes).skip(1).mapToInt(Math::toIntExact).toArray()));
  }

  /** What was added, one sample or more. */
  Samples samples() {
    if (spec == null) {
      throw new GraphException("cache: expected data, received a dataset without a batch");
    }
    return Samples.ofRows(spec, rows, 0);
  }
}
