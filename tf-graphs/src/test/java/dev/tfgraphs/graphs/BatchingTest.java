package dev.tfgraphs.graphs;

import static java.util.Objects.requireNonNull;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertInstanceOf;
import static org.junit.jupiter.api.Assertions.assertSame;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import com.google.common.base.Throwables;
import com.google.common.collect.ImmutableList;
import dev.tfgraphs.ops.Shape;
import java.time.Duration;
import java.util.List;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CompletionException;
import java.util.concurrent.CopyOnWriteArrayList;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.concurrent.Semaphore;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicReference;
import java.util.function.IntSupplier;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;

/** Which calls run together and when, with runs that do nothing but wait to be let go. */
@Timeout(60)
class BatchingTest {
  private static final Duration LONG = Duration.ofHours(1);

  private final List<List<Integer>> batches = new CopyOnWriteArrayList<>();
  private final Semaphore runs = new Semaphore(0);
  private final CountDownLatch begun = new CountDownLatch(1);
  private final ExecutorService callers = Executors.newCachedThreadPool();

  @AfterEach
  void endCallers() {
    callers.shutdownNow();
  }

  /** Each call gets how many samples ran with it. */
  private void run(List<PredictorCall> calls) {
    begun.countDown();
    runs.acquireUninterruptibly();
    batches.add(calls.stream().map(PredictorCall::samples).toList());
    int all = calls.stream().mapToInt(PredictorCall::samples).sum();
    HostTensor result = new HostTensor(Shape.of(1), new float[] {all});
    calls.forEach(call -> call.succeed(ImmutableList.of(result)));
  }

  private Batching batching(int most, Duration timeout, int batches) {
    return new Batching(new Batching.Limits(most, timeout, batches), this::run);
  }

  private static PredictorCall call(int samples, int width) {
    return PredictorCall.of(new HostTensor(Shape.of(samples, width), new float[samples * width]));
  }

  private CompletableFuture<Float> called(Batching batching, int samples, int width) {
    PredictorCall call = call(samples, width);
    batching.enqueue(call); // in this thread, so that one comes after the other
    return CompletableFuture.supplyAsync(() -> batching.results(call).get(0).values()[0], callers);
  }

  /** Waits until so many calls wait for their run. */
  static void untilWaiting(IntSupplier waiting, int count) throws InterruptedException {
    while (waiting.getAsInt() != count) {
      Thread.sleep(1);
    }
  }

  private static boolean isWorker(Thread thread) {
    return "predictor-batching".equals(thread.getName());
  }

  @Test
  void aBatchRunsOnceItIsFull() {
    runs.release(100);
    try (Batching batching = batching(4, LONG, 2)) {
      List<CompletableFuture<Float>> calls =
          List.of(called(batching, 1, 2), called(batching, 2, 2), called(batching, 1, 2));
      calls.forEach(call -> assertEquals(4, call.join()));
      assertEquals(List.of(List.of(1, 2, 1)), batches);
    }
  }

  @Test
  void aBatchThatTheNextCallDoesNotFitIntoIsFull() {
    runs.release(100);
    Batching batching = batching(4, LONG, 2);
    CompletableFuture<Float> first = called(batching, 3, 2);
    CompletableFuture<Float> second = called(batching, 2, 2);
    assertEquals(3, first.join());
    batching.hurry();
    assertEquals(2, second.join());
    batching.close();
    assertEquals(List.of(List.of(3), List.of(2)), batches);
  }

  @Test
  void aBatchRunsAfterItsTimeWithWhatThereIs() {
    runs.release(100);
    CompletableFuture<Batching> made = new CompletableFuture<>();
    try (Batching batching =
        new Batching(
            new Batching.Limits(4, LONG, 2),
            this::run,
            () ->
                made.join().waiting() < 2 ? 0 : LONG.toNanos())) { // over when the second is there
      made.complete(batching);
      CompletableFuture<Float> first = called(batching, 1, 2);
      CompletableFuture<Float> second = called(batching, 1, 2);
      assertEquals(2, first.join());
      assertEquals(2, second.join());
    }
  }

