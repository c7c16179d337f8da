package dev.tfgraphs.savedmodel;

import static dev.tfgraphs.ops.Layers.dense;
import static dev.tfgraphs.ops.Layers.input;
import static dev.tfgraphs.ops.Layers.relu;
import static dev.tfgraphs.ops.Layers.rescaling;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertThrows;

import dev.tfgraphs.graphs.Precision;
import dev.tfgraphs.graphs.Trainer;
import dev.tfgraphs.ops.Model;
import dev.tfgraphs.ops.Node;
import java.io.IOException;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.function.UnaryOperator;
import java.util.regex.MatchResult;
import java.util.regex.Pattern;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.EnumSource;

class DtypePoliciesTest {
  private static final Pattern POLICY =
      Pattern.compile("\"name\": ?\"((?:mixed_(?:b)?float16)|float32)\"");

  @TempDir private Path folder;

  /** A layer in front, two in a model inside, and the output. */
  private static Model model() {
    Node inside = input(4);
    Model inner =
        Model.of(inside, inside.to(dense(4).name("b")).to(relu().name("c"))).name("inner");
    Node input = input(3);
    return Model.of(input, input.to(dense(4).name("a")).to(inner).to(dense(2).name("head")));
  }

  private static List<String> policies(Map<String, @Nullable Object> config) {
    return POLICY
        .matcher(Json.text(config))
        .results()
        .map(MatchResult::group)
        .map(DtypePoliciesTest::name)
        .toList();
  }

  private static String name(String setting) {
    return setting.replaceAll(".*\"(.*)\"", "$1");
  }

  @ParameterizedTest
  @EnumSource
  void allLayersButTheLastHaveThePolicy(Precision precision) {
    String policy = precision.policy();
    Map<String, @Nullable Object> written = DtypePolicies.written(model(), precision);
    assertEquals(List.of(policy, policy, policy, "float32"), policies(written));
    assertEquals(precision, DtypePolicies.read("f", written, model()));
  }

  /** Of the policies of a, b, c and head. */
  @ParameterizedTest
  @CsvSource({
    "float32 float32 float32 float32, FLOAT32",
    "mixed_float16 mixed_float16 mixed_float16 float32, MIXED_FLOAT16",
    "mixed_float16 mixed_float16 mixed_float16 mixed_float16, MIXED_FLOAT16",
    "mixed_bfloat16 mixed_bfloat16 mixed_bfloat16 mixed_bfloat16, MIXED_BFLOAT16",
  })
  void onePolicyIsThePrecision(String policies, Precision precision) {
    assertEquals(precision, DtypePolicies.read("f", config(policies), model()));
  }

  @ParameterizedTest
  @CsvSource(
      delimiter = '|',
      value = {
        "float32 mixed_float16 mixed_float16 float32"
            + " | float32 in 'a' and mixed_float16 in 'inner/b', 'inner/c'",
        "mixed_float16 mixed_bfloat16 mixed_float16 float32"
            + " | mixed_float16 in 'a', 'inner/c' and mixed_bfloat16 in 'inner/b'",
        "mixed_float16 mixed_float16 mixed_float16 mixed_bfloat16"
            + " | mixed_float16 in 'a', 'inner/b', 'inner/c' and mixed_bfloat16 in 'head'",
        "float32 float32 float32 mixed_float16"
            + " | float32 in 'a', 'inner/b', 'inner/c' and mixed_float16 in 'head'",
      })
  void policiesThatDifferAreRefusedWithTheirLayers(String policies, String told) {
    Map<String, @Nullable Object> config = config(policies);
    ModelFileException thrown =
        assertThrows(
            ModelFileException.class, () -> DtypePolicies.read("net: config", config, model()));
    assertEquals(
        "net: config: expected layers of one dtype policy, received "
            + told
            + "; KerasModels.read and WeightFiles.read leave policies out",
        thrown.getMessage());
  }

  private static Map<String, @Nullable Object> config(String policies) {
    List<String> left = new ArrayList<>(List.of(policies.split(" ")));
    return Json.object(
        "test",
        POLICY
            .matcher(KerasModels.toJson(model()))
            .replaceAll(policy -> "\"name\": \"" + left.remove(0) + "\""));
  }

  /** Keras 2 has other classes, and a type alone where a layer computes in what its weights are. */
  @Test
  void policiesOfKeras2AreRead() {
    String text = Json.text(config("mixed_float16 mixed_float16 mixed_float16 float32"));
    String old =
        text.replace("\"DTypePolicy\"", "\"Policy\"")
            .replaceAll("\"dtype\": ?\\{[^}]*\"float32\"}[^}]*}", "\"dtype\": \"float32\"");
    assertEquals(
        Precision.MIXED_FLOAT16, DtypePolicies.read("f", Json.object("test", old), model()));
  }

  @Test
  void layersThatPrepareImagesMayHaveAnyPolicy() {
    Node input = input(2, 2, 1);
    Model model = Model.of(input, input.to(rescaling(2)).to(relu()));
    assertEquals(
        Precision.MIXED_FLOAT16,
        DtypePolicies.read("f", DtypePolicies.written(model, Precision.MIXED_FLOAT16), model));
  }

  private Path written(UnaryOperator<String> change) throws IOException {
    Path file = folder.resolve("model.keras");
    try (Trainer trainer = WholeModels.trainer("mixed_float16")) {
      KerasModels.save(file, trainer);
    }
    return WholeModelsTest.unpacked(file, folder, change);
  }

  @Test
  void aScaledLossNeedsLayersOfFloat16() throws IOException {
    Path unpacked = written(config -> config.replace("mixed_float16", "mixed_bfloat16"));
    assertEquals(
        "Keras model "
            + unpacked
            + ": config.json: optimizer: expected a LossScaleOptimizer with layers of mixed_float16"
            + " only, received it with mixed_bfloat16; KerasModels.read and WeightFiles.read leave"
            + " out how it was trained",
        assertThrows(ModelFileException.class, () -> KerasModels.load(unpacked)).getMessage());
  }

  @Test
  void whatIsNotCompiledKeepsItsPolicy() throws IOException {
    Path unpacked =
        written(config -> config.replaceFirst("\"compile_config\"", "\"compiled_once\""));
    KerasModel read = KerasModels.load(unpacked);
    assertEquals(Precision.MIXED_FLOAT16, read.precision());
    Path again = folder.resolve("again.keras");
    KerasModels.save(again, read);
    assertEquals(Precision.MIXED_FLOAT16, KerasModels.load(again).precision());
    assertEquals(read.weights(), KerasModels.load(again).weights());
    assertEquals(8, FileContents.of(again).tensors().size(), "weights without an optimizer");
  }
}
