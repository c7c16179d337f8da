package dev.tfgraphs.graphs;

import com.google.common.collect.ImmutableList;
import com.google.common.collect.ImmutableMap;
import com.google.common.collect.ImmutableSet;
import com.google.common.collect.Streams;
import dev.tfgraphs.graphs.data.Batch;
import dev.tfgraphs.graphs.data.Dataset;
import dev.tfgraphs.graphs.data.Split;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.function.Consumer;
import java.util.function.Function;
import java.util.stream.IntStream;
import org.jspecify.annotations.Nullable;
import org.tensorflow.types.TFloat32;

/** One call of {@link Trainer#fit} while it runs: what callbacks see and may change. */
public final class Fit {
  private static final String VALIDATION = "fit: validation";

  /**
   * How far a fit has come: so many steps into an epoch, at a place in the data, after these logs.
   */
  record Progress(
      int epoch,
      int step,
      Feed.Place place,
      boolean stopping,
      ImmutableMap<Integer, Scores> history) {}

  private final Trainer trainer;
  private final FitOptions options;
  private final Dataset data;
  private final Optional<Dataset> validation;
  private final List<Callback> callbacks;
  private final ImmutableList<Slot> slots;
  private final Map<Integer, Scores> history = new LinkedHashMap<>();
  private Progress start;
  private @Nullable Feed feed;
  private @Nullable Scores logs;
  private int epoch;
  private int step;
  private boolean stopping;
  private boolean invalid;
  private Optional<Batch> coming = Optional.empty();
  private Optional<GradientNorms> norms = Optional.empty();

  Fit(Trainer trainer, Dataset data, FitOptions options) {
    this.trainer = trainer;
    this.options = options;
    this.callbacks = backupLast(options.callbacks());
    this.start =
        new Progress(
            options.initialEpoch(),
            0,
            new Feed.Place(trainer.nextPass(), 0),
            false,
            ImmutableMap.of());
    Feed.checkEnds("fit", data, options.stepsPerEpoch(), "stepsPerEpoch");
    options.checkUsed();
    trainer.admission().check("fit", data, true);
    trainer.admission().checkClassWeights(options.classWeights(), data);
    options.features().ifPresent(cache -> Features.check(trainer));
    this.slots =
        options.features().isPresent()
            ? trainer.graph().frozen().slots()
            : trainer.graph().inputs();
    if (options.validationSplit() > 0) {
      Split split = data.split(options.validationSplit());
      this.data = split.training();
      this.validation = Optional.of(split.validation());
    } else {
      this.data = data;
      this.validation = options.validation();
    }
    validation.ifPresent(this::checkValidation);
  }

  private void checkValidation(Dataset set) {
    Feed.checkEnds(VALIDATION, set, options.validationSteps(), "validationSteps");
    trainer.admission().check(VALIDATION, set, true);
  }

  /** What is backed up includes what every other callback has done and remembers. */
  private static List<Callback> backupLast(List<Callback> callbacks) {
    List<Callback> ordered = new ArrayList<>(callbacks);
    ordered.removeIf(BackupAndRestore.class::isInstance);
    callbacks.stream().filter(BackupAndRestore.class::isInstance).forEach(ordered::add);
    return ordered;
  }

  /** {@return the trainer, with its model, weights and learning rate} */
  public Trainer trainer() {
    return trainer;
  }

  /** {@return the current epoch, counted from 0} */
  public int epoch() {
    return epoch;
  }

  /** The names in the logs of an epoch that is judged, before callbacks add theirs. */
  ImmutableSet<String> names() {
    ImmutableSet<String> trained = trainer.graph().training().results().keySet();
    if (validation.isEmpty()) {
      return trained;
    }
    return Streams.concat(trained.stream(), trained.stream().map(name -> "val_" + name))
        .collect(ImmutableSet.toImmutableSet());
  }

  /** Whether each epoch is judged. */
  boolean judgesAll() {
    return validation.isPresent()
        && IntStream.range(options.initialEpoch(), options.epochs()).allMatch(options::validates);
  }

