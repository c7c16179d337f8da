package dev.tfgraphs.graphs;

import com.google.common.collect.ImmutableList;
import com.google.errorprone.annotations.CanIgnoreReturnValue;
import dev.tfgraphs.ops.Model;
import java.util.List;
import java.util.Optional;
import java.util.concurrent.locks.ReadWriteLock;
import java.util.concurrent.locks.ReentrantReadWriteLock;
import org.tensorflow.Session;

/**
 * A model that predicts and does not change: its weights are constants, batch normalization behind
 * convolutions is a part of these, and there are no losses, no optimizer, no gradients. It owns
 * native memory and must be closed.
 *
 * <p>Any number of threads may predict at once, each a batch of any size. {@link
 * PredictorOptions#batching} has them share runs.
 */
public final class Predictor implements AutoCloseable {
  private final Owner owner = new Owner("predictor");
  private final ReadWriteLock lock = new ReentrantReadWriteLock();
  private final Model model;
  private final PredictorRuns runs;
  private final Optional<Batching> batching;

  private Predictor(Model model, Weights weights, PredictorOptions options) {
    this.model = model;
    try {
      FrozenGraph frozen = owner.own(FrozenGraph.of(model, weights, options.precision()));
      Session session = owner.own(Devices.session(frozen.graph(), options.device()));
      this.runs = new PredictorRuns(model, frozen, session);
      options.warmUpSizes().forEach(runs::warmUp);
      this.batching = options.batching().map(limits -> owner.own(new Batching(limits, runs::run)));
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
   * @throws GraphException as there, if there is no such device, if the model is to be warmed up
   *     and has inputs of unknown sizes or too large for such batches, or if calls are to be joined
   *     and an output has another first size than the batch
   */
  public static Predictor of(Model model, Weights weights, PredictorOptions options) {
    weights.checkFit(model);
    options.batching().ifPresent(limits -> PredictorRuns.checkSplits(model));
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
   * @param inputs one for each input of the model, in its order, {@code (batch, ...)}; their arrays
   *     are the caller's again after the call, and may be filled anew for the next
   * @throws QueueFullException if calls are joined and too many samples wait
   * @throws GraphException if the inputs are more or fewer, of other shapes or not of one batch, if
   *     TensorFlow fails, after {@link #close}, or if calls are joined and the thread is
   *     interrupted before the run begins
   */
  public ImmutableList<HostTensor> predict(HostTensor... inputs) {
    return run(PredictorCall.of(inputs));
  }

  /**
   * Predicts as {@link #predict} does, into tensors that the caller has, so that results need no
   * new memory.
   *
   * @param results one for each output of the model, in its order, of just the shape that it makes,
   *     {@code (batch, ...)}; their arrays are filled, and after a failure hold anything
   * @param inputs as there
   * @throws QueueFullException as there
   * @throws GraphException as there, or if results are more or fewer, of other shapes, or two of
   *     one array
   */
  public void predictInto(List<HostTensor> results, HostTensor... inputs) {
    run(PredictorCall.into(results, inputs));
  }

  @CanIgnoreReturnValue
  private ImmutableList<HostTensor> run(PredictorCall call) {
    owner.checkOpen(); // while it is being closed, too
    lock.readLock().lock();
    try {
      owner.checkOpen();
      runs.check(call);
      if (batching.isPresent() && batching.get().joins(call)) {
        return batching.get().predict(call);
      }
      runs.run(List.of(call));
      return call.results();
    } finally {
      lock.readLock().unlock();
    }
  }

  /** How many calls wait to be joined with others. */
  int waiting() {
    return batching.map(Batching::waiting).orElse(0);
  }

  /**
   * Frees the graph, the session and all weights, after the calls that are being made; later ones
   * are refused. More than once does nothing.
   */
  @Override
  public void close() {
    owner.refuse();
    batching.ifPresent(Batching::hurry);
    lock.writeLock().lock();
    try {
      owner.close();
    } finally {
      lock.writeLock().unlock();
    }
  }
}
