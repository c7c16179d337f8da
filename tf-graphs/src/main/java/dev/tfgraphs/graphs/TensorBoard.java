package dev.tfgraphs.graphs;

import com.google.common.primitives.Floats;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.OptionalInt;
import java.util.function.Consumer;
import org.tensorflow.proto.Event;

/**
 * Writes what TensorBoard shows, under Keras's names (keras/src/callbacks/tensorboard.py): {@code
 * epoch_...} in {@code train} and {@code validation}, {@code evaluation_..._vs_iterations}, the
 * graph that trains. Each setting returns another callback.
 */
public final class TensorBoard implements AnnouncedLogs {
  private final Path folder;
  private int histogramFrequency;
  private boolean writesGraph = true;
  private boolean writesImages;
  private boolean writesStepsPerSecond;
  private OptionalInt everyBatches = OptionalInt.empty();
  private int gradientFrequency;

  private EventFile train;
  private EventFile validation;
  private boolean graphWritten;
  private long batches;
  private long epochNanos;
  private long epochIterations;
  private long batchNanos;

  private TensorBoard(Path folder) {
    this.folder = folder;
    this.train = EventFile.in(folder.resolve("train"));
    this.validation = EventFile.in(folder.resolve("validation"));
  }

  /** {@return a callback that writes into {@code folder}; Keras's default is {@code logs}} */
  public static TensorBoard in(Path folder) {
    return new TensorBoard(folder);
  }

  /**
   * {@return this callback with histograms of all weights every so many epochs; by default 0,
   * never}
   *
   * @throws GraphException if negative
   */
  public TensorBoard histogramFrequency(int epochs) {
    Checks.notNegative("tensorboard", "epochs between histograms", epochs);
    return with(copy -> copy.histogramFrequency = epochs);
  }

  /** {@return this callback with or without the graph; by default with} */
  public TensorBoard writeGraph(boolean writes) {
    return with(copy -> copy.writesGraph = writes);
  }

  /**
   * {@return this callback with weights as pictures beside their histograms, or, by default, not}
   */
  public TensorBoard writeImages(boolean writes) {
    return with(copy -> copy.writesImages = writes);
  }

  /** {@return this callback with steps per second, or, by default, not} */
  public TensorBoard writeStepsPerSecond(boolean writes) {
    return with(copy -> copy.writesStepsPerSecond = writes);
  }

  /**
   * {@return this callback with {@code batch_...} after every so many steps; by default epochs
   * only}
   *
   * @throws GraphException if not positive
   */
  public TensorBoard updateFrequency(int batches) {
    Checks.positive("tensorboard", "batches", batches);
    return with(copy -> copy.everyBatches = OptionalInt.of(batches));
  }

  /**
   * {@return this callback with {@code gradient_norm/...} of each weight before the first of every
   * so many steps, and the logarithms of all that are not 0, to the base 10, as a histogram; by
   * default 0, never} Keras has no such setting. What these steps cost says {@link GradientLogger},
   * which records the same.
   *
   * @throws GraphException if negative
   */
  public TensorBoard gradientFrequency(int steps) {
    Checks.notNegative("tensorboard", "steps between gradients", steps);
    return with(copy -> copy.gradientFrequency = steps);
  }

  /**
   * Writes a picture among what is written of training, be it in a fit or not.
   *
   * @param png the bytes of a PNG of any size
   * @throws GraphException if they are not
   */
  public void image(String tag, byte[] png, long step) {
    train.write(List.of(Summaries.image(tag, png, step)));
  }

  private TensorBoard with(Consumer<TensorBoard> change) {
    TensorBoard copy = new TensorBoard(folder);
    copy.histogramFrequency = histogramFrequency;
    copy.writesGraph = writesGraph;
    copy.writesImages = writesImages;
    copy.writesStepsPerSecond = writesStepsPerSecond;
    copy.everyBatches = everyBatches;
    copy.gradientFrequency = gradientFrequency;
    change.accept(copy);
    return copy;
  }

  @Override
  public void trainBegin(Fit fit) {
    train = EventFile.in(folder.resolve("train"));
    validation = EventFile.in(folder.resolve("validation"));
    graphWritten = false;
    batches = 0;
    try {
      Snapshots.tryPlace(folder.resolve("train"));
    } catch (IOException e) {
      throw new UncheckedIOException("tensorboard: expected to write into " + folder, e);
    }
    if (gradientFrequency > 0) {
      // the ops are made before the first step, after which the session would plan anew
      var unusedNorms = fit.trainer().graph().gradientNorms();
    }
    startClock(fit);
  }

