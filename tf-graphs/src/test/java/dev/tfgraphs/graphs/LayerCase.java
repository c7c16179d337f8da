package dev.tfgraphs.graphs;

import com.google.gson.JsonObject;
import dev.tfgraphs.ops.Layer;
import dev.tfgraphs.ops.Layers;
import dev.tfgraphs.ops.Model;
import dev.tfgraphs.ops.Node;
import dev.tfgraphs.ops.Shape;
import java.util.Arrays;
import java.util.List;
import java.util.Map;
import java.util.stream.Stream;

/** A row of layers.json: one layer, what enters it and what Keras makes of it. */
record LayerCase(String name, JsonObject row) {
  /** What Keras has and the description has not, with the reason. */
  static final Map<String, String> LEFT_OUT =
      Map.of(
          "activation hard_shrink", "not among the usual activation functions",
          "activation soft_shrink", "not among the usual activation functions",
          "activation sparse_plus", "not among the usual activation functions",
          "activation sparse_sigmoid", "not among the usual activation functions",
          "activation squareplus", "not among the usual activation functions",
          "softmax of two axes", "softmax has one axis",
          "rescaling per channel", "rescaling has one scale; normalization has one for each");

  static List<LayerCase> all() {
    return Golden.rows(Golden.file("layers.json").get("cases")).stream()
        .map(row -> new LayerCase(row.get("name").getAsString(), row))
        .toList();
  }

  static Stream<LayerCase> supported() {
    return all().stream().filter(one -> !LEFT_OUT.containsKey(one.name));
  }

  Layer layer() {
    return KerasConfig.layer(row);
  }

  /** The layer as a model, frozen where the config says so, on inputs of sizes as in the row. */
  Model model() {
    return model(inputs().stream().map(HostTensor::shape).toList());
  }

  /** The layer as a model on inputs of other sizes; the first of them, the batch, is unknown. */
  Model model(List<Shape> shapes) {
    List<Node> nodes =
        shapes.stream()
            .map(shape -> Layers.input(Arrays.copyOfRange(shape.toArray(), 1, shape.rank())))
            .toList();
    Model model = Model.of(nodes, List.of(layer().on(nodes.toArray(Node[]::new))));
    return row.getAsJsonObject("config").has("trainable")
            && !row.getAsJsonObject("config").get("trainable").getAsBoolean()
        ? model.freeze()
        : model;
  }

  List<HostTensor> inputs() {
    return Golden.tensors(row.get("inputs"));
  }

  List<HostTensor> weights() {
    return Golden.tensors(row.get("weights"));
  }

  @Override
  public String toString() {
    return name;
  }
}
