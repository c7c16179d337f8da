package dev.tfgraphs.graphs;

import com.google.common.collect.ImmutableMap;
import com.google.gson.JsonElement;
import com.google.gson.JsonObject;
import dev.tfgraphs.ops.Model;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;

/** How a model is trained, read from what Keras serializes; another class is a row. */
final class KerasTraining {
  private KerasTraining() {}

  /** What {@code compile} of a case says. */
  static Compile compile(JsonObject one, Model model) {
    List<JsonObject> outputs = Golden.rows(one.get("outputs"));
    Compile compile = Compile.of(optimizer(one.getAsJsonObject("optimizer")));
    for (int i = 0; i < outputs.size(); i++) {
      JsonObject output = outputs.get(i);
      String name = model.nameOf(model.outputs().get(i).layer());
      compile =
          compile
              .loss(name, loss(output.getAsJsonObject("loss")))
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
            case "class_weight" -> options.classWeights(classWeights(value.getAsJsonObject()));
            default -> throw new IllegalArgumentException("no such option here: " + option);
          };
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

  /** The optimizer of a row with {@code class_name} and {@code config}. */
  static Optimizer optimizer(JsonObject row) {
    JsonObject config = row.getAsJsonObject("config");
    Schedule rate = rate(config.get("learning_rate"));
    String className = row.get("class_name").getAsString();
    return switch (className) {
      case "SGD" ->
          Optimizer.sgd(rate)
              .momentum(number(config, "momentum"))
              .nesterov(config.get("nesterov").getAsBoolean());
      case "Adam" ->
          Optimizer.adam(rate)
              .beta1(number(config, "beta_1"))
              .beta2(number(config, "beta_2"))
              .epsilon(number(config, "epsilon"));
      default -> throw new IllegalArgumentException("no such optimizer here: " + className);
    };
  }

  private static Schedule rate(JsonElement rate) {
    return rate.isJsonPrimitive()
        ? Schedule.constant(rate.getAsDouble())
        : SchedulesTest.schedule(rate.getAsJsonObject());
  }

  /** The loss of a row with {@code class_name} and {@code config}. */
  static Loss loss(JsonObject row) {
    JsonObject config = row.getAsJsonObject("config");
    String className = row.get("class_name").getAsString();
    return switch (className) {
      case "SparseCategoricalCrossentropy" ->
          Loss.sparseCategoricalCrossentropy().fromLogits(flag(config, "from_logits"));
      case "CategoricalCrossentropy" ->
          Loss.categoricalCrossentropy()
              .fromLogits(flag(config, "from_logits"))
              .labelSmoothing(number(config, "label_smoothing"));
      case "BinaryCrossentropy" ->
          Loss.binaryCrossentropy()
              .fromLogits(flag(config, "from_logits"))
              .labelSmoothing(number(config, "label_smoothing"));
      case "MeanSquaredError" -> Loss.meanSquaredError();
      default -> throw new IllegalArgumentException("no such loss here: " + className);
    };
  }

  private static Metric[] metrics(JsonElement rows) {
    List<Metric> metrics = new ArrayList<>();
    rows.getAsJsonArray().forEach(row -> metrics.add(metric(row.getAsJsonObject())));
    return metrics.toArray(Metric[]::new);
  }

  /** The metric of a row with {@code class_name} and {@code config}. */
  static Metric metric(JsonObject row) {
    JsonObject config = row.getAsJsonObject("config");
    String className = row.get("class_name").getAsString();
    return switch (className) {
      case "accuracy" -> Metric.accuracy();
      case "TopKCategoricalAccuracy", "SparseTopKCategoricalAccuracy" ->
          Metric.topK(config.get("k").getAsInt());
      default -> throw new IllegalArgumentException("no such metric here: " + className);
    };
  }

  private static double number(JsonObject config, String key) {
    return config.get(key).getAsDouble();
  }

  private static boolean flag(JsonObject config, String key) {
    return config.get(key).getAsBoolean();
  }
}
