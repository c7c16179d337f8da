package dev.tfgraphs.graphs;

import com.google.common.collect.ImmutableMap;
import com.google.gson.JsonElement;
import com.google.gson.JsonObject;
import dev.tfgraphs.ops.Model;
import java.util.List;
import java.util.Map;

/** How a model is trained, read from what Keras serializes; another class is a row. */
final class KerasTraining {
  private KerasTraining() {}

  /** What {@code compile} of a case says. */
  static Compile compile(JsonObject one, Model model) {
    List<JsonObject> outputs = Golden.rows(one.get("outputs"));
    Compile compile = Compile.of(KerasObjects.optimizer(one.getAsJsonObject("optimizer")));
    for (int i = 0; i < outputs.size(); i++) {
      JsonObject output = outputs.get(i);
      String name = model.nameOf(model.outputs().get(i).layer());
      compile =
          compile
              .loss(name, KerasObjects.loss(output.getAsJsonObject("loss")))
              .lossWeight(name, output.get("loss_weight").getAsDouble())
              .metrics(name, metrics(output.get("metrics")))
              .weightedMetrics(name, metrics(output.get("weighted_metrics")));
    }
    return compile.seed(one.getAsJsonObject("recipe").get("seed").getAsLong());
  }

  /** What {@code fit} of a case says. */
  static FitOptions fit(JsonObject given) {
    FitOptions options =
        FitOptions.epochs(given.get("epochs").getAsInt()).shuffle(false).verbose(0);
    for (Map.Entry<String, JsonElement> option : given.entrySet()) {
      JsonElement value = option.getValue();
      options =
          switch (option.getKey()) {
            case "epochs" -> options;
            case "batch_size" -> options.batchSize(value.getAsInt());
            case "validation_split" -> options.validationSplit(value.getAsDouble());
            case "validation_batch_size" -> options.validationBatchSize(value.getAsInt());
            case "validation_freq" -> options.validationFrequency(value.getAsInt());
            case "initial_epoch" -> options.initialEpoch(value.getAsInt());
            case "steps_per_epoch" -> options.stepsPerEpoch(value.getAsInt());
            case "callbacks" -> watched(options, value);
            case "class_weight" -> options.classWeights(classWeights(value.getAsJsonObject()));
            default -> throw new IllegalArgumentException("no such option here: " + option);
          };
    }
    return options;
  }

  private static FitOptions watched(FitOptions given, JsonElement rows) {
    FitOptions options = given;
    for (JsonObject row : Golden.rows(rows)) {
      options =
          options.callback(
              CallbackCases.watching(
                  row.get("class_name").getAsString(), row.getAsJsonObject("config")));
    }
    return options;
  }

  private static Map<Integer, Double> classWeights(JsonObject given) {
    ImmutableMap.Builder<Integer, Double> weights = ImmutableMap.builder();
    given
        .entrySet()
        .forEach(
            entry -> weights.put(Integer.valueOf(entry.getKey()), entry.getValue().getAsDouble()));
    return weights.buildOrThrow();
  }

  private static Metric[] metrics(JsonElement rows) {
    return rows.getAsJsonArray().asList().stream()
        .map(row -> metric(row.getAsJsonObject()))
        .toArray(Metric[]::new);
  }

  private static Metric metric(JsonObject row) {
    return row.get("class_name").getAsString().equals("accuracy")
        ? Metric.accuracy()
        : KerasObjects.metric(row);
  }
}
