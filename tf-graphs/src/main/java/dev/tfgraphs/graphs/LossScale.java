package dev.tfgraphs.graphs;

import com.google.common.collect.ImmutableList;
import com.google.common.collect.ImmutableMap;
import com.google.common.collect.ImmutableSet;
import dev.tfgraphs.ops.Config;
import dev.tfgraphs.ops.ConfigValue;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.function.BiFunction;
import java.util.stream.IntStream;
import org.jspecify.annotations.Nullable;
import org.tensorflow.GraphOperation;
import org.tensorflow.Output;

/**
 * The factor that keeps gradients in float16 from vanishing: it doubles after 2000 steps of finite
 * gradients; where one is not finite, it is halved and the step left out
 * (keras/src/optimizers/loss_scale_optimizer.py). As in Keras 3, nothing keeps it from falling
 * below 1. A loss that is not finite is borne only while the scale is above 1: what still overflows
 * then is no accident of float16.
 */
final class LossScale {
  private static final float INITIAL_SCALE = 1 << 15;
  private static final long GROWTH_STEPS = 2000;

  private static final String NAME = "loss_scale_optimizer";
  private static final String INNER = "inner_optimizer";
  private static final String INITIAL = "initial_scale";
  private static final String GROWTH = "dynamic_growth_steps";

  /** What Keras 3 and 2 call it. */
  private static final ImmutableList<String> CLASSES =
      ImmutableList.of("LossScaleOptimizer", "LossScaleOptimizerV3");

  /** Settings with the one value that they can have here; the last are of no use in Keras. */
  private static final ImmutableMap<String, Object> ONLY =
      ImmutableMap.of(
          INITIAL,
          (double) INITIAL_SCALE,
          GROWTH,
          GROWTH_STEPS,
          "dynamic",
          true,
          "use_ema",
          false,
          "ema_momentum",
          0.99);

  private static final ImmutableSet<String> FREE = ImmutableSet.of("name", INNER);

  private final Emitter e;
  private final long growthSteps;
  private final OptimizerState state;
  private final Resource counter;
  private final Resource scale;

  LossScale(Emitter e) {
    this(e, GROWTH_STEPS);
  }

  /** A scale that doubles after so many finite steps. */
  LossScale(Emitter e, long growthSteps) {
    this.e = e;
    this.growthSteps = growthSteps;
    this.state = new OptimizerState(e, NAME);
    // an optimizer itself, Keras's has these two and leaves them alone
    var unusedIteration = state.counter("iteration");
    var unusedRate = state.scalar("learning_rate", 0);
    this.counter = state.counter(OptimizerWeights.STEP_COUNTER);
    this.scale = state.scalar(OptimizerWeights.DYNAMIC_SCALE, INITIAL_SCALE);
  }

  /** What the loss of this step is multiplied by. */
  Output<?> scale() {
    return scale.read();
  }

  /** What must be finite for a step to go on: the loss, or nothing while the scale may fall. */
  Output<?> borne(Emitter under, Output<?> loss) {
    Output<?> falls = under.op("Greater").in(scale.read(), under.scalar(1f)).out();
    return under.op("SelectV2").in(falls, under.scalar(0f), loss).out();
  }

  /** What {@code then} makes, where all {@code values} are finite. */
  GraphOperation whereFinite(Emitter under, Iterable<Output<?>> values, Branch.Body then) {
    return Branch.of(under, allFinite(values), then, no -> List.of());
  }

  ImmutableList<OptimizerState.Entry> entries() {
    return state.entries();
  }

  /** What a step changes, by Keras's names. */
  ImmutableMap<String, Resource> variables() {
    return ImmutableMap.of(
        OptimizerWeights.STEP_COUNTER, counter, OptimizerWeights.DYNAMIC_SCALE, scale);
  }

  /** What Keras writes of an optimizer whose config is {@code inner} and whose loss is scaled. */
  static Object config(Object inner) {
    Map<String, @Nullable Object> settings = new LinkedHashMap<>();
    settings.put("name", NAME);
    settings.put(INNER, inner);
    settings.put(INITIAL, (double) INITIAL_SCALE);
    settings.put(GROWTH, GROWTH_STEPS);
    return Config.of(CLASSES.get(0), settings).toObject("keras.optimizers");
  }

  /**
   * The optimizer whose loss is scaled, of the config of one that scales it; empty if that is
   * another.
   *
   * @throws dev.tfgraphs.ops.ModelException if it is scaled otherwise than here
   */
  static Optional<ConfigValue> inner(ConfigValue optimizer) {
    if (!(optimizer.value() instanceof Map<?, ?>)
        || !CLASSES.contains(optimizer.object().className())) {
      return Optional.empty();
    }
    Config config = optimizer.object();
    config.settings().forEach((key, value) -> check(config, key, value));
    return Optional.of(config.get(INNER));
  }

  private static void check(Config config, String key, @Nullable Object value) {
    Object only = ONLY.get(key);
    boolean same =
        only instanceof Number number
            ? value instanceof Number other && other.doubleValue() == number.doubleValue()
            : only != null && only.equals(value);
    if (!same && value != null && !FREE.contains(key)) {
      throw config
          .get(key)
          .expected(only == null ? "absent, since this library has no such setting" : "" + only);
    }
  }

  /** Unscales gradients and hands them to {@code step} where all are finite. */
  GraphOperation apply(
      Map<Variable, Output<?>> gradients,
      BiFunction<Emitter, Map<Variable, Output<?>>, GraphOperation> step) {
    return Branch.of(
        e,
        allFinite(gradients.values()),
        yes -> {
          var unscaled = Gradients.map(gradients, gradient -> yes.div(gradient, scale.read()));
          return List.of(grow(yes.after(List.of(step.apply(yes, unscaled)))));
        },
        no -> List.of(set(no, 0.5f)));
  }

  private Output<?> allFinite(Iterable<Output<?>> gradients) {
    List<Output<?>> finite = new ArrayList<>();
    for (Output<?> gradient : gradients) {
      finite.add(finite(gradient));
    }
    return all(e.op("Pack").list(finite).out(), 1);
  }

  private Output<?> finite(Output<?> value) {
    Output<?> elements = e.op("IsFinite").in(value).out();
    return all(elements, elements.shape().numDimensions());
  }

  private Output<?> all(Output<?> flags, int rank) {
    Output<?> axes = e.vector(IntStream.range(0, rank).toArray());
    return e.op("All").in(flags, axes).out();
  }

  private GraphOperation grow(Emitter under) {
    Output<?> full = under.op("Equal").in(counter.read(), under.scalar(growthSteps - 1)).out();
    return Branch.of(
        under,
        full,
        yes -> List.of(set(yes, 2)),
        no -> List.of(counter.increase(no, no.scalar(1L))));
  }

  /** Multiplies the scale and starts to count anew. */
  private GraphOperation set(Emitter under, float factor) {
    GraphOperation zeroed = counter.assign(under, under.scalar(0L));
    return scale.assign(
        under.after(List.of(zeroed)), under.mul(scale.read(), under.scalar(factor)));
  }
}
