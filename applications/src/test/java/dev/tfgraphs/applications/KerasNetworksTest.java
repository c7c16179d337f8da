package dev.tfgraphs.applications;

import static dev.tfgraphs.ops.Layers.input;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;

import com.google.common.hash.HashCode;
import com.google.common.hash.Hashing;
import com.google.gson.JsonElement;
import com.google.gson.JsonObject;
import dev.tfgraphs.graphs.Lowering;
import dev.tfgraphs.graphs.Mode;
import dev.tfgraphs.graphs.Variable;
import dev.tfgraphs.ops.Layer;
import dev.tfgraphs.ops.Layers;
import dev.tfgraphs.ops.Model;
import dev.tfgraphs.ops.Node;
import dev.tfgraphs.ops.Shape;
import dev.tfgraphs.ops.Weight;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.function.Predicate;
import java.util.stream.Stream;
import org.junit.jupiter.api.Named;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.MethodSource;
import org.tensorflow.Graph;
import org.tensorflow.Result;
import org.tensorflow.Session;
import org.tensorflow.Tensor;
import org.tensorflow.op.Ops;
import org.tensorflow.op.core.Placeholder;
import org.tensorflow.types.TFloat32;

/** The blocks and networks are those that Keras makes of the same programs. */
class KerasNetworksTest {

  static Stream<Named<JsonObject>> models() {
    return BlocksFixture.rows("models").map(row -> Named.of(row.get("name").getAsString(), row));
  }

  static Stream<Named<JsonObject>> counted() {
    return BlocksFixture.rows("counted")
        .map(row -> Named.of(row.get("name") + " of " + row.get("size"), row));
  }

  private static Node described(String name, Node x) {
    return switch (name) {
      case "identity_block" -> ResidualBlocks.identityBlock(x, 8, 3);
      case "identity_block of kernel 5" -> ResidualBlocks.identityBlock(x, 8, 5);
      case "residual_block" -> ResidualBlocks.residualBlock(x, 8, 1);
      case "residual_block with projection" -> ResidualBlocks.residualBlock(x, 12, 1);
      case "residual_block with stride" -> ResidualBlocks.residualBlock(x, 8, 2);
      case "residual_block of kernel 5 with stride" ->
          ResidualBlocks.residualBlock(x, 16, 5, 2, Layers::batchNormalization);
      case "post_activation_block" -> ResidualBlocks.postActivationBlock(x, 8);
      case "pre_activation_block" -> ResidualBlocks.preActivationBlock(x, 8);
      case "resnet18" -> ResNets.resNet18(x, 1000);
      case "flexible_resnet" -> ResNets.flexibleResNet(x, 10);
      case "cifar_resnet" -> ResNets.cifarResNet(x, 20, 10);
      default -> throw new AssertionError(name);
    };
  }

  private static Node sized(String name, Node x, int size) {
    return switch (name) {
      case "resnet18" -> ResNets.resNet18(x, size);
      case "resnet34" -> ResNets.resNet34(x, size);
      case "flexible_resnet" -> ResNets.flexibleResNet(x, size);
      case "cifar_resnet" -> ResNets.cifarResNet(x, size, 10);
      default -> throw new AssertionError(name);
    };
  }

  private static Node inputOf(JsonObject row) {
    int[] sizes = Fixture.shape(row.get("input_shape")).toArray();
    return input(Arrays.copyOfRange(sizes, 1, sizes.length));
  }

  private static Model model(JsonObject row) {
    Node in = inputOf(row);
    return Model.of(in, described(row.get("name").getAsString(), in));
  }

  @ParameterizedTest
  @MethodSource("models")
  void hasTheLayersOfKerasInItsOrder(JsonObject row) {
    Model model = model(row);
    List<List<Object>> expected =
        Fixture.objects(row.getAsJsonArray("layers"))
            .map(
                layer ->
                    List.<Object>of(
                        layer.get("name").getAsString(),
                        layer.get("class_name").getAsString(),
                        Fixture.shape(layer.get("output_shape")),
                        layer.get("params").getAsLong()))
            .toList();
    assertFalse(expected.isEmpty());
    assertEquals(
        expected, model.layers().stream().map(layer -> descriptionOf(model, layer)).toList());
  }

