package dev.tfgraphs.graphs;

import com.google.gson.JsonElement;
import com.google.gson.JsonObject;
import com.google.gson.JsonPrimitive;
import dev.tfgraphs.ops.Config;
import dev.tfgraphs.ops.ConfigValue;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import org.jspecify.annotations.Nullable;

/** JSON as the plain values of configs, and these in a form in which they can be compared. */
final class PlainJson {
  private PlainJson() {}

  /** An element as a setting called {@code it}. */
  static ConfigValue setting(JsonElement element) {
    Map<String, @Nullable Object> one = new LinkedHashMap<>();
    one.put("it", value(element));
    return Config.of("test", one).get("it");
  }

  static Config config(JsonObject settings) {
    return Config.of("compile_config", map(settings));
  }

  private static Map<String, @Nullable Object> map(JsonObject object) {
    Map<String, @Nullable Object> map = new LinkedHashMap<>();
    object.entrySet().forEach(entry -> map.put(entry.getKey(), value(entry.getValue())));
    return map;
  }

  private static @Nullable Object value(JsonElement element) {
    if (element.isJsonNull()) {
      return null;
    }
    if (element.isJsonObject()) {
      return map(element.getAsJsonObject());
    }
    if (element.isJsonArray()) {
      List<@Nullable Object> list = new ArrayList<>();
      element.getAsJsonArray().forEach(one -> list.add(value(one)));
      return list;
    }
    JsonPrimitive primitive = element.getAsJsonPrimitive();
    if (primitive.isNumber()) {
      return primitive.getAsString().matches("-?\\d+")
          ? (Object) primitive.getAsLong()
          : (Object) primitive.getAsDouble();
    }
    return primitive.isBoolean() ? (Object) primitive.getAsBoolean() : primitive.getAsString();
  }

  /** The value with all numbers as Python compares them. */
  static @Nullable Object comparable(@Nullable Object value) {
    if (value instanceof Map<?, ?> map) {
      Map<Object, @Nullable Object> all = new LinkedHashMap<>();
      map.forEach((key, one) -> all.put(key, comparable(one)));
      return all;
    }
    if (value instanceof List<?> list) {
      List<@Nullable Object> all = new ArrayList<>();
      list.forEach(one -> all.add(comparable(one)));
      return all;
    }
    return value instanceof Number number ? (Object) number.doubleValue() : value;
  }
}
