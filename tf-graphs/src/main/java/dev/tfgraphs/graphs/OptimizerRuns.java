package dev.tfgraphs.graphs;

import com.google.common.collect.ImmutableMap;
import com.google.common.collect.ImmutableSet;
import com.google.common.collect.Maps;
import dev.tfgraphs.graphs.OptimizerWeights.LossScaling;
import dev.tfgraphs.ops.Shape;
import java.util.Map;
import java.util.Objects;
import java.util.OptionalDouble;
import org.tensorflow.Result;
import org.tensorflow.Session;
import org.tensorflow.Tensor;
import org.tensorflow.types.TFloat32;
import org.tensorflow.types.TInt64;

/** Reads and sets an optimizer's variables. */
final class OptimizerRuns {
  private static final String CALL = "optimizer weights";

  /** What is no slot. */
  private static final ImmutableSet<String> NUMBERS =
      ImmutableSet.of(
          OptimizerWeights.ITERATION,
          OptimizerWeights.LEARNING_RATE,
          OptimizerWeights.STEP_COUNTER,
          OptimizerWeights.DYNAMIC_SCALE);

  private final State state;
  private final Session session;
  private final ImmutableMap<String, Resource> variables;

  /** The session stays the caller's. */
  OptimizerRuns(TrainingGraph graph, Session session) {
    this.state = graph.state();
    this.session = session;
    this.variables = graph.optimizers().variables();
  }

  /** A copy of all variables. */
  OptimizerWeights weights() {
    Session.Runner runner = session.runner();
    variables.values().forEach(variable -> runner.fetch(variable.read()));
    long iteration = 0;
    OptionalDouble rate = OptionalDouble.empty();
    long counter = 0;
    double scale = 0;
    ImmutableMap.Builder<String, HostTensor> slots = ImmutableMap.builder();
    try (Result result = Runs.run(CALL, runner)) {
      int i = 0;
      for (String name : variables.keySet()) {
        Tensor value = result.get(i++);
        switch (name) {
          case OptimizerWeights.ITERATION -> iteration = ((TInt64) value).getLong();
          case OptimizerWeights.LEARNING_RATE ->
              rate = OptionalDouble.of(((TFloat32) value).getFloat());
          case OptimizerWeights.STEP_COUNTER -> counter = ((TInt64) value).getLong();
          case OptimizerWeights.DYNAMIC_SCALE -> scale = ((TFloat32) value).getFloat();
          default -> slots.put(name, HostTensor.of(value));
        }
      }
    }
    OptimizerWeights weights = OptimizerWeights.of(iteration, rate, slots.buildOrThrow());
    return isScaled() ? weights.lossScaling(new LossScaling(counter, scale)) : weights;
  }

  /** Sets all variables, if these are theirs. */
  void assign(OptimizerWeights weights) {
    weights.checkFit(variables.containsKey(OptimizerWeights.LEARNING_RATE), isScaled(), shapes());
    try (Owner tensors = new Owner(CALL)) {
      Session.Runner runner = session.runner();
      variables.forEach(
          (name, variable) -> state.set(runner, variable, tensors.own(value(name, weights))));
      state.cleared().forEach(runner::addTarget);
      Runs.run(CALL, runner).close();
    }
  }

  private boolean isScaled() {
    return variables.containsKey(OptimizerWeights.DYNAMIC_SCALE);
  }

  private Map<String, Shape> shapes() {
    return Maps.transformValues(
        Maps.filterKeys(variables, name -> !NUMBERS.contains(name)),
        variable -> Shapes.fromTensorFlow(variable.read().shape()));
  }

  /** A native copy, which the caller closes. */
  private static Tensor value(String name, OptimizerWeights weights) {
    return switch (name) {
      case OptimizerWeights.ITERATION -> TInt64.scalarOf(weights.iteration());
      case OptimizerWeights.LEARNING_RATE ->
          TFloat32.scalarOf((float) weights.learningRate().orElseThrow());
      case OptimizerWeights.STEP_COUNTER ->
          TInt64.scalarOf(weights.lossScaling().orElseThrow().stepCounter());
      case OptimizerWeights.DYNAMIC_SCALE ->
          TFloat32.scalarOf((float) weights.lossScaling().orElseThrow().dynamicScale());
      default -> Objects.requireNonNull(weights.slots().get(name)).toNative();
    };
  }
}
