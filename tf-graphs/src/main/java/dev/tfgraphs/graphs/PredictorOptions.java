package dev.tfgraphs.graphs;

import static java.util.Objects.requireNonNull;

import com.google.common.collect.ImmutableList;
import com.google.common.primitives.Ints;
import java.time.Duration;
import java.util.Optional;
import java.util.function.Consumer;

/** How a {@link Predictor} computes. A value; each setting returns another one. */
public final class PredictorOptions {
  private Precision precision = Precision.FLOAT32;
  private Device device = Device.AUTO;
  private ImmutableList<Integer> warmUp = ImmutableList.of();
  private Optional<Batching.Limits> batching = Optional.empty();

  private PredictorOptions() {}

  /** {@return float32, on the GPU if there is one, not warmed up, each call by itself} */
  public static PredictorOptions defaults() {
    return new PredictorOptions();
  }

  /**
   * {@return these options computing in other numbers} In bfloat16 CPUs that know it (AVX512_BF16,
   * AMX) and GPUs are faster with large networks; numbers have 8 bits, so that results are off by
   * some percent. Weights are rounded once, after batch normalization has become a part of them.
   */
  public PredictorOptions precision(Precision precision) {
    requireNonNull(precision, "precision");
    return copy(o -> o.precision = precision);
  }

  /** {@return these options on a device} */
  public PredictorOptions device(Device device) {
    requireNonNull(device, "device");
    return copy(o -> o.device = device);
  }

  /**
   * {@return these options with a first prediction that is as fast as the second: batches of zeros
   * of these sizes are run when the predictor is made} The first run of all plans the graph, for
   * any size; the first of each size makes its kernels. All sizes of the inputs but the batch have
   * to be known.
   *
   * @throws GraphException if there is no size, or one less than 1
   */
  public PredictorOptions warmUp(int... batchSizes) {
    if (batchSizes.length == 0 || Ints.min(batchSizes) < 1) {
      throw new GraphException(
          "warmUp: expected batches of 1 sample or more, received " + Ints.asList(batchSizes));
    }
    return copy(o -> o.warmUp = ImmutableList.copyOf(Ints.asList(batchSizes)));
  }

  /**
   * {@return these options with dynamic batching: calls from several threads are joined to one run,
   * whose results each gets its part of} TensorFlow Serving's settings of these names do the same.
   *
   * <p>Calls whose inputs are alike but for the batch are joined in the order of their coming, as
   * many as fit. A batch runs when it is full, or its first call has waited for {@code
   * batchTimeout}, and one batch at a time; what comes meanwhile is the next. A call of {@code
   * maxBatchSize} samples or more runs at once and by itself. What a sample gives must not depend
   * on the others of its batch, as it does not in Keras's layers, and outputs have a row for each
   * sample. If a run fails, all its calls do. A thread that is interrupted before its batch begins
   * to run withdraws its call.
   *
   * @param maxBatchSize the most samples of a joint batch, {@code max_batch_size}
   * @param batchTimeout how long calls wait for others, {@code batch_timeout_micros}; with zero a
   *     batch is what has come while the last one ran
   * @param maxEnqueuedBatches how many times {@code maxBatchSize} samples wait at most for their
   *     run, {@code max_enqueued_batches}; what would be more is not made to wait but refused by
   *     {@link QueueFullException}, so that load that is too much for the machine is known at once
   * @throws GraphException if a number is less than 1, or the time negative
   */
  public PredictorOptions batching(
      int maxBatchSize, Duration batchTimeout, int maxEnqueuedBatches) {
    Batching.Limits limits = new Batching.Limits(maxBatchSize, batchTimeout, maxEnqueuedBatches);
    return copy(o -> o.batching = Optional.of(limits));
  }

  Precision precision() {
    return precision;
  }

  Device device() {
    return device;
  }

  /** The batches to run first. */
  ImmutableList<Integer> warmUpSizes() {
    return warmUp;
  }

  /** How calls are joined, if they are. */
  Optional<Batching.Limits> batching() {
    return batching;
  }

  private PredictorOptions copy(Consumer<PredictorOptions> change) {
    PredictorOptions copy = new PredictorOptions();
    copy.precision = precision;
    copy.device = device;
    copy.warmUp = warmUp;
    copy.batching = batching;
    change.accept(copy);
    return copy;
  }
}
