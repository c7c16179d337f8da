package dev.tfgraphs.examples;

import com.google.common.collect.ImmutableList;
import com.google.common.collect.ImmutableMap;
import com.google.gson.JsonArray;
import com.google.gson.JsonElement;
import com.google.gson.JsonObject;
import com.google.gson.JsonParser;
import dev.tfgraphs.graphs.HostTensor;
import dev.tfgraphs.ops.Shape;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.stream.Stream;

/**
 * A compiled model with data, and what Keras makes of them (conformance/makers/fit_command.py).
 *
 * @param arguments those of {@code fit}, as options of the command line
 * @param scores what {@code evaluate} gives of the file as it is, in batches of 8
 * @param predictions what it predicts, one tensor for each output
 * @param history what {@code fit} reports, without shuffling
 * @param weights those after the fit
 */
record KerasFit(
    String name,
    ImmutableList<String> arguments,
    ImmutableMap<String, Double> scores,
    ImmutableList<HostTensor> predictions,
    ImmutableMap<String, ImmutableList<Double>> history,
    ImmutableMap<String, HostTensor> weights) {
  private static final Path FOLDER = Path.of("src/test/resources/dev/tfgraphs/examples/fit");

  static Stream<KerasFit> all() {
    try {
      JsonObject whole =
          JsonParser.parseString(Files.readString(FOLDER.resolve("fits.json"))).getAsJsonObject();
      return whole.getAsJsonArray("cases").asList().stream()
          .map(each -> of(each.getAsJsonObject()));
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    }
  }

  static KerasFit named(String name) {
    return all().filter(each -> each.name.equals(name)).findFirst().orElseThrow();
  }

  Path model() {
    return FOLDER.resolve(name + ".keras");
  }

  Path data() {
    return FOLDER.resolve(name + ".npz");
  }

  private static KerasFit of(JsonObject json) {
    return new KerasFit(
        json.get("name").getAsString(),
        json.getAsJsonArray("arguments").asList().stream()
            .map(JsonElement::getAsString)
            .collect(ImmutableList.toImmutableList()),
        entries(json, "scores", JsonElement::getAsDouble),
        json.getAsJsonArray("predictions").asList().stream()
            .map(KerasFit::tensor)
            .collect(ImmutableList.toImmutableList()),
        history(json.getAsJsonObject("history")),
        entries(json, "weights", KerasFit::tensor));
  }

  private interface Reader<T> {
    T read(JsonElement element);
  }

  private static <T> ImmutableMap<String, T> entries(
      JsonObject json, String name, Reader<T> reader) {
    return json.getAsJsonObject(name).asMap().entrySet().stream()
        .collect(ImmutableMap.toImmutableMap(e -> e.getKey(), e -> reader.read(e.getValue())));
  }

  /** As Keras's {@code history.history}. */
  static ImmutableMap<String, ImmutableList<Double>> history(JsonObject json) {
    return json.asMap().entrySet().stream()
        .collect(
            ImmutableMap.toImmutableMap(
                e -> e.getKey(),
                e ->
                    e.getValue().getAsJsonArray().asList().stream()
                        .map(JsonElement::getAsDouble)
                        .collect(ImmutableList.toImmutableList())));
  }

  private static HostTensor tensor(JsonElement element) {
    JsonArray sizes = element.getAsJsonObject().getAsJsonArray("shape");
    JsonArray numbers = element.getAsJsonObject().getAsJsonArray("values");
    float[] values = new float[numbers.size()];
    for (int i = 0; i < values.length; i++) {
      values[i] = numbers.get(i).getAsFloat();
    }
    return new HostTensor(
        Shape.of(sizes.asList().stream().mapToInt(JsonElement::getAsInt).toArray()), values);
  }

  @Override
  public String toString() {
    return name;
  }
}
