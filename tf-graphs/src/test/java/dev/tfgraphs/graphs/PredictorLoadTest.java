package dev.tfgraphs.graphs;

import static dev.tfgraphs.graphs.Closeness.assertClose;
import static dev.tfgraphs.ops.Layers.*;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;
import static org.junit.jupiter.api.Assumptions.assumeTrue;

import com.google.common.base.Splitter;
import dev.tfgraphs.ops.Model;
import dev.tfgraphs.ops.Node;
import dev.tfgraphs.ops.Padding;
import dev.tfgraphs.ops.Shape;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Random;
import java.util.concurrent.Callable;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.concurrent.Future;
import java.util.concurrent.TimeUnit;
import java.util.stream.IntStream;
import java.util.stream.Stream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.MethodSource;

/** Eight threads that predict at once; {@code -Dtfgraphs.load=60} has them do so for a minute. */
@Timeout(300)
class PredictorLoadTest {
  private static final int SECONDS = Integer.getInteger("tfgraphs.load", 2);
  private static final int THREADS = 8;
  private static final int MOST = 6;
  private static final Path STATM = Path.of("/proc/self/statm");

  /**
   * A batch that is not freed is 50 to 300 kB and there are some hundred a second; what threads and
   * malloc keep for themselves stays below.
   */
  private static final long BOUND = 100L << 20;

  /** Each sample's sums are the same numbers, perhaps in another order. */
  private static final double ROUNDING = 1e-6;

  private static Stream<PredictorOptions> options() {
    PredictorOptions alone = PredictorOptions.defaults().device(Device.CPU).warmUp(1, MOST);
    return Stream.of(
        alone,
        alone.batching(8, Duration.ofMillis(1), 8),
        alone.batching(4, Duration.ZERO, 12),
        alone.precision(Precision.MIXED_BFLOAT16).batching(16, Duration.ofMillis(1), 4));
  }

  private static Model model() {
    Node image = input(64, 64, 3);
    Node x = image.to(conv2D(8, 3).strides(4).padding(Padding.SAME)).to(batchNormalization());
    Node y = x.to(relu()).to(conv2D(8, 3).padding(Padding.SAME)).to(batchNormalization());
    Node sum = add(y, x).to(relu());
    return Model.of(
        List.of(image), List.of(sum.to(globalAveragePooling2D()).to(dense(5)).to(softmax()), sum));
  }

  private static HostTensor images(int count) {
    Random random = new Random(count);
    float[] values = new float[count * 64 * 64 * 3];
    for (int i = 0; i < values.length; i++) {
      values[i] = random.nextFloat();
    }
    return new HostTensor(Shape.of(count, 64, 64, 3), values);
  }

  private static List<HostTensor> places(Model model, int count) {
    return model.outputs().stream()
        .map(output -> output.shape().with(0, count))
        .map(shape -> new HostTensor(shape, new float[Math.toIntExact(shape.elements())]))
        .toList();
  }

  private static long resident() throws IOException {
    System.gc();
    return Long.parseLong(Splitter.on(' ').splitToList(Files.readString(STATM)).get(1)) * 4096;
  }

  private static void assertSame(List<HostTensor> expected, List<HostTensor> actual, double slack) {
    assertEquals(expected.size(), actual.size());
    for (int i = 0; i < expected.size(); i++) {
      assertClose("output " + i, expected.get(i), actual.get(i), slack, slack);
    }
  }

  /** Calls until the time is over, into new tensors and into its own; how often. */
  private static Callable<Integer> caller(
      Predictor predictor, List<List<HostTensor>> expected, double slack, int seed, long end) {
    return () -> {
      Random random = new Random(seed);
      int calls = 0;
      while (calls == 0 || System.nanoTime() < end) {
        int count = 1 + random.nextInt(MOST);
        List<HostTensor> results = places(predictor.model(), count);
        HostTensor images = images(count);
        if (random.nextBoolean()) {
          results = predictor.predict(images);
        } else {
          predictor.predictInto(results, images);
        }
        assertSame(expected.get(count - 1), results, slack);
        calls++;
      }
      return calls;
    };
  }

