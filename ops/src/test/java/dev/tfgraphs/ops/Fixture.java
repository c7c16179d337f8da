package dev.tfgraphs.ops;

import static org.junit.jupiter.api.Assertions.assertNotNull;

import com.google.gson.Gson;
import com.google.gson.GsonBuilder;
import com.google.gson.JsonArray;
import com.google.gson.JsonElement;
import com.google.gson.JsonObject;
import com.google.gson.JsonParser;
import com.google.gson.ToNumberPolicy;
import java.io.IOException;
import java.io.InputStream;
import java.io.UncheckedIOException;
import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;

/** What real Keras said, as files beside the tests (conformance/fixtures.py writes them). */
final class Fixture {
  private static final Gson PLAIN =
      new GsonBuilder().setObjectToNumberStrategy(ToNumberPolicy.LONG_OR_DOUBLE).create();

  private Fixture() {}

  static String text(String name) {
    try (InputStream in = Fixture.class.getResourceAsStream(name)) {
      assertNotNull(in, name);
      return new String(in.readAllBytes(), StandardCharsets.UTF_8);
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    }
  }

  static JsonObject json(String name) {
    return JsonParser.parseString(text(name)).getAsJsonObject();
  }

  /** What Java has for it: null, booleans, whole numbers and others, strings, lists, maps. */
  static Object plain(JsonElement json) {
    return PLAIN.fromJson(json, Object.class);
  }

  /** The config of a row with {@code class_name} and {@code config}. */
  static Config config(JsonObject row) {
    return Config.ofObject(row.get("class_name").getAsString(), map(row));
  }

  @SuppressWarnings("unchecked") // Gson has no other keys
  static Map<String, Object> map(JsonObject json) {
    return (Map<String, Object>) plain(json);
  }

  /** The layer of a row with {@code class_name} and {@code config}. */
  static Layer layer(JsonObject row) {
    return Layer.fromConfig(config(row));
  }

  static List<JsonObject> objects(JsonArray array) {
    List<JsonObject> objects = new ArrayList<>();
    array.forEach(element -> objects.add(element.getAsJsonObject()));
    return objects;
  }

  static List<String> strings(JsonArray array) {
    List<String> strings = new ArrayList<>();
    array.forEach(element -> strings.add(element.getAsString()));
    return strings;
  }

  static Shape shape(JsonElement sizes) {
    return Shape.of(
        sizes.getAsJsonArray().asList().stream()
            .mapToInt(size -> size.isJsonNull() ? Shape.UNKNOWN : size.getAsInt())
            .toArray());
  }
}
