package dev.tfgraphs.graphs;

import com.google.common.collect.ImmutableList;
import dev.tfgraphs.graphs.data.Batch;
import dev.tfgraphs.ops.Model;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.concurrent.locks.ReadWriteLock;
import java.util.concurrent.locks.ReentrantReadWriteLock;
import org.tensorflow.Graph;
import org.tensorflow.Output;
import org.tensorflow.Session;
import org.tensorflow.Tensor;
import org.tensorflow.op.Ops;

/**
 * A model that predicts and does not change: its weights are constants, batch normalization behind
 * convolutions is a part of these, and there are no losses, no optimizer, no gradients. It owns
 * native memory and must be closed. Any number of threads may predict at once; {@link #close} waits for
 * them.
 */
public final class Predictor implements AutoCloseable {
  private final Owner owner = new Owner("predictor");
  private final ReadWriteLock lock = new ReentrantReadWriteLock();
  private final Model model;
  private final Admission admission;
  private final ImmutableList<Slot> inputs;
  private final ImmutableList<Output<?>> outputs;
  private final Session session;

  private Predictor(Model model, Weights weights, PredictorOptions options) {
    this.model = model;
    try {
      FrozenGraph frozen = owner.own(FrozenGraph.of(model, weights, options.precision()));
      this.inputs = frozen.inputs();
      this.outputs = frozen.outputs();
      this.admission = new Admission(model, inputs, ImmutableList.of());
      this.session = owner.own(Devices.session(frozen.graph(), options.device()));
    } catch (RuntimeException | Error failure) {
      owner.closeAfter(failure);
      throw failure;
    }
  }

  /**
   * Makes the graph of {@code model} with these weights, on the GPU if there is one.
   *
   * @throws GraphException if the weights are not exactly the model's, or a layer cannot be lowered
   */
  public static Predictor of(Model model, Weights weights) {
    return of(model, weights, PredictorOptions.defaults());
  }

  /**
   * As {@link #of(Model, Weights)}, with options.
   *
   * @throws GraphException as there, or if there is no such device
   */
  public static Predictor of(Model model, Weights weights, PredictorOptions options) {
    weights.checkFit(model);
    return new Predictor(model, weights, options);
  }

  /** {@return the model} */
  public Model model() {
    return model;
  }

  /**
   * {@return what each output of the model makes of a batch, {@code (batch, ...)}, in the order of
   * the outputs}
   *
   * @param inputs one for each input of the model, in its order, {@code (batch, ...)}
   * @throws GraphException if they are more or fewer, of other shapes or not of one batch, if
   *     TensorFlow fails, or after {@link #close}
   */
  public ImmutableList<HostTensor> predict(HostTensor... inputs) {
    lock.readLock().lock();
    try {
      owner.checkOpen();
      if (inputs.length == 0) {
        throw new GraphException(
            "predict: expected an input for each of the model's, received none");
      }
      try (Batch batch = batch(inputs)) {
        admission.check("predict", this.inputs, batch, false);
        return Runs.predictions(session, this.inputs, outputs, batch);
      }
    } finally {
      lock.readLock().unlock();
    }
  }

  private static Batch batch(HostTensor... inputs) {
    List<Tensor> tensors = new ArrayList<>();
    try {
      for (HostTensor input : inputs) {
        tensors.add(input.toNative());
      }
      return Batch.of(tensors, List.of());
    } catch (RuntimeException | Error failure) {
      tensors.forEach(Tensor::close);
      throw failure;
    }
  }

  /** Frees the graph, the session and all weights; more than once does nothing. */
  @Override
  public void close() {
    lock.writeLock().lock();
    try {
      owner.close();
    } finally {
      lock.writeLock().unlock();
    }
  }
}
