package dev.tfgraphs.ops;

import com.google.common.collect.ImmutableList;
import java.util.List;
import java.util.Optional;

/** Models that are one layer behind another (keras/src/models/sequential.py). */
final class SequentialReader {
  private final ModelReader reader;
  private final Config config;
  private final List<ModelReader.Row> rows;

  SequentialReader(ModelReader reader, Config config, List<ModelReader.Row> rows) {
    this.reader = reader;
    this.config = config;
    this.rows = rows;
  }

  Model model() {
    ConfigValue layers = config.get("layers");
    for (ConfigValue row : layers.list()) {
      rows.add(new ModelReader.Row(reader, row, ImmutableList.of()));
    }
    if (rows.isEmpty()) {
      throw layers.expected("one layer or more");
    }
    boolean given = rows.get(0).layer instanceof Input;
    Node input = given ? rows.get(0).call(List.of()).get(0) : Input.ofBatch(batchShape()).on();
    Node output = input;
    for (ModelReader.Row row : rows.subList(given ? 1 : 0, rows.size())) {
      List<Node> results = row.call(List.of(output));
      if (results.size() != 1) {
        throw row.config.expected("one result", results.size() + " results");
      }
      output = results.get(0);
    }
    return Model.of(input, output).sequential();
  }

  /** The shape for which the model was built: Keras 3 writes it, Keras 2 with the first layer. */
  private Shape batchShape() {
    Optional<ConfigValue> built = config.find(ModelReader.BUILT).filter(shape -> !shape.isNull());
    Optional<ConfigValue> first = rows.get(0).config.find("batch_input_shape");
    return built
        .or(() -> first)
        .map(Forms.SHAPE::read)
        .orElseThrow(
            () ->
                config.expected(
                    "an InputLayer, or the shape for which it was built",
                    "neither; build the model in Keras before it is saved"));
  }
}