  private static int load(Predictor predictor, List<List<HostTensor>> expected, double slack)
      throws InterruptedException, ExecutionException {
    ExecutorService threads = Executors.newFixedThreadPool(THREADS);
    try {
      long end = System.nanoTime() + Duration.ofSeconds(SECONDS).toNanos();
      List<Callable<Integer>> callers =
          IntStream.range(0, THREADS)
              .mapToObj(seed -> caller(predictor, expected, slack, seed, end))
              .toList();
      int calls = 0;
      for (Future<Integer> each : threads.invokeAll(callers)) {
        calls += each.get();
      }
      return calls;
    } finally {
      threads.shutdownNow();
    }
  }

  @ParameterizedTest
  @MethodSource("options")
  void eightThreadsLoseNothingAndLeaveNothing(PredictorOptions options)
      throws IOException, InterruptedException, ExecutionException {
    assumeTrue(Files.isReadable(STATM), "resident memory is read on Linux only");
    Model model = model();
    Weights weights = Weights.initial(model, 3);
    // bfloat16 rounds sums in another order to a neighbour
    double slack = options.precision() == Precision.FLOAT32 ? ROUNDING : 0.02;
    PredictorOptions plain = PredictorOptions.defaults().precision(options.precision());
    List<List<HostTensor>> expected = new ArrayList<>();
    try (Predictor alone = Predictor.of(model, weights, plain)) {
      for (int count = 1; count <= MOST; count++) {
        expected.add(alone.predict(images(count)));
      }
    }
    try (Predictor predictor = Predictor.of(model, weights, options)) {
      assertTrue(load(predictor, expected, slack) >= THREADS);
      // the heap grows as well, once; a leak grows in each round
      long least = Long.MAX_VALUE;
      for (int round = 0; round < 3 && least >= BOUND; round++) {
        long before = resident();
        int calls = load(predictor, expected, slack);
        assertTrue(calls >= THREADS);
        least = Math.min(least, resident() - before);
        if (Integer.getInteger("tfgraphs.load") != null) {
          System.out.printf("%d calls, grew by at least %d kB%n", calls, least >> 10);
        }
      }
      long grown = least;
      assertTrue(grown < BOUND, () -> "grew by " + (grown >> 20) + " MB in each of three rounds");
    }
  }

  @ParameterizedTest
  @MethodSource("options")
  void closingWaitsForCallsAndRefusesLaterOnes(PredictorOptions options)
      throws InterruptedException, ExecutionException {
    Model model = model();
    Predictor predictor = Predictor.of(model, Weights.initial(model, 3), options);
    List<HostTensor> expected = predictor.predict(images(2));
    double slack = options.precision() == Precision.FLOAT32 ? ROUNDING : 0.02;
    CountDownLatch calls = new CountDownLatch(4 * THREADS);
    Callable<String> caller =
        () -> {
          while (true) {
            try {
              assertSame(expected, predictor.predict(images(2)), slack);
              calls.countDown();
            } catch (GraphException refused) {
              return String.valueOf(refused.getMessage());
            }
          }
        };
    ExecutorService threads = Executors.newFixedThreadPool(THREADS);
    try {
      List<Future<String>> callers =
          IntStream.range(0, THREADS).mapToObj(i -> threads.submit(caller)).toList();
      assertTrue(calls.await(60, TimeUnit.SECONDS));
      predictor.close();
      String closed = "predictor: expected to be open, but close() has been called";
      for (Future<String> each : callers) {
        assertEquals(closed, each.get());
      }
      GraphException refused =
          assertThrows(GraphException.class, () -> predictor.predict(images(1)));
      assertEquals(closed, refused.getMessage());
    } finally {
      threads.shutdownNow();
    }
    assertTrue(
        Thread.getAllStackTraces().keySet().stream()
            .noneMatch(thread -> "predictor-batching".equals(thread.getName())));
  }

  /** A call that waits for others for an hour is run at once when nobody else can come. */
  @Test
  void closingDoesNotWaitForBatchesToFill() throws InterruptedException, ExecutionException {
    Model model = model();
    PredictorOptions options = PredictorOptions.defaults().batching(8, Duration.ofHours(1), 1);
    Predictor predictor = Predictor.of(model, Weights.initial(model, 3), options);
    ExecutorService threads = Executors.newSingleThreadExecutor();
    try {
      Future<List<HostTensor>> waiting = threads.submit(() -> predictor.predict(images(2)));
      BatchingTest.untilWaiting(predictor::waiting, 1);
      predictor.close();
      assertEquals(2, waiting.get().get(0).shape().size(0));
    } finally {
      threads.shutdownNow();
    }
  }
}
