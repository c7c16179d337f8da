package dev.tfgraphs.graphs;

import com.google.common.collect.ImmutableMap;
import com.google.common.collect.Maps;
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
    ImmutableMap.Builder<String, HostTensor> slots = ImmutableMap.builder();
    try (Result result = Runs.run(CALL, runner)) {
      int i = 0;
      for (String name : variables.keySet()) {
        Tensor value = result.get(i++);
        switch (name) {
          case OptimizerWeights.ITERATION -> iteration = ((TInt64) value).getLong();
          case OptimizerWeights.LEARNING_RATE ->
              rate = OptionalDouble.of(((TFloat32) value).getFloat());
          default -> slots.put(name, HostTensor.of(value));
        }
      }
    }
    return new OptimizerWeights(iteration, rate, slots.buildOrThrow());
  }

  /** Sets all variables, if these are theirs. */
  void assign(OptimizerWeights weights) {
    weights.checkFit(variables.containsKey(OptimizerWeights.LEARNING_RATE), shapes());
    try (Owner tensors = new Owner(CALL)) {
      Session.Runner runner = session.runner();
      variables.forEach(
          (name, variable) -> state.set(runner, variable, tensors.own(value(name, weights))));
      state.cleared().forEach(runner::addTarget);
      Runs.run(CALL, runner).close();
    }
  }

  private Map<String, Shape> shapes() {
    return Maps.transformValues(
        Maps.filterKeys(
            variables,
            name ->
                !name.equals(OptimizerWeights.ITERATION)
                    && !name.equals(OptimizerWeights.LEARNING_RATE)),
        variable -> Shapes.fromTensorFlow(variable.read().shape()));
  }

  /** A native copy, which the caller closes. */
  private static Tensor value(String name, OptimizerWeights weights) {
    return switch (name) {
      case OptimizerWeights.ITERATION -> TInt64.scalarOf(weights.iteration());
      case OptimizerWeights.LEARNING_RATE ->
          TFloat32.scalarOf((float) weights.learningRate().orElseThrow());
      default -> Objects.requireNonNull(weights.slots().get(name)).toNative();
    };
  }
}
