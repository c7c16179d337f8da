package dev.tfgraphs.applications;

import com.google.gson.JsonArray;
import com.google.gson.JsonElement;
import com.google.gson.JsonObject;
import com.google.gson.JsonParser;
import dev.tfgraphs.ops.Shape;
import java.io.IOException;
import java.io.InputStream;
import java.io.InputStreamReader;
import java.io.Reader;
import java.io.UncheckedIOException;
import java.nio.charset.StandardCharsets;
import java.util.Objects;
import java.util.stream.Stream;
import java.util.stream.StreamSupport;

/** What real Keras said of the blocks and networks (conformance/makers/blocks.py). */
final class BlocksFixture {
  static final long SEED = 1;

  private BlocksFixture() {}

  /** The rows of one of the fixture's lists. */
  static Stream<JsonObject> rows(String list) {
    JsonObject fixture = read();
    if (fixture.get("random_seed").getAsLong() != SEED) {
      throw new AssertionError("blocks.json: expected the seed " + SEED);
    }
    return objects(fixture.getAsJsonArray(list));
  }

  static Stream<JsonObject> objects(JsonArray array) {
    return StreamSupport.stream(array.spliterator(), false).map(JsonElement::getAsJsonObject);
  }

  static Shape shape(JsonElement sizes) {
    return Shape.of(
        sizes.getAsJsonArray().asList().stream()
            .mapToInt(size -> size.isJsonNull() ? Shape.UNKNOWN : size.getAsInt())
            .toArray());
  }

  private static JsonObject read() {
    try (InputStream in =
            Objects.requireNonNull(BlocksFixture.class.getResourceAsStream("blocks.json"));
        Reader text = new InputStreamReader(in, StandardCharsets.UTF_8)) {
      return JsonParser.parseReader(text).getAsJsonObject();
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    }
  }
}
