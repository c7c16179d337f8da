package dev.tfgraphs.graphs;

import com.google.common.collect.ImmutableList;
import com.google.common.util.concurrent.Uninterruptibles;
import java.time.Duration;
import java.util.ArrayDeque;
import java.util.ArrayList;
import java.util.Deque;
import java.util.HashSet;
import java.util.List;
import java.util.Optional;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.locks.Condition;
import java.util.concurrent.locks.ReentrantLock;
import java.util.function.Consumer;
import java.util.function.LongSupplier;

/**
 * Runs the calls of several threads together, in a thread of its own: that which has waited longest
 * with those after it that are like it.
 */
final class Batching implements AutoCloseable {
  /**
   * How calls are joined, in TensorFlow Serving's terms.
   *
   * @param maxBatchSize the most samples of a batch
   * @param batchTimeout how long its first call waits for others
   * @param maxEnqueuedBatches how many times as many samples wait at most
   */
  record Limits(int maxBatchSize, Duration batchTimeout, int maxEnqueuedBatches) {
    Limits {
      if (maxBatchSize < 1) {
        throw new GraphException(
            "batching: expected batches of at most 1 sample or more, received " + maxBatchSize);
      }
      if (batchTimeout.isNegative()) {
        throw new GraphException(
            "batching: expected a timeout of 0 or more, received " + batchTimeout);
      }
      if (maxEnqueuedBatches < 1) {
        throw new GraphException(
            "batching: expected at most 1 batch or more to wait, received " + maxEnqueuedBatches);
      }
    }

    long mostWaiting() {
      return (long) maxBatchSize * maxEnqueuedBatches;
    }
  }

  private record Waiting(PredictorCall call, long since) {}

  private final Limits limits;
  private final Consumer<List<PredictorCall>> run;
  private final LongSupplier clock;
  private final ReentrantLock lock = new ReentrantLock();
  private final Condition changed = lock.newCondition();
  private final Deque<Waiting> queue = new ArrayDeque<>();
  private final Thread worker = new Thread(this::work, "predictor-batching");
  private long samples;
  private boolean hurried;
  private boolean closed;
  private Optional<Throwable> end = Optional.empty();

  /**
   * Begins.
   *
   * @param run runs calls that are alike, and fails if all of them do
   */
  Batching(Limits limits, Consumer<List<PredictorCall>> run) {
    this(limits, run, System::nanoTime);
  }

  /** As the other, with the time in nanoseconds, which is asked for by one thread at a time. */
  Batching(Limits limits, Consumer<List<PredictorCall>> run, LongSupplier clock) {
    this.limits = limits;
    this.run = run;
    this.clock = clock;
    worker.setDaemon(true);
    worker.start();
  }

  /** Whether a call is smaller than a batch may be, so that others can join it. */
  boolean joins(PredictorCall call) {
    return call.samples() < limits.maxBatchSize();
  }

  /**
   * What comes of a call, which was checked; waits for it.
   *
   * @throws QueueFullException if too many samples wait
   * @throws GraphException if the run fails, the thread is interrupted before it begins, or nothing
   *     runs any more
   */
  ImmutableList<HostTensor> predict(PredictorCall call) {
    enqueue(call);
    return results(call);
  }

  /** What comes of a call that has been queued; waits for it. */
  ImmutableList<HostTensor> results(PredictorCall call) {
    await(call);
    try {
      return call.results();
    } catch (GraphException failure) {
      // a new one, since several callers have the same failure and each a stack of its own
      throw new GraphException(String.valueOf(failure.getMessage()), failure);
    }
  }

  /** Waits for the results; an interrupt ends that unless they are on their way. */
  private void await(PredictorCall call) {
    try {
      call.await();
    } catch (InterruptedException interruption) {
      Thread.currentThread().interrupt();
      if (withdraw(call)) {
        throw new GraphException(
            "predict: interrupted while waiting for a batch to begin", interruption);
      }
    }
  }

  /** Has a call wait for its run. */
  void enqueue(PredictorCall call) {
    lock.lock();
    try {
      checkRuns();
      long more = samples + call.samples();
      if (more > limits.mostWaiting()) {
        throw new QueueFullException(
            "predict: expected at most %d samples waiting, received %d more than these %d; try again"
                    .formatted(limits.mostWaiting(), call.samples(), samples)
                + " later");
      }
      queue.add(new Waiting(call, clock.getAsLong()));
      samples = more;
      changed.signal();
    } finally {
      lock.unlock();
    }
  }

