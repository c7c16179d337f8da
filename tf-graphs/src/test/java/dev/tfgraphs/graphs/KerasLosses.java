package dev.tfgraphs.graphs;

import com.google.common.base.Ascii;
import com.google.gson.JsonElement;
import com.google.gson.JsonObject;

/** Losses as Keras's class names and configs say them. */
final class KerasLosses {
  private KerasLosses() {}

  /** The loss of a row with {@code class_name} and {@code config}, with its reduction. */
  static Loss of(JsonObject row) {
    return plain(row).reduction(reduction(row));
  }

  static Reduction reduction(JsonObject row) {
    String name = row.getAsJsonObject("config").get("reduction").getAsString();
    return Reduction.valueOf(Ascii.toUpperCase(name));
  }

  /** The same without its reduction. */
  static Loss plain(JsonObject row) {
    JsonObject config = row.getAsJsonObject("config");
    return switch (row.get("class_name").getAsString()) {
      case "SparseCategoricalCrossentropy" -> sparse(config);
      case "CategoricalCrossentropy" ->
          Loss.categoricalCrossentropy().fromLogits(logits(config)).labelSmoothing(soft(config));
      case "BinaryCrossentropy" ->
          Loss.binaryCrossentropy().fromLogits(logits(config)).labelSmoothing(soft(config));
      case "BinaryFocalCrossentropy" ->
          Loss.binaryFocalCrossentropy()
              .classBalancing(config.get("apply_class_balancing").getAsBoolean())
              .alpha(number(config, "alpha"))
              .gamma(number(config, "gamma"))
              .fromLogits(logits(config))
              .labelSmoothing(soft(config));
      case "CategoricalFocalCrossentropy" ->
          Loss.categoricalFocalCrossentropy()
              .alpha(number(config, "alpha"))
              .gamma(number(config, "gamma"))
              .fromLogits(logits(config))
              .labelSmoothing(soft(config));
      case "CategoricalGeneralizedCrossEntropy" ->
          Loss.categoricalGeneralizedCrossEntropy(number(config, "q"));
      case "Huber" -> Loss.huber().delta(config.has("delta") ? number(config, "delta") : 1);
      case "CosineSimilarity" ->
          config.has("axis")
              ? Loss.cosineSimilarity().axis(config.get("axis").getAsInt())
              : Loss.cosineSimilarity();
      case "Dice" -> Loss.dice().axis(axes(config.get("axis")));
      case "Tversky" ->
          Loss.tversky()
              .alpha(number(config, "alpha"))
              .beta(number(config, "beta"))
              .axis(axes(config.get("axis")));
      default -> withoutSettings(row.get("class_name").getAsString());
    };
  }

  private static Loss withoutSettings(String className) {
    return switch (className) {
      case "MeanSquaredError" -> Loss.meanSquaredError();
      case "MeanAbsoluteError" -> Loss.meanAbsoluteError();
      case "MeanAbsolutePercentageError" -> Loss.meanAbsolutePercentageError();
      case "MeanSquaredLogarithmicError" -> Loss.meanSquaredLogarithmicError();
      case "LogCosh", "LogCoshError" -> Loss.logCosh();
      case "KLDivergence" -> Loss.klDivergence();
      case "Poisson" -> Loss.poisson();
      case "Hinge" -> Loss.hinge();
      case "SquaredHinge" -> Loss.squaredHinge();
      case "CategoricalHinge" -> Loss.categoricalHinge();
      default -> throw new IllegalArgumentException(className);
    };
  }

  private static Loss sparse(JsonObject config) {
    Crossentropy.SparseCategorical loss =
        Loss.sparseCategoricalCrossentropy().fromLogits(logits(config));
    JsonElement ignored = config.get("ignore_class");
    return ignored == null || ignored.isJsonNull() ? loss : loss.ignoreClass(ignored.getAsInt());
  }

  private static boolean logits(JsonObject config) {
    return config.get("from_logits").getAsBoolean();
  }

  private static double soft(JsonObject config) {
    return number(config, "label_smoothing");
  }

  private static double number(JsonObject config, String name) {
    return config.get(name).getAsDouble();
  }

  private static int[] axes(JsonElement axis) {
    if (axis.isJsonNull()) {
      return new int[0];
    }
    return axis.isJsonArray() ? Golden.integers(axis) : new int[] {axis.getAsInt()};
  }
}
