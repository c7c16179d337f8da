package dev.tfgraphs.savedmodel;

import dev.tfgraphs.graphs.HostTensor;
import dev.tfgraphs.ops.Shape;
import java.util.function.LongUnaryOperator;
import org.tensorflow.RawTensor;
import org.tensorflow.Tensor;
import org.tensorflow.ndarray.buffer.DataBuffers;
import org.tensorflow.types.TBool;
import org.tensorflow.types.TFloat32;
import org.tensorflow.types.TInt32;
import org.tensorflow.types.TInt64;
import org.tensorflow.types.TUint8;

/** Between floats in Java's memory and tensors of the types that SavedModels have. */
final class Elements {
  private static final float BELOW_2_31 = Math.nextDown(0x1p31f);
  private static final float BELOW_2_63 = Math.nextDown(0x1p63f);

  private Elements() {}

  static org.tensorflow.ndarray.Shape shape(Shape shape) {
    long[] sizes = new long[shape.rank()];
    for (int axis = 0; axis < sizes.length; axis++) {
      sizes[axis] = shape.size(axis);
    }
    return org.tensorflow.ndarray.Shape.of(sizes);
  }

  static TFloat32 float32(HostTensor value) {
    return TFloat32.tensorOf(shape(value.shape()), DataBuffers.of(value.values(), true, false));
  }

  /** A native copy of {@code type}, which the caller closes; fails if a number would change. */
  static Tensor toNative(HostTensor value, SignatureTensor input) {
    return switch (input.dtype()) {
      case DT_FLOAT -> float32(value);
      case DT_UINT8 -> uint8(value, input);
      case DT_INT32 -> int32(value, input);
      case DT_INT64 -> int64(value, input);
      case DT_BOOL -> bool(value, input);
      default -> throw unsupported("input", input);
    };
  }

  private static Tensor uint8(HostTensor value, SignatureTensor input) {
    byte[] bytes = new byte[value.values().length];
    for (int i = 0; i < bytes.length; i++) {
      bytes[i] = (byte) whole(value, i, input, 0, 255);
    }
    return TUint8.tensorOf(shape(value.shape()), DataBuffers.of(bytes, true, false));
  }

  private static Tensor int32(HostTensor value, SignatureTensor input) {
    int[] ints = new int[value.values().length];
    for (int i = 0; i < ints.length; i++) {
      ints[i] = (int) whole(value, i, input, -0x1p31f, BELOW_2_31);
    }
    return TInt32.tensorOf(shape(value.shape()), DataBuffers.of(ints, true, false));
  }

  private static Tensor int64(HostTensor value, SignatureTensor input) {
    long[] longs = new long[value.values().length];
    for (int i = 0; i < longs.length; i++) {
      longs[i] = whole(value, i, input, -0x1p63f, BELOW_2_63);
    }
    return TInt64.tensorOf(shape(value.shape()), DataBuffers.of(longs, true, false));
  }

  private static Tensor bool(HostTensor value, SignatureTensor input) {
    TBool tensor = TBool.tensorOf(shape(value.shape()));
    try {
      for (int i = 0; i < value.values().length; i++) {
        tensor.asRawTensor().data().setByte((byte) whole(value, i, input, 0, 1), i);
      }
      return tensor;
    } catch (RuntimeException e) {
      tensor.close();
      throw e;
    }
  }

  private static long whole(HostTensor value, int i, SignatureTensor input, float min, float max) {
    float number = value.values()[i];
    if (number != Math.rint(number) || number < min || number > max) {
      throw new ModelFileException(
          "input '"
              + input.name()
              + "': expected whole numbers for "
              + input.dtype()
              + ", received "
              + number);
    }
    return (long) number;
  }

  /** A copy as floats; fails if a number would change. */
  static HostTensor toHost(Tensor tensor, SignatureTensor output) {
    RawTensor raw = tensor.asRawTensor();
    float[] values = new float[Math.toIntExact(tensor.shape().size())];
    switch (tensor.dataType()) {
      case DT_FLOAT -> raw.data().asFloats().read(values);
      case DT_BOOL, DT_UINT8 ->
          fill(values, output, i -> Byte.toUnsignedInt(raw.data().getByte(i)));
      case DT_INT32 -> fill(values, output, raw.data().asInts()::getInt);
      case DT_INT64 -> fill(values, output, raw.data().asLongs()::getLong);
      default -> throw unsupported("output", output);
    }
    return new HostTensor(shape(tensor.shape()), values);
  }

  private static void fill(float[] values, SignatureTensor output, LongUnaryOperator elements) {
    for (int i = 0; i < values.length; i++) {
      long element = elements.applyAsLong(i);
      values[i] = element;
      if ((long) values[i] != element) {
        throw new ModelFileException(
            "output '"
                + output.name()
                + "': expected numbers that a float holds exactly, received "
                + element);
      }
    }
  }

  static Shape shape(org.tensorflow.ndarray.Shape shape) {
    int[] sizes = new int[shape.numDimensions()];
    for (int axis = 0; axis < sizes.length; axis++) {
      sizes[axis] = Math.toIntExact(shape.get(axis));
    }
    return Shape.of(sizes);
  }

  private static ModelFileException unsupported(String kind, SignatureTensor tensor) {
    return new ModelFileException(
        kind
            + " '"
            + tensor.name()
            + "': expected DT_FLOAT, DT_UINT8, DT_INT32, DT_INT64 or DT_BOOL, received "
            + tensor.dtype()
            + "; run(...) takes and gives tensors of any type");
  }
}
