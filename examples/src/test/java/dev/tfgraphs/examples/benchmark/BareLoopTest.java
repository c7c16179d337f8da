package dev.tfgraphs.examples.benchmark;

import static org.junit.jupiter.api.Assertions.assertEquals;

import dev.tfgraphs.graphs.Compile;
import dev.tfgraphs.graphs.Loss;
import dev.tfgraphs.graphs.Optimizer;
import dev.tfgraphs.graphs.Trainer;
import dev.tfgraphs.graphs.data.Batch;
import dev.tfgraphs.graphs.data.Batches;
import org.junit.jupiter.api.Test;

/** What {@code fit} is measured against is the same training. */
class BareLoopTest {
  @Test
  void theBareLoopTakesTheStepsOfATrainer() {
    Workload workload = Workload.of("bare/resnet18/32/4/10/float32");
    Compile compile = Compile.of(Optimizer.adam(), Loss.categoricalCrossentropy()).seed(3);
    try (BareLoop loop = new BareLoop(workload.model(), 3);
        Trainer trainer = Trainer.of(workload.model(), compile);
        Batches batches = workload.data(1).open(4, false, 0)) {
      batches.begin(0);
      try (Batch batch = batches.next().orElseThrow()) {
        for (int step = 0; step < 3; step++) {
          double before = loop.loss(batch);
          loop.step(batch);
          // the order of float32 sums differs, and Adam makes little of it large
          assertEquals(trainer.step(batch), before, 1e-3 * before, "loss before step " + step);
        }
      }
    }
  }
}
