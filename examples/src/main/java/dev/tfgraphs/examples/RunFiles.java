package dev.tfgraphs.examples;

import com.google.common.collect.ImmutableList;
import com.google.common.collect.ImmutableMap;
import com.google.common.collect.ImmutableSet;
import dev.tfgraphs.graphs.History;
import dev.tfgraphs.graphs.Trainer;
import dev.tfgraphs.graphs.Weights;
import dev.tfgraphs.ops.Model;
import dev.tfgraphs.pictures.LearningCurves;
import dev.tfgraphs.pictures.NoFontsException;
import dev.tfgraphs.pictures.Picture;
import dev.tfgraphs.savedmodel.KerasModels;
import dev.tfgraphs.savedmodel.SavedModels;
import dev.tfgraphs.savedmodel.ServingOptions;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.LinkedHashMap;
import java.util.Map;
import java.util.function.Supplier;
import org.tensorflow.TensorFlow;

/** The files that a command writes into a {@link RunFolder}, listed at the end. */
final class RunFiles {
  static final String MODEL = "model";
  static final String NETWORK = "model.keras";
  static final String SETTINGS = "run.json";
  static final String HISTORY = "history.csv";

  /** A list of names is so wide at least. */
  private static final int NAMES = 32;

  private final Path folder;
  private final Console console;
  private final Map<String, String> written = new LinkedHashMap<>();

  RunFiles(Path folder, Console console) {
    this.folder = folder;
    this.console = console;
  }

  /** Where a file or folder is to be written that the list then has. */
  Path add(String name, String what) {
    written.put(name, what);
    return folder.resolve(name);
  }

  /** Where all is written. */
  Path folder() {
    return folder;
  }

  boolean has(String name) {
    return written.containsKey(name);
  }

  /** A model that takes raw pixels, with the mark of that. */
  void writeModel(Model model, Weights weights, ServingOptions serving) throws IOException {
    Path version = SavedModels.write(folder.resolve(MODEL), model, weights, serving);
    TrainMark.write(version);
    add(MODEL + "/" + version.getFileName() + "/", "the model, for TensorFlow Serving too");
  }

  /** The same network for Keras and for this program's other commands, with its optimizer. */
  void writeNetwork(Trainer trainer) {
    KerasModels.save(add(NETWORK, "the same for Keras, with its optimizer"), trainer);
  }

  /** The same network for Keras and for this program's other commands. */
  void writeNetwork(Model model, Weights weights) {
    KerasModels.save(add(NETWORK, "the same for Keras"), model, weights);
  }

  /**
   * The numbers of every epoch, and the curves, if there is one.
   *
   * @param rates the learning rate of every epoch
   */
  void writeHistory(History history, Map<Integer, Double> rates, String title) throws IOException {
    if (history.epochs().isEmpty()) {
      return;
    }
    HistoryFile.write(add(HISTORY, "loss and accuracy of every epoch"), history);
    History shown = with(rates, history);
    draw("curves", "learning curves", () -> LearningCurves.of(title, shown).picture());
  }

  private static History with(Map<Integer, Double> rates, History history) {
    ImmutableList<Double> column =
        history.epochs().stream().map(rates::get).collect(ImmutableList.toImmutableList());
    ImmutableMap.Builder<String, ImmutableList<Double>> metrics = ImmutableMap.builder();
    return new History(
        history.epochs(),
        metrics.putAll(history.metrics()).put("learning_rate", column).buildOrThrow());
  }

  void draw(String name, String what, Supplier<Picture> drawn) {
    if (!drawAll(name + ".png", folder, () -> Map.of(name, drawn.get())).isEmpty()) {
      written.put(name + ".png, " + name + ".svg", what);
    }
  }

  /** Draws pictures into a folder, by name; the names, none if that was not possible. */
  ImmutableSet<String> drawAll(Path place, Supplier<? extends Map<String, Picture>> drawn) {
    return drawAll(String.valueOf(place.getFileName()), place, drawn);
  }

  /** Without fonts, or room, there is no picture, but all the rest. */
  private ImmutableSet<String> drawAll(
      String what, Path place, Supplier<? extends Map<String, Picture>> drawn) {
    try {
      Map<String, Picture> pictures = drawn.get();
      pictures.forEach((name, picture) -> picture.write(place, name));
      return ImmutableSet.copyOf(pictures.keySet());
    } catch (NoFontsException | UncheckedIOException e) {
      console.problem("no " + what + ": " + e.getMessage());
      return ImmutableSet.of();
    }
  }

  void writeText(String name, String what, String text) throws IOException {
    Files.writeString(add(name, what), text);
  }

  /** All that is needed to do it again, and what came of it. */
  void writeSettings(Map<String, ?> settings) throws IOException {
    writeText(SETTINGS, "how to do it again", Json.text(settings));
  }

  /** What a run was made with. */
  static ImmutableMap<String, Object> versions() {
    return ImmutableMap.of(
        "tfgraphs", Main.version(),
        "tensorflow", TensorFlow.version(),
        "java", Runtime.version().toString(),
        "system", System.getProperty("os.name") + " " + System.getProperty("os.arch"));
  }

  /** Says what lies in {@code place}. */
  void list(Path place) {
    console.result("Written to %s%s", place, console.quiet() ? "" : ":");
    int width = written.keySet().stream().mapToInt(String::length).max().orElse(0);
    String line = "  %-" + Math.max(NAMES, width) + "s %s";
    written.forEach((name, what) -> console.detail("%s", line.formatted(name, what)));
  }
}
