package dev.tfgraphs.graphs;

import static dev.tfgraphs.ops.Layers.dense;
import static dev.tfgraphs.ops.Layers.input;

import com.google.gson.JsonElement;
import com.google.gson.JsonObject;
import dev.tfgraphs.graphs.data.Dataset;
import dev.tfgraphs.graphs.data.Samples;
import dev.tfgraphs.ops.ActivationFunction;
import dev.tfgraphs.ops.Model;
import dev.tfgraphs.ops.Node;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;

/** Runs the cases of callbacks.json; as a program it shows what callbacks print. */
public final class CallbackCases {
  /**
   * What became of a fit.
   *
   * @param weights those after each epoch
   * @param last those after the fit
   */
  record Outcome(List<Integer> epochs, List<Double> rates, List<Weights> weights, Weights last) {}

  private CallbackCases() {}

  /** Prints a line {@code == name} before each case, and works below the folder given. */
  public static void main(String... arguments) throws IOException {
    for (JsonObject one : Golden.rows(Golden.file("callbacks.json").get("cases"))) {
      Terminal.out().print("== " + one.get("name").getAsString() + "\n");
      run(one, Files.createTempDirectory(Path.of(arguments[0]), "case"));
    }
  }

  static Trainer trainer() {
    return trainer(Optimizer.sgd(0.5));
  }

  static Trainer trainer(Optimizer optimizer) {
    Node input = input(2);
    return Trainer.of(
        Model.of(input, input.to(dense(2).activation(ActivationFunction.SOFTMAX))),
        Compile.of(optimizer, Loss.sparseCategoricalCrossentropy(), Metric.accuracy()).seed(1));
  }

  static Dataset data() {
    float[] x = {0, 1, 1, 0, 0, 1, 1, 0, 0, 1, 1, 0, 0, 1, 1, 0};
    return Dataset.of(Samples.of(x, 2), Samples.labels(new int[] {0, 1, 0, 1, 0, 1, 0, 1}));
  }

  static Outcome run(JsonObject one, Path folder) {
    JsonObject given = one.getAsJsonObject("given");
    Outcome outcome =
        new Outcome(
            new ArrayList<>(),
            new ArrayList<>(),
            new ArrayList<>(),
            Weights.of(java.util.Map.of()));
    Callback watch =
        Callback.onEpochEnd(
            (fit, epoch) -> {
              outcome.epochs.add(epoch);
              outcome.rates.add(fit.trainer().learningRate());
              outcome.weights.add(fit.trainer().weights());
            });
    int epochs = one.get("epochs").getAsInt();
    FitOptions options =
        FitOptions.epochs(epochs)
            .batchSize(2)
            .verbose(0)
            .callback(given(given))
            .callback(callback(one, folder))
            .callback(watch);
    try (Trainer trainer = trainer()) {
      trainer.fit(data(), judged(options, given, epochs));
      return new Outcome(outcome.epochs, outcome.rates, outcome.weights, trainer.weights());
    }
  }

  /** Validates the epochs for which a val_ number is given. */
  private static FitOptions judged(FitOptions options, JsonObject given, int epochs) {
    int[] judged =
        java.util.stream.IntStream.range(0, epochs)
            .filter(epoch -> isJudged(given, epoch))
            .map(epoch -> epoch + 1)
            .toArray();
    return judged.length == 0 ? options : options.validation(data()).validationEpochs(judged);
  }

  private static boolean isJudged(JsonObject given, int epoch) {
    return given.entrySet().stream()
        .anyMatch(
            entry ->
                entry.getKey().startsWith("val_")
                    && !entry.getValue().getAsJsonArray().get(epoch).isJsonNull());
  }

  private static Callback given(JsonObject given) {
    return Callback.onEpochEnd(
        (fit, epoch) -> {
          fit.log("accuracy", 0.5);
          fit.log("loss", 0.25);
          if (isJudged(given, epoch)) {
            fit.log("val_accuracy", 0.125);
            fit.log("val_loss", 0.125);
          }
          for (String name : given.keySet()) {
            JsonElement value = given.getAsJsonArray(name).get(epoch);
            if (!value.isJsonNull()) {
              fit.log(name, number(value));
            }
          }
        });
  }

