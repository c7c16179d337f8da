package dev.tfgraphs.examples.serving;

import static org.junit.jupiter.api.Assertions.assertArrayEquals;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertThrows;

import com.google.common.collect.ImmutableList;
import com.google.common.collect.ImmutableMap;
import com.google.common.util.concurrent.Uninterruptibles;
import dev.tfgraphs.ops.Shape;
import dev.tfgraphs.savedmodel.Signature;
import dev.tfgraphs.savedmodel.SignatureTensor;
import java.time.Duration;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.Collections;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.Optional;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CompletionException;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.stream.Collectors;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;
import org.tensorflow.proto.DataType;

class BatcherTest {
  private static final Signature DOUBLE = signature("double", Shape.UNKNOWN);
  private static final Signature OTHER = signature("other", Shape.UNKNOWN);
  private static final Signature ONE_ROW = signature("one_row", 1);

  private final List<String> runs = Collections.synchronizedList(new ArrayList<>());
  private final CountDownLatch held = new CountDownLatch(1);
  private final CountDownLatch begun = new CountDownLatch(1);
  private CompletableFuture<List<Double>> first = new CompletableFuture<>();
  private final ExecutorService callers = Executors.newCachedThreadPool();

  private static Signature signature(String name, int batch) {
    Optional<Shape> shape = Optional.of(Shape.of(batch, Shape.UNKNOWN));
    return new Signature(
        name,
        ImmutableList.of(new SignatureTensor("x", DataType.DT_FLOAT, shape)),
        ImmutableList.of(new SignatureTensor("y", DataType.DT_FLOAT, shape)));
  }

  /** Doubles numbers and notes how many; 13 fails, and the first call waits. */
  private ImmutableMap<String, Values> run(Signature signature, Map<String, Values> inputs) {
    Values x = Objects.requireNonNull(inputs.get("x"));
    runs.add(signature.name() + x.shape());
    begun.countDown();
    Uninterruptibles.awaitUninterruptibly(held);
    double[] doubled = x.numbers().clone();
    for (int i = 0; i < doubled.length; i++) {
      if (doubled[i] == 13) {
        throw new IllegalStateException("thirteen");
      }
      doubled[i] *= 2;
    }
    return ImmutableMap.of("y", new Values(x.shape(), doubled, ImmutableList.of()));
  }

  private Batcher batcher(int waiting, int rows) {
    return new Batcher(this::run, new Limits(1, waiting, rows, Duration.ofMillis(100)));
  }

  private CompletableFuture<List<Double>> ask(Batcher batcher, Signature how, int rows, double of) {
    Values x = row(rows, of);
    CompletableFuture<List<Double>> answer =
        CompletableFuture.supplyAsync(
            () -> {
              Values y =
                  Objects.requireNonNull(batcher.predict(how, ImmutableMap.of("x", x)).get("y"));
              return Arrays.stream(y.numbers()).boxed().collect(Collectors.toList());
            },
            callers);
    Uninterruptibles.sleepUninterruptibly(Duration.ofMillis(30)); // so that they come in order
    return answer;
  }

  private static Values row(int rows, double of) {
    double[] numbers = new double[rows];
    Arrays.fill(numbers, of);
    return new Values(Shape.of(rows, 1), numbers, ImmutableList.of());
  }

  /** Lets the model begin with a request and not end. */
  private void hold(Batcher batcher) {
    first = ask(batcher, ONE_ROW, 1, 1);
    Uninterruptibles.awaitUninterruptibly(begun);
  }

  @AfterEach
  void stop() {
    held.countDown();
    callers.shutdownNow();
  }

