package dev.tfgraphs.graphs;

import static java.util.Objects.requireNonNull;

import com.google.common.collect.ImmutableList;
import com.google.common.collect.ImmutableMap;
import com.google.common.collect.Maps;
import dev.tfgraphs.ops.Config;
import dev.tfgraphs.ops.Model;
import java.util.HashSet;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.OptionalLong;
import java.util.Set;
import java.util.function.Consumer;
import java.util.function.UnaryOperator;

/**
 * How a model is trained: Keras's {@code compile}. A value; each setting returns another one.
 *
 * <pre>{@code
 * Compile.of(Optimizer.adam(), Loss.sparseCategoricalCrossentropy(), Metric.accuracy());
 * Compile.of(Optimizer.adam())
 *     .loss("classes", Loss.sparseCategoricalCrossentropy())
 *     .loss("boxes", Loss.meanSquaredError())
 *     .lossWeight("boxes", 0.5)
 *     .metrics("classes", Metric.accuracy());
 * }</pre>
 *
 * <p>What is said of an output by name goes before what is said of every output, in whatever order
 * they are said.
 */
public final class Compile {
  private Optimizer optimizer;
  private Objective everyOutput = Objective.NONE;
  private ImmutableMap<String, UnaryOperator<Objective>> byOutput = ImmutableMap.of();
  private OptionalLong seed = OptionalLong.empty();
  private Device device = Device.AUTO;
  private Precision precision = Precision.FLOAT32;
  private Recompute recompute = Recompute.NONE;
  private boolean jitCompile;

  private Compile(Optimizer optimizer) {
    this.optimizer = optimizer;
  }

  /** {@return settings for a model whose outputs get their losses by name} */
  public static Compile of(Optimizer optimizer) {
    return new Compile(optimizer);
  }

  /** {@return settings with one loss and some metrics for the output, or for each of several} */
  public static Compile of(Optimizer optimizer, Loss loss, Metric... metrics) {
    Compile compile = new Compile(optimizer);
    compile.everyOutput = Objective.NONE.loss(loss).metrics(List.of(metrics));
    return compile;
  }

  /**
   * {@return what Keras writes of a model that was compiled} Keras 3's {@code compile_config}, or
   * the {@code training_config} of a whole model in an HDF5 file. Words such as {@code mse} are
   * resolved as Keras resolves them; how Keras runs steps ({@code run_eagerly}, {@code
   * steps_per_execution}, {@code jit_compile}) is left to this library. Seed and device are not in
   * it, nor are what is recomputed and the precision, which layers have; but a {@code
   * LossScaleOptimizer} makes it {@link Precision#MIXED_FLOAT16}.
   *
   * @param config its settings, of a class of any name
   * @param model whose outputs the losses and metrics are of
   * @throws dev.tfgraphs.ops.ModelException if there is something that this library has not, with
   *     all that it has, or if outputs are not those of the model
   */
  public static Compile fromConfig(Config config, Model model) {
    return CompileConfig.read(config, model);
  }

  /**
   * {@return what Keras 3 writes as {@code compile_config} of {@code model} compiled so} Keras has
   * no place for seed and device, and layers have the precision; in {@link Precision#MIXED_FLOAT16}
   * the optimizer is in a {@code LossScaleOptimizer}.
   *
   * @throws GraphException if names of outputs are not those of the model
   * @throws dev.tfgraphs.ops.ModelException if Keras has no class of a part: a function of one's
   *     own or a schedule after a warm-up of its own
   */
  public Config config(Model model) {
    return CompileConfig.write(this, model);
  }

  /** {@return these settings with another optimizer: those of Keras's second {@code compile}} */
  public Compile optimizer(Optimizer optimizer) {
    return copy(c -> c.optimizer = optimizer);
  }

  /**
   * {@return these settings with a loss for the output called {@code output}, the name of its
   * layer} Outputs without a loss, named or for every output, are only predicted; layers that lead
   * to these alone have nothing to learn from and are to be frozen.
   */
  public Compile loss(String output, Loss loss) {
    return of(output, objective -> objective.loss(loss));
  }

  /** {@return these settings with a loss that counts {@code weight} times; 1 by default} */
  public Compile lossWeight(String output, double weight) {
    return of(output, objective -> objective.weight(weight));
  }

  /** {@return these settings with metrics of one output} */
  public Compile metrics(String output, Metric... metrics) {
    return of(output, objective -> objective.metrics(List.of(metrics)));
  }

