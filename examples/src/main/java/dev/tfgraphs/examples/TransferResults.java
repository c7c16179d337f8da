package dev.tfgraphs.examples;

import com.google.common.collect.ImmutableMap;
import dev.tfgraphs.graphs.History;
import dev.tfgraphs.graphs.HostTensor;
import dev.tfgraphs.graphs.Predictor;
import dev.tfgraphs.graphs.Weights;
import dev.tfgraphs.ops.Model;
import dev.tfgraphs.pictures.Confusion;
import dev.tfgraphs.pictures.ConfusionPicture;
import dev.tfgraphs.pictures.PredictionGrid;
import dev.tfgraphs.savedmodel.ServingOptions;
import java.io.IOException;
import java.nio.file.Path;
import java.time.Duration;
import java.time.Instant;
import java.util.ArrayList;
import java.util.Comparator;
import java.util.HashMap;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.concurrent.atomic.AtomicInteger;
import java.util.stream.Collectors;

/** What {@code transfer} says and writes of a network that it has carried over to a folder. */
final class TransferResults {
  private static final int SHOWN = 32;

  /** A held-out image that was taken for something else. */
  private record Mistake(int image, int truth, PredictionGrid.Guess guess) {}

  private final TransferPlan plan;
  private final RunFiles files;
  private final Console console;
  private final Confusion confusion;
  private final Judged judged = new Judged();
  private final List<Mistake> mistakes = new ArrayList<>();
  private int seen;

  TransferResults(TransferPlan plan, Path folder, Console console) {
    this.plan = plan;
    this.files = new RunFiles(folder, console);
    this.console = console;
    this.confusion = new Confusion(plan.data().classNames());
  }

  /** Judges the network by the held-out images, and writes all but the place. */
  void write(
      Model model,
      Weights weights,
      History history,
      Map<Integer, Double> rates,
      Instant start,
      Ending ending)
      throws IOException {
    try (Predictor predictor = Predictor.of(model, weights)) {
      Reading.batches(
          plan.data().test(), (images, labels) -> judge(predictor.predict(images).get(0), labels));
    }
    report();
    files.writeModel(
        model,
        weights,
        ServingOptions.defaults().classNames(plan.data().classNames()).imageBytes());
    files.writeNetwork(model, weights);
    files.writeHistory(history, rates, title());
    files.writeText(
        "classes.csv", "precision, recall and F1 of every class", confusion.classesCsv());
    files.writeText("confusion.csv", "what images of every class were taken for", confusion.csv());
    files.draw("confusion", "the same as a picture", () -> ConfusionPicture.of(title(), confusion));
    judged.draw(files, title(), confusion.names());
    writeMistakes();
    files.writeSettings(settings(model, history, start, ending));
  }

  private void judge(HostTensor predicted, int[] labels) {
    judged.add(predicted, labels);
    for (int i = 0; i < labels.length; i++) {
      HostTensor row = predicted.row(i);
      confusion.add(labels[i], row.argMax());
      if (row.argMax() != labels[i]) {
        mistakes.add(new Mistake(seen, labels[i], PredictionGrid.Guess.of(row, confusion.names())));
      }
      seen++;
    }
  }

  private void report() {
    console.result(
        "Accuracy: %.2f %% of %s",
        100 * confusion.accuracy(), Console.counted(confusion.images(), "held-out image"));
    confusion.lines().forEach(line -> console.detail("%s", line));
  }

  private String title() {
    return plan.network().modelName() + " on " + plan.data().title();
  }

  /** Those of which the network was most certain. */
  private void writeMistakes() {
    List<Mistake> worst =
        mistakes.stream()
            .sorted(Comparator.comparing((Mistake m) -> -m.guess().probability()))
            .limit(SHOWN)
            .toList();
    if (worst.isEmpty()) {
      return;
    }
    var pixels = plan.data().kind().pictures(Tensors.joined(images(worst)));
    files.draw(
        "mistakes",
        "the worst mistakes",
        () ->
            PredictionGrid.of(
                "The worst mistakes of " + title(),
                pixels,
                worst.stream().map(Mistake::guess).toList(),
                worst.stream().map(mistake -> confusion.names().get(mistake.truth())).toList()));
  }

  /** Their pixels, for which the held-out images are read once more. */
  private List<HostTensor> images(List<Mistake> wanted) {
    Map<Integer, HostTensor> found = new HashMap<>();
    Set<Integer> numbers = wanted.stream().map(Mistake::image).collect(Collectors.toSet());
    AtomicInteger read = new AtomicInteger();
    Reading.batches(
        plan.data().test(),
        (images, labels) -> {
          for (int i = 0; i < labels.length; i++) {
            int number = read.getAndIncrement();
            if (numbers.contains(number)) {
              found.put(number, Tensors.slice(images, i, i + 1));
            }
          }
        });
    return wanted.stream().map(mistake -> found.get(mistake.image())).toList();
  }

  private Map<String, Object> settings(Model model, History history, Instant start, Ending ending) {
    DataSource data = plan.data();
    Map<String, Object> settings = new LinkedHashMap<>();
    settings.put("command", Shell.command("transfer", plan.options()));
    settings.put("options", plan.options());
    settings.put("data", data.described());
    settings.put("parameters", model.parameters());
    settings.put("versions", RunFiles.versions());
    settings.put("started", start.toString());
    settings.put("seconds", Duration.between(start, Instant.now()).toMillis() / 1000.0);
    settings.put("epochs_finished", history.epochs().size());
    settings.put("interrupted", ending == Ending.INTERRUPTED);
    settings.put("diverged", ending == Ending.DIVERGED);
    settings.put("result", ImmutableMap.of("test_accuracy", confusion.accuracy()));
    return settings;
  }

  /** Says what lies in {@code place}, and what to do with it. */
  void list(Path place) {
    files.list(place);
    console.detail(
        "Try: %s predict %s %s",
        Shell.launcher(), Shell.quoted(place.toString()), Shell.quoted(plan.data().location()));
  }
}