  private static List<Object> descriptionOf(Model model, Layer layer) {
    Node made = model.output(model.nameOf(layer));
    long parameters =
        made.call().weights().stream().mapToLong(weight -> weight.shape().elements()).sum();
    return List.of(model.nameOf(layer), layer.className(), made.shape(), parameters);
  }

  @ParameterizedTest
  @MethodSource("models")
  void hasTheWeightsOfKerasInItsOrder(JsonObject row) {
    List<List<Object>> expected =
        Fixture.objects(row.getAsJsonArray("weights"))
            .map(
                weight ->
                    List.<Object>of(
                        weight.get("path").getAsString(),
                        Fixture.shape(weight.get("shape")),
                        weight.get("trainable").getAsBoolean()))
            .toList();
    assertFalse(expected.isEmpty());
    assertEquals(
        expected,
        model(row).weights().stream()
            .map(
                weight -> List.<Object>of(weight.path(), weight.spec().shape(), weight.trainable()))
            .toList());
  }

  @ParameterizedTest
  @MethodSource("models")
  void startsFromTheBitsOfKeras(JsonObject row) {
    List<String> expected =
        Fixture.objects(row.getAsJsonArray("weights"))
            .map(
                weight ->
                    weight.get("path").getAsString() + " " + weight.get("sha256").getAsString())
            .toList();
    assertFalse(expected.isEmpty());
    assertEquals(expected, hashes(model(row)));
  }

  /** The first values of all weights, as hashes, from a graph and a session of the test's own. */
  private static List<String> hashes(Model model) {
    try (Graph graph = new Graph()) {
      Ops tf = Ops.create(graph);
      long[] sizes = Arrays.stream(model.input().shape().toArray()).asLongStream().toArray();
      Placeholder<TFloat32> images =
          tf.placeholder(TFloat32.class, Placeholder.shape(org.tensorflow.ndarray.Shape.of(sizes)));
      List<Variable> variables =
          Lowering.of(tf, model, BlocksFixture.SEED).emit(Mode.INFERENCE, images).variables();
      try (Session session = new Session(graph)) {
        session.initialize();
        Session.Runner runner = session.runner();
        variables.forEach(variable -> runner.fetch(variable.value()));
        try (Result result = runner.run()) {
          List<String> hashes = new ArrayList<>();
          for (int i = 0; i < variables.size(); i++) {
            hashes.add(variables.get(i).name() + " " + hash(result.get(i)));
          }
          return hashes;
        }
      }
    }
  }

  private static HashCode hash(Tensor tensor) {
    byte[] bytes = new byte[Math.toIntExact(tensor.numBytes())];
    tensor.asRawTensor().data().read(bytes);
    return Hashing.sha256().hashBytes(bytes);
  }

  @ParameterizedTest
  @MethodSource("models")
  void hasAsManyParametersAsKeras(JsonObject row) {
    assertCounts(row, model(row));
  }

  @ParameterizedTest
  @MethodSource("counted")
  void hasAsManyParametersAsKerasForOtherSizes(JsonObject row) {
    Node in = inputOf(row);
    String name = row.get("name").getAsString();
    Model model = Model.of(in, sized(name, in, row.get("size").getAsInt()));
    assertCounts(row, model);
    assertEquals(row.get("layers").getAsInt(), model.layers().size());
    List<Shape> sums =
        row.getAsJsonArray("add_shapes").asList().stream().map(Fixture::shape).toList();
    assertFalse(sums.isEmpty());
    assertEquals(sums, sums(model));
  }

  private static List<Shape> sums(Model model) {
    return model.layers().stream()
        .filter(layer -> layer.className().equals("Add"))
        .map(layer -> model.output(model.nameOf(layer)).shape())
        .toList();
  }

  private static void assertCounts(JsonObject row, Model model) {
    JsonObject counts = row.getAsJsonObject("counts");
    assertEquals(counts.get("total").getAsLong(), count(model, weight -> true));
    assertEquals(counts.get("trainable").getAsLong(), count(model, Weight::trainable));
    JsonElement rest = counts.get("non_trainable");
    assertEquals(rest.getAsLong(), count(model, weight -> !weight.trainable()));
  }

  private static long count(Model model, Predicate<Weight> which) {
    return model.weights().stream()
        .filter(which)
        .mapToLong(weight -> weight.spec().shape().elements())
        .sum();
  }
}
