package dev.tfgraphs.examples;

import com.google.common.collect.ImmutableMap;
import dev.tfgraphs.graphs.GradientHistory;
import dev.tfgraphs.graphs.HostTensor;
import dev.tfgraphs.graphs.Predictor;
import dev.tfgraphs.graphs.Trainer;
import dev.tfgraphs.ops.Model;
import dev.tfgraphs.pictures.GradientFlow;
import dev.tfgraphs.pictures.PixelImages;
import dev.tfgraphs.pictures.PredictionGrid;
import dev.tfgraphs.savedmodel.ServingOptions;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.time.Instant;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.Optional;
import java.util.stream.IntStream;
import javax.imageio.ImageIO;

/** What {@code train} writes of a training. */
final class Results {
  static final String GRADIENTS = "gradient-flow";
  static final String SAMPLES = "samples";
  private static final int SHOWN = 32;
  private static final int SAMPLED = 16;

  private final TrainingPlan plan;
  private final RunFiles files;
  private final Console console;

  Results(TrainingPlan plan, Path folder, Console console) {
    this.plan = plan;
    this.files = new RunFiles(folder, console);
    this.console = console;
  }

  void writeModel(Trainer trainer) throws IOException {
    files.writeModel(trainer.model(), trainer.weights(), serving());
    files.writeNetwork(trainer);
  }

  /** Digits are made of images in a way of their own, which no server knows. */
  private ServingOptions serving() {
    ServingOptions named = ServingOptions.defaults().classNames(plan.data().classNames());
    return plan.data().kind() == DataSource.Kind.DIGITS ? named : named.imageBytes();
  }

  /** The numbers of every epoch, and the curves, if there is one. */
  void writeHistory(Course course) throws IOException {
    files.writeHistory(course.history(), course.rates(), title());
  }

  /** The norms of all weights' gradients, and those of kernels as a picture. */
  void writeGradients(GradientHistory recorded) {
    if (recorded.steps().isEmpty()) {
      return;
    }
    Path unused = files.add(GRADIENTS + ".csv", "norms of gradients by step and weight");
    files.draw(
        GRADIENTS,
        "norms of the kernels' gradients by step and depth",
        () -> GradientFlow.heatMap("Gradients of " + title(), recorded.only("kernel")));
  }

  private String title() {
    return plan.network().name() + " on " + plan.data().title();
  }

  /** The first test images with what the network takes them for, and how good it is on all. */
  void writePictures(Trainer trainer) throws IOException {
    List<String> names = plan.data().classNames();
    Judged judged = new Judged();
    List<HostTensor> images = new ArrayList<>();
    List<PredictionGrid.Guess> guesses = new ArrayList<>();
    List<String> truths = new ArrayList<>();
    try (Predictor predictor = Predictor.of(trainer.model(), trainer.weights())) {
      Reading.batches(
          plan.data().test(),
          (pixels, labels) -> {
            HostTensor predicted = predictor.predict(pixels).get(0);
            judged.add(predicted, labels);
            for (int i = 0; i < labels.length && images.size() < SHOWN; i++) {
              images.add(Tensors.slice(pixels, i, i + 1));
              guesses.add(PredictionGrid.Guess.of(predicted.row(i), names));
              truths.add(names.get(labels[i]));
            }
          });
    }
    var pictures = plan.data().kind().pictures(Tensors.joined(images));
    files.draw(
        "predictions",
        "test images and what the network takes them for",
        () -> PredictionGrid.of(title(), pictures, guesses, truths));
    judged.draw(files, title(), names);
  }

  /** Some test images, to predict for; not of folders, whose images are files already. */
  void writeSamples() throws IOException {
    if (plan.data().kind() == DataSource.Kind.FOLDER) {
      return;
    }
    Path samples =
        Files.createDirectory(
            files.add(SAMPLES + "/", "some test images, as PNG and together as NPY"));
    List<HostTensor> images = new ArrayList<>();
    List<String> names = new ArrayList<>();
    Reading.batches(
        plan.data().test().take(SAMPLED),
        (pixels, labels) -> {
          images.add(pixels);
          IntStream.of(labels).mapToObj(plan.data().classNames()::get).forEach(names::add);
        });
    HostTensor all = Tensors.joined(images);
    PixelImages pictures = plan.data().kind().pictures(all);
    for (int i = 0; i < names.size(); i++) {
      String name = String.format(Locale.ROOT, "%02d_is_%s.png", i, names.get(i));
      int side = plan.data().image().size(0);
      ImageIO.write(pictures.fitted(i, side), "png", samples.resolve(name).toFile());
    }
    Npy.write(samples.resolve("images.npy"), all);
  }

  /** All that is needed to do it again, and what came of it. */
  void writeSettings(
      Model model,
      Instant start,
      Duration time,
      int epochs,
      Optional<Training.Score> score,
      Ending ending)
      throws IOException {
    Map<String, Object> settings = new LinkedHashMap<>();
    settings.put("command", plan.command());
    settings.put("options", plan.options());
    settings.put("data", plan.data().described());
    settings.put("parameters", model.parameters());
    settings.put("versions", RunFiles.versions());
    settings.put("started", start.toString());
    settings.put("seconds", time.toMillis() / 1000.0);
    settings.put("epochs_finished", epochs);
    settings.put("interrupted", ending == Ending.INTERRUPTED);
    settings.put("diverged", ending == Ending.DIVERGED);
    score.ifPresent(
        last ->
            settings.put(
                "result",
                ImmutableMap.of("test_accuracy", last.accuracy(), "test_loss", last.loss())));
    files.writeSettings(settings);
  }

  /** Says what lies in {@code place}, and what to do with it. */
  void list(Path place) {
    files.list(place);
    String run = Shell.quoted(place.toString());
    String command =
        files.has(SAMPLES + "/")
            ? "predict " + run + " " + Shell.quoted(place.resolve(SAMPLES).toString())
            : "evaluate " + run;
    console.detail("Try: %s %s", Shell.launcher(), command);
  }
}
