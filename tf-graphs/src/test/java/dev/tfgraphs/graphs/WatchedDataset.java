package dev.tfgraphs.graphs;

import dev.tfgraphs.graphs.data.Batches;
import dev.tfgraphs.graphs.data.Dataset;
import java.util.ArrayList;
import java.util.List;

/**
 * Another dataset that notes the numbers of the passes asked for, one list each time it is opened.
 */
final class WatchedDataset extends ForwardingDataset {
  private final List<List<Integer>> passes;

  WatchedDataset(Dataset data, List<List<Integer>> passes) {
    super(data);
    this.passes = passes;
  }

  @Override
  public Batches open(int batchSize, boolean shuffle, long seed) {
    List<Integer> begun = new ArrayList<>();
    passes.add(begun);
    return new Forwarding(super.open(batchSize, shuffle, seed)) {
      @Override
      public void begin(int epoch) {
        begun.add(epoch);
        super.begin(epoch);
      }
    };
  }
}
