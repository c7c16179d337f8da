package dev.tfgraphs.graphs.data;

import static com.google.common.collect.ImmutableList.toImmutableList;

import com.google.common.collect.ImmutableList;
import com.google.common.collect.Range;
import dev.tfgraphs.graphs.GraphException;
import dev.tfgraphs.graphs.data.RowOrder.Shuffle;
import java.util.List;
import java.util.Optional;
import java.util.OptionalLong;
import org.jspecify.annotations.Nullable;

/** Samples that lie in memory; made by {@link Dataset#of(Samples, Samples)}. */
public final class ArrayDataset extends Dataset {

  private final ImmutableList<Samples> inputs;
  private final ImmutableList<Samples> targets;
  private final @Nullable Samples weights;
  private final int from;
  private final int to;

  private ArrayDataset(
      ImmutableList<Samples> inputs,
      ImmutableList<Samples> targets,
      @Nullable Samples weights,
      int from,
      int to) {
    this.inputs = inputs;
    this.targets = targets;
    this.weights = weights;
    this.from = from;
    this.to = to;
  }

  static ArrayDataset checked(List<Samples> inputs, List<Samples> targets) {
    if (inputs.isEmpty()) {
      throw new GraphException("dataset: expected at least one input, received none");
    }
    int count = inputs.get(0).count();
    checkCounts("input", inputs, count);
    checkCounts("target", targets, count);
    return new ArrayDataset(
        ImmutableList.copyOf(inputs), ImmutableList.copyOf(targets), null, 0, count);
  }

  private static void checkCounts(String what, List<Samples> all, int expected) {
    for (int i = 0; i < all.size(); i++) {
      if (all.get(i).count() != expected) {
        throw new GraphException(
            "dataset: expected %d samples, as many as input 0 has, received %d in %s %d"
                .formatted(expected, all.get(i).count(), what, i));
      }
    }
  }

  /**
   * {@return these samples, each with a weight in the loss}
   *
   * @throws GraphException if these are not as many as the samples, if one is negative or not
   *     finite, or if there are no targets
   */
  public ArrayDataset weights(float... weights) {
    if (targets.isEmpty()) {
      throw new GraphException("weights: expected a dataset with targets, received none");
    }
    if (weights.length != to - from) {
      throw new GraphException(
          "weights: expected %d, one for each sample, received %d"
              .formatted(to - from, weights.length));
    }
    for (int i = 0; i < weights.length; i++) {
      if (!(weights[i] >= 0) || Float.isInfinite(weights[i])) {
        throw new GraphException(
            "weights: expected finite numbers of 0 or more, received %s for sample %d"
                .formatted(weights[i], i));
      }
    }
    // rows are counted in the whole, of which this may be a part
    float[] kept = new float[to];
    System.arraycopy(weights, 0, kept, from, weights.length);
    return new ArrayDataset(inputs, targets, Samples.of(kept), from, to);
  }

  @Override
  public ImmutableList<TensorSpec> inputs() {
    return inputs.stream().map(Samples::spec).collect(toImmutableList());
  }

  @Override
  public ImmutableList<TensorSpec> targets() {
    return targets.stream().map(Samples::spec).collect(toImmutableList());
  }

  @Override
  public Optional<Range<Integer>> targetRange(int index) {
    return targets.get(index).range(from, to);
  }

  @Override
  OptionalLong firstWith(int index, int number) {
    return targets.get(index).first(from, to, number).stream()
        .mapToLong(row -> (long) row - from)
        .findFirst();
  }

  @Override
  public boolean weighted() {
    return weights != null;
  }

  @Override
  public long samples() {
    return (long) to - from;
  }

  @Override
  public Batches open(int batchSize, boolean shuffle, long seed) {
    return Prefetching.of(read(batchSize, Shuffle.of(shuffle), seed), Pipeline.PREFETCH);
  }

  @Override
  Batches read(int batchSize, Shuffle shuffle, long seed) {
    return new ArrayBatches(
        inputs, targets, weights, new RowOrder(from, to - from, batchSize, shuffle, seed));
  }

  @Override
  Dataset range(long first, long end) {
    return new ArrayDataset(
        inputs, targets, weights, Math.toIntExact(from + first), Math.toIntExact(from + end));
  }
}
