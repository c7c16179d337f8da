package dev.tfgraphs.savedmodel;

import java.io.IOException;
import java.net.http.HttpTimeoutException;
import java.nio.ByteBuffer;
import java.time.Duration;
import java.util.List;
import java.util.Optional;
import java.util.concurrent.BlockingQueue;
import java.util.concurrent.Flow;
import java.util.concurrent.LinkedBlockingQueue;
import java.util.concurrent.TimeUnit;
import org.jspecify.annotations.Nullable;

/**
 * The body of an answer, piece by piece, for a thread that waits for each only so long and can be
 * interrupted. Java's own streams of bodies wait for ever.
 */
final class Chunks implements Flow.Subscriber<List<ByteBuffer>>, AutoCloseable {
  /** A piece, the end if there is none, or why it does not come. */
  private record Arrival(Optional<List<ByteBuffer>> piece, @Nullable Throwable failure) {}

  private final BlockingQueue<Arrival> arrivals = new LinkedBlockingQueue<>();
  private volatile Flow.@Nullable Subscription subscription;
  private volatile boolean closed;

  Chunks(Flow.Publisher<List<ByteBuffer>> body) {
    body.subscribe(this);
  }

  /**
   * The next piece, if there is one more.
   *
   * @throws HttpTimeoutException if none comes in time
   * @throws IOException if the connection breaks
   */
  Optional<List<ByteBuffer>> next(Duration timeout) throws IOException, InterruptedException {
    Arrival arrival = arrivals.poll(timeout.toMillis(), TimeUnit.MILLISECONDS);
    if (arrival == null) {
      throw new HttpTimeoutException("no byte in time");
    }
    if (arrival.failure != null) {
      throw new IOException(arrival.failure);
    }
    ask();
    return arrival.piece;
  }

  private void ask() {
    Flow.Subscription asked = subscription;
    if (asked != null) { // else nothing can have come
      asked.request(1);
    }
  }

  @Override
  public void onSubscribe(Flow.Subscription made) {
    subscription = made;
    if (closed) {
      made.cancel();
    } else {
      made.request(1);
    }
  }

  @Override
  public void onNext(List<ByteBuffer> piece) {
    arrivals.add(new Arrival(Optional.of(piece), null));
  }

  @Override
  public void onError(Throwable failure) {
    arrivals.add(new Arrival(Optional.empty(), failure));
  }

  @Override
  public void onComplete() {
    arrivals.add(new Arrival(Optional.empty(), null));
  }

  /** Ends the connection if not everything has come. */
  @Override
  public void close() {
    closed = true;
    Flow.Subscription asked = subscription;
    if (asked != null) { // else it is as soon as it is made
      asked.cancel();
    }
  }
}