  private void checkRuns() {
    if (end.isPresent()) {
      throw new GraphException(
          "predict: expected the thread that runs batches, but it has ended by "
              + end.get()
              + "; close the predictor and make another",
          end.get());
    }
    if (closed) {
      throw new GraphException(
          "predict: expected batching to be open, but close() has been called");
    }
  }

  /** How many calls wait for their run. */
  int waiting() {
    lock.lock();
    try {
      return queue.size();
    } finally {
      lock.unlock();
    }
  }

  /** Whether the call was still waiting, which it is then no more. */
  private boolean withdraw(PredictorCall call) {
    lock.lock();
    try {
      boolean found = queue.removeIf(waiting -> waiting.call() == call);
      if (found) {
        samples -= call.samples();
        changed.signal();
      }
      return found;
    } finally {
      lock.unlock();
    }
  }

  private void work() {
    List<PredictorCall> calls = List.of();
    try {
      for (calls = next(); !calls.isEmpty(); calls = next()) {
        run(calls);
      }
    } catch (Throwable failure) { // not even an Error leaves callers waiting for ever
      fail(calls, failure);
      end(failure);
    }
  }

  private void run(List<PredictorCall> calls) {
    try {
      run.accept(calls);
    } catch (Throwable failure) { // fails these calls, and others run
      fail(calls, failure);
    }
  }

  private static void fail(List<PredictorCall> calls, Throwable failure) {
    for (PredictorCall call : calls) {
      call.fail(failure);
    }
  }

  /** Fails all that wait and has nothing wait any more. */
  private void end(Throwable failure) {
    lock.lock();
    try {
      closed = true;
      end = Optional.of(failure);
      while (!queue.isEmpty()) {
        queue.remove().call().fail(failure);
      }
      samples = 0;
    } finally {
      lock.unlock();
    }
  }

  /** The next batch as soon as it is full or has waited long enough; none after the last. */
  private List<PredictorCall> next() {
    lock.lock();
    try {
      while (!closed || !queue.isEmpty()) {
        if (queue.isEmpty()) {
          changed.awaitUninterruptibly();
          continue;
        }
        List<Waiting> batch = new ArrayList<>();
        boolean full = gather(batch);
        long left = left(queue.getFirst());
        if (full || hurried || closed || left <= 0) {
          return started(batch);
        }
        var unused = Uninterruptibles.awaitUninterruptibly(changed, left, TimeUnit.NANOSECONDS);
      }
      return List.of();
    } finally {
      lock.unlock();
    }
  }

  private long left(Waiting first) {
    return TimeUnit.NANOSECONDS.convert(limits.batchTimeout())
        - (clock.getAsLong() - first.since());
  }

  /** Collects what may run with the first call; whether nothing can be added. */
  private boolean gather(List<Waiting> batch) {
    Waiting first = queue.getFirst();
    int gathered = 0;
    for (Waiting waiting : queue) {
      if (waiting.call().isLike(first.call())) {
        if (gathered + waiting.call().samples() > limits.maxBatchSize()) {
          return true;
        }
        gathered += waiting.call().samples();
        batch.add(waiting);
      }
    }
    return gathered == limits.maxBatchSize();
  }

  /** Takes a batch out of the queue, last of all, so that what fails here finds it there. */
  private List<PredictorCall> started(List<Waiting> batch) {
    List<PredictorCall> calls = batch.stream().map(Waiting::call).toList();
    int all = calls.stream().mapToInt(PredictorCall::samples).sum();
    queue.removeAll(new HashSet<>(batch));
    samples -= all;
    return calls;
  }

  /** Has no batch wait for calls any more, since none will come. */
  void hurry() {
    lock.lock();
    try {
      hurried = true;
      changed.signal();
    } finally {
      lock.unlock();
    }
  }

  /** Ends the thread after what waits; nobody may call any more. */
  @Override
  public void close() {
    lock.lock();
    try {
      closed = true;
      changed.signal();
    } finally {
      lock.unlock();
    }
    Uninterruptibles.joinUninterruptibly(worker);
  }
}
