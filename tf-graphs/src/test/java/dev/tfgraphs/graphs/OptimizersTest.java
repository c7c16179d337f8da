package dev.tfgraphs.graphs;

import static dev.tfgraphs.graphs.Closeness.assertClose;
import static dev.tfgraphs.graphs.Closeness.assertFails;
import static dev.tfgraphs.ops.Layers.*;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertNotEquals;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import com.google.gson.JsonElement;
import com.google.gson.JsonObject;
import dev.tfgraphs.graphs.data.Batch;
import dev.tfgraphs.graphs.data.Batches;
import dev.tfgraphs.ops.ActivationFunction;
import dev.tfgraphs.ops.Model;
import dev.tfgraphs.ops.Node;
import dev.tfgraphs.ops.Shape;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.stream.Collectors;
import java.util.stream.Stream;
import org.junit.jupiter.api.Named;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.MethodSource;
import org.tensorflow.GraphOperation;
import org.tensorflow.Output;
import org.tensorflow.proto.DataType;

/** Weights and state of every optimizer, by gradients that are given, against real Keras. */
class OptimizersTest {
  private static final JsonObject FILE = Golden.file("optimizers.json");

  /** Seven steps of float32, with operations in another order here and there. */
  private static final double ROUNDING = 3e-6;

  /**
   * TensorFlow's kernels have 1 - beta2 in float32, Keras in float64: for 0.999 these differ by
   * 5e-5 of themselves, and so do the mean squares; their roots, and each step of 0.1, by half of
   * that.
   */
  private static final double KERNEL = 2e-5;

  private static final Set<String> OF_MEAN_SQUARES = Set.of("Adam", "AdamW", "Lamb");

  static Stream<Named<JsonObject>> updates() {
    return Golden.named("optimizers.json", "updates");
  }

  private static Model twoLayers() {
    Node input = input(3);
    return Model.of(input, input.to(dense(2).name("a")).to(dense(1).name("b")));
  }

  @ParameterizedTest(name = "{0}")
  @MethodSource("updates")
  void everyStepAndTheStateAreThoseOfKeras(JsonObject one) {
    try (Workbench bench = new Workbench(twoLayers(), Mode.TRAINING)) {
      Emitter e = bench.emitter();
      List<Output<?>> given = new ArrayList<>();
      Optimizers optimizers = optimizers(e, one);
      Map<Variable, Output<?>> gradients = new LinkedHashMap<>();
      for (Variable variable : bench.lowered(Mode.TRAINING).pass().reads().keySet()) {
        Output<?> gradient = placeholder(e, variable);
        given.add(gradient);
        gradients.put(variable, e.mul(gradient, optimizers.scaled(e.scalar(1f))));
      }
      List<GraphOperation> step = optimizers.apply(gradients, constraints(e, one));
      List<Output<?>> state =
          optimizers.state().stream()
              .<Output<?>>map(entry -> floats(e, entry.resource().read()))
              .toList();
      bench.initialize();
      bench.assign(Golden.tensors(FILE.get("start")));
      double slack = slack(one);
      for (int i = 0; i < FILE.get("steps").getAsInt(); i++) {
        bench.run(List.of(), step, given, gradients(one, i));
        float[] expected = Golden.floats(one.getAsJsonArray("weights").get(i));
        assertClose("step " + i, expected, joined(bench.weights()), slack, slack);
      }
      assertState(one, optimizers.state(), bench.run(state, List.of(), List.of(), List.of()));
    }
  }

  private static Optimizers optimizers(Emitter e, JsonObject one) {
    Optimizer optimizer = KerasObjects.optimizer(one.getAsJsonObject("optimizer"));
    return one.get("growth").isJsonNull()
        ? new Optimizers(e, optimizer)
        : new Optimizers(
            e, optimizer, Optional.of(new LossScale(e, one.get("growth").getAsLong())));
  }

  private static double slack(JsonObject one) {
    String className = one.getAsJsonObject("optimizer").get("class_name").getAsString();
    return OF_MEAN_SQUARES.contains(className) ? KERNEL : ROUNDING;
  }

