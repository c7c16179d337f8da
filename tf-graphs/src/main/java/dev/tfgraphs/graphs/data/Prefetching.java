package dev.tfgraphs.graphs.data;

import com.google.common.util.concurrent.Uninterruptibles;
import dev.tfgraphs.graphs.GraphException;
import java.util.Optional;
import java.util.concurrent.ArrayBlockingQueue;
import java.util.concurrent.BlockingQueue;
import org.jspecify.annotations.Nullable;

/**
 * Makes other batches ahead, in a thread that lives as long as a pass. The source is used by this
 * thread only while it lives, by the caller only while it does not.
 */
final class Prefetching implements Batches {

  /** What the thread hands over: a batch, the end of the pass, or why it cannot go on. */
  private record Item(@Nullable Batch batch, @Nullable Throwable failure) {}

  private static final Item END = new Item(null, null);

  private final Batches source;
  private final int capacity;

  private BlockingQueue<Item> queue;
  private @Nullable Thread worker;
  private @Nullable Item last;
  private boolean begun;
  private volatile boolean stopped;
  private boolean closed;

  private Prefetching(Batches source, int capacity) {
    this.source = source;
    this.capacity = capacity;
    this.queue = new ArrayBlockingQueue<>(capacity);
  }

  /** {@return {@code source}, up to {@code capacity} batches ahead; from now on its owner} */
  static Batches of(Batches source, int capacity) {
    return capacity == 0 ? source : new Prefetching(source, capacity);
  }

  @Override
  public void begin(int epoch) {
    checkOpen();
    begun = false;
    stop();
    source.begin(epoch);
    begun = true;
    last = null;
    BlockingQueue<Item> fresh = new ArrayBlockingQueue<>(capacity);
    queue = fresh;
    stopped = false;
    Thread thread = new Thread(() -> work(fresh), "tfgraphs-data");
    thread.setDaemon(true);
    worker = thread;
    thread.start();
  }

  /** Runs in the worker until the end of the pass, a failure or {@link #stop}. */
  private void work(BlockingQueue<Item> out) {
    boolean more = true;
    while (more && !stopped) {
      Item item = make();
      more = item.batch != null;
      handOver(item, out);
    }
  }

  /**
   * Only {@link #stop} ends the waiting for a place: an interruption that the source has left
   * behind must not keep a batch or the end from whoever waits for it.
   */
  private void handOver(Item item, BlockingQueue<Item> out) {
    boolean waits = true;
    while (waits && !stopped) {
      try {
        out.put(item);
        waits = false;
      } catch (InterruptedException e) {
        // the flag is clear now; stopped says whose it was
      }
    }
    if (waits) {
      discard(item);
    }
  }

  /** Catches checked exceptions too, which sources in other languages throw undeclared. */
  private Item make() {
    try {
      return source.next().map(batch -> new Item(batch, null)).orElse(END);
    } catch (Exception | Error e) {
      return new Item(null, e);
    }
  }

  private static void discard(Item item) {
    if (item.batch != null) {
      item.batch.close();
    }
  }

  @Override
  public Optional<Batch> next() {
    checkOpen();
    if (!begun) {
      throw new GraphException("batches: expected begin(epoch) before next()");
    }
    Item item = last == null ? take() : last;
    if (item.batch != null) {
      return Optional.of(item.batch);
    }
    last = item;
    if (item.failure != null) {
      throw failed(item.failure);
    }
    return Optional.empty();
  }

  private Item take() {
    try {
      return queue.take();
    } catch (InterruptedException e) {
      Thread.currentThread().interrupt();
      throw new GraphException("batches: interrupted while waiting for a batch", e);
    }
  }

  /** A new exception, so that its stack trace says who asked; the cause says who failed. */
  private static GraphException failed(Throwable failure) {
    if (failure instanceof Error error) {
      throw error;
    }
    return failure instanceof GraphException
        ? new GraphException(String.valueOf(failure.getMessage()), failure)
        : new GraphException("batches: cannot make a batch: " + failure, failure);
  }

  /** Ends the worker and frees what it has made. */
  private void stop() {
    Thread thread = worker;
    worker = null;
    if (thread != null) {
      stopped = true;
      thread.interrupt();
      Uninterruptibles.joinUninterruptibly(thread);
      queue.forEach(Prefetching::discard);
      queue.clear();
    }
  }

  @Override
  public long steps() {
    return source.steps();
  }

  @Override
  public void close() {
    if (!closed) {
      closed = true;
      stop();
      source.close();
    }
  }

  private void checkOpen() {
    if (closed) {
      throw new GraphException("batches: already closed");
    }
  }
}
