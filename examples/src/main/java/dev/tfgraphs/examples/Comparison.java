package dev.tfgraphs.examples;

import com.google.common.collect.ImmutableList;
import com.google.common.collect.ImmutableListMultimap;
import dev.tfgraphs.graphs.Trainer;
import dev.tfgraphs.ops.Model;
import dev.tfgraphs.pictures.LearningCurves;
import java.io.IOException;
import java.nio.file.Files;
import java.time.Duration;
import java.time.Instant;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.Optional;
import java.util.function.Function;
import java.util.stream.Collectors;
import java.util.stream.LongStream;

/**
 * Trainings of several networks on the same data, in the same order for the same seed. Networks
 * with the same layers with kernels begin with the same kernels; of others, layers of their own
 * draw from the seed in between.
 *
 * @param plan how each is trained; its network and its seed are replaced
 * @param seeds how many; the first is that of the plan
 */
record Comparison(
    TrainingPlan plan,
    ImmutableList<Subject> subjects,
    int seeds,
    Interrupt interrupt,
    Console console) {

  /** Trains all, seed by seed, writes and reports; the exit code. */
  int run(RunFolder folder) throws IOException {
    checkMemory();
    describe();
    ImmutableList<Standing> standings = trained();
    if (standings.isEmpty()) {
      console.problem("no training came to its end, and nothing is written");
      return interrupt.exitCode();
    }
    List<String> table = ComparisonTable.lines(standings);
    console.detail("");
    table.forEach(line -> console.result("%s", line));
    write(standings, table, folder);
    if (interrupt.requested()) {
      return interrupt.exitCode();
    }
    return standings.stream().allMatch(standing -> standing.finished().isEmpty()) ? Main.FAILED : 0;
  }

  private void checkMemory() {
    if (!plan.onGpu()) {
      for (Subject subject : subjects) {
        plan.checkMemory(plan.of(subject.network(), 0).model(), Machine.here().availableMemory());
      }
    }
  }

  private void describe() {
    console.detail(
        "%s, %s each: %s of %s on %s.",
        Console.counted(subjects.size(), "network"),
        Console.counted(seeds, "seed"),
        Console.counted((long) seeds * subjects.size(), "training"),
        Console.counted(plan.epochs(), "epoch"),
        plan.data().title());
    console.out().flush();
  }

  private ImmutableList<Standing> trained() {
    ImmutableListMultimap.Builder<Subject, Standing.Run> all = ImmutableListMultimap.builder();
    int count = 0;
    for (long seed : LongStream.range(plan.seed(), plan.seed() + seeds).toArray()) {
      for (Subject subject : subjects) {
        String prefix =
            ++count + "/" + seeds * subjects.size() + "  " + subject.title() + ", seed " + seed;
        if (!interrupt.requested()) {
          trained(subject, seed, prefix).ifPresent(run -> all.put(subject, run));
        }
      }
    }
    ImmutableListMultimap<Subject, Standing.Run> runs = all.build();
    return subjects.stream()
        .filter(runs::containsKey)
        .map(subject -> new Standing(subject, parameters(subject), runs.get(subject)))
        .collect(ImmutableList.toImmutableList());
  }

  private long parameters(Subject subject) {
    return plan.of(subject.network(), plan.seed()).model().parameters();
  }

  /** Empty if it was interrupted. */
  private Optional<Standing.Run> trained(Subject subject, long seed, String prefix) {
    TrainingPlan own = plan.of(subject.network(), seed);
    Model model = own.model();
    Instant start = Instant.now();
    try (Trainer trainer = Trainer.of(model, own.compile())) {
      Course course = new Course(trainer, interrupt);
      Ending ending = course.fit(own.data().training(), own.fitOptions(), console.silent());
      Duration time = Duration.between(start, Instant.now());
      boolean diverged = ending == Ending.DIVERGED;
      if (!diverged && course.history().epochs().size() < own.epochs()) {
        return Optional.empty();
      }
      Standing.Run run = new Standing.Run(seed, course.history(), diverged, time);
      console.detail("%s: %s", prefix, diverged ? "diverged, " + course.divergence() : told(run));
      console.out().flush();
      return Optional.of(run);
    }
  }

  private static String told(Standing.Run run) {
    return String.format(
        Locale.ROOT,
        "test accuracy %.2f %%, %.1f s",
        100 * run.accuracy(),
        run.time().toMillis() / 1000.0);
  }

  private void write(List<Standing> standings, List<String> table, RunFolder folder)
      throws IOException {
    RunFiles files = new RunFiles(folder.temporary(), console);
    String text = command() + "\n\n" + String.join("\n", table) + "\n";
    Files.writeString(files.add("compare.txt", "this table, and how to do it again"), text);
    Files.writeString(
        files.add("compare.csv", "loss and accuracy of every epoch"),
        ComparisonTable.csv(standings));
    List<Standing> finished =
        standings.stream().filter(standing -> !standing.finished().isEmpty()).toList();
    if (!finished.isEmpty()) {
      draw(files, "accuracy", "Accuracy", finished);
      draw(files, "loss", "Loss", finished);
    }
    files.list(folder.publish());
  }

  /** A variant has a colour and a marker, a depth has dashes. */
  private void draw(RunFiles files, String metric, String name, List<Standing> finished) {
    LearningCurves curves = LearningCurves.of(name + " on " + plan.data().title());
    for (Standing standing : finished) {
      Subject subject = standing.subject();
      curves = curves.history(subject.title(), subject.variant().name(), standing.histories());
    }
    LearningCurves drawn = curves.metrics(metric, "val_" + metric);
    files.draw(metric, "in training and in test", drawn::picture);
  }

  /** The command that does this again. */
  String command() {
    Map<String, Object> options = new LinkedHashMap<>(plan.options());
    options.remove("model");
    options.put("depth", joined(subject -> Integer.toString(subject.depth())));
    options.put("seeds", seeds);
    String variants = joined(subject -> subject.variant().name()).replace(',', ' ');
    return Shell.command("compare " + variants, options);
  }

  private String joined(Function<Subject, String> part) {
    return subjects.stream().map(part).distinct().collect(Collectors.joining(","));
  }
}
