package dev.tfgraphs.graphs;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertInstanceOf;
import static org.junit.jupiter.api.Assertions.assertSame;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import com.google.common.collect.ImmutableList;
import com.google.common.util.concurrent.Uninterruptibles;
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
    CompletableFuture<Float> result =
        CompletableFuture.supplyAsync(() -> batching.predict(call).get(0).values()[0], callers);
    Uninterruptibles.sleepUninterruptibly(Duration.ofMillis(50)); // one after the other
    return result;
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
    try (Batching batching = batching(4, Duration.ofMillis(200), 2)) {
      CompletableFuture<Float> first = called(batching, 1, 2);
      CompletableFuture<Float> second = called(batching, 1, 2);
      assertEquals(2, first.join());
      assertEquals(2, second.join());
    }
  }

  @Test
  void withoutTimeABatchIsWhatHasComeDuringTheLast() {
    try (Batching batching = batching(4, Duration.ZERO, 2)) {
      CompletableFuture<Float> first = called(batching, 1, 2);
      List<CompletableFuture<Float>> next = List.of(called(batching, 1, 2), called(batching, 2, 2));
      runs.release(100);
      assertEquals(1, first.join());
      next.forEach(call -> assertEquals(3, call.join()));
    }
  }

  @Test
  void callsOfOtherShapesRunByThemselvesAndInTheirTurn() {
    try (Batching batching = batching(4, Duration.ZERO, 4)) {
      CompletableFuture<Float> first = called(batching, 1, 2);
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
              Throwable thrown = failure.get();
              if (thrown instanceof Error error) {
                throw error;
              }
              throw (GraphException) thrown;
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
      failure.set(new OutOfMemoryError("much"));
      for (CompletableFuture<Float> call :
          List.of(called(batching, 2, 2), called(batching, 2, 2))) {
        assertSame(failure.get(), assertThrows(CompletionException.class, call::join).getCause());
      }
    }
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
    Thread.sleep(50);
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
        Thread.getAllStackTraces().keySet().stream()
            .noneMatch(thread -> "predictor-batching".equals(thread.getName())));
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
