package dev.tfgraphs.graphs;

import com.google.common.base.Ascii;
import com.google.gson.JsonElement;
import com.google.gson.JsonObject;
import dev.tfgraphs.graphs.ConfusionMetric.AreaUnderCurve;
import dev.tfgraphs.graphs.ConfusionMetric.Best;
import dev.tfgraphs.graphs.ConfusionMetric.Counts;
import dev.tfgraphs.graphs.ConfusionMetric.FBetaScore;
import dev.tfgraphs.graphs.ConfusionMetric.IoU;

/** Metrics as Keras's class names and configs say them. */
final class KerasMetrics {
  private KerasMetrics() {}

  static Metric of(JsonObject row) {
    JsonObject config = row.getAsJsonObject("config");
    return switch (row.get("class_name").getAsString()) {
      case "BinaryAccuracy" -> Metric.binaryAccuracy().threshold(number(config, "threshold"));
      case "CategoricalAccuracy" -> Metric.categoricalAccuracy();
      case "SparseCategoricalAccuracy" -> Metric.sparseCategoricalAccuracy();
      case "TopKCategoricalAccuracy", "SparseTopKCategoricalAccuracy" ->
          Metric.topK(config.get("k").getAsInt());
      case "RootMeanSquaredError" -> Metric.rootMeanSquaredError();
      case "CosineSimilarity" -> Metric.cosineSimilarity();
      case "PearsonCorrelation" -> Metric.pearsonCorrelation();
      case "ConcordanceCorrelation" -> Metric.concordanceCorrelation();
      case "R2Score" ->
          Metric.r2Score()
              .aggregation(aggregation(config.get("class_aggregation")))
              .regressors(config.get("num_regressors").getAsInt());
      case "AUC" -> area(config);
      case "F1Score" -> score(Metric.f1Score(), config);
      case "FBetaScore" -> score(Metric.fBetaScore(number(config, "beta")), config);
      case "IoU", "MeanIoU", "BinaryIoU", "OneHotIoU", "OneHotMeanIoU" ->
          iou(row.get("class_name").getAsString(), config);
      default -> counting(row, config);
    };
  }

  private static Metric counting(JsonObject row, JsonObject config) {
    return switch (row.get("class_name").getAsString()) {
      case "Precision" -> counts(Metric.precision(), config);
      case "Recall" -> counts(Metric.recall(), config);
      case "TruePositives" -> counts(Metric.truePositives(), config);
      case "FalsePositives" -> counts(Metric.falsePositives(), config);
      case "TrueNegatives" -> counts(Metric.trueNegatives(), config);
      case "FalseNegatives" -> counts(Metric.falseNegatives(), config);
      case "SensitivityAtSpecificity" ->
          best(Metric.sensitivityAtSpecificity(number(config, "specificity")), config);
      case "SpecificityAtSensitivity" ->
          best(Metric.specificityAtSensitivity(number(config, "sensitivity")), config);
      case "PrecisionAtRecall" -> best(Metric.precisionAtRecall(number(config, "recall")), config);
      case "RecallAtPrecision" ->
          best(Metric.recallAtPrecision(number(config, "precision")), config);
      default -> Metric.of(KerasLosses.plain(row));
    };
  }

  private static boolean given(JsonObject config, String name) {
    return config.has(name) && !config.get(name).isJsonNull();
  }

  private static double number(JsonObject config, String name) {
    return config.get(name).getAsDouble();
  }

  private static double[] numbers(JsonElement list) {
    if (list.isJsonPrimitive()) {
      return new double[] {list.getAsDouble()};
    }
    return list.getAsJsonArray().asList().stream().mapToDouble(JsonElement::getAsDouble).toArray();
  }

  private static Counts counts(Counts metric, JsonObject config) {
    Counts counts = metric;
    if (given(config, "thresholds")) {
      counts = counts.thresholds(numbers(config.get("thresholds")));
    }
    if (given(config, "top_k")) {
      counts = counts.topK(config.get("top_k").getAsInt());
    }
    return given(config, "class_id") ? counts.classId(config.get("class_id").getAsInt()) : counts;
  }

  private static Best best(Best metric, JsonObject config) {
    Best best = metric.numThresholds(config.get("num_thresholds").getAsInt());
    return given(config, "class_id") ? best.classId(config.get("class_id").getAsInt()) : best;
  }

  private static AreaUnderCurve area(JsonObject config) {
    AreaUnderCurve area =
        Metric.auc()
            .curve(AreaUnderCurve.Curve.valueOf(config.get("curve").getAsString()))
            .summation(
                AreaUnderCurve.Summation.valueOf(
                    Ascii.toUpperCase(config.get("summation_method").getAsString())))
            .multiLabel(config.get("multi_label").getAsBoolean())
            .fromLogits(config.get("from_logits").getAsBoolean());
    if (given(config, "label_weights")) {
      area = area.labelWeights(numbers(config.get("label_weights")));
    }
    return given(config, "thresholds")
        ? area.thresholds(numbers(config.get("thresholds")))
        : area.numThresholds(config.get("num_thresholds").getAsInt());
  }

  private static FBetaScore score(FBetaScore metric, JsonObject config) {
    FBetaScore score =
        given(config, "average")
            ? metric.average(
                FBetaScore.Average.valueOf(Ascii.toUpperCase(config.get("average").getAsString())))
            : metric;
    return given(config, "threshold") ? score.threshold(number(config, "threshold")) : score;
  }

  private static Metric.R2Score.Aggregation aggregation(JsonElement name) {
    return name.isJsonNull()
        ? Metric.R2Score.Aggregation.NONE
        : Metric.R2Score.Aggregation.valueOf(Ascii.toUpperCase(name.getAsString()));
  }

  private static IoU iou(String className, JsonObject config) {
    if (className.equals("BinaryIoU")) {
      return Metric.binaryIoU()
          .threshold(number(config, "threshold"))
          .targetClasses(Golden.integers(config.get("target_class_ids")));
    }
    int classes = config.get("num_classes").getAsInt();
    IoU iou =
        switch (className) {
          case "IoU" -> Metric.iou(classes, Golden.integers(config.get("target_class_ids")));
          case "MeanIoU" -> Metric.meanIoU(classes);
          case "OneHotIoU" ->
              Metric.oneHotIoU(classes, Golden.integers(config.get("target_class_ids")));
          default -> Metric.oneHotMeanIoU(classes);
        };
    iou = iou.sparsePrediction(config.get("sparse_y_pred").getAsBoolean());
    return given(config, "ignore_class")
        ? iou.ignoreClass(config.get("ignore_class").getAsInt())
        : iou;
  }
}
