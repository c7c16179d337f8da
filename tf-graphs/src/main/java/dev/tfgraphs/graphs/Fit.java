package dev.tfgraphs.graphs;

import com.google.common.collect.ImmutableMap;
import dev.tfgraphs.graphs.data.Batch;
import dev.tfgraphs.graphs.data.Batches;
import dev.tfgraphs.graphs.data.Dataset;
import dev.tfgraphs.graphs.data.Split;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import org.tensorflow.types.TFloat32;

/** One call of {@link Trainer#fit}. */
final class Fit {
  private final Trainer trainer;
  private final FitOptions options;
  private final Dataset data;
  private final Optional<Dataset> validation;
  private final List<ImmutableMap<String, Double>> logs = new ArrayList<>();
  private int steps;

  Fit(Trainer trainer, Dataset data, FitOptions options) {
    this.trainer = trainer;
    this.options = options;
    trainer.admission().check("fit", data, true);
    trainer.admission().checkClassWeights(options.classWeights(), data);
    if (options.validationSplit() > 0) {
      Split split = data.split(options.validationSplit());
      this.data = split.training();
      this.validation = Optional.of(split.validation());
    } else {
      this.data = data;
      this.validation = options.validation();
    }
    validation.ifPresent(set -> trainer.admission().check("fit: validation", set, true));
  }

  History run() {
    try (Batches batches = open(data, options.shuffle())) {
      if (validation.isEmpty()) {
        epochs(batches, Optional.empty());
      } else {
        try (Batches held = open(validation.get(), false)) {
          epochs(batches, Optional.of(held));
        }
      }
    }
    return History.of(logs);
  }

  private Batches open(Dataset set, boolean shuffle) {
    return set.open(set.batchSize().orElse(options.batchSize()), shuffle, trainer.seed());
  }

  private void epochs(Batches batches, Optional<Batches> held) {
    steps = Math.toIntExact(batches.steps());
    for (int epoch = 0; epoch < options.epochs() && !trainer.isStopped(); epoch++) {
      ProgressBar bar =
          new ProgressBar(
              Terminal.out(), Terminal.isTerminal(), options.verbose(), System::nanoTime, steps);
      bar.announce(epoch + 1, options.epochs());
      if (!epoch(batches, bar)) {
        bar.interrupt();
        return;
      }
      ImmutableMap.Builder<String, Double> all = ImmutableMap.builder();
      all.putAll(trainer.means(trainer.graph().training()));
      held.ifPresent(
          set -> trainer.evaluate(set).forEach((name, value) -> all.put("val_" + name, value)));
      ImmutableMap<String, Double> log = all.buildOrThrow();
      logs.add(log);
      bar.finish(log);
      int finished = epoch;
      options.callbacks().forEach(callback -> callback.epochEnd(finished, log));
    }
  }

  /** One pass over the data; false when it was stopped before its end. */
  private boolean epoch(Batches batches, ProgressBar bar) {
    trainer.run(trainer.graph().training().reset());
    batches.begin(trainer.nextPass());
    int step = 0;
    for (Optional<Batch> next = batches.next(); next.isPresent(); next = batches.next()) {
      try (Batch batch = next.get()) {
        step(batch);
      }
      step++;
      if (bar.due(step)) {
        bar.update(step, trainer.means(trainer.graph().training()));
      }
      int finished = step - 1;
      options.callbacks().forEach(callback -> callback.batchEnd(finished));
      if (trainer.isStopped() && step != steps) {
        return false;
      }
    }
    if (step == 0) {
      throw new GraphException("fit: expected data, received a dataset without a batch");
    }
    steps = step;
    return true;
  }

  private void step(Batch batch) {
    Map<Integer, Double> classWeights = options.classWeights();
    if (classWeights.isEmpty()) {
      trainer.step("fit", trainer.graph().training(), batch, batch.weights());
      return;
    }
    try (TFloat32 weights = trainer.admission().weights(batch, classWeights)) {
      trainer.step("fit", trainer.graph().training(), batch, Optional.of(weights));
    }
  }
}
