package dev.tfgraphs.savedmodel;

import dev.tfgraphs.ops.Shape;
import java.util.Optional;
import org.tensorflow.Tensor;
import org.tensorflow.proto.DataType;
import org.tensorflow.proto.TensorInfo;
import org.tensorflow.proto.TensorShapeProto;

/**
 * An input or output of a SavedModel.
 *
 * @param name how the signature calls it
 * @param dtype such as {@link DataType#DT_FLOAT}
 * @param shape with the batch first and unknown sizes as {@link Shape#UNKNOWN}; empty if not even
 *     the number of sizes is known
 */
public record SignatureTensor(String name, DataType dtype, Optional<Shape> shape) {

  static SignatureTensor of(String name, TensorInfo info) {
    TensorShapeProto shape = info.getTensorShape();
    if (shape.getUnknownRank() || !info.hasTensorShape()) {
      return new SignatureTensor(name, info.getDtype(), Optional.empty());
    }
    int[] sizes = shape.getDimList().stream().mapToInt(dim -> size(name, dim.getSize())).toArray();
    return new SignatureTensor(name, info.getDtype(), Optional.of(Shape.of(sizes)));
  }

  private static int size(String name, long size) {
    if (size < Shape.UNKNOWN || size > Integer.MAX_VALUE) {
      throw new ModelFileException(
          "'%s': expected sizes from 0 to %d, or -1 where they are unknown, received %d"
              .formatted(ModelFileException.shown(name), Integer.MAX_VALUE, size));
    }
    return (int) size;
  }

  /** Fails unless values of {@code given} can be fed. */
  void check(Shape given) {
    if (shape.isPresent() && !fits(shape.get(), given)) {
      throw new ModelFileException(
          "input '" + name + "': expected " + shape.get() + ", received " + given);
    }
    if (given.rank() > 0 && given.size(0) == 0) {
      throw new ModelFileException(
          "input '" + name + "': expected one sample or more, received " + given);
    }
  }

  /** Fails unless batches of such samples can be fed; sizes that are not known yet can. */
  void checkSamples(Shape sample) {
    Shape batched = sample.batched();
    boolean fit = shape.isEmpty() || shape.get().rank() == batched.rank();
    for (int axis = 1; fit && shape.isPresent() && axis < batched.rank(); axis++) {
      fit = batched.size(axis) == Shape.UNKNOWN || fits(shape.get(), batched, axis);
    }
    if (!fit) {
      throw new ModelFileException(
          "input '%s': expected %s, received data of %s; map(...) can resize or reshape them"
              .formatted(name, shape.get(), batched));
    }
  }

  /** Fails unless {@code given} can be fed. */
  void check(Tensor given) {
    if (given.dataType() != dtype) {
      throw new ModelFileException(
          "input '" + name + "': expected " + dtype + ", received " + given.dataType());
    }
    check(Elements.shape(given.shape()));
  }

  private static boolean fits(Shape wanted, Shape given) {
    if (wanted.rank() != given.rank()) {
      return false;
    }
    for (int axis = 0; axis < wanted.rank(); axis++) {
      if (!fits(wanted, given, axis)) {
        return false;
      }
    }
    return true;
  }

  private static boolean fits(Shape wanted, Shape given, int axis) {
    return wanted.size(axis) == Shape.UNKNOWN || wanted.size(axis) == given.size(axis);
  }
}
