package dev.tfgraphs.graphs;

import static dev.tfgraphs.ops.Layers.*;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertInstanceOf;
import static org.junit.jupiter.api.Assertions.assertThrows;

import com.google.common.collect.ImmutableList;
import com.google.common.collect.ImmutableMap;
import dev.tfgraphs.ops.CustomLayer;
import dev.tfgraphs.ops.Model;
import dev.tfgraphs.ops.Node;
import dev.tfgraphs.ops.Shape;
import java.time.Duration;
import java.util.List;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CompletionException;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.function.Supplier;
import java.util.stream.Stream;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.Arguments;
import org.junit.jupiter.params.provider.MethodSource;
import org.tensorflow.Operand;
import org.tensorflow.types.TFloat32;

/** Calls of several threads that become one run of TensorFlow; four samples are a full batch. */
@Timeout(60)
class PredictorBatchingTest {
  private static final PredictorOptions JOINING =
      PredictorOptions.defaults().batching(4, Duration.ofHours(1), 2);

  private final ExecutorService callers = Executors.newCachedThreadPool();

  @AfterEach
  void endCallers() {
    callers.shutdownNow();
  }

  /** Says that it makes one shape, and makes rows of another width than that of samples. */
  private static final class Rows extends CustomLayer implements LoweredLayer {
    private final Shape said;
    private final int width;

    Rows(Shape said, int width) {
      this.said = said;
      this.width = width;
    }

    @Override
    public Rows name(String name) {
      return named(this, name);
    }

    @Override
    public Shape infer(List<Shape> inputs) {
      return said;
    }

    @Override
    public Operand<TFloat32> lower(LayerContext context, List<Operand<TFloat32>> inputs) {
      return context.tf().reshape(inputs.get(0), context.tf().constant(new int[] {-1, width}));
    }
  }

  /** Has numbers go through untouched, and through rows. */
  private static Model model(Shape said, int width) {
    Node numbers = input("numbers", 2);
    return Model.of(
        List.of(numbers),
        List.of(numbers.to(relu()), numbers.to(new Rows(said, width).name("rows"))));
  }

  private static Predictor predictor(Model model, PredictorOptions options) {
    return Predictor.of(model, Weights.of(ImmutableMap.of()), options);
  }

  private static HostTensor numbers(float... values) {
    return new HostTensor(Shape.of(values.length / 2, 2), values);
  }

  private <T> CompletableFuture<T> called(Supplier<T> call) {
    return CompletableFuture.supplyAsync(call, callers);
  }

  private static void assertFails(String message, CompletableFuture<?> call) {
    GraphException failure =
        assertInstanceOf(
            GraphException.class, assertThrows(CompletionException.class, call::join).getCause());
    assertEquals(message, failure.getMessage());
  }

  private static Stream<Arguments> shapesWithoutARowForEachSample() {
    return Stream.of(
        Arguments.of(Shape.of(), "()"),
        Arguments.of(Shape.of(1, 4), "(1, 4)"),
        Arguments.of(Shape.of(4), "(4,)"));
  }

  @ParameterizedTest
  @MethodSource("shapesWithoutARowForEachSample")
  void aModelWhoseOutputsCannotBeSplitIsRefused(Shape said, String shown) {
    Model model = model(said, 4);
    assertEquals(
        "batching: expected outputs (None, ...) with a row for each sample, so that each caller"
            + " gets its own, received "
            + shown
            + " for what 'rows' makes; predict without batching",
        assertThrows(GraphException.class, () -> predictor(model, JOINING)).getMessage());
  }

  @Test
  void withoutBatchingResultsNeedNoRowForEachSample() {
    try (Predictor alone = predictor(model(Shape.of(1, 4), 4), PredictorOptions.defaults())) {
      assertEquals(
          new HostTensor(Shape.of(1, 4), new float[] {1, 2, 3, 4}),
          alone.predict(numbers(1, 2, 3, 4)).get(1));
    }
  }

  @Test
  void resultsThatTurnOutNotToBeSplitAreRefused() {
    Model model = model(Shape.of(Shape.UNKNOWN, 4), 4);
    try (Predictor predictor = predictor(model, JOINING)) {
      for (CompletableFuture<?> call :
          List.of(
              called(() -> predictor.predict(numbers(1, 2, 3, 4))),
              called(() -> predictor.predict(numbers(5, 6, 7, 8))))) {
        assertFails(
            "predict: expected results of 4 samples to give back to those who gave them, received"
                + " shape [2, 4]; predict without batching",
            call);
      }
    }
  }

  /** Joins a call for new tensors and one for its own. */
  private void assertJoined(Predictor predictor) {
    List<HostTensor> places = List.of(numbers(0, 0), numbers(0, 0));
    CompletableFuture<ImmutableList<HostTensor>> three =
        called(() -> predictor.predict(numbers(-1, 2, 3, -4, 5, 6)));
    CompletableFuture<List<HostTensor>> one =
        called(
            () -> {
              predictor.predictInto(places, numbers(-7, 8));
              return places;
            });
    assertEquals(List.of(numbers(0, 2, 3, 0, 5, 6), numbers(-1, 2, 3, -4, 5, 6)), three.join());
    assertEquals(List.of(numbers(0, 8), numbers(-7, 8)), one.join());
  }

  /** Two calls of which one has places of another size, which is its own failure. */
  private void assertOneFails(Predictor predictor) {
    List<HostTensor> places = List.of(numbers(0, 0), numbers(0, 0, 0, 0));
    CompletableFuture<ImmutableList<HostTensor>> good =
        called(() -> predictor.predict(numbers(1, 2, 3, 4)));
    CompletableFuture<List<HostTensor>> bad =
        called(
            () -> {
              predictor.predictInto(places, numbers(5, 6, 7, 8));
              return places;
            });
    assertEquals(numbers(1, 2, 3, 4), good.join().get(0));
    assertFails(
        "predictInto: expected a tensor of (2, 2) for what 'activation' makes, received one of (1,"
            + " 2)",
        bad);
  }

  /** Two calls for whose samples TensorFlow fails. */
  private void assertAllFail(Predictor predictor) {
    for (CompletableFuture<?> call :
        List.of(
            called(() -> predictor.predict(numbers(1, 2, 3, 4))),
            called(() -> predictor.predict(numbers(5, 6, 7, 8))))) {
      GraphException failure =
          assertInstanceOf(
              GraphException.class, assertThrows(CompletionException.class, call::join).getCause());
      assertEquals(
          "predict: TensorFlow failed", String.valueOf(failure.getMessage()).substring(0, 26));
    }
  }

  @Test
  void nothingNativeIsLeft() {
    Model good = model(Shape.of(Shape.UNKNOWN, 2), 2);
    Model bad = model(Shape.of(Shape.UNKNOWN, 3), 3); // 8 numbers have no rows of 3
    NativeObjects.assertNoneLeft(
        () -> {
          try (Predictor predictor = predictor(good, JOINING.warmUp(1, 4))) {
            assertJoined(predictor);
            assertOneFails(predictor);
            HostTensor wide = new HostTensor(Shape.of(1, 3), new float[3]);
            assertThrows(GraphException.class, () -> predictor.predict(wide));
          }
          try (Predictor predictor = predictor(bad, JOINING)) {
            assertAllFail(predictor);
          }
          assertThrows(GraphException.class, () -> predictor(bad, JOINING.warmUp(1)));
        });
  }
}
