package dev.tfgraphs.graphs;

import com.google.common.collect.ImmutableList;
import com.google.common.collect.ImmutableMap;
import dev.tfgraphs.ops.Config;
import dev.tfgraphs.ops.ConfigValue;
import dev.tfgraphs.ops.Form;
import dev.tfgraphs.ops.Model;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.Optional;
import java.util.OptionalDouble;
import org.jspecify.annotations.Nullable;

/**
 * How Keras writes what a model was compiled with: Keras 3's {@code compile_config}
 * (keras/src/trainers/trainer.py, compile_utils.py) and the {@code training_config} of whole models
 * in HDF5 (keras/src/legacy/saving/saving_utils.py), which differ in their optimizer.
 */
final class CompileConfig {
  /** What this says of running and nothing of the numbers. */
  private static final ImmutableList<String> RUNNING =
      ImmutableList.of(
          "run_eagerly",
          "steps_per_execution",
          "jit_compile",
          "auto_scale_loss",
          "sample_weight_mode");

  private static final ImmutableList<String> KNOWN =
      ImmutableList.<String>builder()
          .add("optimizer", "optimizer_config", "loss", "loss_weights", "metrics")
          .add("weighted_metrics")
          .addAll(RUNNING)
          .build();

  private final Config config;
  private final ImmutableList<String> outputs;

  private CompileConfig(Config config, ImmutableList<String> outputs) {
    this.config = config;
    this.outputs = outputs;
  }

  /** What {@code config} says of {@code model}. */
  static Compile read(Config config, Model model) {
    return new CompileConfig(config, Compile.outputs(model)).read();
  }

  private Compile read() {
    for (String key : config.settings().keySet()) {
      if (!KNOWN.contains(key)) {
        throw config
            .find(key)
            .orElseThrow()
            .expected("absent, since this library has no such setting");
      }
    }
    Map<String, Loss> losses = new LinkedHashMap<>();
    byOutput("loss", true).forEach((output, value) -> losses.put(output, loss(value)));
    Compile compile = compile();
    for (Map.Entry<String, Loss> loss : losses.entrySet()) {
      compile = compile.loss(loss.getKey(), loss.getValue());
    }
    for (Map.Entry<String, ConfigValue> weight : byOutput("loss_weights", false).entrySet()) {
      compile = compile.lossWeight(weight.getKey(), weight.getValue().number());
    }
    for (Map.Entry<String, ConfigValue> some : byOutput("metrics", false).entrySet()) {
      compile = compile.metrics(some.getKey(), metrics(some.getValue(), losses.get(some.getKey())));
    }
    for (Map.Entry<String, ConfigValue> some : byOutput("weighted_metrics", false).entrySet()) {
      compile =
          compile.weightedMetrics(
              some.getKey(), metrics(some.getValue(), losses.get(some.getKey())));
    }
    return compile;
  }

  /** The optimizer; one that scales the loss says that it is made of float16. */
  private Compile compile() {
    ConfigValue optimizer =
        config.find("optimizer_config").orElseGet(() -> config.get("optimizer"));
    Optional<ConfigValue> inner = LossScale.inner(optimizer);
    Compile compile = Compile.of(OptimizerKinds.read(inner.orElse(optimizer)));
    return inner.isPresent() ? compile.precision(Precision.MIXED_FLOAT16) : compile;
  }

  private static Loss loss(ConfigValue value) {
    return LossKinds.KINDS.read(function(value));
  }

  /** A function by its name, and an object as it is. */
  static ConfigValue function(ConfigValue value) {
    return value.value() instanceof Map<?, ?> object && object.get("config") instanceof String name
        ? value.with(name)
        : value;
  }

  private static Metric[] metrics(ConfigValue value, @Nullable Loss loss) {
    Form<Metric> form = MetricKinds.form(loss != null && Targets.classes(loss));
    if (!value.isList()) {
      return new Metric[] {form.read(value)};
    }
    return value.list().stream()
        .filter(one -> !one.isNull())
        .map(form::read)
        .toArray(Metric[]::new);
  }

