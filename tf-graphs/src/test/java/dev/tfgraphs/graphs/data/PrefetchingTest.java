package dev.tfgraphs.graphs.data;

import static dev.tfgraphs.graphs.data.Reading.assertFails;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertInstanceOf;
import static org.junit.jupiter.api.Assertions.assertSame;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import dev.tfgraphs.graphs.GraphException;
import java.io.IOException;
import java.util.List;
import java.util.Optional;
import java.util.concurrent.ConcurrentLinkedQueue;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicInteger;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.tensorflow.types.TInt32;

@Timeout(60)
class PrefetchingTest {

  /** Counts up, endlessly or to a failure; remembers all it made. */
  private static final class Counting implements Batches {
    final ConcurrentLinkedQueue<Batch> made = new ConcurrentLinkedQueue<>();
    final AtomicInteger closed = new AtomicInteger();
    final CountDownLatch three = new CountDownLatch(3);
    volatile Throwable failure = new IllegalStateException("never");
    volatile int failAt = Integer.MAX_VALUE;
    final AtomicInteger count = new AtomicInteger();

    @Override
    public void begin(int epoch) {
      count.set(100 * epoch);
    }

    @Override
    public Optional<Batch> next() {
      if (count.get() == failAt) {
        throw PrefetchingTest.<RuntimeException>undeclared(failure);
      }
      Batch batch = Batch.of(List.of(TInt32.vectorOf(count.getAndIncrement())), List.of());
      made.add(batch);
      three.countDown();
      return Optional.of(batch);
    }

    @Override
    public long steps() {
      return -1;
    }

    @Override
    public void close() {
      closed.incrementAndGet();
    }
  }

  @SuppressWarnings({"unchecked", "TypeParameterUnusedInFormals"}) // as other languages throw
  private static <E extends Throwable> E undeclared(Throwable failure) throws E {
    throw (E) failure;
  }

  private final Counting source = new Counting();
  private final Batches batches = Prefetching.of(source, 2);

  @AfterEach
  void closing() {
    batches.close();
  }

  private int value() {
    try (Batch batch = batches.next().orElseThrow()) {
      return ((TInt32) batch.inputs().get(0)).getInt(0);
    }
  }

  @Test
  void batchesAreMadeBeforeTheyAreAskedForAndNotTooMany() throws InterruptedException {
    batches.begin(0);
    assertTrue(source.three.await(30, TimeUnit.SECONDS), "two wait and one is in hand");
    Thread.sleep(50);
    assertEquals(3, source.made.size());
    assertEquals(0, value());
    assertEquals(1, value());
  }

  @Test
  void aPassMayBeginBeforeTheOneBeforeHasEnded() {
    batches.begin(0);
    assertEquals(0, value());
    batches.begin(7);
    assertEquals(700, value());
    assertEquals(701, value());
  }

  @Test
  void closingEndsTheThreadAndFreesWhatItMade() throws InterruptedException {
    batches.begin(0);
    assertTrue(source.three.await(30, TimeUnit.SECONDS));
    batches.close();
    batches.close();
    assertEquals(1, source.closed.get());
    assertEquals(3, source.made.size());
    for (Batch batch : source.made) {
      assertFails("batch: already closed", batch::size);
    }
    assertTrue(
        Thread.getAllStackTraces().keySet().stream()
            .noneMatch(thread -> "tfgraphs-data".equals(thread.getName())));
  }

  @Test
  void whatTheThreadFailsWithIsThrownToWhoeverAsksEachTime() {
    source.failAt = 1;
    source.failure = new GraphException("image x: cannot be decoded");
    batches.begin(0);
    assertEquals(0, value());
    for (int i = 0; i < 2; i++) {
      GraphException thrown = assertThrows(GraphException.class, batches::next);
      assertEquals("image x: cannot be decoded", thrown.getMessage());
      assertSame(source.failure, thrown.getCause());
    }
    source.failAt = Integer.MAX_VALUE;
    batches.begin(1);
    assertEquals(100, value());
  }

  @Test
  void aStrangersFailureIsNamed() {
    source.failAt = 0;
    source.failure = new IllegalStateException("the disk is gone");
    batches.begin(0);
    GraphException thrown = assertThrows(GraphException.class, batches::next);
    assertEquals(
        "batches: cannot make a batch: java.lang.IllegalStateException: the disk is gone",
        thrown.getMessage());
    assertInstanceOf(IllegalStateException.class, thrown.getCause());
  }

  @Test
  void anErrorStaysAnError() {
    source.failAt = 0;
    source.failure = new OutOfMemoryError("full");
    batches.begin(0);
    assertSame(source.failure, assertThrows(OutOfMemoryError.class, batches::next));
  }

  @Test
  void aPassMustBeBegunAndNothingIsReadAfterClosing() {
    assertFails("batches: expected begin(epoch) before next()", batches::next);
    batches.close();
    assertFails("batches: already closed", batches::next);
    assertFails("batches: already closed", () -> batches.begin(0));
  }

  @Test
  void waitingCanBeInterrupted() {
    try (Batches never = Prefetching.of(new Slow(), 1)) {
      never.begin(0);
      Thread.currentThread().interrupt();
      assertFails("batches: interrupted while waiting for a batch", never::next);
      assertTrue(Thread.interrupted());
    }
  }

  /** Has no batch for a minute. */
  private static final class Slow implements Batches {
    @Override
    public void begin(int epoch) {}

    @Override
    public Optional<Batch> next() {
      try {
        Thread.sleep(60_000);
      } catch (InterruptedException e) {
        Thread.currentThread().interrupt();
      }
      return Optional.empty();
    }

    @Override
    public long steps() {
      return -1;
    }

    @Override
    public void close() {}
  }

  /** Interrupts its own thread while it makes each of three batches. */
  private static final class Interrupting implements Batches {
    private int made;

    @Override
    public void begin(int epoch) {
      made = 0;
    }

    @Override
    public Optional<Batch> next() {
      Thread.currentThread().interrupt();
      return made == 3
          ? Optional.empty()
          : Optional.of(Batch.of(List.of(TInt32.vectorOf(made++)), List.of()));
    }

    @Override
    public long steps() {
      return 3;
    }

    @Override
    public void close() {}
  }

  @Test
  void aSourceThatInterruptsItsThreadLosesNeitherABatchNorTheEnd() {
    try (Batches all = Prefetching.of(new Interrupting(), 1)) {
      for (int epoch = 0; epoch < 2; epoch++) {
        assertEquals(
            List.of(0, 1, 2),
            Reading.pass(all, epoch, batch -> Reading.numbers(batch.inputs().get(0)).get(0)));
      }
    }
  }

  @Test
  void aCheckedFailureThatNobodyDeclaresIsNamedToo() {
    source.failAt = 0;
    source.failure = new IOException("the disk is gone");
    batches.begin(0);
    assertFails(
        "batches: cannot make a batch: java.io.IOException: the disk is gone", batches::next);
  }
}
