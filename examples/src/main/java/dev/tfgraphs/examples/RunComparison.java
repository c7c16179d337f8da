package dev.tfgraphs.examples;

import com.google.common.base.Strings;
import com.google.common.collect.ImmutableList;
import com.google.common.collect.ImmutableMap;
import com.google.common.math.Stats;
import dev.tfgraphs.examples.report.HtmlPage;
import dev.tfgraphs.graphs.History;
import dev.tfgraphs.pictures.LearningCurves;
import dev.tfgraphs.pictures.Picture;
import java.io.IOException;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.stream.Collectors;
import java.util.stream.IntStream;

/**
 * Finished runs side by side. Those that differ in their seed alone are one training, done several
 * times.
 */
final class RunComparison {
  private static final ImmutableList<Measure> MEASURES =
      ImmutableList.of(
          Measure.PARAMETERS, Measure.EPOCHS, Measure.ACCURACY, Measure.LOSS, Measure.TIME);

  /**
   * Runs that differ in their seed at most.
   *
   * @param name what tells them from the others
   * @param whole those that came to their end, which alone count
   * @param leftOut how many were interrupted or diverged
   */
  private record Group(String name, ImmutableList<FinishedRun> whole, int leftOut) {
    static Group of(String name, List<FinishedRun> runs) {
      ImmutableList<FinishedRun> whole =
          runs.stream().filter(FinishedRun::isWhole).collect(ImmutableList.toImmutableList());
      return new Group(name, whole, runs.size() - whole.size());
    }

    History[] histories() {
      return whole.stream().flatMap(run -> run.history().stream()).toArray(History[]::new);
    }

    /** The mean over the seeds, and the standard deviation if there are several. */
    String text(Measure measure) {
      List<Double> values = whole.stream().flatMap(run -> measure.of(run).stream()).toList();
      if (values.isEmpty()) {
        return "";
      }
      Stats stats = Stats.of(values);
      boolean spread = stats.count() > 1 && stats.min() != stats.max();
      return measure.number(stats.mean())
          + (spread ? " \u00b1 " + measure.number(stats.sampleStandardDeviation()) : "");
    }

    List<String> row() {
      List<String> row = new ArrayList<>(List.of(name, Integer.toString(whole.size())));
      MEASURES.forEach(measure -> row.add(text(measure)));
      row.add(leftOut == 0 ? "" : Integer.toString(leftOut));
      return row;
    }
  }

  private final ImmutableList<FinishedRun> runs;
  private final ImmutableList<Group> groups;
  private final Console console;

  /**
   * A comparison of two runs or more.
   *
   * @throws CommandException if one is given twice, or two have the same options and seed
   */
  RunComparison(List<FinishedRun> runs, Console console) {
    this.runs = ImmutableList.copyOf(runs);
    checkDiffer(this.runs);
    this.groups = groups(this.runs);
    this.console = console;
  }

  private static void checkDiffer(List<FinishedRun> runs) {
    Map<List<?>, FinishedRun> seen = new HashMap<>();
    for (FinishedRun run : runs) {
      FinishedRun other =
          seen.put(List.of(run.settings(), run.options().getOrDefault("seed", "")), run);
      if (other != null) {
        throw new CommandException(
            "RUN: expected runs that differ in an option or their seed, received '%s' and '%s'"
                .formatted(other.folder(), run.folder()));
      }
    }
  }

  /** Writes the page and the curves; the exit code. */
  int run(RunFolder folder) throws IOException {
    Optional<Picture> curves = curves();
    RunFiles files = new RunFiles(folder.temporary(), console);
    files.writeText(ReportCommand.PAGE, "all of it, for a browser", html(curves));
    curves.ifPresent(picture -> files.draw("curves", "learning curves", () -> picture));
    lines().forEach(line -> console.result("%s", line));
    files.list(folder.publish());
    return 0;
  }

  private static ImmutableList<Group> groups(List<FinishedRun> runs) {
    Map<ImmutableMap<String, String>, List<FinishedRun>> bySettings = new LinkedHashMap<>();
    runs.forEach(
        run -> bySettings.computeIfAbsent(run.settings(), key -> new ArrayList<>()).add(run));
    List<String> differing =
        bySettings.keySet().stream()
            .flatMap(settings -> settings.keySet().stream())
            .distinct()
            .filter(
                option ->
                    bySettings.keySet().stream()
                            .map(settings -> settings.getOrDefault(option, ""))
                            .distinct()
                            .count()
                        > 1)
            .toList();
    return bySettings.entrySet().stream()
        .map(
            same ->
                Group.of(name(same.getKey(), differing, same.getValue().get(0)), same.getValue()))
        .collect(ImmutableList.toImmutableList());
  }

  private static String name(
      ImmutableMap<String, String> settings, List<String> differing, FinishedRun first) {
    return differing.isEmpty()
        ? first.title()
        : differing.stream()
            .map(
                option ->
                    settings.containsKey(option)
                        ? option + " " + settings.get(option)
                        : "no " + option)
            .collect(Collectors.joining(", "));
  }

  private Optional<Picture> curves() {
    List<Group> drawn = groups.stream().filter(group -> group.histories().length > 0).toList();
    LearningCurves curves = LearningCurves.of("Learning curves");
    for (Group group : drawn) {
      curves = curves.history(group.name(), group.histories());
    }
    return drawn.isEmpty() ? Optional.empty() : Optional.of(curves.picture());
  }

  private static ImmutableList<String> head() {
    ImmutableList.Builder<String> head = ImmutableList.builder();
    head.add("Training", "Seeds");
    MEASURES.forEach(measure -> head.add(measure.title()));
    return head.add("Left out").build();
  }

  private ImmutableList<List<String>> rows() {
    return groups.stream().map(Group::row).collect(ImmutableList.toImmutableList());
  }

  /** The table for a terminal: names on the left, numbers on the right of their columns. */
  private List<String> lines() {
    List<List<String>> all = new ArrayList<>(rows());
    all.add(0, head());
    int columns = head().size();
    int[] widths =
        IntStream.range(0, columns)
            .map(column -> all.stream().mapToInt(row -> row.get(column).length()).max().orElse(0))
            .toArray();
    return all.stream()
        .map(
            row ->
                IntStream.range(0, columns)
                    .mapToObj(
                        i ->
                            i == 0
                                ? Strings.padEnd(row.get(i), widths[i], ' ')
                                : Strings.padStart(row.get(i), widths[i], ' '))
                    .collect(Collectors.joining("  "))
                    .stripTrailing())
        .toList();
  }

  private String html(Optional<Picture> curves) {
    HtmlPage page =
        HtmlPage.titled(
            "Comparison of " + Console.counted(runs.size(), "run"),
            runs.stream().map(FinishedRun::name).collect(Collectors.joining(", ")));
    page.section("Results").table(head(), rows());
    page.text(
        "Of several seeds: the mean, \u00b1 the standard deviation. Runs that were interrupted or"
            + " diverged are left out.");
    curves.ifPresent(
        picture ->
            page.section("Learning curves")
                .drawing(
                    picture,
                    "What every epoch measured; bands are from the least seed to the most."));
    page.section("How to do it again")
        .code(runs.stream().map(FinishedRun::command).collect(Collectors.joining("\n")));
    page.section("Environment");
    runs.stream().map(FinishedRun::versions).distinct().forEach(page::facts);
    return page.html();
  }
}
