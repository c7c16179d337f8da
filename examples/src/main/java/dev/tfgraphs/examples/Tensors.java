package dev.tfgraphs.examples;

import dev.tfgraphs.graphs.HostTensor;
import dev.tfgraphs.ops.Shape;
import java.util.Arrays;
import java.util.List;
import java.util.stream.IntStream;

/** Batches of samples in Java's memory. */
final class Tensors {
  private static final double ROUNDING = 0.02;

  private Tensors() {}

  static int count(HostTensor batch) {
    return batch.shape().size(0);
  }

  /** The samples of all parts, one after the other. */
  static HostTensor joined(List<HostTensor> parts) {
    int count = parts.stream().mapToInt(Tensors::count).sum();
    Shape shape = parts.get(0).shape().with(0, count);
    float[] values = new float[Math.toIntExact(shape.elements())];
    int filled = 0;
    for (HostTensor part : parts) {
      System.arraycopy(part.values(), 0, values, filled, part.values().length);
      filled += part.values().length;
    }
    return new HostTensor(shape, values);
  }

  /** The samples from {@code from} (inclusive) to {@code to} (exclusive). */
  static HostTensor slice(HostTensor batch, int from, int to) {
    int row = batch.values().length / count(batch);
    return new HostTensor(
        batch.shape().with(0, to - from), Arrays.copyOfRange(batch.values(), from * row, to * row));
  }

  /** Whether these are numbers from 0 to 1 whose sum is 1, but for the rounding of bfloat16. */
  static boolean areProbabilities(float[] values) {
    double sum = 0;
    for (float value : values) {
      if (!(value >= 0 && value <= 1)) {
        return false;
      }
      sum += value;
    }
    return Math.abs(sum - 1) <= ROUNDING;
  }

  /** The indices of the {@code count} largest values, falling; the first of equals first. */
  static List<Integer> largest(float[] values, int count) {
    return IntStream.range(0, values.length)
        .boxed()
        .sorted((a, b) -> Float.compare(values[b], values[a]))
        .limit(count)
        .toList();
  }
}
