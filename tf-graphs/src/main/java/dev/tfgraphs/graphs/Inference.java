package dev.tfgraphs.graphs;

import com.google.common.collect.ImmutableList;
import dev.tfgraphs.graphs.data.Batch;
import dev.tfgraphs.graphs.data.Dataset;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.OptionalInt;
import java.util.function.ObjIntConsumer;
import java.util.stream.IntStream;

/** What a trainer makes of data without learning from them, batch by batch. */
final class Inference {
  private final Trainer trainer;
  private final Runs runs;

  Inference(Trainer trainer, Runs runs) {
    this.trainer = trainer;
    this.runs = runs;
  }

  /** Loss and metrics over {@code data}, or their first {@code steps} batches. */
  Scores evaluate(Dataset data, OptionalInt steps, List<Callback> callbacks) {
    trainer.graph().checkJudges("evaluate");
    Feed.checkEnds("evaluate", data, steps, "evaluate(data, steps)");
    trainer.admission().check("evaluate", data, true);
    try (Feed feed = new Feed("evaluate", data, reading(steps))) {
      return evaluate(feed, trainer.graph().inputs(), callbacks);
    }
  }

  /** Judges by an epoch of {@code feed} from the begin of the data; it enters at {@code slots}. */
  Scores evaluate(Feed feed, List<Slot> slots, List<Callback> callbacks) {
    TrainingGraph.Phase evaluation = trainer.graph().evaluation();
    callbacks.forEach(callback -> callback.testBegin(trainer));
    runs.run(evaluation.reset());
    forEach(
        "evaluate",
        feed,
        (batch, index) -> {
          callbacks.forEach(callback -> callback.testBatchBegin(trainer, index));
          runs.step("evaluate", evaluation, slots, batch, batch.weights());
          callbacks.forEach(callback -> callback.testBatchEnd(trainer, index));
        });
    Scores scores = runs.scores(evaluation);
    callbacks.forEach(callback -> callback.testEnd(trainer, scores));
    return scores;
  }

  /** What each output makes of {@code data}, or their first {@code steps} batches. */
  ImmutableList<HostTensor> predict(Dataset data, OptionalInt steps, List<Callback> callbacks) {
    Feed.checkEnds("predict", data, steps, "predict(data, steps)");
    trainer.admission().check("predict", data, false);
    List<ImmutableList<HostTensor>> parts = new ArrayList<>();
    try (Feed feed = new Feed("predict", data, reading(steps))) {
      callbacks.forEach(callback -> callback.predictBegin(trainer));
      forEach(
          "predict",
          feed,
          (batch, index) -> {
            callbacks.forEach(callback -> callback.predictBatchBegin(trainer, index));
            parts.add(runs.predictions(batch));
            callbacks.forEach(callback -> callback.predictBatchEnd(trainer, index));
          });
      callbacks.forEach(callback -> callback.predictEnd(trainer));
    }
    return IntStream.range(0, trainer.model().outputs().size())
        .mapToObj(output -> HostTensor.joined(parts.stream().map(p -> p.get(output)).toList()))
        .collect(ImmutableList.toImmutableList());
  }

  private Feed.Reading reading(OptionalInt steps) {
    return new Feed.Reading(OptionalInt.empty(), steps, false, trainer.seed());
  }

  /** Hands over and closes the batches of an epoch, one or more. */
  private static void forEach(String call, Feed feed, ObjIntConsumer<Batch> use) {
    feed.seek(Feed.Place.FIRST);
    feed.begin(0);
    for (Optional<Batch> next = feed.next(); next.isPresent(); next = feed.next()) {
      try (Batch batch = next.get()) {
        use.accept(batch, feed.step() - 1);
      }
    }
    if (feed.step() == 0) {
      throw new GraphException(call + ": expected data, received a dataset without a batch");
    }
  }
}