  private static Output<?> placeholder(Emitter e, Variable variable) {
    return e.op("Placeholder")
        .attr("dtype", DataType.DT_FLOAT)
        .attr("shape", Shapes.toTensorFlow(variable.weight().spec().shape()))
        .out();
  }

  /** Keras's non_neg, of the one layer that has it. */
  private static Optimizers.Holds constraints(Emitter e, JsonObject one) {
    boolean constrained = !one.get("constraint").isJsonNull();
    return variable ->
        constrained && variable.name().equals("a/kernel")
            ? Optional.of(value -> e.op("Relu").in(value).out())
            : Optional.empty();
  }

  private static Output<?> floats(Emitter e, Output<?> value) {
    return e.op("Identity").in(e.cast(value, DataType.DT_FLOAT)).out();
  }

  private static List<HostTensor> gradients(JsonObject one, int step) {
    List<HostTensor> gradients = Golden.tensors(FILE.getAsJsonArray("gradients").get(step));
    if (Arrays.stream(Golden.integers(one.get("infinite"))).anyMatch(i -> i == step)) {
      gradients.get(0).values()[0] = Float.POSITIVE_INFINITY;
    }
    return gradients;
  }

  private static float[] joined(List<HostTensor> tensors) {
    float[] all = new float[tensors.stream().mapToInt(tensor -> tensor.values().length).sum()];
    int filled = 0;
    for (HostTensor tensor : tensors) {
      System.arraycopy(tensor.values(), 0, all, filled, tensor.values().length);
      filled += tensor.values().length;
    }
    return all;
  }

  /** Mean squares differ by what 1 - beta2 differs by. */
  private static void assertState(
      JsonObject one, List<OptimizerState.Entry> entries, List<HostTensor> values) {
    List<JsonObject> expected = Golden.rows(one.get("state"));
    assertEquals(
        expected.stream().map(row -> row.get("path").getAsString()).toList(),
        entries.stream().map(OptimizerState.Entry::name).toList());
    for (int i = 0; i < entries.size(); i++) {
      String name = entries.get(i).name();
      assertEquals(
          expected.get(i).get("dtype").getAsString(),
          entries.get(i).resource().read().dataType() == DataType.DT_INT64 ? "int64" : "float32",
          name);
      double relative = name.contains("velocity") ? 6e-5 : slack(one);
      assertClose(name, Golden.tensor(expected.get(i)), values.get(i), relative, slack(one));
    }
  }

  @Test
  void everyKindOfOptimizerIsCompared() {
    assertEquals(
        Arrays.stream(Optimizer.class.getPermittedSubclasses())
            .collect(Collectors.<Class<?>>toSet()),
        updates()
            .map(one -> one.getPayload().getAsJsonObject("optimizer"))
            .map(KerasObjects::optimizer)
            .<Class<?>>map(Optimizer::getClass)
            .collect(Collectors.toSet()));
  }

  @Test
  void theDefaultsAreThoseOfKeras() {
    for (JsonElement row : FILE.getAsJsonArray("defaults")) {
      Optimizer expected = KerasObjects.optimizer(row.getAsJsonObject());
      assertEquals(
          expected,
          switch (row.getAsJsonObject().get("class_name").getAsString()) {
            case "SGD" -> Optimizer.sgd();
            case "Adam" -> Optimizer.adam();
            case "AdamW" -> Optimizer.adamW();
            case "RMSprop" -> Optimizer.rmsprop();
            case "Adagrad" -> Optimizer.adagrad();
            case "Adadelta" -> Optimizer.adadelta();
            case "Adamax" -> Optimizer.adamax();
            case "Nadam" -> Optimizer.nadam();
            case "Ftrl" -> Optimizer.ftrl();
            case "Lion" -> Optimizer.lion();
            default -> Optimizer.lamb();
          });
    }
    assertEquals(11, FILE.getAsJsonArray("defaults").size());
  }