  /** {@return these settings with metrics of one output that count the samples' weights} */
  public Compile weightedMetrics(String output, Metric... metrics) {
    return of(output, objective -> objective.weightedMetrics(List.of(metrics)));
  }

  /** {@return these settings with metrics of every output that count the samples' weights} */
  public Compile weightedMetrics(Metric... metrics) {
    return copy(c -> c.everyOutput = everyOutput.weightedMetrics(List.of(metrics)));
  }

  /**
   * {@return these settings with a seed, as {@code keras.utils.set_random_seed} takes it: of first
   * weights, dropout and shuffling; without one, another at each run}
   */
  public Compile seed(long seed) {
    return copy(c -> c.seed = OptionalLong.of(seed));
  }

  /** {@return these settings on another device; by default the GPU if there is one} */
  public Compile device(Device device) {
    requireNonNull(device, "device");
    return copy(c -> c.device = device);
  }

  /** {@return these settings computing in other numbers; by default float32} */
  public Compile precision(Precision precision) {
    requireNonNull(precision, "precision");
    return copy(c -> c.precision = precision);
  }

  /**
   * {@return these settings with results made a second time instead of kept, so that larger batches
   * fit the same memory; by default {@link Recompute#NONE}}
   */
  public Compile recompute(Recompute recompute) {
    requireNonNull(recompute, "recompute");
    return copy(c -> c.recompute = recompute);
  }

  /**
   * {@return these settings with or without XLA, which compiles what it can of a step into kernels
   * of its own; by default without} It does so on GPUs alone: on a CPU a step would take 2.6 times
   * as long, and nothing changes there.
   */
  public Compile jitCompile(boolean jitCompile) {
    return copy(c -> c.jitCompile = jitCompile);
  }

  /**
   * {@return the names of the outputs of {@code model} that have a loss: a sample has a target for
   * each of them, in this order, which is the model's}
   *
   * @throws GraphException if settings are of an output that the model does not have
   */
  public ImmutableList<String> targets(Model model) {
    return objectives(model).entrySet().stream()
        .filter(output -> output.getValue().loss().isPresent())
        .map(Map.Entry::getKey)
        .collect(ImmutableList.toImmutableList());
  }

  private Compile of(String output, UnaryOperator<Objective> change) {
    var unused = change.apply(Objective.NONE); // what it refuses is refused where it is said
    Map<String, UnaryOperator<Objective>> changed = new LinkedHashMap<>(byOutput);
    changed.merge(output, change, (first, then) -> every -> then.apply(first.apply(every)));
    return copy(c -> c.byOutput = ImmutableMap.copyOf(changed));
  }

  private Compile copy(Consumer<Compile> change) {
    Compile copy = new Compile(optimizer);
    copy.everyOutput = everyOutput;
    copy.byOutput = byOutput;
    copy.seed = seed;
    copy.device = device;
    copy.precision = precision;
    copy.recompute = recompute;
    copy.jitCompile = jitCompile;
    change.accept(copy);
    return copy;
  }

  Optimizer optimizer() {
    return optimizer;
  }

  OptionalLong seed() {
    return seed;
  }

  Device device() {
    return device;
  }

  /** {@return in which numbers it computes} */
  public Precision precision() {
    return precision;
  }

  Recompute recompute() {
    return recompute;
  }

  boolean jitCompile() {
    return jitCompile;
  }

  /** The names of the outputs, those of their layers. */
  static ImmutableList<String> outputs(Model model) {
    return model.outputs().stream()
        .map(output -> model.nameOf(output.layer()))
        .collect(ImmutableList.toImmutableList());
  }

  /** What each output of {@code model} is trained for, by the name of the output, in its order. */
  ImmutableMap<String, Objective> objectives(Model model) {
    List<String> names = outputs(model);
    Set<String> unknown = new HashSet<>(byOutput.keySet());
    names.forEach(unknown::remove);
    if (!unknown.isEmpty()) {
      throw new GraphException(
          "compile: expected names of outputs among "
              + names
              + ", received "
              + ImmutableList.sortedCopyOf(unknown));
    }
    if (new HashSet<>(names).size() < names.size()) {
      throw new GraphException(
          "compile: expected outputs of different layers, received "
              + names
              + "; put an activation(LINEAR) of its own name behind each");
    }
    return ImmutableMap.copyOf(Maps.toMap(names, this::objective));
  }

  private Objective objective(String output) {
    return byOutput.getOrDefault(output, UnaryOperator.identity()).apply(everyOutput);
  }
}
