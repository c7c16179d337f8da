package dev.tfgraphs.graphs;

import com.google.common.collect.ImmutableMap;
import com.google.common.collect.Maps;
import dev.tfgraphs.ops.Shape;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.OptionalDouble;

/**
 * The numbers of an optimizer: a value, by Keras's names of its variables and in the order in which
 * Keras has them in files: {@code iteration}, {@code learning_rate}, then what is kept for each
 * weight, {@code conv1_conv_kernel_momentum} (keras/src/optimizers/base_optimizer.py).
 *
 * @param iteration how many steps were made, those that only gathered gradients too
 * @param learningRate the rate, float32; none where the rate follows a schedule
 * @param slots averages, sums of gradients and what the kind of optimizer keeps, by name
 * @param lossScaling what scales the loss, in {@link Precision#MIXED_FLOAT16} only
 */
public record OptimizerWeights(
    long iteration,
    OptionalDouble learningRate,
    ImmutableMap<String, HostTensor> slots,
    Optional<LossScaling> lossScaling) {
  static final String STEP_COUNTER = "step_counter";
  static final String DYNAMIC_SCALE = "dynamic_scale";
  static final String ITERATION = "iteration";
  static final String LEARNING_RATE = "learning_rate";

  /**
   * How far the scaling of a loss has come (keras/src/optimizers/loss_scale_optimizer.py).
   *
   * @param stepCounter how many steps of finite gradients there were since the scale changed
   * @param dynamicScale what the loss is multiplied by, float32
   */
  public record LossScaling(long stepCounter, double dynamicScale) {
    /**
     * Checks both.
     *
     * @throws GraphException if the steps are negative, or the scale is no positive finite number
     */
    public LossScaling {
      if (stepCounter < 0) {
        throw new GraphException(
            "optimizer weights: step_counter: expected 0 or more, received " + stepCounter);
      }
      Checks.positive("optimizer weights: dynamic_scale", dynamicScale);
    }
  }

  /**
   * Checks steps and rate.
   *
   * @throws GraphException if one is negative, or if the rate is not finite
   */
  public OptimizerWeights {
    if (iteration < 0) {
      throw new GraphException(
          "optimizer weights: iteration: expected 0 or more, received " + iteration);
    }
    learningRate.ifPresent(rate -> Checks.notNegative("optimizer weights: learning_rate", rate));
  }

  /** {@return weights of the given names, of an optimizer that does not scale the loss} */
  public static OptimizerWeights of(
      long iteration, OptionalDouble learningRate, Map<String, HostTensor> slots) {
    return new OptimizerWeights(
        iteration, learningRate, ImmutableMap.copyOf(slots), Optional.empty());
  }

  /** {@return these numbers with others of the scaling of the loss} */
  public OptimizerWeights lossScaling(LossScaling other) {
    return new OptimizerWeights(iteration, learningRate, slots, Optional.of(other));
  }

  /**
   * {@return other numbers for the same variables, whose slots come in the same order} Files of
   * Keras have no names for them.
   *
   * @throws GraphException if there are more or fewer slots, or if one has another shape
   */
  public OptimizerWeights with(
      long otherIteration, OptionalDouble otherRate, List<HostTensor> inOrder) {
    if (inOrder.size() != slots.size()) {
      throw new GraphException(
          "optimizer weights: expected %d slots, received %d"
              .formatted(slots.size(), inOrder.size()));
    }
    ImmutableMap.Builder<String, HostTensor> others = ImmutableMap.builder();
    ImmutableMap.Builder<String, Shape> shapes = ImmutableMap.builder();
    int i = 0;
    for (Map.Entry<String, HostTensor> slot : slots.entrySet()) {
      others.put(slot.getKey(), inOrder.get(i++));
      shapes.put(slot.getKey(), slot.getValue().shape());
    }
    OptimizerWeights other =
        new OptimizerWeights(otherIteration, otherRate, others.buildOrThrow(), lossScaling);
    other.checkFit(learningRate.isPresent(), lossScaling.isPresent(), shapes.buildOrThrow());
    return other;
  }

  /**
   * Checks that these are exactly the variables of an optimizer.
   *
   * @param shapes of its slots, by name
   * @throws GraphException if any is missing, unused or of another shape; the message lists all
   */
  void checkFit(boolean ratePresent, boolean scaled, Map<String, Shape> shapes) {
    List<String> problems = new ArrayList<>();
    if (scaled && lossScaling.isEmpty()) {
      problems.add("missing " + DYNAMIC_SCALE + ": the loss is scaled");
    }
    if (!scaled && lossScaling.isPresent()) {
      problems.add("unused " + DYNAMIC_SCALE + ": the loss is not scaled");
    }
    if (ratePresent && learningRate.isEmpty()) {
      problems.add("missing " + LEARNING_RATE);
    }
    if (!ratePresent && learningRate.isPresent()) {
      problems.add("unused " + LEARNING_RATE + ": the rate follows a schedule");
    }
    Map<String, Shape> given = Maps.transformValues(slots, HostTensor::shape);
    problems.addAll(Weights.misfits(shapes, given).values());
    if (!problems.isEmpty()) {
      throw new GraphException(
          "optimizer weights: expected those of the trainer's optimizer, received others:\n  "
              + String.join("\n  ", problems));
    }
  }
}
