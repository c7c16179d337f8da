package dev.tfgraphs.savedmodel;

import com.google.gson.JsonArray;
import com.google.gson.JsonObject;
import com.google.gson.JsonParser;
import dev.tfgraphs.graphs.HostTensor;
import dev.tfgraphs.ops.Shape;
import java.io.IOException;
import java.net.URISyntaxException;
import java.net.URL;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Objects;

/** The fixtures that conformance/makers have made. */
final class Fixtures {
  private Fixtures() {}

  static Path path(String name) {
    URL url = Objects.requireNonNull(Fixtures.class.getResource(name), name);
    try {
      return Path.of(url.toURI());
    } catch (URISyntaxException e) {
      throw new AssertionError(e);
    }
  }

  static JsonObject json(String name) throws IOException {
    return JsonParser.parseString(Files.readString(path(name))).getAsJsonObject();
  }

  static int[] ints(JsonArray numbers) {
    return numbers.asList().stream().mapToInt(number -> number.getAsInt()).toArray();
  }

  static HostTensor tensor(JsonObject tensor) {
    JsonArray numbers = tensor.getAsJsonArray("values");
    float[] values = new float[numbers.size()];
    for (int i = 0; i < values.length; i++) {
      values[i] = numbers.get(i).getAsFloat();
    }
    return new HostTensor(Shape.of(ints(tensor.getAsJsonArray("shape"))), values);
  }

  /** {@code ((7*i*i + 13*i) mod 101 - 50) / 64}, i the flat index. */
  static HostTensor grid(int... shape) {
    float[] values = new float[Math.toIntExact(Shape.of(shape).elements())];
    for (int i = 0; i < values.length; i++) {
      values[i] = ((7L * i * i + 13L * i) % 101 - 50) / 64f;
    }
    return new HostTensor(Shape.of(shape), values);
  }
}
