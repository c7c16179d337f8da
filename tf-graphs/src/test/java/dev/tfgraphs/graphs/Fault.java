package dev.tfgraphs.graphs;

import com.google.common.collect.ImmutableMap;
import com.google.common.collect.ImmutableSet;
import com.google.gson.JsonArray;
import com.google.gson.JsonElement;
import com.google.gson.JsonObject;
import com.google.gson.JsonPrimitive;
import java.util.function.DoubleUnaryOperator;
import java.util.function.UnaryOperator;

/**
 * An error planted into what Java reads of a case, so that Java trains another thing than Keras
 * did: proof that the judge can fail. Each is a mistake that somebody has made.
 */
record Fault(String setting, ImmutableSet<String> classes, UnaryOperator<JsonElement> change) {
  /** All of them by name. */
  static final ImmutableMap<String, Fault> ALL =
      ImmutableMap.<String, Fault>builder()
          .put("momentum", number("momentum", momentum -> momentum * 0.9, "BatchNormalization"))
          .put("epsilon", number("epsilon", epsilon -> epsilon + 1e-3, "BatchNormalization"))
          .put("dropout", number("rate", rate -> rate / 2, "Dropout", "SpatialDropout2D"))
          .put("slope", number("negative_slope", slope -> slope / 2, "LeakyReLU", "ReLU"))
          .put("penalty", number("l2", factor -> factor / 2, "L2", "L1L2"))
          .put("beta", number("beta_2", beta -> beta * 0.9, "Adam"))
          .put("smoothing", number("label_smoothing", smoothing -> 0, "CategoricalCrossentropy"))
          .put("schedule", number("alpha", alpha -> alpha / 2, "CosineDecay"))
          .put("look_ahead", flag("nesterov", false, "SGD"))
          .put("frozen", flag("trainable", true, "Conv2D", "BatchNormalization", "Dense"))
          .put(
              "padding",
              new Fault(
                  "padding",
                  ImmutableSet.of("ZeroPadding2D"),
                  sides -> reversed(sides.getAsJsonArray())))
          .buildOrThrow();

  private static Fault number(String setting, DoubleUnaryOperator change, String... classes) {
    return new Fault(
        setting,
        ImmutableSet.copyOf(classes),
        value -> new JsonPrimitive(change.applyAsDouble(value.getAsDouble())));
  }

  private static Fault flag(String setting, boolean value, String... classes) {
    return new Fault(setting, ImmutableSet.copyOf(classes), any -> new JsonPrimitive(value));
  }

  /** Top for bottom and left for right: the shape stays, the image does not. */
  private static JsonArray reversed(JsonArray sides) {
    JsonArray swapped = new JsonArray();
    sides.forEach(
        pair -> {
          JsonArray other = new JsonArray();
          other.add(pair.getAsJsonArray().get(1));
          other.add(pair.getAsJsonArray().get(0));
          swapped.add(other);
        });
    return swapped;
  }

  /** The fault of this name. */
  static Fault named(String name) {
    Fault fault = ALL.get(name);
    if (fault == null) {
      throw new IllegalArgumentException(
          "fault: expected one of " + ALL.keySet() + ", received '" + name + "'");
    }
    return fault;
  }

  /** A case of which Java reads something wrong. */
  JudgedCase in(JudgedCase one) {
    JsonObject changed = one.file().deepCopy();
    plant(changed);
    return new JudgedCase(changed);
  }

  private void plant(JsonElement value) {
    if (value.isJsonArray()) {
      value.getAsJsonArray().forEach(this::plant);
    } else if (value.isJsonObject()) {
      JsonObject object = value.getAsJsonObject();
      object.asMap().values().forEach(this::plant);
      if (object.has("class_name") && classes.contains(object.get("class_name").getAsString())) {
        JsonObject config = object.getAsJsonObject("config");
        if (config.has(setting) && !config.get(setting).isJsonNull()) {
          config.add(setting, change.apply(config.get(setting)));
        }
      }
    }
  }
}
