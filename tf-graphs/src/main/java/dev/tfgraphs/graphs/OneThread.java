package dev.tfgraphs.graphs;

import com.google.errorprone.annotations.CanIgnoreReturnValue;
import java.util.concurrent.atomic.AtomicReference;
import org.jspecify.annotations.Nullable;

/**
 * The calls of something native: one thread is let in, into as many calls within calls as it likes,
 * and others are refused meanwhile. Two that train at once would spoil each other's numbers in
 * silence, and what is closed in a call ends in native code.
 */
final class OneThread {
  /** What is done in a call that gives something. */
  interface Call<T, X extends Exception> {
    T run() throws X;
  }

  /** What is done in another. */
  interface Change<X extends Exception> {
    void run() throws X;
  }

  private record Use(Thread thread, String call) {}

  private final Owner owner;
  private final String name;
  private final AtomicReference<@Nullable Use> used = new AtomicReference<>();

  /** Calls of what {@code owner} owns and errors call {@code name}. */
  OneThread(Owner owner, String name) {
    this.owner = owner;
    this.name = name;
  }

  /**
   * {@return what {@code body} makes}
   *
   * @throws GraphException if another thread is inside, or the owner has closed
   */
  @CanIgnoreReturnValue
  <T, X extends Exception> T in(String call, Call<T, X> body) throws X {
    boolean outermost = enter(new Use(Thread.currentThread(), call));
    try {
      owner.checkOpen();
      return body.run();
    } finally {
      leave(outermost);
    }
  }

  /** As {@link #in}, where there is nothing to give. */
  <X extends Exception> void change(String call, Change<X> body) throws X {
    in(
        call,
        () -> {
          body.run();
          return call;
        });
  }

  /**
   * Closes the owner, once or more often.
   *
   * @throws GraphException if any thread is inside, this one too: its call goes on with what closes
   */
  void close() {
    boolean outermost = enter(new Use(Thread.currentThread(), "close"));
    try {
      Use inside = used.get();
      if (!outermost && inside != null) {
        throw new GraphException(
            "%s: expected close when %s has ended, received it in the midst; close it afterwards"
                .formatted(name, inside.call));
      }
      owner.close();
    } finally {
      leave(outermost);
    }
  }

  private boolean enter(Use use) {
    Use inside = used.compareAndExchange(null, use);
    if (inside != null && inside.thread != use.thread) {
      throw new GraphException(
          "%s: expected one thread at a time, received %s of thread '%s' while '%s' is in %s; wait"
                  .formatted(
                      name, use.call, use.thread.getName(), inside.thread.getName(), inside.call)
              + " for that, or give each thread a %s of its own".formatted(name));
    }
    return inside == null;
  }

  private void leave(boolean outermost) {
    if (outermost) {
      used.set(null);
    }
  }
}