  /**
   * What a setting says of each output: by name, by place, or of the only one or, with {@code
   * every}, of all of them. Nulls say nothing.
   */
  private ImmutableMap<String, ConfigValue> byOutput(String key, boolean every) {
    Optional<ConfigValue> found = config.find(key).filter(value -> !value.isNull());
    if (found.isEmpty()) {
      return ImmutableMap.of();
    }
    ConfigValue value = found.get();
    ImmutableMap.Builder<String, ConfigValue> some = ImmutableMap.builder();
    if (isByName(value)) {
      named(value).forEach(some::put);
    } else if (isByPlace(key, value)) {
      List<ConfigValue> places = value.list(outputs.size());
      for (int i = 0; i < places.size(); i++) {
        if (!places.get(i).isNull()) {
          some.put(outputs.get(i), places.get(i));
        }
      }
    } else if (every || outputs.size() == 1) {
      outputs.forEach(output -> some.put(output, value));
    } else {
      throw value.expected("a list or an object of " + outputs);
    }
    return some.buildOrThrow();
  }

  private static boolean isByName(ConfigValue value) {
    return value.value() instanceof Map<?, ?> map && !map.containsKey("class_name");
  }

  /** The metrics of the only output are a list themselves, which Keras 2 puts into another one. */
  private boolean isByPlace(String key, ConfigValue value) {
    if (!value.isList()) {
      return false;
    }
    boolean metrics = key.endsWith("metrics");
    List<ConfigValue> elements = value.list();
    return !metrics || outputs.size() > 1 || (elements.size() == 1 && elements.get(0).isList());
  }

  private Map<String, ConfigValue> named(ConfigValue value) {
    Map<String, ConfigValue> named = new LinkedHashMap<>();
    value
        .map()
        .forEach(
            (output, one) -> {
              if (!outputs.contains(output)) {
                throw value.expected("an object of outputs among " + outputs);
              }
              if (one != null) {
                named.put(output, value.with(one));
              }
            });
    return named;
  }

  /** What Keras writes for {@code model} compiled so. */
  static Config write(Compile compile, Model model) {
    List<@Nullable Object> losses = new ArrayList<>();
    List<OptionalDouble> weights = new ArrayList<>();
    List<@Nullable Object> metrics = new ArrayList<>();
    List<@Nullable Object> weighted = new ArrayList<>();
    for (Objective objective : compile.objectives(model).values()) {
      Form<Metric> form = MetricKinds.form(objective.loss().filter(Targets::classes).isPresent());
      losses.add(objective.loss().map(LossKinds.KINDS::write).orElse(null));
      weights.add(objective.weight());
      metrics.add(written(form, objective.metrics()));
      weighted.add(written(form, objective.weightedMetrics()));
    }
    Map<String, @Nullable Object> out = new LinkedHashMap<>();
    Object optimizer = Objects.requireNonNull(OptimizerKinds.write(compile.optimizer()));
    boolean scaled = compile.precision() == Precision.MIXED_FLOAT16;
    out.put("optimizer", scaled ? LossScale.config(optimizer) : optimizer);
    out.put("loss", one(losses));
    out.put("loss_weights", one(weights(weights)));
    out.put("metrics", one(metrics));
    out.put("weighted_metrics", one(weighted));
    out.put("run_eagerly", false);
    out.put("steps_per_execution", 1L);
    out.put("jit_compile", false);
    return Config.of("compile_config", out);
  }

  private static @Nullable Object written(Form<Metric> form, ImmutableList<Metric> metrics) {
    return metrics.isEmpty() ? null : Form.list(form).write(metrics);
  }

  /** The value of a single output stands alone; where no output has any, there is null. */
  private static @Nullable Object one(List<@Nullable Object> values) {
    if (values.stream().allMatch(value -> value == null)) {
      return null;
    }
    return values.size() == 1 ? values.get(0) : values;
  }

  /** Keras wants a weight of each output or of none. */
  private static List<@Nullable Object> weights(List<OptionalDouble> weights) {
    boolean any = weights.stream().anyMatch(OptionalDouble::isPresent);
    return weights.stream().<@Nullable Object>map(weight -> any ? weight.orElse(1) : null).toList();
  }
}
