package dev.tfgraphs.benchmarks;

import dev.tfgraphs.examples.benchmark.Workload;
import dev.tfgraphs.graphs.data.Batch;
import dev.tfgraphs.graphs.data.Batches;
import java.util.Optional;
import java.util.concurrent.TimeUnit;
import org.openjdk.jmh.annotations.Benchmark;
import org.openjdk.jmh.annotations.BenchmarkMode;
import org.openjdk.jmh.annotations.Fork;
import org.openjdk.jmh.annotations.Measurement;
import org.openjdk.jmh.annotations.Mode;
import org.openjdk.jmh.annotations.OutputTimeUnit;
import org.openjdk.jmh.annotations.Param;
import org.openjdk.jmh.annotations.Scope;
import org.openjdk.jmh.annotations.Setup;
import org.openjdk.jmh.annotations.State;
import org.openjdk.jmh.annotations.TearDown;
import org.openjdk.jmh.annotations.Warmup;

/**
 * Batches of 32 images of 224 x 224, in another order every epoch, with nobody who trains on them.
 */
@State(Scope.Benchmark)
@BenchmarkMode(Mode.AverageTime)
@OutputTimeUnit(TimeUnit.MILLISECONDS)
@Fork(2)
@Warmup(iterations = 3, time = 1)
@Measurement(iterations = 5, time = 1)
public class DataPaths {
  private static final int BATCHES = 8;

  /** From arrays, from files that were decoded once, and from JPEGs. */
  @Param({"train", "cached", "folder"})
  private String from = "";

  private Optional<Batches> batches = Optional.empty();
  private int epoch;

  /** Makes the images. */
  @Setup
  public void open() {
    Workload workload = Workload.of(from + "/resnet18/224/32/10/float32");
    Batches opened = workload.data(BATCHES).open(workload.batch(), true, 1);
    opened.begin(epoch);
    batches = Optional.of(opened);
  }

  /** The next batch, the first of the next epoch behind the last one. */
  @Benchmark
  public int batch() {
    Batches all = batches.orElseThrow();
    Optional<Batch> next = all.next();
    if (next.isEmpty()) {
      epoch++;
      all.begin(epoch);
      next = all.next();
    }
    try (Batch batch = next.orElseThrow()) {
      return batch.size();
    }
  }

  /** Ends what reads. */
  @TearDown
  public void close() {
    batches.ifPresent(Batches::close);
  }
}