  @Test
  void aLossThatIsNoNumberChangesNoWeightAndNoState() {
    Optimizer optimizer =
        Optimizer.nadam(0.1).weightDecay(0.5).gradientAccumulationSteps(2).ema(0.9);
    for (Optimizer each : List.of(optimizer, optimizer.gradientAccumulationSteps(1))) {
      Model model = Networks.smallNet(4, ActivationFunction.SOFTMAX);
      Compile compile = Compile.of(each, Loss.sparseCategoricalCrossentropy()).seed(1);
      FitOptions options = FitOptions.epochs(1).batchSize(4).shuffle(false).verbose(0);
      try (Trainer trainer = Trainer.of(model, compile)) {
        Map<String, HostTensor> spoilt = new LinkedHashMap<>(trainer.weights().tensors());
        spoilt.put("head/bias", new HostTensor(Shape.of(4), new float[] {0, Float.NaN, 0, 0}));
        trainer.assign(Weights.of(spoilt));
        Weights before = trainer.weights();
        assertThrows(
            InvalidLoss.class, () -> trainer.fit(SmallNet.data(4, "class"), options).epochs());
        assertEquals(before.tensors(), trainer.weights().tensors());
      }
    }
  }

  @Test
  void weightsAndAveragesChangePlaces() {
    try (Workbench bench = new Workbench(twoLayers(), Mode.TRAINING)) {
      Emitter e = bench.emitter();
      Map<Variable, Output<?>> reads = bench.lowered(Mode.TRAINING).pass().reads();
      Optimizers optimizers = new Optimizers(e, Optimizer.sgd(0.1).ema(0.5));
      List<GraphOperation> step = optimizers.apply(reads);
      Averages averages = optimizers.averages().orElseThrow();
      List<Output<?>> kept =
          reads.keySet().stream().<Output<?>>map(of -> floats(e, averages.of(of).read())).toList();
      bench.initialize();
      bench.assign(Golden.tensors(FILE.get("start")));
      bench.run(List.of(), step, List.of(), List.of());
      bench.run(List.of(), step, List.of(), List.of());
      List<HostTensor> weights = bench.weights();
      List<HostTensor> before = bench.run(kept, List.of(), List.of(), List.of());
      assertNotEquals(before, weights);
      bench.run(List.of(), List.of(averages.swap()), List.of(), List.of());
      assertEquals(before, bench.weights());
      assertEquals(weights, bench.run(kept, List.of(), List.of(), List.of()));
      bench.run(List.of(), List.of(averages.overwrite()), List.of(), List.of());
      assertEquals(weights, bench.weights());
    }
  }

  /** A loss as large as float32 allows has gradients that float16 cannot hold. */
  @Test
  void aStepWhoseGradientsOverflowFloat16ChangesNoWeight() {
    Compile compile =
        Compile.of(Optimizer.adam(), Loss.sparseCategoricalCrossentropy())
            .seed(1)
            .precision(Precision.MIXED_FLOAT16);
    try (Trainer trainer = Trainer.of(Networks.smallNet(4, ActivationFunction.SOFTMAX), compile);
        Batches batches =
            SmallNet.data(4, "class").weights(new float[] {1e6f, 1, 1, 1}).open(4, false, 0)) {
      batches.begin(0);
      try (Batch batch = batches.next().orElseThrow()) {
        Weights before = trainer.weights();
        assertTrue(Double.isFinite(trainer.trainOnBatch(batch).loss()));
        for (String kernel : List.of("c1/kernel", "c2/kernel", "head/kernel")) {
          assertEquals(before.get(kernel), trainer.weights().get(kernel));
        }
      }
    }
  }