  /** JSON has no word for what is not finite. */
  private static double number(JsonElement value) {
    return switch (value.getAsString()) {
      case "nan" -> Double.NaN;
      case "inf" -> Double.POSITIVE_INFINITY;
      case "-inf" -> Double.NEGATIVE_INFINITY;
      default -> value.getAsDouble();
    };
  }

  private static Callback callback(JsonObject one, Path folder) {
    JsonObject options = one.getAsJsonObject("options");
    String monitor = monitor(options);
    return switch (one.get("kind").getAsString()) {
      case "EarlyStopping", "ReduceLROnPlateau" -> watching(one.get("kind").getAsString(), options);
      case "ModelCheckpoint" ->
          checkpoint(
              ModelCheckpoint.to(
                  folder.resolve(options.get("filepath").getAsString()).toString(),
                  (trainer, path) -> Files.writeString(path, "model")),
              monitor,
              options);
      case "CSVLogger" -> {
        CSVLogger logger = CSVLogger.to(folder.resolve("log.csv"));
        yield options.has("separator")
            ? logger.separator(options.get("separator").getAsString())
            : logger;
      }
      case "LearningRateScheduler" ->
          LearningRateScheduler.of((epoch, rate) -> rate * 0.5).verbose(1);
      default -> throw new AssertionError(one);
    };
  }

  /** The callback of a class that watches a number, with Keras's options. */
  static Callback watching(String className, JsonObject options) {
    return switch (className) {
      case "EarlyStopping" -> earlyStopping(EarlyStopping.on(monitor(options)), options);
      case "ReduceLROnPlateau" -> plateau(ReduceLROnPlateau.on(monitor(options)), options);
      default -> throw new AssertionError(className);
    };
  }

  private static String monitor(JsonObject options) {
    return options.has("monitor") ? options.get("monitor").getAsString() : "val_loss";
  }

  private static EarlyStopping earlyStopping(EarlyStopping callback, JsonObject options) {
    for (String key : options.keySet()) {
      JsonElement value = options.get(key);
      callback =
          switch (key) {
            case "monitor" -> callback;
            case "mode" -> value.getAsString().equals("max") ? callback.max() : callback.min();
            case "patience" -> callback.patience(value.getAsInt());
            case "min_delta" -> callback.minDelta(value.getAsDouble());
            case "baseline" -> callback.baseline(value.getAsDouble());
            case "restore_best_weights" -> callback.restoreBestWeights(value.getAsBoolean());
            case "start_from_epoch" -> callback.startFromEpoch(value.getAsInt());
            case "verbose" -> callback.verbose(value.getAsInt());
            default -> throw new AssertionError(key);
          };
    }
    return callback;
  }

  private static ReduceLROnPlateau plateau(ReduceLROnPlateau callback, JsonObject options) {
    for (String key : options.keySet()) {
      JsonElement value = options.get(key);
      callback =
          switch (key) {
            case "monitor" -> callback;
            case "patience" -> callback.patience(value.getAsInt());
            case "min_delta" -> callback.minDelta(value.getAsDouble());
            case "factor" -> callback.factor(value.getAsDouble());
            case "cooldown" -> callback.cooldown(value.getAsInt());
            case "min_lr" -> callback.minLearningRate(value.getAsDouble());
            case "verbose" -> callback.verbose(value.getAsInt());
            default -> throw new AssertionError(key);
          };
    }
    return callback;
  }

  private static ModelCheckpoint checkpoint(
      ModelCheckpoint callback, String monitor, JsonObject options) {
    if (options.has("save_best_only")) {
      callback = callback.saveBestOnly(monitor);
    }
    for (String key : options.keySet()) {
      JsonElement value = options.get(key);
      callback =
          switch (key) {
            case "filepath", "monitor", "save_best_only" -> callback;
            case "mode" -> value.getAsString().equals("max") ? callback.max() : callback.min();
            case "save_freq" -> callback.saveFrequency(value.getAsInt());
            case "initial_value_threshold" -> callback.initialValueThreshold(value.getAsDouble());
            case "verbose" -> callback.verbose(value.getAsInt());
            default -> throw new AssertionError(key);
          };
    }
    return callback;
  }
}
