package dev.tfgraphs.savedmodel;

import static dev.tfgraphs.ops.ActivationFunction.SOFTMAX;
import static dev.tfgraphs.ops.Layers.batchNormalization;
import static dev.tfgraphs.ops.Layers.conv2D;
import static dev.tfgraphs.ops.Layers.dense;
import static dev.tfgraphs.ops.Layers.dropout;
import static dev.tfgraphs.ops.Layers.globalAveragePooling2D;
import static dev.tfgraphs.ops.Layers.input;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertThrows;

import com.google.common.collect.ImmutableMap;
import com.google.gson.JsonElement;
import com.google.gson.JsonObject;
import dev.tfgraphs.graphs.HostTensor;
import dev.tfgraphs.graphs.Weights;
import dev.tfgraphs.ops.Model;
import dev.tfgraphs.ops.Node;
import dev.tfgraphs.ops.Shape;
import dev.tfgraphs.ops.Weight;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.function.Executable;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.MethodSource;
import org.junit.jupiter.params.provider.ValueSource;
import org.tensorflow.Graph;
import org.tensorflow.Operand;
import org.tensorflow.Session;
import org.tensorflow.op.Ops;

class CheckpointsTest {
  @TempDir Path folder;

  /** The network of conformance/makers/named_weights.py. */
  static Model namedWeights() {
    Node image = input("image", 6, 6, 3);
    Node x = image.to(conv2D(4, 3).name("c1")).to(batchNormalization().name("bn"));
    Node inner = input("inner", 4, 4, 4);
    Model nest = Model.of(inner, inner.to(conv2D(4, 1).name("ic"))).name("nest");
    x = x.to(dropout(0.5).name("drop")).to(nest).to(globalAveragePooling2D().name("pool"));
    return Model.of(image, x.to(dense(2).activation(SOFTMAX).name("fc")));
  }

  /** Its numbers there, under the paths that they have here. */
  static Weights numbers() throws IOException {
    ImmutableMap.Builder<String, HostTensor> numbers = ImmutableMap.builder();
    for (JsonElement weight :
        Fixtures.json("checkpoints/checkpoints.json").getAsJsonArray("weights")) {
      JsonObject tensor = weight.getAsJsonObject();
      String name = tensor.get("name").getAsString();
      numbers.put(name.startsWith("ic/") ? "nest/" + name : name, Fixtures.tensor(tensor));
    }
    return Weights.of(numbers.buildOrThrow());
  }

  @ParameterizedTest
  @ValueSource(
      strings = {
        "checkpoints/keras3",
        "checkpoints/keras3_export",
        "checkpoints/session",
        "keras2/object",
        "keras2/weights",
        "keras2/saved"
      })
  void weightsAreFoundByTheNamesOfVariables(String name) throws IOException {
    Path index = Fixtures.path(name + ".index");
    Path prefix = Path.of(index.toString().replace(".index", ""));
    for (Path path : new Path[] {index, prefix}) {
      Weights read = WeightFiles.read(path, namedWeights());
      assertEquals(numbers().tensors(), read.tensors());
    }
  }

  @ParameterizedTest
  @MethodSource("dev.tfgraphs.savedmodel.Specimen#all")
  void whatIsWrittenIsReadAgain(Specimen specimen) throws IOException {
    if (specimen.model().weights().isEmpty()) {
      return;
    }
    WeightFiles.write(folder.resolve("ckpt-1.index"), specimen.model(), specimen.weights());
    assertEquals(specimen.weights(), WeightFiles.read(folder.resolve("ckpt-1"), specimen.model()));
  }

  @ParameterizedTest
  @MethodSource("dev.tfgraphs.savedmodel.Specimen#all")
  void weightsAreReadOutOfSavedModels(Specimen specimen) {
    SavedModels.write(folder, specimen.model(), specimen.weights());
    if (!specimen.model().weights().isEmpty()) {
      assertEquals(specimen.weights(), WeightFiles.read(folder, specimen.model()));
    }
  }

  @Test
  void foldersAndPrefixesOfNothingAreSaid() {
    Model model = Specimen.named("resnet").model();
    assertEquals(
        "SavedModel " + folder + ": expected saved_model.pb or a numbered folder, found none",
        message(() -> WeightFiles.read(folder, model)));
    Path none = folder.resolve("ckpt-1");
    assertEquals(
        "weights " + none + ": expected a file, received nothing",
        message(() -> WeightFiles.read(none, model)));
    Model weightless = Specimen.named("no_weights").model();
    Path target = folder.resolve("ckpt-1.index");
    assertEquals(
        "weights "
            + target
            + " (TensorFlow checkpoint): expected a model with weights, received none",
        message(() -> WeightFiles.write(target, weightless, Weights.of(Map.of()))));
  }

