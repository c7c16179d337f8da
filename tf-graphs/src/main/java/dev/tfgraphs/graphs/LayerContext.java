package dev.tfgraphs.graphs;

import dev.tfgraphs.ops.ActivationFunction;
import dev.tfgraphs.ops.Call;
import dev.tfgraphs.ops.Layer;
import dev.tfgraphs.ops.Shape;
import java.util.Optional;
import java.util.OptionalLong;
import org.tensorflow.Operand;
import org.tensorflow.Output;
import org.tensorflow.op.Ops;
import org.tensorflow.proto.DataType;
import org.tensorflow.types.TFloat32;
import org.tensorflow.types.TInt64;

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
    return pass.purpose().mode() == Mode.TRAINING;
  }

  /** Whether this is lowered for a GPU, for which is looked if nobody has before. */
  boolean onGpu() {
    return pass.purpose().gpu().getAsBoolean();
  }

  /**
   * {@return whether training is lowered and this layer is not frozen; only then does a batch
   * normalization use the batch's statistics and move its averages}
   */
  public boolean trains() {
    return training() && trains;
  }

  /**
   * {@return the value of a weight that is tracked, as the calls of this layer before have left it}
   *
   * @throws GraphException if the layer has no such weight, or if it is one that trains
   */
  @SuppressWarnings("unchecked") // weights are float32
  public Operand<TFloat32> tracked(String name) {
    return (Output<TFloat32>) pass.tracked(trackedVariable(name));
  }

  /**
   * Has the training step set a weight that is tracked, in place of what a call of this layer
   * before wanted.
   *
   * @throws GraphException if the layer has no such weight, if it is one that trains, if {@code
   *     value} has another shape, or if inference is lowered
   */
  public void track(String name, Operand<TFloat32> value) {
    requireTraining("weights to be tracked");
    Output<?> given = value.asOutput();
    Shape shape = trackedVariable(name).weight().spec().shape();
    if (given.env() != e.graph()) {
      throw new GraphException(
          "expected a value in the graph of the model for '" + name + "', received one in another");
    }
    if (!fits(shape, given.shape())) {
      throw new GraphException(
          "expected a value of %s for '%s', received one of %s"
              .formatted(shape, name, Shapes.fromTensorFlow(given.shape())));
    }
    // what TensorFlow does not know of a shape shows when the step is run
    move(name, e.op("EnsureShape").in(given).attr("shape", Shapes.toTensorFlow(shape)).out());
  }

  private static boolean fits(Shape shape, org.tensorflow.ndarray.Shape given) {
    return given.isUnknown() || Targets.matches(shape, Shapes.fromTensorFlow(given));
  }

  /**
   * {@return a fresh seed of the layer's own sequence for TensorFlow's stateless random ops, int64
   * {@code [seed, n]}; each use in a training step counts n up, in the order of the uses}
   *
   * @param own the seed that the layer was given; without one {@link Layer#needsSeed()} holds, and
   *     the seed comes from the trainer's
   * @throws GraphException if there is neither, or if inference is lowered
   */
  @SuppressWarnings("unchecked") // the state of a generator is int64
  public Operand<TInt64> drawSeed(OptionalLong own) {
    requireTraining("random numbers");
    if (own.isEmpty() && !call.layer().needsSeed()) {
      throw new GraphException(
          "expected a layer whose needsSeed() is true where it draws without a seed of its own");
    }
    return (Output<TInt64>) pass.draw(e, call.layer(), own);
  }

  /**
   * Refuses an op without a gradient where training would need one: behind weights that train.
   *
   * @param x what the op is applied to
   */
  void requireNothingLearned(Output<?> x, String op) {
    Optional<String> source = pass.learnedBy(x);
    if (training() && source.isPresent()) {
      throw new GraphException(
          "expected no weight that trains before it (TensorFlow has no gradient of "
              + op
              + "), received the result of layer '"
              + source.get()
              + "'");
    }
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

  /** Has the training step set a weight of this layer that is tracked. */
  void move(String weight, Output<?> value) {
    pass.track(trackedVariable(weight), value);
  }

  private Variable trackedVariable(String weight) {
    Variable variable = pass.variables().of(call.layer(), weight);
    if (variable.weight().spec().trainable()) {
      throw new GraphException(
          "expected a weight that is tracked, received '" + weight + "', which trains");
    }
    return variable;
  }

  private void requireTraining(String what) {
    if (!training()) {
      throw new GraphException("expected " + what + " in training only, received inference");
    }
  }

  /**
   * Remembers that {@code result} is {@code function} of {@code logits}; a loss then starts from
   * the logits.
   */
  void logits(ActivationFunction function, Output<?> logits, Output<?> result) {
    pass.logits(function, logits, result);
  }

  /**
   * Remembers that {@code result} is {@code value} and {@code bias}; a batch normalization then
   * starts from the value, and an addition that nobody else uses never runs.
   */
  void biased(Output<?> value, Output<?> bias, Output<?> result) {
    pass.biased(value, bias, result);
  }

  /** What {@code output} is the sum of, if it is one with a bias. */
  Optional<Pass.Biased> biasedOf(Output<?> output) {
    return pass.biasedOf(output);
  }
}
