package dev.tfgraphs.graphs;

import com.google.common.base.Splitter;
import com.google.common.collect.ImmutableSortedMap;
import dev.tfgraphs.graphs.data.Batch;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Path;
import java.util.List;
import java.util.Optional;
import java.util.SortedMap;
import java.util.TreeMap;
import java.util.stream.Collectors;
import java.util.stream.Stream;

/**
 * Records the norms of all weights' gradients before some of a fit's steps, those of the batch on
 * which the step trains. A recorded step computes its gradients twice; the others cost what they
 * cost without. Steps whose loss is no finite number are left out. What is recorded stays when a
 * fit ends early, in whatever way. Each setting returns another callback.
 */
public final class GradientLogger implements AnnouncedLogs {
  private final int every;
  private final Optional<Batch> batch;
  private final Optional<Path> file;

  private final SortedMap<Long, GradientNorms> recorded = new TreeMap<>();
  private GradientNorms places = NormOps.NONE.places();
  private Optional<Journal> journal;
  private long steps;

  private GradientLogger(int every, Optional<Batch> batch, Optional<Path> file) {
    this.every = every;
    this.batch = batch;
    this.file = file;
    this.journal = file.map(Journal::anew);
  }

  /**
   * {@return a callback that records before the first of every so many steps}
   *
   * @throws GraphException if not positive
   */
  public static GradientLogger every(int steps) {
    Checks.positive("gradient logger", "steps", steps);
    return new GradientLogger(steps, Optional.empty(), Optional.empty());
  }

  /**
   * {@return this callback recording always for one batch, so that what changes is due to the
   * weights alone; by default for the batch of the step} The caller closes it after the fit.
   */
  public GradientLogger batch(Batch batch) {
    return new GradientLogger(every, Optional.of(batch), file);
  }

  /**
   * {@return this callback writing each record as a line of a CSV file, by default none} The
   * columns are {@code step}, counted from 0 over all epochs, and the names of the weights.
   */
  public GradientLogger to(Path file) {
    return new GradientLogger(every, batch, Optional.of(file));
  }

  /** {@return what the last fit, or the one at hand, has recorded} */
  public GradientHistory history() {
    return new GradientHistory(ImmutableSortedMap.copyOf(recorded));
  }

  @Override
  public void trainBegin(Fit fit) {
    // the ops are made before the first step, after which the session would plan anew
    places = fit.trainer().graph().gradientNorms().places();
    recorded.clear();
    steps = 0;
    journal = file.map(Journal::anew);
    journal.ifPresent(Journal::tryWriting);
  }

  @Override
  public void batchBegin(Fit fit, int index) {
    if (steps % every == 0) {
      norms(fit).ifPresent(this::record);
    }
    steps++;
  }

  private Optional<GradientNorms> norms(Fit fit) {
    if (batch.isEmpty()) {
      return fit.gradientNorms();
    }
    try {
      return Optional.of(fit.trainer().gradientNorms(batch.get()));
    } catch (InvalidLoss failure) {
      return Optional.empty();
    }
  }

  private void record(GradientNorms norms) {
    recorded.put(steps, norms);
    journal.ifPresent(
        open -> {
          String header =
              open.length() == 0 ? line("step", norms.byWeight().keySet().stream()) : "";
          Stream<String> values = norms.byWeight().values().stream().map(PythonNumbers::of);
          String line = line(Long.toString(steps), values);
          open.write((header + line).getBytes(StandardCharsets.UTF_8));
        });
  }

  private static String line(String first, Stream<String> rest) {
    return CSVLogger.line(Stream.concat(Stream.of(first), rest), ",");
  }

  @Override
  public void save(Path folder) throws IOException {
    Memory memory = Memory.empty().put("steps", steps);
    journal.ifPresent(open -> memory.put("length", open.length()));
    recorded.forEach(
        (step, norms) ->
            memory.put(
                "step-" + step,
                norms.byWeight().values().stream()
                    .map(String::valueOf)
                    .collect(Collectors.joining(" "))));
    memory.saveIn(folder);
  }

  @Override
  public void restore(Path folder) throws IOException {
    Memory memory = Memory.in(folder);
    steps = memory.number("steps");
    for (String name : memory.names()) {
      if (name.startsWith("step-")) {
        List<Double> norms =
            Splitter.on(' ').splitToStream(memory.text(name)).map(Double::valueOf).toList();
        recorded.put(Long.valueOf(name.substring("step-".length())), places.with(norms));
      }
    }
    journal = file.map(path -> journalAt(path, memory));
  }

  /** A fit that wrote no file may be resumed by one that does. */
  private static Journal journalAt(Path path, Memory memory) {
    return memory.has("length") ? Journal.at(path, memory.number("length")) : Journal.anew(path);
  }
}
