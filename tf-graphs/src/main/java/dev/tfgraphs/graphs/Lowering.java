package dev.tfgraphs.graphs;

import com.google.common.collect.ImmutableSet;
import dev.tfgraphs.ops.Model;
import java.util.ArrayList;
import java.util.List;
import java.util.function.BooleanSupplier;
import org.tensorflow.Operand;
import org.tensorflow.Output;
import org.tensorflow.op.Ops;
import org.tensorflow.types.TFloat32;

/**
 * Makes a model into ops of a graph that belongs to somebody else, for those who write TensorFlow
 * Java themselves. The first values of the weights are initializers of the graph: a session runs
 * them by itself, or in {@code session.initialize()}.
 */
public final class Lowering {
  private final Emitter e;
  private final Model model;
  private final Variables variables;
  private final BooleanSupplier gpu;

  private Lowering(Emitter e, Model model, long seed, BooleanSupplier gpu) {
    this.e = e;
    this.gpu = gpu;
    this.model = model;
    this.variables = new Variables(e, model, seed);
  }

  /**
   * Makes the variables of {@code model} in the graph of {@code tf}.
   *
   * @param tf where ops go; its device is used, but training is written for a GPU where TensorFlow
   *     finds one
   * @param seed as {@code keras.utils.set_random_seed} takes it: equal seeds, equal first weights
   * @throws GraphException if {@code tf} belongs to an eager session
   */
  public static Lowering of(Ops tf, Model model, long seed) {
    return of(tf, model, seed, () -> Devices.isGpu(Device.AUTO));
  }

  /** The same, written for a GPU or for the CPU. */
  static Lowering of(Ops tf, Model model, long seed, BooleanSupplier gpu) {
    return new Lowering(Emitter.into(tf), model, seed, gpu);
  }

  /**
   * {@return the model on {@code inputs}; every call shares the variables}
   *
   * @param inputs float32, one for each input of the model, shaped {@code (batch, height, width,
   *     channels)} or as its input says
   * @throws GraphException if there are more or fewer inputs than the model has, or a layer cannot
   *     be lowered
   */
  @SafeVarargs
  public final Lowered emit(Mode mode, Operand<TFloat32>... inputs) {
    List<Output<?>> outputs = new ArrayList<>();
    for (Operand<TFloat32> input : inputs) {
      outputs.add(input.asOutput());
    }
    return emit(mode, outputs);
  }

  Lowered emit(Mode mode, List<Output<?>> inputs) {
    return emit(mode, Precision.FLOAT32, inputs);
  }

  Lowered emit(Mode mode, Precision precision, List<Output<?>> inputs) {
    return emit(mode, precision, inputs, Draws.remembered(variables));
  }

  Lowered emit(Mode mode, Precision precision, List<Output<?>> inputs, Draws draws) {
    Pass pass = pass(mode, precision, draws, ImmutableSet.of());
    return new Lowered(pass, pass.run(model, inputs));
  }

  /**
   * As {@link #emit}, so that what {@code frozen} makes can be fed in its stead.
   *
   * @param cuts the calls behind which gradients do not pass by themselves
   */
  Lowered emit(
      Mode mode,
      Precision precision,
      List<Output<?>> inputs,
      FrozenPart frozen,
      ImmutableSet<Integer> cuts) {
    Pass pass = pass(mode, precision, Draws.remembered(variables), cuts);
    return new Lowered(pass, pass.run(model, inputs, (node, result) -> frozen.at(node, result, e)));
  }

  private Pass pass(Mode mode, Precision precision, Draws draws, ImmutableSet<Integer> cuts) {
    return new Pass(new Pass.Purpose(mode, precision, gpu), e, variables, draws, cuts);
  }

  Emitter emitter() {
    return e;
  }

  Variables variables() {
    return variables;
  }
}
