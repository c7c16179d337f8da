package dev.tfgraphs.graphs;

import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.LinkedHashMap;
import java.util.Map;
import java.util.OptionalDouble;
import java.util.OptionalInt;
import java.util.Set;
import java.util.SortedSet;
import java.util.TreeSet;
import java.util.function.Consumer;

/**
 * Writes the model after each epoch, or whenever it has become better
 * (keras/src/callbacks/model_checkpoint.py). Each setting returns another callback.
 *
 * <p>What is written is there whole or not at all, and takes the place of an earlier checkpoint: a
 * file that of a file, a folder that of one in which is nothing but what an earlier one has put
 * there, as its file {@code .checkpoint} lists it. Where anything else is, the fit is refused. A
 * folder takes its place in two moves: a process killed between them leaves both, the one before as
 * {@code old}, in a folder {@code .name-number} beside it; the next fit that writes there, {@link
 * Trainer#restore} and {@code SavedModels} put the new one in its place. The best value so far is
 * kept from one fit to the next.
 */
public final class ModelCheckpoint implements AnnouncedLogs {
  /** How a model becomes a file or a folder. */
  @FunctionalInterface
  public interface Writer {
    /** Writes to {@code path}, where nothing is. */
    void write(Trainer trainer, Path path) throws IOException;
  }

  private static final String WHO = "model checkpoint";

  /** Always writes a folder. */
  private static final Writer STATE = Trainer::save;

  private final PathTemplate path;
  private final Writer writer;
  private Monitor monitor = Monitor.on("val_loss");
  private boolean bestOnly;
  private int verbose;
  private OptionalInt everyBatches = OptionalInt.empty();

  private Monitor resolved = monitor;
  private OptionalDouble best = OptionalDouble.empty();
  private int batches;

  private ModelCheckpoint(PathTemplate path, Writer writer) {
    this.path = path;
    this.writer = writer;
  }

  /**
   * {@return a callback that has {@code writer} write to {@code path}}
   *
   * @param path may hold {@code {epoch:02d}}, counted from 1, {@code {batch}} and what is in the
   *     logs: {@code {val_loss:.4f}}
   * @throws GraphException if a place in the path has another form
   */
  public static ModelCheckpoint to(String path, Writer writer) {
    return new ModelCheckpoint(new PathTemplate(path), writer);
  }

  /** {@return a callback that writes the trainer's state, see {@link Trainer#save}} */
  public static ModelCheckpoint to(String path) {
    return to(path, STATE);
  }

  /** {@return this callback writing only when {@code monitor} has become better} */
  public ModelCheckpoint saveBestOnly(String monitor) {
    return with(
        copy -> {
          copy.monitor = this.monitor.named(monitor);
          copy.bestOnly = true;
        });
  }

  /** {@return this callback for a number that should fall; by default the metric decides} */
  public ModelCheckpoint min() {
    return with(copy -> copy.monitor = monitor.rising(false));
  }

  /** {@return this callback for a number that should rise; by default the metric decides} */
  public ModelCheckpoint max() {
    return with(copy -> copy.monitor = monitor.rising(true));
  }

  /** {@return this callback beginning with {@code value} as the best so far} */
  public ModelCheckpoint initialValueThreshold(double value) {
    return with(copy -> copy.best = OptionalDouble.of(value));
  }

  /**
   * {@return this callback writing after so many batches instead of epochs}
   *
   * @throws GraphException if not positive
   */
  public ModelCheckpoint saveFrequency(int batches) {
    if (batches <= 0) {
      throw new GraphException(WHO + ": expected positive batches, received " + batches);
    }
    return with(copy -> copy.everyBatches = OptionalInt.of(batches));
  }

  /** {@return this callback printing nothing (0, the default) or what it does (1)} */
  public ModelCheckpoint verbose(int verbose) {
    return with(copy -> copy.verbose = verbose);
  }

  private ModelCheckpoint with(Consumer<ModelCheckpoint> change) {
    ModelCheckpoint copy = new ModelCheckpoint(path, writer);
    copy.monitor = monitor;
    copy.bestOnly = bestOnly;
    copy.verbose = verbose;
    copy.everyBatches = everyBatches;
    copy.best = best;
    change.accept(copy);
    return copy;
  }

