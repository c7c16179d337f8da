package dev.tfgraphs.graphs;

import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertNotNull;

import com.google.gson.JsonElement;
import com.google.gson.JsonObject;
import com.google.gson.JsonParser;
import dev.tfgraphs.ops.Shape;
import java.io.IOException;
import java.io.InputStream;
import java.io.InputStreamReader;
import java.io.UncheckedIOException;
import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.stream.Stream;
import org.junit.jupiter.api.Named;

/** What real Keras said, as files beside the tests (conformance/fixtures.py writes them). */
final class Golden {
  private Golden() {}

  static JsonObject file(String name) {
    try (InputStream in = Golden.class.getResourceAsStream("golden/" + name)) {
      assertNotNull(in, name);
      return JsonParser.parseReader(new InputStreamReader(in, StandardCharsets.UTF_8))
          .getAsJsonObject();
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    }
  }

  /** The objects of a list, at least one. */
  static List<JsonObject> rows(JsonElement list) {
    List<JsonObject> rows = new ArrayList<>();
    list.getAsJsonArray().forEach(row -> rows.add(row.getAsJsonObject()));
    assertFalse(rows.isEmpty());
    return rows;
  }

  static Stream<Named<JsonObject>> named(String file, String list) {
    return rows(file(file).get(list)).stream()
        .map(row -> Named.of(row.get("name").getAsString(), row));
  }

  static float[] floats(JsonElement list) {
    float[] values = new float[list.getAsJsonArray().size()];
    for (int i = 0; i < values.length; i++) {
      values[i] = list.getAsJsonArray().get(i).getAsFloat();
    }
    return values;
  }

  static int[] integers(JsonElement list) {
    return list.getAsJsonArray().asList().stream().mapToInt(JsonElement::getAsInt).toArray();
  }

  /** Sizes of which null is unknown. */
  static int[] sizes(JsonElement list) {
    return list.getAsJsonArray().asList().stream()
        .mapToInt(size -> size.isJsonNull() ? Shape.UNKNOWN : size.getAsInt())
        .toArray();
  }

  static HostTensor tensor(JsonElement row) {
    JsonObject object = row.getAsJsonObject();
    return new HostTensor(Shape.of(integers(object.get("shape"))), floats(object.get("values")));
  }

  static List<HostTensor> tensors(JsonElement list) {
    List<HostTensor> tensors = new ArrayList<>();
    list.getAsJsonArray().forEach(row -> tensors.add(tensor(row)));
    return tensors;
  }

  /** The tensors of a list by their paths. */
  static Map<String, HostTensor> byPath(JsonElement list) {
    Map<String, HostTensor> tensors = new LinkedHashMap<>();
    rows(list).forEach(row -> tensors.put(row.get("path").getAsString(), tensor(row)));
    return tensors;
  }
}
