package dev.tfgraphs.graphs;

import dev.tfgraphs.ops.ActivationFunction;
import dev.tfgraphs.ops.Call;
import dev.tfgraphs.ops.Layer;
import java.util.List;
import java.util.OptionalLong;
import org.tensorflow.Operand;
import org.tensorflow.Output;
import org.tensorflow.op.Ops;
import org.tensorflow.proto.DataType;
import org.tensorflow.types.TFloat32;

/** What a layer has at hand while it is made into ops. */
public final class LayerContext {
  private final Pass pass;
  private final Call call;
  private final Emitter e;
  private final DataType values;
  private final boolean trains;

  LayerContext(Pass pass, Call call, Emitter e, DataType values, boolean trains) {
    this.pass = pass;
    this.call = call;
    this.e = e.in(values);
    this.values = values;
    this.trains = trains;
  }

  /** {@return TensorFlow's ops, to write with} */
  public Ops tf() {
    return e.tf();
  }

  /**
   * {@return the weight of the layer that its specification calls {@code name}}
   *
   * @throws GraphException if the layer has no such weight
   */
  @SuppressWarnings("unchecked") // weights are float32
  public Operand<TFloat32> weight(String name) {
    return (Output<TFloat32>) pass.read(pass.variables().of(call.layer(), name));
  }

  /** {@return whether training is lowered; a frozen layer still counts as training, as in Keras} */
  public boolean training() {
    return pass.mode() == Mode.TRAINING;
  }

  /** Whether training is lowered and this layer is not frozen. */
  boolean trains() {
    return training() && trains;
  }

  Emitter e() {
    return e;
  }

  Layer layer() {
    return call.layer();
  }

  /** A weight in the type in which this layer computes. */
  Output<?> value(String weight) {
    return pass.cast(pass.read(pass.variables().of(call.layer(), weight)), values);
  }

  /** The value of a weight that is tracked, as the calls of this layer before have left it. */
  Output<?> tracked(String weight) {
    return pass.tracked(pass.variables().of(call.layer(), weight));
  }

  /** Has the training step set a weight of this layer that is tracked, not trained. */
  void track(String weight, Output<?> value) {
    pass.track(pass.variables().of(call.layer(), weight), value);
  }

  /**
   * A fresh seed of the layer's own sequence, int64 {@code [seed, n]}; each use in a training step
   * counts n up, in the order of the uses.
   */
  Output<?> drawSeed(OptionalLong own) {
    Resource state = pass.variables().seedState(call.layer(), own);
    Output<?> seed = state.readAgain(e.after(pass.drawsOf(call.layer())));
    pass.draw(call.layer(), state.increase(e.after(List.of(seed.op())), e.vector(0L, 1L)));
    return seed;
  }

  /**
   * Remembers that {@code result} is {@code function} of {@code logits}; a loss then starts from
   * the logits.
   */
  void logits(ActivationFunction function, Output<?> logits, Output<?> result) {
    pass.logits(function, logits, result);
  }
}
