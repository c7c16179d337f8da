package dev.tfgraphs.examples.benchmark;

import dev.tfgraphs.graphs.CSVLogger;
import dev.tfgraphs.graphs.Callback;
import dev.tfgraphs.graphs.Compile;
import dev.tfgraphs.graphs.EarlyStopping;
import dev.tfgraphs.graphs.FitOptions;
import dev.tfgraphs.graphs.Loss;
import dev.tfgraphs.graphs.Metric;
import dev.tfgraphs.graphs.Optimizer;
import dev.tfgraphs.graphs.Schedule;
import dev.tfgraphs.graphs.Trainer;
import dev.tfgraphs.graphs.data.Dataset;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.HashMap;
import java.util.Map;

/** Steps of {@code fit} or {@code predict}. */
final class TrainerSteps implements Steps {
  private final Workload workload;
  private final Trainer trainer;
  private final FitOptions options;
  private final Map<Integer, Dataset> data = new HashMap<>();

  TrainerSteps(Workload workload) {
    this.workload = workload;
    this.trainer =
        Trainer.of(
            workload.model(), compile(workload.kind()).seed(1).precision(workload.precision()));
    this.options = options(workload);
  }

  private static Compile compile(Workload.Kind kind) {
    return switch (kind) {
      case FIT -> withFiveMetrics(Optimizer.adam());
      case FIT_ALL ->
          withFiveMetrics(
              Optimizer.adam(Schedule.cosineDecay(1e-3, 1_000_000)).globalClipnorm(1).ema(0.99));
      default -> Compile.of(Optimizer.adam(), Loss.sparseCategoricalCrossentropy());
    };
  }

  private static Compile withFiveMetrics(Optimizer optimizer) {
    return Compile.of(
        optimizer,
        Loss.categoricalCrossentropy(),
        Metric.accuracy(),
        Metric.topK(5),
        Metric.of(Loss.categoricalCrossentropy()),
        Metric.precision(),
        Metric.auc());
  }

  /** The loops' third callback stands for one's own that hears of every step. */
  private static FitOptions options(Workload workload) {
    FitOptions plain = FitOptions.epochs(1).batchSize(workload.batch()).shuffle(false).verbose(0);
    return switch (workload.kind()) {
      case FIT, FIT_ALL ->
          plain
              .callback(CSVLogger.to(temporaryFile()))
              .callback(EarlyStopping.on("loss"))
              .callback(Callback.onBatchEnd((fit, batch) -> {}));
      default -> plain;
    };
  }

  private static Path temporaryFile() {
    try {
      Path file = Files.createTempFile("tfgraphs", ".csv");
      file.toFile().deleteOnExit();
      return file;
    } catch (IOException failure) {
      throw new UncheckedIOException("benchmark: expected a folder for temporary files", failure);
    }
  }

  @Override
  public Runnable ready(int steps) {
    Dataset batches = data.computeIfAbsent(steps, workload::data);
    return workload.kind() == Workload.Kind.PREDICT
        ? () -> trainer.predict(batches.batch(workload.batch()))
        : () -> trainer.fit(batches, options);
  }

  @Override
  public void close() {
    trainer.close();
  }
}
