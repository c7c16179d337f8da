package dev.tfgraphs.graphs;

import static dev.tfgraphs.graphs.Closeness.assertFails;
import static dev.tfgraphs.graphs.Closeness.get;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertThrows;

import dev.tfgraphs.graphs.data.ArrayDataset;
import dev.tfgraphs.graphs.data.Batch;
import dev.tfgraphs.graphs.data.Batches;
import dev.tfgraphs.graphs.data.Dataset;
import dev.tfgraphs.ops.ActivationFunction;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.function.Consumer;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.MethodSource;
import org.tensorflow.types.TFloat32;

/** A trainer ends once, and says so ever after. */
class ClosedTrainerTest {
  private static final ArrayDataset DATA = SmallNet.data(4, "class");
  private static final FitOptions QUIET = FitOptions.epochs(1).verbose(0);

  private static Trainer open() {
    return Trainer.of(
        Networks.smallNet(4, ActivationFunction.SOFTMAX),
        Compile.of(Optimizer.sgd(0.1), Loss.sparseCategoricalCrossentropy()).seed(1));
  }

  static Map<String, Consumer<Trainer>> calls() {
    return Map.of(
        "fit", trainer -> assertEquals(1, trainer.fit(DATA, QUIET).epochs().size()),
        "evaluate", trainer -> assertEquals(1, trainer.evaluate(DATA).asMap().size()),
        "predict", trainer -> assertEquals(2, trainer.predict(DATA).shape().rank()),
        "trainOnBatch", ClosedTrainerTest::trainOnBatch,
        "predictOnBatch", ClosedTrainerTest::predictOnBatch,
        "learningRate", trainer -> assertEquals(0.1, trainer.learningRate()),
        "weights", trainer -> assertEquals(10, trainer.weights().tensors().size()),
        "optimizerWeights", trainer -> assertEquals(0, trainer.optimizerWeights().iteration()),
        "assign", trainer -> trainer.assign(Weights.of(Map.of())));
  }

  private static void trainOnBatch(Trainer trainer) {
    try (Batch batch = Batch.of(List.of(TFloat32.scalarOf(1)), List.of())) {
      assertEquals(1, trainer.trainOnBatch(batch).asMap().size());
    }
  }

  private static void predictOnBatch(Trainer trainer) {
    try (Batch batch = Batch.of(List.of(TFloat32.scalarOf(1)), List.of())) {
      assertEquals(2, trainer.predictOnBatch(batch).shape().rank());
    }
  }

  static List<String> names() {
    return List.copyOf(calls().keySet());
  }

  @ParameterizedTest
  @MethodSource("names")
  void everyCallAfterCloseSaysSo(String name) {
    Trainer trainer = open();
    trainer.close();
    trainer.close();
    assertFails(
        "trainer: expected to be open, but close() has been called",
        () -> get(calls(), name).accept(trainer));
    trainer.stop();
    assertEquals(9, trainer.model().layers().size());
  }

  @Test
  void ownedThingsCloseLastFirstAndNoFailureIsLost() {
    List<String> closed = new ArrayList<>();
    Owner owner = new Owner("test");
    AutoCloseable first =
        owner.own(
            () -> {
              closed.add("first");
              throw new IllegalStateException("one");
            });
    AutoCloseable second = owner.own(() -> closed.add("second"));
    AutoCloseable third =
        owner.own(
            () -> {
              closed.add("third");
              throw new IllegalStateException("three");
            });
    assertEquals(3, List.of(first, second, third).size());
    GraphException failure = assertThrows(GraphException.class, owner::close);
    assertEquals("test: closing failed: three", failure.getMessage());
    assertEquals("one", failure.getSuppressed()[0].getMessage());
    assertEquals(List.of("third", "second", "first"), closed);
    owner.close();
    assertEquals(3, closed.size());
  }

  @Test
  void noErrorKeepsWhatIsLeftOpen() {
    List<String> closed = new ArrayList<>();
    Owner owner = new Owner("test");
    AutoCloseable first = owner.own(() -> closed.add("first"));
    AutoCloseable second =
        owner.own(
            () -> {
              throw new IllegalStateException("two");
            });
    AutoCloseable third =
        owner.own(
            () -> {
              throw new StackOverflowError("three");
            });
    assertEquals(3, List.of(first, second, third).size());
    Error failure = assertThrows(StackOverflowError.class, owner::close);
    assertEquals("three", failure.getMessage());
    assertEquals("two", failure.getSuppressed()[0].getMessage());
    assertEquals(List.of("first"), closed);
  }

  /** Samples of the small net, of which there are none. */
  private static final class Empty extends ForwardingDataset {
    private final long samples;

    Empty(long samples) {
      super(DATA);
      this.samples = samples;
    }

    @Override
    public long samples() {
      return samples;
    }

    @Override
    public Batches open(int batchSize, boolean shuffle, long seed) {
      return new Batches() {
        @Override
        public void begin(int epoch) {}

        @Override
        public Optional<Batch> next() {
          return Optional.empty();
        }

        @Override
        public long steps() {
          return samples;
        }

        @Override
        public void close() {}
      };
    }
  }

  @Test
  void emptyDataAreRefusedWhetherOrNotTheySaySo() {
    try (Trainer trainer = open()) {
      for (String name : List.of("fit", "evaluate", "predict")) {
        assertFails(
            name + ": expected data, received an empty dataset",
            () -> call(trainer, name, new Empty(0)));
        assertFails(
            name + ": expected data, received a dataset without a batch",
            () -> call(trainer, name, new Empty(-1)));
      }
    }
  }

  private static void call(Trainer trainer, String name, Dataset data) {
    switch (name) {
      case "fit" -> assertEquals(1, trainer.fit(data, QUIET).epochs().size());
      case "evaluate" -> assertEquals(1, trainer.evaluate(data).asMap().size());
      default -> assertEquals(1, trainer.predict(data).values().length);
    }
  }
}
