package dev.tfgraphs.examples;

import com.google.common.collect.ImmutableList;
import com.google.common.collect.ImmutableMap;
import com.google.common.io.MoreFiles;
import dev.tfgraphs.examples.report.HtmlPage;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Instant;
import java.time.format.DateTimeParseException;
import java.util.Comparator;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.stream.Stream;

/** The page of one run. */
final class RunReport {
  /** What is said of pictures that a run may have, by the names of their files, in their order. */
  private static final ImmutableMap<String, String> KNOWN =
      ImmutableMap.of(
          "curves", "Learning curves: a value for each epoch.",
          "transfer", "Test accuracy of every seed, after other digits and from nothing.",
          "predictions", "Test images and what the network takes them for.",
          "confusion", "What images of each class are taken for.",
          "mistakes", "Held-out images that are taken for others, the surest first.",
          "classes", "Precision, recall and F1 of each class.",
          "calibration", "How often the network is right where it is as sure as it says.",
          "roc", "How many images of a class are found, against how many others are taken for it.",
          "precision-recall", "How many of what is found is right, against how much is found.",
          "gradient-flow", "Norms of the kernels' gradients by step and depth.");

  private final FinishedRun run;
  private final Console console;

  RunReport(FinishedRun run, Console console) {
    this.run = run;
    this.console = console;
  }

  /**
   * The page.
   *
   * @throws IOException if a file of the run cannot be read
   */
  String html() throws IOException {
    HtmlPage page = HtmlPage.titled(run.title(), subtitle());
    page.section("Result").facts(results());
    addPictures(page);
    new NetworkSections(run, console).addTo(page);
    page.section("How to do it again").code(run.command());
    page.facts(run.options());
    page.section("Environment").facts(run.versions());
    return page.html();
  }

  private String subtitle() {
    return "Run " + run.name() + ", trained by tf-graphs";
  }

  private Map<String, String> results() {
    Map<String, String> facts = new LinkedHashMap<>();
    for (Measure measure : Measure.values()) {
      measure.of(run).ifPresent(value -> facts.put(measure.title(), measure.number(value)));
    }
    facts.put("Started", day(run.facts().getOrDefault("started", "unknown")));
    for (String ending : List.of("interrupted", "diverged")) {
      if (Boolean.parseBoolean(run.facts().get(ending))) {
        facts.put("Ending", ending);
      }
    }
    return facts;
  }

  private static String day(String instant) {
    try {
      return Instant.parse(instant).toString().replaceFirst("T(\\d\\d:\\d\\d).*", " $1 UTC");
    } catch (DateTimeParseException e) {
      return instant;
    }
  }

  /**
   * Those that the run wrote: what is known of them is said, the others have their files' names.
   */
  private void addPictures(HtmlPage page) throws IOException {
    ImmutableList<Path> files = drawings();
    if (files.isEmpty()) {
      return;
    }
    page.section("Pictures");
    for (Path file : files) {
      String name = MoreFiles.getNameWithoutExtension(file);
      String says = KNOWN.getOrDefault(name, name.replace('-', ' '));
      page.svg(Files.readString(file), says);
    }
  }

  private static int place(Path file) {
    int known = KNOWN.keySet().asList().indexOf(MoreFiles.getNameWithoutExtension(file));
    return known < 0 ? KNOWN.size() : known;
  }

  private ImmutableList<Path> drawings() throws IOException {
    try (Stream<Path> files = Files.walk(run.folder(), 2)) {
      return files
          .filter(file -> MoreFiles.getFileExtension(file).equals("svg"))
          .sorted(Comparator.comparing(RunReport::place).thenComparing(file -> file))
          .collect(ImmutableList.toImmutableList());
    }
  }
}