  @Test
  void aBatchThatNobodyJoinsRunsAfterItsTime() {
    runs.release(100);
    try (Batching batching = batching(4, Duration.ofMillis(1), 2)) {
      assertEquals(3, called(batching, 3, 2).join());
    }
  }

  @Test
  void withoutTimeABatchIsWhatHasComeDuringTheLast() throws InterruptedException {
    try (Batching batching = batching(4, Duration.ZERO, 2)) {
      CompletableFuture<Float> first = called(batching, 1, 2);
      assertTrue(begun.await(30, TimeUnit.SECONDS));
      List<CompletableFuture<Float>> next = List.of(called(batching, 1, 2), called(batching, 2, 2));
      runs.release(100);
      assertEquals(1, first.join());
      next.forEach(call -> assertEquals(3, call.join()));
    }
  }

  @Test
  void callsOfOtherShapesRunByThemselvesAndInTheirTurn() throws InterruptedException {
    try (Batching batching = batching(4, Duration.ZERO, 4)) {
      CompletableFuture<Float> first = called(batching, 1, 2);
      assertTrue(begun.await(30, TimeUnit.SECONDS));
      CompletableFuture<Float> wide = called(batching, 1, 3);
      CompletableFuture<Float> narrow = called(batching, 2, 2);
      CompletableFuture<Float> alsoWide = called(batching, 3, 3);
      runs.release(100);
      CompletableFuture.allOf(first, wide, narrow, alsoWide).join();
      assertEquals(List.of(List.of(1), List.of(1, 3), List.of(2)), batches);
    }
  }

  @Test
  void whatIsMoreThanMayWaitIsRefused() throws InterruptedException {
    try (Batching batching = batching(4, Duration.ZERO, 2)) {
      CompletableFuture<Float> running = called(batching, 3, 2);
      assertTrue(begun.await(30, TimeUnit.SECONDS));
      List<CompletableFuture<Float>> waiting =
          List.of(called(batching, 3, 2), called(batching, 3, 2), called(batching, 2, 2));
      assertEquals(
          "predict: expected at most 8 samples waiting, received 1 more than these 8; try again"
              + " later",
          assertThrows(QueueFullException.class, () -> batching.predict(call(1, 2))).getMessage());
      runs.release(100);
      running.join();
      waiting.forEach(CompletableFuture::join);
      assertEquals(1, called(batching, 1, 2).join(), "there is room again");
    }
  }

  @Test
  void whatARunFailsWithIsThrownToAllItsCallers() {
    AtomicReference<Throwable> failure = new AtomicReference<>(new GraphException("broken"));
    try (Batching batching =
        new Batching(
            new Batching.Limits(4, LONG, 2),
            calls -> {
              Throwables.throwIfUnchecked(requireNonNull(failure.get()));
            })) {
      for (CompletableFuture<Float> call :
          List.of(called(batching, 2, 2), called(batching, 2, 2))) {
        GraphException cause =
            assertInstanceOf(
                GraphException.class,
                assertThrows(CompletionException.class, call::join).getCause());
        assertEquals("broken", cause.getMessage());
        assertSame(failure.get(), cause.getCause());
      }
      for (Throwable other : List.of(new OutOfMemoryError("much"), new IllegalStateException())) {
        failure.set(other);
        for (CompletableFuture<Float> call :
            List.of(called(batching, 2, 2), called(batching, 2, 2))) {
          assertSame(other, assertThrows(CompletionException.class, call::join).getCause());
        }
      }
    }
  }

