package dev.tfgraphs.graphs;

import com.google.common.base.Suppliers;
import com.google.common.collect.ImmutableList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.function.Supplier;
import org.tensorflow.Operand;
import org.tensorflow.Operation;
import org.tensorflow.Output;
import org.tensorflow.types.TFloat32;

/** A model as ops of somebody's graph. */
public final class Lowered {
  private final Pass pass;
  private final ImmutableList<Output<?>> outputs;
  private final Supplier<ImmutableList<Operation>> updates;
  private final Map<Output<?>, Output<?>> fetched = new HashMap<>();

  Lowered(Pass pass, ImmutableList<Output<?>> outputs) {
    this.pass = pass;
    this.outputs = outputs;
    this.updates = Suppliers.memoize(() -> ImmutableList.copyOf(pass.updates(List.of())));
  }

  /** {@return the outputs of the model, in its order} */
  public ImmutableList<Operand<TFloat32>> outputs() {
    return fetchableOutputs().stream().map(Lowered::typed).collect(ImmutableList.toImmutableList());
  }

  /**
   * {@return the result of the layer called {@code name}; inside nested models {@code model/layer}}
   *
   * @throws GraphException if no layer is called so, or if it is used more than once
   */
  public Operand<TFloat32> output(String name) {
    Map<String, Output<?>> byName = pass.byName();
    Output<?> output = byName.get(name);
    if (output == null) {
      throw new GraphException(
          "lowered model: expected the name of a layer, received '"
              + name
              + "'"
              + Weights.near(name, byName.keySet()));
    }
    if (pass.repeats(name)) {
      throw new GraphException(
          "lowered model: expected a layer that is used once, received '"
              + name
              + "', which is used several times");
    }
    return typed(fetchable(output));
  }

  /** {@return the weights as variables, in Keras's order} */
  public ImmutableList<Variable> variables() {
    return pass.variables().all();
  }

  /**
   * {@return the value of a weight that this lowering computes with: gradients with respect to it
   * are those of the weight}
   *
   * @throws GraphException if {@code variable} is not one of this model's
   */
  public Operand<TFloat32> value(Variable variable) {
    if (!variables().contains(variable)) {
      throw new GraphException(
          "lowered model: expected one of its variables, received '"
              + variable.name()
              + "' of another");
    }
    return typed(pass.read(variable));
  }

  /**
   * {@return what a training step must run besides the optimizer: moving averages and random
   * states; empty for inference}
   */
  public ImmutableList<Operation> updates() {
    return updates.get();
  }

  Pass pass() {
    return pass;
  }

  ImmutableList<Output<?>> rawOutputs() {
    return outputs;
  }

  ImmutableList<Output<?>> fetchableOutputs() {
    return outputs.stream()
        .<Output<?>>map(this::fetchable)
        .collect(ImmutableList.toImmutableList());
  }

  /**
   * TensorFlow's optimizer takes what a leaky ReLU or SiLU is applied to together with what comes
   * after it even if it is fetched, and then does not find it.
   */
  private Output<?> fetchable(Output<?> value) {
    return fetched.computeIfAbsent(value, one -> pass.identity(one));
  }

  @SuppressWarnings("unchecked") // what a model makes is float32
  private static Operand<TFloat32> typed(Output<?> output) {
    return (Output<TFloat32>) output;
  }
}