  @Test
  void requestsThatWaitArePredictedTogether() {
    try (Batcher batcher = batcher(10, 32)) {
      hold(batcher);
      List<CompletableFuture<List<Double>>> more =
          List.of(
              ask(batcher, DOUBLE, 1, 2), ask(batcher, DOUBLE, 2, 3), ask(batcher, DOUBLE, 1, 4));
      held.countDown();
      assertEquals(List.of(2.0), first.join());
      assertEquals(List.of(4.0), more.get(0).join());
      assertEquals(List.of(6.0, 6.0), more.get(1).join());
      assertEquals(List.of(8.0), more.get(2).join());
    }
    assertEquals(List.of("one_row(1, 1)", "double(4, 1)"), runs);
  }

  @Test
  void otherSignaturesAndFixedBatchesAreNotPredictedTogether() {
    try (Batcher batcher = batcher(10, 32)) {
      hold(batcher);
      List<CompletableFuture<List<Double>>> more =
          List.of(
              ask(batcher, DOUBLE, 1, 2),
              ask(batcher, OTHER, 1, 3),
              ask(batcher, ONE_ROW, 1, 4),
              ask(batcher, ONE_ROW, 1, 5));
      held.countDown();
      first.join();
      more.forEach(CompletableFuture::join);
    }
    assertEquals(
        List.of("one_row(1, 1)", "double(1, 1)", "other(1, 1)", "one_row(1, 1)", "one_row(1, 1)"),
        runs);
  }

  @Test
  void noMoreRowsArePredictedTogetherThanAllowed() {
    try (Batcher batcher = batcher(10, 3)) {
      hold(batcher);
      List<CompletableFuture<List<Double>>> more =
          List.of(
              ask(batcher, DOUBLE, 2, 2), ask(batcher, DOUBLE, 2, 3), ask(batcher, DOUBLE, 7, 3));
      held.countDown();
      more.forEach(CompletableFuture::join);
    }
    assertEquals(List.of("one_row(1, 1)", "double(2, 1)", "double(2, 1)", "double(7, 1)"), runs);
  }

  @Test
  void aRequestThatFailsFailsAlone() {
    try (Batcher batcher = batcher(10, 32)) {
      hold(batcher);
      CompletableFuture<List<Double>> good = ask(batcher, DOUBLE, 1, 2);
      CompletableFuture<List<Double>> bad = ask(batcher, DOUBLE, 1, 13);
      held.countDown();
      assertEquals(List.of(4.0), good.join());
      CompletionException thrown = assertThrows(CompletionException.class, bad::join);
      assertEquals("java.lang.IllegalStateException: thirteen", thrown.getMessage());
    }
    assertEquals(List.of("one_row(1, 1)", "double(2, 1)", "double(1, 1)", "double(1, 1)"), runs);
  }

  @Test
  void moreRequestsThanMayWaitAreRefused() {
    try (Batcher batcher = batcher(2, 32)) {
      hold(batcher);
      List<CompletableFuture<List<Double>>> waiting =
          List.of(ask(batcher, DOUBLE, 1, 2), ask(batcher, DOUBLE, 1, 3));
      RequestException thrown =
          assertThrows(
              RequestException.class,
              () -> batcher.predict(DOUBLE, ImmutableMap.of("x", row(1, 4))));
      assertEquals(503, thrown.status());
      assertEquals(
          "server: expected at most 2 requests waiting, received one more; try again later",
          thrown.getMessage());
      held.countDown();
      assertEquals(List.of(4.0), waiting.get(0).join());
    }
  }

  @Test
  void whatWaitsWhenItIsClosedIsPredicted() {
    Batcher batcher = batcher(10, 1);
    hold(batcher);
    CompletableFuture<List<Double>> waiting = ask(batcher, DOUBLE, 1, 2);
    CompletableFuture<Void> closing = CompletableFuture.runAsync(batcher::close, callers);
    Uninterruptibles.sleepUninterruptibly(Duration.ofMillis(30));
    held.countDown();
    closing.join();
    assertArrayEquals(new Object[] {4.0}, waiting.join().toArray());
    RequestException thrown =
        assertThrows(
            RequestException.class, () -> batcher.predict(DOUBLE, ImmutableMap.of("x", row(1, 4))));
    assertEquals("server: is being stopped", thrown.getMessage());
  }
}
