package dev.tfgraphs.graphs;

import com.google.common.collect.ImmutableList;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.function.BiFunction;
import java.util.stream.IntStream;
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
    this.state = new OptimizerState(e, "loss_scale_optimizer");
    // an optimizer itself, Keras's has these two and leaves them alone
    var unusedIteration = state.counter("iteration");
    var unusedRate = state.scalar("learning_rate", 0);
    this.counter = state.counter("step_counter");
    this.scale = state.scalar("dynamic_scale", INITIAL_SCALE);
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
