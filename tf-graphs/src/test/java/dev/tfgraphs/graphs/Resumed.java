package dev.tfgraphs.graphs;

import static dev.tfgraphs.ops.Layers.*;

import com.google.common.base.Ascii;
import com.google.gson.GsonBuilder;
import com.google.gson.JsonElement;
import com.google.gson.JsonObject;
import dev.tfgraphs.graphs.data.Batch;
import dev.tfgraphs.graphs.data.Batches;
import dev.tfgraphs.graphs.data.Dataset;
import dev.tfgraphs.graphs.data.Samples;
import dev.tfgraphs.ops.ActivationFunction;
import dev.tfgraphs.ops.Config;
import dev.tfgraphs.ops.Model;
import dev.tfgraphs.ops.Node;
import dev.tfgraphs.ops.Shape;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.OptionalDouble;
import org.jspecify.annotations.Nullable;

/**
 * Trainings that go on where others have stopped: the net, data and state of
 * conformance/makers/compile_configs.py. As a program, it writes such trainings of its own, which
 * conformance/resumed_check.py has Keras go on with: {@code Resumed FILE}.
 */
public final class Resumed {
  static final JsonObject FILE = Golden.file("resumed.json");
  private static final int STEPS = 3;

  /** Another state than a scaling begins with. */
  private static final OptimizerWeights.LossScaling SCALING =
      new OptimizerWeights.LossScaling(5, 4096);

  private Resumed() {}

  static Model model() {
    Node input = input(3);
    Node x = input.to(dense(4).activation(ActivationFunction.RELU).name("a"));
    return Model.of(
        input,
        x.to(batchNormalization().name("bn"))
            .to(dense(3).activation(ActivationFunction.SOFTMAX).name("b")));
  }

  static Compile compile(JsonObject row, Model model) {
    return Compile.fromConfig(PlainJson.config(row.getAsJsonObject("compile_config")), model)
        .precision(precision(row))
        .seed(1);
  }

  /** The policy of all layers but the last, whose results leave the model. */
  static Precision precision(JsonObject row) {
    return row.has("policy")
        ? Precision.valueOf(Ascii.toUpperCase(row.get("policy").getAsString()))
        : Precision.FLOAT32;
  }

  /** The variables of a row. */
  static OptimizerWeights optimizer(JsonObject row) {
    long iteration = 0;
    OptionalDouble rate = OptionalDouble.empty();
    long counter = 0;
    double scale = 0;
    Map<String, HostTensor> slots = new LinkedHashMap<>();
    for (JsonObject one : Golden.rows(row.get("optimizer"))) {
      HostTensor tensor = Golden.tensor(one);
      switch (one.get("name").getAsString()) {
        case "iteration" -> iteration = (long) tensor.values()[0];
        case "step_counter" -> counter = (long) tensor.values()[0];
        case "dynamic_scale" -> scale = tensor.values()[0];
        case "learning_rate" -> rate = OptionalDouble.of(tensor.values()[0]);
        default -> slots.put(one.get("name").getAsString(), tensor);
      }
    }
    OptimizerWeights weights = OptimizerWeights.of(iteration, rate, slots);
    return scale > 0
        ? weights.lossScaling(new OptimizerWeights.LossScaling(counter, scale))
        : weights;
  }

  /** The losses of the next steps. */
  static double[] train(Trainer trainer) {
    HostTensor x = Golden.tensor(FILE.get("x"));
    int[] y = Golden.integers(FILE.get("y"));
    Dataset data = Dataset.of(Samples.of(x.values(), 3), Samples.labels(y));
    double[] losses = new double[STEPS];
    try (Batches batches = data.open(y.length, false, 1)) {
      for (int i = 0; i < losses.length; i++) {
        batches.begin(i);
        try (Batch batch = batches.next().orElseThrow()) {
          losses[i] = trainer.step(batch);
        }
      }
    }
    return losses;
  }

  /** Writes what there is of each training after its first steps, and the losses that come next. */
  public static void main(String... arguments) throws IOException {
    List<Map<String, @Nullable Object>> trainings = new ArrayList<>();
    for (JsonObject row : Golden.rows(FILE.get("trainings"))) {
      Model model = model();
      Compile compile = compile(row, model);
      try (Trainer trainer = Trainer.of(model, compile)) {
        double[] unused = train(trainer);
        OptimizerWeights before = trainer.optimizerWeights();
        if (before.lossScaling().isPresent()) {
          trainer.assign(before.lossScaling(SCALING));
        }
        Map<String, @Nullable Object> written = written(row.get("name"), compile.config(model));
        written.put("policy", precision(row).policy());
        written.put("weights", tensors(trainer.weights().tensors()));
        written.put("optimizer", variables(trainer.optimizerWeights()));
        written.put("losses", train(trainer));
        trainings.add(written);
      }
    }
    Map<String, Object> all = new LinkedHashMap<>();
    all.put("x", FILE.get("x"));
    all.put("y", FILE.get("y"));
    all.put("trainings", trainings);
    Files.writeString(
        Path.of(arguments[0]), new GsonBuilder().serializeNulls().create().toJson(all));
  }

  private static Map<String, @Nullable Object> written(JsonElement name, Config config) {
    Map<String, @Nullable Object> written = new LinkedHashMap<>();
    written.put("name", name);
    written.put("compile_config", config.settings());
    return written;
  }

  /** As Keras has them: what scales the loss is an optimizer around the other. */
  private static List<Map<String, Object>> variables(OptimizerWeights weights) {
    List<Map<String, Object>> rows = new ArrayList<>();
    weights
        .lossScaling()
        .ifPresent(
            scaling -> {
              Map<String, HostTensor> outer = new LinkedHashMap<>();
              outer.put("iteration", scalar(0));
              outer.put("learning_rate", scalar(0));
              outer.put("step_counter", scalar((float) scaling.stepCounter()));
              outer.put("dynamic_scale", scalar((float) scaling.dynamicScale()));
              rows.addAll(tensors(outer));
            });
    Map<String, HostTensor> all = new LinkedHashMap<>();
    all.put("iteration", scalar((float) weights.iteration()));
    weights.learningRate().ifPresent(rate -> all.put("learning_rate", scalar((float) rate)));
    all.putAll(weights.slots());
    rows.addAll(tensors(all));
    return rows;
  }

  private static HostTensor scalar(float value) {
    return new HostTensor(Shape.of(), new float[] {value});
  }

  private static List<Map<String, Object>> tensors(Map<String, HostTensor> tensors) {
    List<Map<String, Object>> rows = new ArrayList<>();
    tensors.forEach(
        (name, tensor) ->
            rows.add(
                Map.of(
                    "name", name,
                    "shape", tensor.shape().toArray(),
                    "values", tensor.values())));
    return rows;
  }
}
