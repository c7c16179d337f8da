package dev.tfgraphs.examples.benchmark;

import dev.tfgraphs.graphs.Lowered;
import dev.tfgraphs.graphs.Lowering;
import dev.tfgraphs.graphs.Mode;
import dev.tfgraphs.graphs.Variable;
import dev.tfgraphs.graphs.data.Batch;
import dev.tfgraphs.ops.Model;
import java.util.ArrayList;
import java.util.List;
import org.tensorflow.Graph;
import org.tensorflow.GraphOperation;
import org.tensorflow.Operand;
import org.tensorflow.Operation;
import org.tensorflow.Output;
import org.tensorflow.Result;
import org.tensorflow.Session;
import org.tensorflow.ndarray.Shape;
import org.tensorflow.op.Op;
import org.tensorflow.op.Ops;
import org.tensorflow.op.core.Placeholder;
import org.tensorflow.op.core.VarHandleOp;
import org.tensorflow.types.TFloat32;
import org.tensorflow.types.TInt64;
import org.tensorflow.types.family.TType;

/**
 * Training by Adam as one writes it with TensorFlow Java alone, without anything around the step:
 * what {@code fit} is measured against.
 */
final class BareLoop implements AutoCloseable {
  private static final float RATE = 1e-3f;
  private static final float BETA_1 = 0.9f;
  private static final float BETA_2 = 0.999f;
  private static final float EPSILON = 1e-7f;

  private final Graph graph = new Graph();
  private final Ops tf = Ops.create(graph);
  private final Operand<TFloat32> images;
  private final Operand<TFloat32> targets;
  private final Operand<TFloat32> loss;
  private final List<Operation> step;
  private final Session session;

  /** A model with one input that ends in a softmax. */
  BareLoop(Model model, long seed) {
    images = placeholder(model.inputs().get(0).shape().toArray());
    targets = placeholder(model.outputs().get(0).shape().toArray());
    Lowered lowered = Lowering.of(tf, model, seed).emit(Mode.TRAINING, images);
    loss = tf.math.mean(crossentropy(lowered.outputs().get(0)), tf.constant(0));
    step = new ArrayList<>(lowered.updates());
    step.add(adam(lowered));
    session = new Session(graph);
    session.initialize();
  }

  private Operand<TFloat32> placeholder(int[] shape) {
    long[] sizes = new long[shape.length];
    for (int i = 0; i < sizes.length; i++) {
      sizes[i] = shape[i];
    }
    return tf.placeholder(TFloat32.class, Placeholder.shape(Shape.of(sizes)));
  }

  @SuppressWarnings("unchecked") // what a softmax takes is float32
  private Operand<TFloat32> crossentropy(Operand<TFloat32> probabilities) {
    Output<?> activated = ((GraphOperation) probabilities.op()).input(0);
    GraphOperation softmax = (GraphOperation) activated.op();
    Operand<TFloat32> logits = (Output<TFloat32>) softmax.input(0);
    return tf.nn.softmaxCrossEntropyWithLogits(logits, targets).loss();
  }

  /** The updates of all weights, then the count of steps. */
  private Operation adam(Lowered lowered) {
    List<Variable> trained =
        lowered.variables().stream().filter(one -> one.weight().trainable()).toList();
    Output<?>[] values =
        trained.stream().map(one -> lowered.value(one).asOutput()).toArray(Output<?>[]::new);
    Output<?>[] gradients = graph.addGradients(loss.asOutput(), values);

    Operand<?> count =
        variable("count", Shape.scalar(), tf.withInitScope().constant(1L), TInt64.class);
    Operand<TFloat32> t = tf.dtypes.cast(tf.readVariableOp(count, TInt64.class), TFloat32.class);
    Operand<TFloat32> power1 = tf.math.pow(tf.constant(BETA_1), t);
    Operand<TFloat32> power2 = tf.math.pow(tf.constant(BETA_2), t);
    List<Op> updates = new ArrayList<>();
    for (int i = 0; i < values.length; i++) {
      updates.add(
          tf.train.resourceApplyAdam(
              trained.get(i).handle(),
              zeros(trained.get(i), "m"),
              zeros(trained.get(i), "v"),
              power1,
              power2,
              tf.constant(RATE),
              tf.constant(BETA_1),
              tf.constant(BETA_2),
              tf.constant(EPSILON),
              float32(gradients[i])));
    }
    return tf.withControlDependencies(updates).assignAddVariableOp(count, tf.constant(1L)).op();
  }

  @SuppressWarnings("unchecked") // gradients of float32 are float32
  private static Operand<TFloat32> float32(Output<?> output) {
    return (Output<TFloat32>) output;
  }

  private Operand<?> zeros(Variable like, String slot) {
    Shape shape = like.value().shape();
    Ops init = tf.withInitScope();
    Operand<TFloat32> zeros = init.zeros(init.constant(shape), TFloat32.class);
    return variable(like.name() + "/" + slot, shape, zeros, TFloat32.class);
  }

  private <T extends TType> Operand<?> variable(
      String name, Shape shape, Operand<T> first, Class<T> type) {
    Ops init = tf.withInitScope();
    Operand<?> handle = init.varHandleOp(type, shape, VarHandleOp.sharedName(name));
    init.assignVariableOp(handle, first);
    return handle;
  }

  /** One step. */
  void step(Batch batch) {
    Session.Runner runner = runner(batch);
    step.forEach(runner::addTarget);
    runner.run().close();
  }

  /** The loss of a batch, in training mode. */
  double loss(Batch batch) {
    try (Result result = runner(batch).fetch(loss).run()) {
      return ((TFloat32) result.get(0)).getFloat();
    }
  }

  private Session.Runner runner(Batch batch) {
    return session
        .runner()
        .feed(images, batch.inputs().get(0))
        .feed(targets, batch.targets().get(0));
  }

  @Override
  public void close() {
    session.close();
    graph.close();
  }
}
