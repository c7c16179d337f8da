package dev.tfgraphs.graphs;

import com.google.common.collect.ImmutableList;
import dev.tfgraphs.graphs.data.Batch;
import dev.tfgraphs.graphs.data.Batches;
import dev.tfgraphs.graphs.data.Dataset;
import dev.tfgraphs.graphs.data.TensorSpec;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;

/**
 * Another dataset that notes the numbers of the passes asked for, one list each time it is opened.
 */
final class WatchedDataset extends Dataset {
  private final Dataset data;
  private final List<List<Integer>> passes;

  WatchedDataset(Dataset data, List<List<Integer>> passes) {
    this.data = data;
    this.passes = passes;
  }

  @Override
  public ImmutableList<TensorSpec> inputs() {
    return data.inputs();
  }

  @Override
  public ImmutableList<TensorSpec> targets() {
    return data.targets();
  }

  @Override
  public boolean weighted() {
    return data.weighted();
  }

  @Override
  public long samples() {
    return data.samples();
  }

  @Override
  public Batches open(int batchSize, boolean shuffle, long seed) {
    Batches batches = data.open(batchSize, shuffle, seed);
    List<Integer> begun = new ArrayList<>();
    passes.add(begun);
    return new Batches() {
      @Override
      public void begin(int epoch) {
        begun.add(epoch);
        batches.begin(epoch);
      }

      @Override
      public Optional<Batch> next() {
        return batches.next();
      }

      @Override
      public long steps() {
        return batches.steps();
      }

      @Override
      public void close() {
        batches.close();
      }
    };
  }
}
