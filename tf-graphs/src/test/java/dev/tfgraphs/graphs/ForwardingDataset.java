package dev.tfgraphs.graphs;

import com.google.common.collect.ImmutableList;
import dev.tfgraphs.graphs.data.Batch;
import dev.tfgraphs.graphs.data.Batches;
import dev.tfgraphs.graphs.data.Dataset;
import dev.tfgraphs.graphs.data.TensorSpec;
import java.util.Optional;

/** Another dataset, in all that a subclass does not change. */
abstract class ForwardingDataset extends Dataset {
  /** Other batches, in all that a subclass does not change. */
  static class Forwarding implements Batches {
    private final Batches batches;

    Forwarding(Batches batches) {
      this.batches = batches;
    }

    @Override
    public void begin(int epoch) {
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
  }

  private final Dataset data;

  ForwardingDataset(Dataset data) {
    this.data = data;
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
    return data.open(batchSize, shuffle, seed);
  }
}