  /** Between runs there is no call that a failure is of. */
  @Test
  void aFailureOfItsThreadIsThrownToAllThatWaitAndLaterCallsAreRefused() {
    Error failure = new StackOverflowError("deep");
    CompletableFuture<Batching> made = new CompletableFuture<>();
    try (Batching batching =
        new Batching(
            new Batching.Limits(4, LONG, 2),
            this::run,
            () -> {
              if (made.join().waiting() == 2 && isWorker(Thread.currentThread())) {
                throw failure;
              }
              return 0;
            })) {
      made.complete(batching);
      List<CompletableFuture<Float>> waiting =
          List.of(called(batching, 1, 2), called(batching, 1, 3));
      for (CompletableFuture<Float> call : waiting) {
        assertSame(failure, assertThrows(CompletionException.class, call::join).getCause());
      }
      assertEquals(0, batching.waiting());
      GraphException refused =
          assertThrows(GraphException.class, () -> batching.predict(call(1, 2)));
      assertEquals(
          "predict: expected the thread that runs batches, but it has ended by"
              + " java.lang.StackOverflowError: deep; close the predictor and make another",
          refused.getMessage());
      assertSame(failure, refused.getCause());
    }
    assertEquals(List.of(), batches);
  }

  @Test
  void anInterruptWithdrawsACallThatWaits() throws InterruptedException {
    Batching batching = batching(4, LONG, 1);
    CompletableFuture<String> message = new CompletableFuture<>();
    Thread caller =
        new Thread(
            () -> {
              try {
                message.complete("received " + batching.predict(call(2, 2)));
              } catch (GraphException e) {
                message.complete(e.getMessage() + " " + Thread.currentThread().isInterrupted());
              }
            });
    caller.start();
    untilWaiting(batching::waiting, 1);
    caller.interrupt();
    assertEquals("predict: interrupted while waiting for a batch to begin true", message.join());
    runs.release(100);
    CompletableFuture<Float> next = called(batching, 3, 2);
    batching.hurry();
    assertEquals(3, next.join(), "what was withdrawn neither runs nor takes room");
    batching.close();
    assertEquals(List.of(List.of(3)), batches);
  }

  @Test
  void anInterruptDuringTheRunWaitsForItsEnd() throws InterruptedException {
    try (Batching batching = batching(4, Duration.ZERO, 1)) {
      CompletableFuture<String> received = new CompletableFuture<>();
      Thread caller =
          new Thread(
              () -> {
                float[] values = batching.predict(call(2, 2)).get(0).values();
                received.complete(values[0] + " " + Thread.currentThread().isInterrupted());
              });
      caller.start();
      assertTrue(begun.await(30, TimeUnit.SECONDS));
      caller.interrupt();
      Thread.sleep(50);
      assertFalse(received.isDone());
      runs.release(100);
      assertEquals("2.0 true", received.join());
    }
  }

  @Test
  void closingRunsWhatWaitsAndEndsTheThread() {
    Batching batching = batching(4, LONG, 2);
    List<CompletableFuture<Float>> waiting =
        List.of(called(batching, 1, 2), called(batching, 1, 3));
    runs.release(100);
    batching.close();
    waiting.forEach(call -> assertEquals(1, call.join()));
    assertTrue(
        Thread.getAllStackTraces().keySet().stream().noneMatch(BatchingTest::isWorker),
        "no thread is left");
    assertEquals(
        "predict: expected batching to be open, but close() has been called",
        assertThrows(GraphException.class, () -> batching.predict(call(1, 2))).getMessage());
  }

  @Test
  void limitsThatAreNoneAreRefused() {
    assertRefused(
        "batching: expected batches of at most 1 sample or more, received 0", 0, Duration.ZERO, 1);
    assertRefused(
        "batching: expected a timeout of 0 or more, received PT-1S", 1, Duration.ofSeconds(-1), 1);
    assertRefused(
        "batching: expected at most 1 batch or more to wait, received 0", 1, Duration.ZERO, 0);
  }

  private static void assertRefused(String message, int most, Duration timeout, int batches) {
    PredictorOptions options = PredictorOptions.defaults();
    assertEquals(
        message,
        assertThrows(GraphException.class, () -> options.batching(most, timeout, batches))
            .getMessage());
  }
}
