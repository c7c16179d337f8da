package dev.tfgraphs.graphs;

import com.google.common.base.Throwables;
import java.util.ArrayDeque;
import java.util.Deque;
import org.jspecify.annotations.Nullable;

/**
 * Closes what it owns, last first, losing no failure; the one place where native things of a long
 * life end.
 */
final class Owner implements AutoCloseable {
  private final Deque<AutoCloseable> owned = new ArrayDeque<>();
  private final String name;
  private volatile boolean closed;

  /** An owner that errors call {@code name}. */
  Owner(String name) {
    this.name = name;
  }

  /** Takes {@code thing} and hands it back. */
  <T extends AutoCloseable> T own(T thing) {
    owned.push(thing);
    return thing;
  }

  /** Fails once this is closed. */
  void checkOpen() {
    if (closed) {
      throw new GraphException(name + ": expected to be open, but close() has been called");
    }
  }

  /** Has {@link #checkOpen} fail from now on; what is owned stays until {@link #close}. */
  void refuse() {
    closed = true;
  }

  @Override
  public void close() {
    closed = true;
    @Nullable Throwable failure = null;
    while (!owned.isEmpty()) {
      failure = closing(owned.pop(), failure);
    }
    if (failure != null) {
      Throwables.throwIfUnchecked(failure);
    }
  }

  /** Closes because of a failure, which stays the one that counts. */
  void closeAfter(Throwable failure) {
    try {
      close();
    } catch (RuntimeException another) {
      failure.addSuppressed(another);
    }
  }

  /** The first failure so far, unchecked; not even an Error keeps what is left from closing. */
  private @Nullable Throwable closing(AutoCloseable thing, @Nullable Throwable before) {
    try {
      thing.close();
      return before;
    } catch (Throwable e) {
      if (before != null) {
        before.addSuppressed(e);
        return before;
      }
      return e instanceof Error
          ? e
          : new GraphException(name + ": closing failed: " + e.getMessage(), e);
    }
  }
}