  private static String message(Executable call) {
    return String.valueOf(assertThrows(ModelFileException.class, call).getMessage());
  }

  @Test
  void aCheckpointMayHaveManyDataFiles() throws IOException {
    Weights weights = Specimen.named("resnet").weights();
    Model model = Specimen.named("resnet").model();
    try (Graph graph = new Graph();
        Session session = new Session(graph)) {
      Ops tf = Ops.create(graph);
      int part = 0;
      for (Map.Entry<String, HostTensor> weight : weights.tensors().entrySet()) {
        save(tf, session, "part" + part++, weight.getKey(), weight.getValue(), "");
      }
      String[] parts = new String[part];
      for (int i = 0; i < part; i++) {
        parts[i] = folder.resolve("part" + i).toString();
      }
      session.run(
          tf.train.mergeV2Checkpoints(
              tf.array(parts), tf.constant(folder.resolve("all").toString())));
    }
    Path last = folder.resolve("all.data-00006-of-%05d".formatted(weights.tensors().size()));
    assertEquals(weights, WeightFiles.read(folder.resolve("all"), model));
    Files.delete(last);
    assertFails(folder.resolve("all"), model, last + ": not there");
  }

  private void save(
      Ops tf, Session session, String file, String name, HostTensor value, String slice) {
    Operand<?> tensor =
        tf.reshape(tf.constant(value.values()), tf.constant(value.shape().toArray()));
    session.run(
        tf.train.save(
            tf.constant(folder.resolve(file).toString()),
            tf.array(name),
            tf.array(slice),
            List.of(tensor)));
  }

  @Test
  void aVariableInSlicesIsAnError() {
    Node x = input(3);
    Model model = Model.of(x, x.to(dense(2).useBias(false).name("fc")));
    try (Graph graph = new Graph();
        Session session = new Session(graph)) {
      HostTensor half = new HostTensor(Shape.of(3, 1), new float[3]);
      save(Ops.create(graph), session, "sliced", "fc/kernel", half, "3 2 -:0,1");
    }
    assertFails(
        folder.resolve("sliced"),
        model,
        "tensor 'fc/kernel': expected it in one piece, received slices of it (a partitioned"
            + " variable)");
  }

  private static void assertFails(Path path, Model model, String problem) {
    ModelFileException e =
        assertThrows(ModelFileException.class, () -> WeightFiles.read(path, model));
    assertEquals("weights " + path + " (TensorFlow checkpoint): " + problem, e.getMessage());
  }

  @Test
  void whatIsNoWeightOfTheModelIsListed() {
    Node image = input("image", 6, 6, 3);
    Node x = image.to(conv2D(4, 3).name("c1")).to(globalAveragePooling2D());
    Model model = Model.of(image, x.to(dense(3).name("fc")).to(dense(2).name("more")));
    assertFails(
        Fixtures.path("checkpoints/keras3.index"),
        model,
        """
        expected the weights of the model, received others:
          fc/kernel: expected (4, 3), received (4, 2) from model/_operations/6/_kernel/.ATTRIBUTES/VARIABLE_VALUE
          fc/bias: expected (3,), received (2,) from model/_operations/6/bias/.ATTRIBUTES/VARIABLE_VALUE
          missing more/kernel (3, 2)
          missing more/bias (2,)
          unused model/_operations/2/beta/.ATTRIBUTES/VARIABLE_VALUE float32 (4,)
          unused model/_operations/2/gamma/.ATTRIBUTES/VARIABLE_VALUE float32 (4,)
          unused model/_operations/2/moving_mean/.ATTRIBUTES/VARIABLE_VALUE float32 (4,)
          unused model/_operations/2/moving_variance/.ATTRIBUTES/VARIABLE_VALUE float32 (4,)\
        """
            .stripIndent());
  }

  @Test
  void oneNameForTwoLayersOfNestedModelsIsNone() {
    Node a = input(3);
    Model first = Model.of(a, a.to(dense(3).name("fc"))).name("first");
    Node b = input(3);
    Model second = Model.of(b, b.to(dense(3).name("fc"))).name("second");
    Node x = input(3);
    WeightNames names = WeightNames.of(Model.of(x, x.to(first).to(second)), name -> name);
    assertEquals(Optional.empty(), names.path("fc/kernel"));
    assertEquals(Optional.of("first/fc/kernel"), names.path("first/fc/kernel"));
    Weight any = first.weights().get(0);
    assertEquals("fc/kernel", any.path());
  }
}