  @Override
  public void trainBegin(Fit fit) {
    if (!bestOnly && (monitor.rises().isPresent() || best.isPresent())) {
      throw new GraphException(
          WHO
              + ": expected saveBestOnly(monitor) beside min(), max() or"
              + " initialValueThreshold(value), received none");
    }
    if (bestOnly) {
      resolved = monitor.resolve(WHO, fit, this);
      if (everyBatches.isPresent() && monitor.name().startsWith("val_")) {
        throw new GraphException(
            "%s: expected to monitor what is known after a batch, received '%s'"
                .formatted(WHO, monitor.name()));
      }
    }
    AnnouncedLogs.before(fit, this).ifPresent(logged -> checkPlaces(fit, logged));
    try {
      Snapshots.tryPlace(path.fixed());
      checkTargets(fit);
    } catch (IOException e) {
      throw unwritable(path.text(), e);
    }
  }

  /** Fails if something is in the way, as far as the paths can be known before training. */
  private void checkTargets(Fit fit) throws IOException {
    if (path.names().isEmpty()) {
      check(path.fill(Map.of()));
    } else if (path.names().equals(Set.of("epoch"))) {
      for (int epoch = fit.progress().epoch() + 1; epoch <= fit.epochs(); epoch++) {
        check(path.fill(Map.of("epoch", epoch)));
      }
    }
  }

  private void check(String target) throws IOException {
    Aside.finish(Path.of(target));
    CheckpointPlace.check(WHO, Path.of(target), !writer.equals(STATE));
  }

  private static UncheckedIOException unwritable(String target, IOException cause) {
    return new UncheckedIOException(WHO + ": expected to write " + target, cause);
  }

  /** Fails if the path has a place for a number that is not always there when it is written. */
  private void checkPlaces(Fit fit, SortedSet<String> logged) {
    SortedSet<String> names = new TreeSet<>(logged);
    boolean afterJudging = bestOnly && monitor.name().startsWith("val_");
    if (everyBatches.isPresent()) {
      names.retainAll(fit.names());
      names.add("batch");
    }
    if (everyBatches.isPresent() || !(fit.judgesAll() || afterJudging)) {
      names.removeIf(name -> name.startsWith("val_"));
    }
    names.add("epoch");
    for (String place : path.names()) {
      if (!names.contains(place)) {
        throw new GraphException(
            "%s: path '%s': expected names of what is known whenever it is written, %s, received"
                    .formatted(WHO, path.text(), names)
                + " '%s'".formatted(place));
      }
    }
  }

  @Override
  public void batchEnd(Fit fit, int batch) {
    if (everyBatches.isPresent() && ++batches >= everyBatches.getAsInt()) {
      batches = 0;
      consider(fit, fit.epoch(), OptionalInt.of(batch));
    }
  }

  @Override
  public void epochEnd(Fit fit, int epoch) {
    if (everyBatches.isEmpty()) {
      consider(fit, epoch, OptionalInt.empty());
    }
  }

  private void consider(Fit fit, int epoch, OptionalInt batch) {
    if (!bestOnly) {
      String target = target(fit, epoch, batch);
      say(epoch, "saving model to " + target);
      write(fit, epoch, target);
      return;
    }
    OptionalDouble current = resolved.value(WHO, fit);
    if (current.isEmpty()) {
      return;
    }
    String before = best.isPresent() ? PythonNumbers.fixed(best.getAsDouble(), 5) : "None";
    if (!resolved.improves(current.getAsDouble(), best)) {
      say(epoch, monitor.name() + " did not improve from " + before);
      return;
    }
    String target = target(fit, epoch, batch);
    say(
        epoch,
        "%s improved from %s to %s, saving model to %s"
            .formatted(
                monitor.name(), before, PythonNumbers.fixed(current.getAsDouble(), 5), target));
    best = current;
    write(fit, epoch, target);
  }

  private String target(Fit fit, int epoch, OptionalInt batch) {
    Map<String, Number> numbers = new LinkedHashMap<>(fit.logs().asMap());
    numbers.put("epoch", epoch + 1);
    batch.ifPresent(index -> numbers.put("batch", index + 1));
    return path.fill(numbers);
  }

  private void write(Fit fit, int epoch, String target) {
    Path place = Path.of(target);
    try {
      Snapshots.replace(
          place,
          inside -> {
            writer.write(fit.trainer(), inside);
            CheckpointPlace.list(inside);
            CheckpointPlace.check(WHO, place, !Files.isDirectory(inside));
          });
    } catch (IOException e) {
      throw unwritable(target, e);
    }
    say(epoch, "finished saving model to " + target);
  }

  private void say(int epoch, String what) {
    if (verbose > 0) {
      Terminal.out().printf("%nEpoch %d: %s%n", epoch + 1, what);
    }
  }

  @Override
  public void save(Path folder) throws IOException {
    Memory.empty().put("best", best).put("batches", batches).saveIn(folder);
  }

  @Override
  public void restore(Path folder) throws IOException {
    Memory memory = Memory.in(folder);
    best = memory.optional("best");
    batches = memory.integer("batches");
  }
}
