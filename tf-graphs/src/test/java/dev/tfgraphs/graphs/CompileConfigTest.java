package dev.tfgraphs.graphs;

import static dev.tfgraphs.graphs.PlainJson.comparable;
import static dev.tfgraphs.ops.Layers.*;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertThrows;

import com.google.gson.JsonObject;
import com.google.gson.JsonParser;
import dev.tfgraphs.ops.ActivationFunction;
import dev.tfgraphs.ops.ConfigValue;
import dev.tfgraphs.ops.Form;
import dev.tfgraphs.ops.Model;
import dev.tfgraphs.ops.ModelException;
import dev.tfgraphs.ops.Node;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.stream.Collectors;
import java.util.stream.IntStream;
import java.util.stream.Stream;
import org.junit.jupiter.api.Named;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.MethodSource;

/** What Keras writes of a compiled model (conformance/makers/compile_configs.py), both ways. */
class CompileConfigTest {
  private static final JsonObject FILE = Golden.file("compile_configs.json");

  /** What is written otherwise than Keras does, each with its reason. */
  private static final Map<String, String> OTHERWISE =
      Map.of(
          // none and "none" are one reduction
          "\"reduction\":null", "\"reduction\":\"none\"");

  private static Stream<Named<JsonObject>> rows(String list) {
    return Golden.rows(FILE.get(list)).stream()
        .map(
            row ->
                Named.of(
                    row.has("class_name") ? row.get("config").toString() : row.toString(), row));
  }

  static Stream<Named<JsonObject>> optimizers() {
    return rows("optimizers");
  }

  static Stream<Named<JsonObject>> losses() {
    return rows("losses");
  }

  static Stream<Named<JsonObject>> metrics() {
    return rows("metrics");
  }

  static Stream<Named<JsonObject>> compiled() {
    return rows("compiled");
  }

  @ParameterizedTest
  @MethodSource("optimizers")
  void anOptimizerIsReadAndWrittenAsByKeras(JsonObject row) {
    assertBothWays(Form.of(OptimizerKinds::read, OptimizerKinds.KINDS::write), row);
  }

  @ParameterizedTest
  @MethodSource("losses")
  void aLossIsReadAndWrittenAsByKeras(JsonObject row) {
    assertBothWays(LossKinds.KINDS, row);
  }

  @ParameterizedTest
  @MethodSource("metrics")
  void aMetricIsReadAndWrittenAsByKeras(JsonObject row) {
    boolean classes = row.get("class_name").getAsString().startsWith("SparseTopK");
    assertBothWays(MetricKinds.form(classes), row);
  }

  private static <V> void assertBothWays(Form<V> form, JsonObject row) {
    String text = row.toString();
    for (Map.Entry<String, String> other : OTHERWISE.entrySet()) {
      text = text.replace(other.getKey(), other.getValue());
    }
    ConfigValue expected = PlainJson.setting(JsonParser.parseString(text));
    V read = form.read(PlainJson.setting(row));
    assertEquals(comparable(expected.value()), comparable(form.write(read)));
    assertEquals(read, form.read(expected.with(form.write(read))));
  }

  @Test
  void everyKindIsInTheFixtures() {
    assertEquals(11, classes("optimizers").size());
    assertEquals(22, classes("losses").size());
    assertEquals(42, classes("metrics").size());
  }

  private static Set<String> classes(String list) {
    return Golden.rows(FILE.get(list)).stream()
        .map(row -> row.get("class_name").getAsString())
        .collect(Collectors.toSet());
  }

  @ParameterizedTest
  @MethodSource("compiled")
  void wordsAreReadAsTheObjectsThatKerasMakesOfThem(JsonObject row) {
    Model model = model(row.get("outputs").getAsInt());
    Object same = comparable(PlainJson.config(row.getAsJsonObject("same")).settings());
    for (String key : List.of("config", "same")) {
      Compile compile = Compile.fromConfig(PlainJson.config(row.getAsJsonObject(key)), model);
      assertEquals(same, comparable(compile.config(model).settings()), key);
    }
  }

  private static Model model(int outputs) {
    Node input = input(3);
    return Model.of(
        List.of(input),
        IntStream.range(0, outputs)
            .mapToObj(
                i -> input.to(dense(3).activation(ActivationFunction.SOFTMAX).name("out" + i)))
            .toList());
  }

