package dev.tfgraphs.graphs.data;

import com.google.common.collect.ImmutableList;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import org.jspecify.annotations.Nullable;
import org.tensorflow.Tensor;
import org.tensorflow.types.TFloat32;

/** Gathers rows of arrays into tensors. */
final class ArrayBatches implements Batches {

  private final ImmutableList<Samples> inputs;
  private final ImmutableList<Samples> targets;
  private final @Nullable Samples weights;
  private final RowOrder order;

  ArrayBatches(
      ImmutableList<Samples> inputs,
      ImmutableList<Samples> targets,
      @Nullable Samples weights,
      RowOrder order) {
    this.inputs = inputs;
    this.targets = targets;
    this.weights = weights;
    this.order = order;
  }

  @Override
  public void begin(int epoch) {
    order.begin(epoch);
  }

  @Override
  public Optional<Batch> next() {
    int[] rows = order.next();
    if (rows.length == 0) {
      return Optional.empty();
    }
    List<Tensor> made = new ArrayList<>();
    try {
      inputs.forEach(samples -> made.add(samples.gather(rows)));
      targets.forEach(samples -> made.add(samples.gather(rows)));
      List<Tensor> x = made.subList(0, inputs.size());
      List<Tensor> y = made.subList(inputs.size(), made.size());
      return Optional.of(
          weights == null ? Batch.of(x, y) : Batch.of(x, y, (TFloat32) weights.gather(rows)));
    } catch (RuntimeException e) {
      made.forEach(Tensor::close);
      throw e;
    }
  }

  @Override
  public long steps() {
    return order.steps();
  }

  @Override
  public void close() {}
}
