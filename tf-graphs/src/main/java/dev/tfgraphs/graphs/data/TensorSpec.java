package dev.tfgraphs.graphs.data;

import dev.tfgraphs.ops.Shape;
import org.tensorflow.proto.DataType;

/**
 * What one sample of a dataset is, without the batch: an image is {@code (height, width,
 * channels)}, a label is {@code ()}.
 *
 * @param dtype such as {@link DataType#DT_FLOAT} or {@link DataType#DT_UINT8}
 * @param shape the sizes; unknown ones are {@link Shape#UNKNOWN}
 */
public record TensorSpec(DataType dtype, Shape shape) {

  /** How many bytes the numbers of a sample of known sizes take. */
  int bytes() {
    int each =
        switch (dtype) {
          case DT_UINT8 -> Byte.BYTES;
          case DT_INT64 -> Long.BYTES;
          default -> Float.BYTES;
        };
    return Math.toIntExact(each * shape.elements());
  }

  /** TensorFlow's shape of {@code size} samples. */
  org.tensorflow.ndarray.Shape batch(long size) {
    long[] sizes = new long[shape.rank() + 1];
    sizes[0] = size;
    for (int axis = 0; axis < shape.rank(); axis++) {
      sizes[axis + 1] = shape.size(axis);
    }
    return org.tensorflow.ndarray.Shape.of(sizes);
  }
}