  private static final String KERAS_2 =
      """
      {"loss": {"class_name": "SparseCategoricalCrossentropy", "config": {"reduction": "auto", "name":
      "sparse_categorical_crossentropy", "from_logits": false, "ignore_class": null}}, "metrics": [[{"class_name":
      "MeanMetricWrapper", "config": {"name": "accuracy", "dtype": "float32", "fn": "sparse_categorical_accuracy"}}]],
      "weighted_metrics": null, "loss_weights": null, "optimizer_config": {"class_name": "Custom>Adam", "config":
      {"name": "Adam", "weight_decay": null, "clipnorm": null, "global_clipnorm": null, "clipvalue": null, "use_ema":
      false, "ema_momentum": 0.99, "ema_overwrite_frequency": null, "jit_compile": false, "is_legacy_optimizer": false,
      "learning_rate": 0.0010000000474974513, "beta_1": 0.9, "beta_2": 0.999, "epsilon": 1e-07, "amsgrad": false}}}
      """;

  @Test
  void whatKeras2WritesIsReadToo() {
    Model model = model(1);
    Compile compile =
        Compile.fromConfig(
            PlainJson.config(JsonParser.parseString(KERAS_2).getAsJsonObject()), model);
    Objective objective = compile.objectives(model).get("out0");
    assertEquals(
        Objective.NONE
            .loss(Loss.sparseCategoricalCrossentropy())
            .metrics(List.of(Metric.sparseCategoricalAccuracy().named("accuracy"))),
        objective);
    Adam adam = Optimizer.adam();
    assertEquals(adam.options(adam.options().withName("Adam")), compile.optimizer());
  }

  @Test
  void anOptimizerThatScalesTheLossSaysThatLayersAreFloat16() {
    JsonObject config = new JsonObject();
    config.addProperty("optimizer", "adam");
    assertEquals(
        Precision.FLOAT32, Compile.fromConfig(PlainJson.config(config), model(1)).precision());
    config.add(
        "optimizer",
        JsonParser.parseString(
            "{'class_name': 'LossScaleOptimizerV3', 'config': {'inner_optimizer': 'adam',"
                + " 'dynamic': true, 'initial_scale': 32768, 'dynamic_growth_steps': 2000}}"));
    Compile scaled = Compile.fromConfig(PlainJson.config(config), model(1));
    assertEquals(Precision.MIXED_FLOAT16, scaled.precision());
    assertEquals(Optimizer.adam(), scaled.optimizer());
  }

  @Test
  void anAdamWithADecayOfWeightsIsWrittenAsAdamW() {
    Adam adam = (Adam) Optimizer.adam().weightDecay(0.1);
    ConfigValue written =
        PlainJson.setting(new JsonObject()).with(OptimizerKinds.KINDS.write(adam));
    assertEquals("AdamW", written.object().className());
    assertEquals(adam, OptimizerKinds.read(written));
  }

  @Test
  void settingsThatKerasTakesAndDoesNotWriteAreWritten() {
    for (Loss loss : List.of(Loss.huber().delta(2), Loss.cosineSimilarity().axis(1))) {
      ConfigValue written = PlainJson.setting(new JsonObject()).with(LossKinds.KINDS.write(loss));
      assertEquals(loss, LossKinds.KINDS.read(written));
    }
  }

  @ParameterizedTest
  @CsvSource(delimiter = '|', quoteCharacter = '`', textBlock = REFUSED)
  void whatIsNotHereIsRefusedWithWhatIs(String key, String json, String message) {
    JsonObject config = new JsonObject();
    config.addProperty("optimizer", "adam");
    config.add(key, JsonParser.parseString(json));
    var failure =
        assertThrows(
            ModelException.class, () -> Compile.fromConfig(PlainJson.config(config), model(2)));
    assertEquals(message, failure.getMessage());
  }

