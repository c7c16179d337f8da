package dev.tfgraphs.graphs;

import com.google.common.collect.ImmutableMap;
import com.google.common.collect.Maps;
import dev.tfgraphs.ops.Shape;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.OptionalDouble;

/**
 * The numbers of an optimizer: a value, by Keras's names of its variables and in the order in which
 * Keras has them in files: {@code iteration}, {@code learning_rate}, then what is kept for each
 * weight, {@code conv1_conv_kernel_momentum} (keras/src/optimizers/base_optimizer.py). What scales
 * the loss in float16 is not among them: Keras writes a model's optimizer without it.
 *
 * @param iteration how many steps were made, those that only gathered gradients too
 * @param learningRate the rate, float32; none where the rate follows a schedule
 * @param slots averages, sums of gradients and what the kind of optimizer keeps, by name
 */
public record OptimizerWeights(
    long iteration, OptionalDouble learningRate, ImmutableMap<String, HostTensor> slots) {
  static final String ITERATION = "iteration";
  static final String LEARNING_RATE = "learning_rate";

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

  /** {@return weights of the given names} */
  public static OptimizerWeights of(
      long iteration, OptionalDouble learningRate, Map<String, HostTensor> slots) {
    return new OptimizerWeights(iteration, learningRate, ImmutableMap.copyOf(slots));
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
    OptimizerWeights other = new OptimizerWeights(otherIteration, otherRate, others.buildOrThrow());
    other.checkFit(learningRate.isPresent(), shapes.buildOrThrow());
    return other;
  }

  /**
   * Checks that these are exactly the variables of an optimizer.
   *
   * @param shapes of its slots, by name
   * @throws GraphException if any is missing, unused or of another shape; the message lists all
   */
  void checkFit(boolean ratePresent, Map<String, Shape> shapes) {
    List<String> problems = new ArrayList<>();
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