  /** {@return up to which epoch is trained, counted from 1} */
  public int epochs() {
    return options.epochs();
  }

  /** {@return how many steps an epoch has; -1 if unknown} */
  public long steps() {
    return feed == null ? -1 : feed.steps();
  }

  /**
   * {@return loss and metrics: in an epoch those of its steps so far, after it those of the epoch,
   * of its validation under {@code val_...}, and what callbacks have added}
   */
  public Scores logs() {
    if (logs == null) {
      logs = trainer.metrics();
    }
    return logs;
  }

  /** Whether the logs were asked for since the last step. */
  boolean hasLogs() {
    return logs != null;
  }

  /** Adds to the logs of the epoch that has just ended; later callbacks and the history see it. */
  public void log(String name, double value) {
    logs = logs().and(name, value);
  }

  /**
   * Ends the training after the current step, with the validation and the callbacks of its epoch.
   */
  public void stop() {
    stopping = true;
  }

  List<Callback> callbacks() {
    return callbacks;
  }

  /** Where the fit is now, between two steps or after an epoch. */
  Progress progress() {
    if (feed == null) {
      return start;
    }
    return new Progress(epoch, step, feed.place(), stopping, ImmutableMap.copyOf(history));
  }

  /** How its data are read, in words. */
  String reading() {
    return Feed.described(data, options.training(trainer.seed()));
  }

  /** Has a fit that has not begun go on from {@code progress}. */
  void resume(Progress progress) {
    start = progress;
    stopping = progress.stopping();
    history.putAll(progress.history());
  }

  History run() {
    tell(callback -> callback.trainBegin(this));
    if (options.features().isEmpty()) {
      run(data, validation);
    } else {
      runOnFeatures(options.features().get());
    }
    trainer.takeAverages();
    tell(callback -> callback.trainEnd(this));
    return History.of(history);
  }

  private void runOnFeatures(FeatureCache cache) {
    Dataset kept;
    Optional<Dataset> keptValidation;
    try (Features features = Features.of(trainer, cache)) {
      kept = kept(features, "Features", data, options.training(trainer.seed()));
      keptValidation =
          validation.map(
              held ->
                  kept(features, "Features for validation", held, options.judging(trainer.seed())));
    } catch (Features.Stopped stopped) {
      return;
    }
    run(kept, keptValidation);
  }

  private Dataset kept(Features features, String title, Dataset samples, Feed.Reading reading) {
    int batchSize = Feed.batchSize(samples, reading);
    long steps = samples.samples() < 0 ? -1 : (samples.samples() + batchSize - 1) / batchSize;
    ProgressBar bar = bar(steps);
    bar.announce(title);
    try {
      Dataset kept = features.of(samples, batchSize, bar);
      bar.finish(ImmutableMap.of());
      return kept;
    } finally {
      bar.interrupt();
    }
  }

  private ProgressBar bar(long steps) {
    return new ProgressBar(
        Terminal.out(),
        Terminal.isTerminal(),
        options.verbose(),
        System::nanoTime,
        Math.toIntExact(steps));
  }

  private void run(Dataset samples, Optional<Dataset> held) {
    try (Feed source = new Feed("fit", samples, options.training(trainer.seed()))) {
      feed = source;
      source.seek(start.place());
      if (held.isEmpty()) {
        epochs(source, Optional.empty());
      } else {
        try (Feed judging = new Feed(VALIDATION, held.get(), options.judging(trainer.seed()))) {
          epochs(source, Optional.of(judging));
        }
      }
    }
  }

  private void tell(Consumer<Callback> what) {
    callbacks.forEach(what);
  }

  private void epochs(Feed source, Optional<Feed> held) {
    step = start.step();
    for (epoch = start.epoch(); goesOn(); epoch++) {
      ProgressBar bar = bar(source.steps());
      bar.announce(epoch + 1, options.epochs());
      try {
        if (step == 0) {
          tell(callback -> callback.epochBegin(this, epoch));
        }
        if (!epoch(source, bar)) {
          return;
        }
        finish(held, bar);
        bar.finish(logs().asMap());
      } finally {
        bar.interrupt();
      }
    }
  }