  @Override
  public void epochBegin(Fit fit, int epoch) {
    startClock(fit);
  }

  private void startClock(Fit fit) {
    if (writesStepsPerSecond) {
      epochNanos = System.nanoTime();
      epochIterations = fit.trainer().iterations();
    }
  }

  @Override
  public void batchBegin(Fit fit, int batch) {
    if (gradientFrequency > 0 && batches % gradientFrequency == 0) {
      fit.gradientNorms().ifPresent(this::add);
    }
    batchNanos = System.nanoTime();
  }

  private void add(GradientNorms norms) {
    List<Event> events = new ArrayList<>();
    norms
        .byWeight()
        .forEach(
            (name, norm) -> events.add(Summaries.scalar("gradient_norm/" + name, norm, batches)));
    float[] logarithms =
        Floats.toArray(
            norms.byWeight().values().stream().map(Math::log10).filter(Double::isFinite).toList());
    if (logarithms.length > 0) {
      events.add(Summaries.histogram("gradient_norms_log10", logarithms, batches));
    }
    train.write(events);
  }

  @Override
  public void batchEnd(Fit fit, int batch) {
    batches++;
    List<Event> events = new ArrayList<>();
    if (writesGraph && !graphWritten) {
      graphWritten = true;
      events.add(
          EventFile.event(0)
              .setGraphDef(fit.trainer().graph().toGraphDef().toByteString())
              .build());
    }
    if (everyBatches.isPresent() && batches % everyBatches.getAsInt() == 0) {
      if (writesStepsPerSecond) {
        events.add(
            Summaries.scalar(
                "batch_steps_per_second", 1e9 / (System.nanoTime() - batchNanos), batches));
      }
      fit.logs()
          .asMap()
          .forEach((name, value) -> events.add(Summaries.scalar("batch_" + name, value, batches)));
    }
    train.write(events);
  }

  @Override
  public void testEnd(Trainer trainer, Scores scores) {
    long iterations = trainer.iterations();
    List<Event> events = new ArrayList<>();
    scores
        .asMap()
        .forEach(
            (name, value) ->
                events.add(
                    Summaries.scalar("evaluation_" + name + "_vs_iterations", value, iterations)));
    validation.write(events);
  }

  @Override
  public void epochEnd(Fit fit, int epoch) {
    List<Event> trained = new ArrayList<>();
    List<Event> validated = new ArrayList<>();
    fit.logs()
        .asMap()
        .forEach(
            (name, value) -> {
              if (name.startsWith("val_")) {
                String tag = "epoch_" + name.substring("val_".length());
                validated.add(Summaries.scalar(tag, value, epoch));
              } else if (!name.equals(LearningRateScheduler.LOG)) {
                trained.add(Summaries.scalar("epoch_" + name, value, epoch));
              }
            });
    trained.add(
        Summaries.scalar(
            "epoch_" + LearningRateScheduler.LOG, fit.trainer().learningRate(), epoch));
    if (writesStepsPerSecond) {
      double seconds = (System.nanoTime() - epochNanos) / 1e9;
      double steps = fit.trainer().iterations() - epochIterations;
      trained.add(Summaries.scalar("epoch_steps_per_second", steps / seconds, epoch));
    }
    if (histogramFrequency > 0 && epoch % histogramFrequency == 0) {
      fit.trainer()
          .weights()
          .tensors()
          .forEach((name, weight) -> add(trained, name, weight, epoch));
    }
    train.write(trained);
    validation.write(validated);
  }

  private void add(List<Event> events, String name, HostTensor weight, int epoch) {
    events.add(Summaries.histogram(name + "/histogram", weight.values(), epoch));
    if (writesImages) {
      Summaries.pictures(weight)
          .ifPresent(images -> events.add(Summaries.images(name + "/image", images, epoch)));
    }
  }

  @Override
  public void save(Path into) throws IOException {
    Memory memory = Memory.empty().put("batches", batches).put("graph", graphWritten);
    train.save(memory, "train");
    validation.save(memory, "validation");
    memory.saveIn(into);
  }

  @Override
  public void restore(Path from) throws IOException {
    Memory memory = Memory.in(from);
    batches = memory.number("batches");
    graphWritten = memory.flag("graph");
    train.restore(memory, "train");
    validation.restore(memory, "validation");
  }
}