  @Test
  void theLearningRateIsReadAndSetBetweenSteps() {
    try (Trainer trainer = trainer(Optimizer.sgd(0.1))) {
      assertEquals(0.1f, (float) trainer.learningRate());
      trainer.learningRate(0);
      HostTensor before = trainer.weights().get("head/kernel");
      FitOptions options = FitOptions.epochs(2).batchSize(4).verbose(0);
      var unused = trainer.fit(SmallNet.data(4, "class"), options);
      assertEquals(before, trainer.weights().get("head/kernel"));
      assertEquals(0, trainer.learningRate());
      assertFails(
          "learning rate: expected 0 or more, received -1.0", () -> trainer.learningRate(-1));
    }
    try (Trainer trainer = trainer(Optimizer.sgd(Schedule.cosineDecay(0.1, 5)))) {
      assertFails(
          "learning rate: expected an optimizer with a rate of its own, received one whose rate"
              + " follows a schedule; drop the one or the other",
          () -> trainer.learningRate(0.1));
    }
  }

  private static Trainer trainer(Optimizer optimizer) {
    return Trainer.of(
        Networks.smallNet(4, ActivationFunction.SOFTMAX),
        Compile.of(optimizer, Loss.sparseCategoricalCrossentropy()).seed(1));
  }

  @Test
  void settingsOutOfTheirRangeAreRefused() {
    assertFails(
        "sgd: momentum: expected 0 to 1, received 1.5", () -> Optimizer.sgd(0.1).momentum(1.5));
    assertFails(
        "adam: epsilon: expected a positive number, received 0.0",
        () -> Optimizer.adam().epsilon(0));
    assertFails(
        "ftrl: learningRatePower: expected 0 or less, received 0.5",
        () -> Optimizer.ftrl().learningRatePower(0.5));
    assertFails(
        "lion: beta1: expected a positive number, received 0.0", () -> Optimizer.lion().beta1(0));
    assertFails(
        "optimizer: clipnorm: expected a positive number, received -1.0",
        () -> Optimizer.adam().clipnorm(-1));
    assertFails(
        "optimizer: expected one kind of clipping, received clipnorm and clipvalue",
        () -> Optimizer.adam().clipnorm(1).clipvalue(1));
    assertFails(
        "optimizer: ema: momentum: expected 0 to 1, received 2.0", () -> Optimizer.adam().ema(2));
    assertFails(
        "optimizer: ema: expected positive overwrite frequency, received 0",
        () -> Optimizer.adam().ema(0.9, 0));
    assertFails(
        "optimizer: expected positive gradientAccumulationSteps, received 0",
        () -> Optimizer.adam().gradientAccumulationSteps(0));
    assertFails(
        "optimizer: weightDecay: expected 0 or more, received -0.1",
        () -> Optimizer.adam().weightDecay(-0.1));
    assertFails(
        "optimizer: lossScaleFactor: expected a positive number, received 0.0",
        () -> Optimizer.adam().lossScaleFactor(0));
    assertFails(
        "optimizer: excludeFromWeightDecay: expected a regular expression, received '['",
        () -> Optimizer.adam().excludeFromWeightDecay("["));
    assertFails(
        "optimizer: learningRateFactor: expected a regular expression, received '('",
        () -> Optimizer.adam().learningRateFactor("(", 0.1));
    assertFails(
        "optimizer: learningRateFactor: expected a positive number, received 0.0",
        () -> Optimizer.adam().learningRateFactor("conv", 0));
  }

  @Test
  void settingAnOptionLeavesTheOthers() {
    Optimizer all =
        Optimizer.adam(0.01)
            .amsgrad(true)
            .clipnorm(1)
            .weightDecay(0.1)
            .excludeFromWeightDecay("bias")
            .ema(0.9, 3)
            .lossScaleFactor(2)
            .gradientAccumulationSteps(4)
            .learningRateFactor("conv", 0.5);
    UpdateOptions options = all.options();
    assertEquals(0.1, options.weightDecay().orElseThrow());
    assertEquals(List.of("bias"), options.excludedFromWeightDecay());
    assertEquals(1, options.clipping().orElseThrow().limit());
    assertEquals(3, options.average().orElseThrow().overwriteFrequency().orElseThrow());
    assertEquals(2, options.lossScaleFactor().orElseThrow());
    assertEquals(4, options.gradientAccumulationSteps());
    assertEquals(Map.of("conv", 0.5), options.learningRateFactors());
    assertEquals(Optimizer.adam(0.01).amsgrad(true).options(options), all);
  }
}