  private static final String REFUSED =
      """
      optimizer | {"class_name": "Muon", "config": {}} | compile_config, optimizer (Muon): expected a class of optimizer that this library has, received 'Muon'; there are SGD, Adam, AdamW, RMSprop, Adagrad, Adadelta, Adamax, Nadam, Ftrl, Lion, Lamb
      optimizer | {"class_name": "Adam", "config": {"beta_1": 2}} | compile_config, optimizer (Adam): adam: beta1: expected 0 to 1, received 2.0
      optimizer | {"class_name": "Adam", "config": {"learning_rate": {"class_name": "Mine", "config": {}}}} | compile_config, optimizer (Adam), learning_rate (Mine): expected a class of schedule that this library has, received 'Mine'; there are ExponentialDecay, InverseTimeDecay, PolynomialDecay, CosineDecay, CosineDecayRestarts, PiecewiseConstantDecay
      optimizer | {"class_name": "Adam", "config": {"rho": 0.5}} | compile_config, optimizer (Adam): expected only settings that this library has, received 'rho' = 0.5
      optimizer | {"class_name": "LossScaleOptimizer", "config": {"inner_optimizer": "adam", "initial_scale": 8.0}} | compile_config, optimizer (LossScaleOptimizer): expected 'initial_scale' to be 32768.0, received 8.0
      optimizer | {"class_name": "LossScaleOptimizer", "config": {"inner_optimizer": "adam", "dynamic_growth_steps": 5}} | compile_config, optimizer (LossScaleOptimizer): expected 'dynamic_growth_steps' to be 2000, received 5
      optimizer | {"class_name": "LossScaleOptimizer", "config": {"inner_optimizer": "adam", "clipnorm": 1.0}} | compile_config, optimizer (LossScaleOptimizer): expected 'clipnorm' to be absent, since this library has no such setting, received 1.0
      optimizer | {"class_name": "LossScaleOptimizer", "config": {"name": "mine"}} | compile_config, optimizer (LossScaleOptimizer): expected a setting 'inner_optimizer', received [name]
      loss_weights | 0.5 | compile_config: expected 'loss_weights' to be a list or an object of [out0, out1], received 0.5
      loss | {"out2": "mse"} | compile_config: expected 'loss' to be an object of outputs among [out0, out1], received {out2=mse}
      loss | ["mse"] | compile_config: expected 'loss' to be a list of 2, received [mse]
      run | true | compile_config: expected 'run' to be absent, since this library has no such setting, received true
      """;

  @Test
  void whatKerasHasNoClassOfIsNotWritten() {
    Model model = model(1);
    Compile own =
        Compile.of(
            Optimizer.sgd(), Loss.of("mine", (tf, target, output) -> tf.math.sub(target, output)));
    assertEquals(
        "loss: expected one that Keras has a class of, received Own",
        assertThrows(ModelException.class, () -> own.config(model)).getMessage());
    Compile warm =
        Compile.of(
            Optimizer.sgd(Schedule.exponentialDecay(0.1, 5, 0.5).afterWarmup(2)),
            Loss.meanSquaredError());
    assertEquals(
        "schedule: expected one that Keras has a class of, received Warmup",
        assertThrows(ModelException.class, () -> warm.config(model)).getMessage());
    Compile excluding =
        Compile.of(Optimizer.adamW().excludeFromWeightDecay("bias"), Loss.meanSquaredError());
    assertEquals(
        "optimizer: excludeFromWeightDecay: expected none, since Keras's configs do not hold it,"
            + " received [bias]",
        assertThrows(GraphException.class, () -> excluding.config(model)).getMessage());
    Compile parts =
        Compile.of(Optimizer.adam().learningRateFactor("^conv", 0.1), Loss.meanSquaredError());
    assertEquals(
        "optimizer: learningRateFactor: expected none, since Keras has no such setting, received"
            + " {^conv=0.1}",
        assertThrows(GraphException.class, () -> parts.config(model)).getMessage());
    Compile renamed =
        Compile.of(Optimizer.sgd(), Loss.meanSquaredError(), Metric.accuracy().named("hits"));
    assertEquals(
        "metric: expected Metric.accuracy() to be called one of [accuracy, acc], since Keras knows"
            + " it by the word alone, received 'hits'; such as Metric.categoricalAccuracy() may"
            + " have any name",
        assertThrows(GraphException.class, () -> renamed.config(model)).getMessage());
  }
}
