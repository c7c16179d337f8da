package dev.tfgraphs.examples;

import dev.tfgraphs.graphs.HostTensor;
import dev.tfgraphs.graphs.data.Batch;
import dev.tfgraphs.graphs.data.Batches;
import dev.tfgraphs.graphs.data.Dataset;
import dev.tfgraphs.ops.Shape;
import java.util.Arrays;
import java.util.List;
import java.util.Optional;
import java.util.function.BiConsumer;
import org.tensorflow.Tensor;
import org.tensorflow.types.TUint8;

/** Samples in Java's memory. */
public final class Reading {
  private static final int BATCH = 32;

  private Reading() {}

  /**
   * Passes over {@code data} in the stored order.
   *
   * @param each takes images {@code (batch, height, width, channels)} and their labels, none if
   *     there are none
   */
  public static void batches(Dataset data, BiConsumer<HostTensor, int[]> each) {
    try (Batches batches = data.open(BATCH, false, 0)) {
      batches.begin(0);
      for (Optional<Batch> next = batches.next(); next.isPresent(); next = batches.next()) {
        try (Batch batch = next.get()) {
          each.accept(floats(batch.inputs().get(0)), labels(batch.targets()));
        }
      }
    }
  }

  private static HostTensor floats(Tensor tensor) {
    int[] sizes = Arrays.stream(tensor.shape().asArray()).mapToInt(Math::toIntExact).toArray();
    float[] values = new float[Math.toIntExact(tensor.shape().size())];
    if (tensor instanceof TUint8) {
      byte[] bytes = new byte[values.length];
      tensor.asRawTensor().data().read(bytes);
      for (int i = 0; i < bytes.length; i++) {
        values[i] = Byte.toUnsignedInt(bytes[i]);
      }
    } else {
      tensor.asRawTensor().data().asFloats().read(values);
    }
    return new HostTensor(Shape.of(sizes), values);
  }

  private static int[] labels(List<Tensor> targets) {
    if (targets.isEmpty()) {
      return new int[0];
    }
    int[] labels = new int[Math.toIntExact(targets.get(0).shape().size())];
    targets.get(0).asRawTensor().data().asInts().read(labels);
    return labels;
  }
}
