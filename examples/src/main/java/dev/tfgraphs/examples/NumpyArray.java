package dev.tfgraphs.examples;

import dev.tfgraphs.graphs.HostTensor;
import dev.tfgraphs.graphs.data.Samples;
import dev.tfgraphs.ops.Shape;

/**
 * An array as NumPy has written it, row by row: floats, whole numbers of 32 bits, or bytes from 0
 * to 255.
 */
final class NumpyArray {
  private final String name;
  private final Shape shape;
  private final Object values;

  private NumpyArray(String name, Shape shape, Object values) {
    this.name = name;
    this.shape = shape;
    this.values = values;
  }

  /** An array that errors call {@code name}; its values, which fill the shape, are not copied. */
  static NumpyArray of(String name, Shape shape, float[] values) {
    return new NumpyArray(name, shape, values);
  }

  /** As {@link #of(String, Shape, float[])}. */
  static NumpyArray of(String name, Shape shape, int[] values) {
    return new NumpyArray(name, shape, values);
  }

  /** As {@link #of(String, Shape, float[])}, of bytes from 0 to 255. */
  static NumpyArray of(String name, Shape shape, byte[] values) {
    return new NumpyArray(name, shape, values);
  }

  Shape shape() {
    return shape;
  }

  /** What is wrong with it. */
  CommandException problem(String problem) {
    return new CommandException(name + ": " + problem);
  }

  /** The numbers as floats, row by row. */
  float[] floats() {
    if (values instanceof float[] floats) {
      return floats;
    }
    float[] floats = new float[Math.toIntExact(shape.elements())];
    if (values instanceof byte[] bytes) {
      for (int i = 0; i < floats.length; i++) {
        floats[i] = Byte.toUnsignedInt(bytes[i]);
      }
    } else {
      int[] ints = (int[]) values;
      for (int i = 0; i < floats.length; i++) {
        floats[i] = ints[i];
      }
    }
    return floats;
  }

  HostTensor toHost() {
    return new HostTensor(shape, floats());
  }

  /** Samples to feed a model with: bytes, or else floats. */
  Samples inputs(int... sample) {
    return values instanceof byte[] bytes
        ? Samples.of(bytes, sample)
        : Samples.of(floats(), sample);
  }

  /** Samples in the type of the array. */
  Samples targets(int... sample) {
    if (values instanceof float[] floats) {
      return Samples.of(floats, sample);
    }
    return values instanceof byte[] bytes
        ? Samples.of(bytes, sample)
        : Samples.of((int[]) values, sample);
  }

  /**
   * Samples of class numbers, which NumPy may have as floats.
   *
   * @throws CommandException if a float is no whole number
   */
  Samples classNumbers(int... sample) {
    if (!(values instanceof float[] floats)) {
      return targets(sample);
    }
    int[] numbers = new int[floats.length];
    for (int i = 0; i < numbers.length; i++) {
      numbers[i] = (int) floats[i];
      if (numbers[i] != floats[i]) {
        throw problem(
            "expected class numbers, received %s in sample %d"
                .formatted(floats[i], i / (numbers.length / shape.size(0))));
      }
    }
    return Samples.of(numbers, sample);
  }
}
