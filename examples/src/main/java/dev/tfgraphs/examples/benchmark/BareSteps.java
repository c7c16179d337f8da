package dev.tfgraphs.examples.benchmark;

import dev.tfgraphs.graphs.data.Batch;
import dev.tfgraphs.graphs.data.Batches;

/** Steps of a bare loop over one batch that is there before it begins. */
final class BareSteps implements Steps {
  private final BareLoop loop;
  private final Batch batch;

  BareSteps(Workload workload) {
    this.loop = new BareLoop(workload.model(), 1);
    try (Batches batches = workload.data(1).open(workload.batch(), false, 0)) {
      batches.begin(0);
      this.batch = batches.next().orElseThrow();
    }
  }

  @Override
  public Runnable ready(int steps) {
    return () -> {
      for (int step = 0; step < steps; step++) {
        loop.step(batch);
      }
    };
  }

  @Override
  public void close() {
    batch.close();
    loop.close();
  }
}
