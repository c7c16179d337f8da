package dev.tfgraphs.graphs;

import com.google.common.collect.ImmutableMap;
import com.google.gson.JsonElement;
import com.google.gson.JsonObject;
import com.google.gson.JsonParser;
import dev.tfgraphs.graphs.data.ArrayDataset;
import dev.tfgraphs.graphs.data.Dataset;
import dev.tfgraphs.graphs.data.Samples;
import dev.tfgraphs.ops.Model;
import dev.tfgraphs.ops.Shape;
import java.nio.ByteBuffer;
import java.nio.ByteOrder;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.Base64;
import java.util.List;
import java.util.Map;
import java.util.Optional;

/** A case of the judge: a model with its training, and what Keras got (conformance/judging). */
record JudgedCase(JsonObject file) {
  /**
   * What Keras got.
   *
   * @param spread how far the numbers moved when Keras ran again with everything changed by a
   *     millionth
   */
  record Row(HostTensor tensor, double spread) {}

  static JudgedCase read(String text) {
    return new JudgedCase(JsonParser.parseString(text).getAsJsonObject());
  }

  JsonObject recipe() {
    return file.getAsJsonObject("recipe");
  }

  int steps() {
    return recipe().get("steps").getAsInt();
  }

  Model model() {
    return Model.fromConfig(KerasConfig.of("Functional", file.getAsJsonObject("model")));
  }

  Compile compile(Model model) {
    return KerasTraining.compile(file, model);
  }

  Optional<FitOptions> fit() {
    JsonElement fit = recipe().get("fit");
    return fit.isJsonNull()
        ? Optional.empty()
        : Optional.of(KerasTraining.fit(fit.getAsJsonObject()));
  }

  List<HostTensor> inputs() {
    return tensors("inputs");
  }

  Dataset unlabelled() {
    return Dataset.of(inputs().stream().map(JudgedCase::samples).toList(), List.of());
  }

  ArrayDataset data() {
    List<Samples> targets = new ArrayList<>();
    List<JsonObject> outputs = Golden.rows(recipe().get("outputs"));
    for (int i = 0; i < outputs.size(); i++) {
      HostTensor target = tensors("targets").get(i);
      boolean classes = outputs.get(i).get("target").getAsString().equals("class");
      targets.add(classes ? classes(target) : samples(target));
    }
    ArrayDataset data = Dataset.of(inputs().stream().map(JudgedCase::samples).toList(), targets);
    JsonElement weights = file.get("sample_weight");
    return weights.isJsonNull() ? data : data.weights(tensor(weights).values());
  }

  private static Samples samples(HostTensor tensor) {
    return Samples.of(tensor.values(), sample(tensor));
  }

  private static Samples classes(HostTensor tensor) {
    int[] classes = new int[tensor.values().length];
    Arrays.setAll(classes, i -> Math.round(tensor.values()[i]));
    return Samples.of(classes, sample(tensor));
  }

  private static int[] sample(HostTensor tensor) {
    int[] sizes = tensor.shape().toArray();
    return Arrays.copyOfRange(sizes, 1, sizes.length);
  }

  /** The rows of a stage by name; none if Keras did not come to it. */
  Map<String, Row> stage(String name) {
    ImmutableMap.Builder<String, Row> rows = ImmutableMap.builder();
    JsonElement stage = file.getAsJsonObject("stages").get(name);
    if (stage != null) {
      stage
          .getAsJsonObject()
          .entrySet()
          .forEach(
              entry ->
                  rows.put(
                      entry.getKey(),
                      new Row(
                          tensor(entry.getValue()),
                          entry.getValue().getAsJsonObject().get("spread").getAsDouble())));
    }
    return rows.buildOrThrow();
  }

  private List<HostTensor> tensors(String key) {
    return Golden.rows(file.get(key)).stream().map(JudgedCase::tensor).toList();
  }

  /** A shape and the little-endian bytes of its numbers. */
  static HostTensor tensor(JsonElement row) {
    byte[] bytes = Base64.getDecoder().decode(row.getAsJsonObject().get("float32").getAsString());
    float[] values = new float[bytes.length / Float.BYTES];
    ByteBuffer.wrap(bytes).order(ByteOrder.LITTLE_ENDIAN).asFloatBuffer().get(values);
    return new HostTensor(Shape.of(Golden.integers(row.getAsJsonObject().get("shape"))), values);
  }
}
