package dev.tfgraphs.graphs;

import com.google.common.base.Ascii;
import com.google.gson.JsonElement;
import com.google.gson.JsonObject;

/** Optimizers, losses and metrics of rows with {@code class_name} and {@code config}. */
final class KerasObjects {
  private KerasObjects() {}

  /** An optimizer; the row may have names {@code excluded} from decay. */
  static Optimizer optimizer(JsonObject row) {
    Optimizer optimizer = OptimizerKinds.read(PlainJson.setting(row));
    return row.has("excluded") && !row.getAsJsonArray("excluded").isEmpty()
        ? optimizer.excludeFromWeightDecay(
            row.getAsJsonArray("excluded").asList().stream()
                .map(JsonElement::getAsString)
                .toArray(String[]::new))
        : optimizer;
  }

  static Schedule schedule(JsonObject row) {
    return ScheduleKinds.KINDS.read(PlainJson.setting(row));
  }

  static Loss loss(JsonObject row) {
    return LossKinds.KINDS.read(PlainJson.setting(row));
  }

  static Reduction reduction(JsonObject row) {
    String name = row.getAsJsonObject("config").get("reduction").getAsString();
    return Reduction.valueOf(Ascii.toUpperCase(name));
  }

  static Metric metric(JsonObject row) {
    return MetricKinds.form(false).read(PlainJson.setting(row));
  }
}
