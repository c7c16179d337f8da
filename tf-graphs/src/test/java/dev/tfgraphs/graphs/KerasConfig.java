package dev.tfgraphs.graphs;

import com.google.gson.Gson;
import com.google.gson.GsonBuilder;
import com.google.gson.JsonElement;
import com.google.gson.JsonObject;
import com.google.gson.ToNumberPolicy;
import dev.tfgraphs.ops.Config;
import dev.tfgraphs.ops.Layer;
import java.util.Map;

/** The configs in fixtures. */
final class KerasConfig {
  private static final Gson PLAIN =
      new GsonBuilder().setObjectToNumberStrategy(ToNumberPolicy.LONG_OR_DOUBLE).create();

  private KerasConfig() {}

  /** The config of a row with {@code class_name} and {@code config}. */
  static Config of(JsonObject row) {
    return of(row.get("class_name").getAsString(), row.getAsJsonObject("config"));
  }

  static Config of(String className, JsonObject config) {
    Map<?, ?> settings = (Map<?, ?>) PLAIN.fromJson((JsonElement) config, Object.class);
    return Config.ofObject(className, Map.of("class_name", className, "config", settings));
  }

  /** The layer of a row with {@code class_name} and {@code config}. */
  static Layer layer(JsonObject row) {
    return Layer.fromConfig(of(row));
  }
}