  private boolean goesOn() {
    return epoch < options.epochs() && !stopping && !trainer.isStopped();
  }

  /** Judges the epoch and tells of it. */
  private void finish(Optional<Feed> held, ProgressBar bar) {
    if (!invalid) {
      trainer.checkWeights("fit: epoch " + (epoch + 1));
    }
    logs = invalid ? trainer.metrics().unknown() : trainer.metrics();
    bar.gathered(logs().asMap());
    if (held.isPresent() && options.validates(epoch)) {
      Scores scores = trainer.evaluate(held.get(), slots, callbacks);
      logs = logs.and(scores);
    }
    step = 0;
    tell(
        callback -> {
          history.put(epoch, logs());
          callback.epochEnd(this, epoch);
        });
    history.put(epoch, logs());
  }

  /** The steps of an epoch; false when it was stopped before its end. */
  private boolean epoch(Feed source, ProgressBar bar) {
    if (step == 0) {
      trainer.resetMetrics();
    }
    source.begin(step);
    for (Optional<Batch> next = next(source); next.isPresent(); next = next(source)) {
      try (Batch batch = next.get()) {
        coming = Optional.of(batch);
        tell(callback -> callback.batchBegin(this, step));
        if (!step(batch)) {
          return true;
        }
      } finally {
        coming = Optional.empty();
        norms = Optional.empty();
      }
      logs = null;
      step++;
      if (bar.due(step)) {
        bar.update(step, logs().asMap());
      }
      tell(callback -> callback.batchEnd(this, step - 1));
      if (stopping) {
        return true;
      }
      if (trainer.isStopped() && step != source.steps()) {
        return false;
      }
    }
    if (step == 0) {
      throw new GraphException("fit: expected data, received a dataset without a batch");
    }
    return true;
  }

  /** What is saved from here on, or fitted after a failure, does not take this pass once more. */
  private Optional<Batch> next(Feed source) {
    Optional<Batch> next = source.next();
    trainer.nextPass(source.nextPass());
    return next;
  }

  /** False when the loss is no finite number and a callback wants that to be the end. */
  private boolean step(Batch batch) {
    try {
      return Double.isFinite(train(batch)) || !endsByInvalidLoss();
    } catch (InvalidLoss failure) {
      if (!endsByInvalidLoss()) {
        throw failure;
      }
      return false;
    }
  }

  private boolean endsByInvalidLoss() {
    for (Callback callback : callbacks) {
      stopping |= callback.invalidLoss(this, step);
    }
    invalid = stopping;
    return stopping;
  }

  private double train(Batch batch) {
    return weighted(batch, weights -> trainer.train(call(), slots, batch, weights));
  }

  private String call() {
    return "fit: epoch " + (epoch + 1) + ", step " + (step + 1);
  }

  private <T> T weighted(Batch batch, Function<Optional<TFloat32>, T> use) {
    Map<Integer, Double> classWeights = options.classWeights();
    if (classWeights.isEmpty()) {
      return use.apply(batch.weights());
    }
    try (TFloat32 weights = trainer.admission().weights(batch, classWeights)) {
      return use.apply(Optional.of(weights));
    }
  }

  /**
   * The norms of the gradients of the step to come, for who hears of its begin; computed once,
   * however many ask. None if the loss is no finite number, as which the step will fail.
   */
  Optional<GradientNorms> gradientNorms() {
    if (norms.isEmpty()) {
      Batch batch = coming.orElseThrow();
      try {
        norms =
            Optional.of(
                weighted(batch, weights -> trainer.gradientNorms(call(), slots, batch, weights)));
      } catch (InvalidLoss failure) {
        return Optional.empty();
      }
    }
    return norms;
  }
}
