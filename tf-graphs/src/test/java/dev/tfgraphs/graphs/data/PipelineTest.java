package dev.tfgraphs.graphs.data;

import static dev.tfgraphs.graphs.data.Reading.assertFails;
import static dev.tfgraphs.graphs.data.Reading.inputs;
import static dev.tfgraphs.graphs.data.Reading.numbers;
import static dev.tfgraphs.graphs.data.Reading.pass;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertNotEquals;
import static org.junit.jupiter.api.Assertions.assertSame;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import com.google.common.collect.ImmutableList;
import dev.tfgraphs.graphs.GraphException;
import dev.tfgraphs.ops.Shape;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.OptionalInt;
import java.util.function.Function;
import java.util.function.Supplier;
import java.util.stream.IntStream;
import java.util.stream.Stream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.Arguments;
import org.junit.jupiter.params.provider.MethodSource;
import org.tensorflow.Graph;
import org.tensorflow.Operand;
import org.tensorflow.Session;
import org.tensorflow.ndarray.StdArrays;
import org.tensorflow.op.Ops;
import org.tensorflow.proto.DataType;
import org.tensorflow.types.TFloat32;
import org.tensorflow.types.TInt32;
import org.tensorflow.types.TInt64;

class PipelineTest {

  private static final Dataset BYTES =
      Dataset.of(Samples.of(new byte[] {0, 51, 102, (byte) 255}), Samples.labels(0, 1, 2, 3));

  private static Operand<?> halved(Ops tf, Operand<?> input) {
    return tf.math.div(tf.dtypes.cast(input, TFloat32.class), tf.constant(2f));
  }

  @Test
  void settingsAreKeptAndLeaveTheSourceAlone() {
    Dataset set = BYTES.map(PipelineTest::halved).batch(3).prefetch(5).shuffle(true).take(3);
    assertEquals(OptionalInt.of(3), set.batchSize());
    assertEquals(OptionalInt.empty(), BYTES.batchSize());
    assertEquals(3, set.samples());
    assertEquals(BYTES.targets(), set.targets());
    assertEquals(ImmutableList.of(new TensorSpec(DataType.DT_FLOAT, Shape.of())), set.inputs());
    assertEquals(ImmutableList.of(new TensorSpec(DataType.DT_UINT8, Shape.of())), BYTES.inputs());
  }

  @Test
  void aMapChangesTheFirstInputOfEveryBatch() {
    assertEquals(
        List.of(List.of(0f, 25.5f, 51f), List.of(127.5f)),
        inputs(BYTES.map(PipelineTest::halved), 3));
  }

  @Test
  void mapsApplyInTheirOrderAndMayChangeTheShape() {
    Dataset mapped =
        BYTES
            .map(PipelineTest::halved)
            .map((tf, x) -> tf.expandDims(x, tf.constant(1)))
            .map((tf, x) -> tf.concat(List.of(floats(x), floats(x)), tf.constant(1)))
            .prefetch(0);
    assertEquals(new TensorSpec(DataType.DT_FLOAT, Shape.of(2)), mapped.inputs().get(0));
    assertEquals(List.of(List.of(51f, 51f, 127.5f, 127.5f)), inputs(mapped.skip(2), 8));
  }

  @SuppressWarnings("unchecked")
  private static Operand<TFloat32> floats(Operand<?> operand) {
    return (Operand<TFloat32>) operand;
  }

  @Test
  void aNumberedMapIsToldWhichBatchOfAllPassesItChanges() {
    Dataset numbered =
        BYTES.map(
            (tf, x, number) ->
                tf.math.add(
                    tf.dtypes.cast(x, TInt64.class), tf.math.mul(number, tf.constant(1000L))));
    try (Batches batches = numbered.open(3, false, 0)) {
      List<List<Number>> first = List.of(List.of(0L, 51L, 102L), List.of(1255L));
      List<List<Number>> third = List.of(List.of(4000L, 4051L, 4102L), List.of(5255L));
      assertEquals(first, pass(batches, 0, batch -> numbers(batch.inputs().get(0))));
      assertEquals(third, pass(batches, 2, batch -> numbers(batch.inputs().get(0))));
      assertEquals(first, pass(batches, 0, batch -> numbers(batch.inputs().get(0))));
    }
  }

  @Test
  void aMapThatChangesNothingIsPossible() {
    assertEquals(List.of(List.of(0, 51, 102, 255)), inputs(BYTES.map((tf, x) -> x), 4));
  }

  @Test
  void otherInputsAndTargetsPassThroughAMap() {
    Dataset two =
        Dataset.of(
                List.of(Samples.of(new byte[] {(byte) 255}), Samples.of(new float[] {7})),
                List.of(Samples.labels(9)))
            .weights(0.5f)
            .map(PipelineTest::halved);
    try (Batches batches = two.open(4, false, 0)) {
      assertEquals(
          List.of("[127.5][7.0][9][0.5]"),
          pass(
              batches,
              0,
              batch ->
                  ""
                      + numbers(batch.inputs().get(0))
                      + numbers(batch.inputs().get(1))
                      + numbers(batch.targets().get(0))
                      + numbers(batch.weights().orElseThrow())));
    }
  }

  @Test
  void aMapThatCannotBeIsRefusedWhereItIsSaid() {
    assertFails(
        "map: expected a function from a batch (None,) to a batch (None, ...), received the result"
            + " (7,)",
        () -> BYTES.map((tf, x) -> tf.constant(new int[7])));
    assertFails(
        "map: expected a function from a batch (None,) to a batch (None, ...), received the result"
            + " ()",
        () -> BYTES.map((tf, x) -> tf.constant(1)));
    assertFails(
        "map: expected a function from a batch (None,) to a batch (None, ...), received the result"
            + " of unknown shape",
        () -> BYTES.map((tf, x) -> tf.placeholder(TFloat32.class)));
    Dataset pairs = Dataset.of(Samples.of(new float[6], 2));
    GraphException thrown =
        assertThrows(
            GraphException.class,
            () -> pairs.map((tf, x) -> tf.math.add(floats(x), tf.constant(new float[3]))));
    assertEquals(
        "map: the function fails on a batch (None, 2) of DT_FLOAT: Dimensions must be equal, but"
            + " are 2 and 3 for '= Add[T=DT_FLOAT](Placeholder, Const)' with input shapes: [?,2],"
            + " [3].",
        thrown.getMessage());
  }

  @Test
  void aMapThatFailsOrLosesSamplesWhenItRunsSaysSo() {
    Dataset lossy =
        BYTES.map((tf, x) -> tf.slice(x, tf.constant(new int[] {1}), tf.constant(new int[] {-1})));
    assertFails(
        "map: expected a result of 4 samples, as many as came in, received one of shape (3,)",
        () -> inputs(lossy, 4));
    Dataset beyond =
        BYTES.map((tf, x) -> tf.gather(x, tf.dtypes.cast(x, TInt32.class), tf.constant(0)));
    GraphException thrown = assertThrows(GraphException.class, () -> inputs(beyond, 4));
    assertEquals("map: the function fails: indices[1] = 51 is not in [0, 4)", thrown.getMessage());
  }

  @Test
  void shuffleOverrulesWhoeverReads() {
    Dataset ten = Dataset.of(Samples.labels(0, 1, 2, 3, 4, 5, 6, 7, 8, 9));
    List<Number> inOrder = List.of(0, 1, 2, 3, 4, 5, 6, 7, 8, 9);
    assertNotEquals(List.of(inOrder), inputs(ten.shuffle(true), 10));
    try (Batches batches = ten.shuffle(false).open(10, true, 1)) {
      assertEquals(List.of(inOrder), pass(batches, 0, batch -> numbers(batch.inputs().get(0))));
    }
    try (Batches batches = ten.batch(4).open(10, true, 0)) {
      assertEquals(
          List.of(List.of(1, 2, 5, 7, 0, 8, 4, 3, 9, 6)),
          pass(batches, 0, batch -> numbers(batch.inputs().get(0))));
    }
  }

  @Test
  void shufflingWithinBatchesLeavesEachBatchItsSamples() {
    Dataset twenty =
        Dataset.of(Samples.labels(IntStream.range(0, 20).toArray())).shuffleWithinBatches();
    try (Batches batches = twenty.open(8, true, 1)) {
      List<List<Number>> first = pass(batches, 0, batch -> numbers(batch.inputs().get(0)));
      List<List<Number>> second = pass(batches, 1, batch -> numbers(batch.inputs().get(0)));
      assertNotEquals(first, second);
      for (List<List<Number>> pass : List.of(first, second)) {
        assertEquals(
            List.of(
                IntStream.range(0, 8).boxed().toList(),
                IntStream.range(8, 16).boxed().toList(),
                IntStream.range(16, 20).boxed().toList()),
            pass.stream()
                .map(rows -> rows.stream().map(Number::intValue).sorted().toList())
                .toList());
        assertNotEquals(IntStream.range(0, 8).boxed().toList(), pass.get(0));
      }
    }
  }

  @Test
  void datasetsOfTheirOwnKindDoNotShuffleWithinBatches() {
    Dataset own = new Zeros().shuffleWithinBatches();
    assertFails(
        "shuffleWithinBatches: expected arrays or image files, received a Zeros",
        () -> own.open(2, true, 1).close());
  }

  private static List<Number> first(Batch batch) {
    return numbers(batch.inputs().get(0));
  }

  @Test
  void aRepeatedPassIsSeveralOfItsSource() {
    Dataset five = Dataset.of(Samples.labels(0, 1, 2, 3, 4)).batch(2).map((tf, x) -> x);
    Dataset twice = five.repeat(2);
    assertEquals(10, twice.samples());
    try (Batches passes = five.open(2, true, 3);
        Batches repeated = twice.open(2, true, 3)) {
      assertEquals(6, repeated.steps());
      for (int pass : new int[] {0, 2, 1}) {
        List<List<Number>> expected = new ArrayList<>(pass(passes, 2 * pass, PipelineTest::first));
        expected.addAll(pass(passes, 2 * pass + 1, PipelineTest::first));
        assertEquals(expected, pass(repeated, pass, PipelineTest::first));
        assertEquals(List.of(2, 2, 1, 2, 2, 1), expected.stream().map(List::size).toList());
      }
    }
    assertEquals(30, twice.repeat(3).samples());
    assertFalse(twice.endless());
  }

  @Test
  void anEndlessDatasetHasPassesWithoutEnd() {
    Dataset five = Dataset.of(Samples.labels(0, 1, 2, 3, 4)).batch(2);
    Dataset endless = five.repeat().map((tf, x) -> x);
    assertTrue(endless.endless());
    assertTrue(endless.repeat(2).endless());
    assertEquals(-1, endless.samples());
    try (Batches passes = five.open(2, true, 3);
        Batches more = endless.open(2, true, 3)) {
      assertEquals(
          pass(passes, 1_000_000, PipelineTest::first), pass(more, 1_000_000, PipelineTest::first));
    }
  }

  @Test
  void whatRepeatsIsNotCut() {
    Dataset five = Dataset.of(Samples.labels(0, 1, 2, 3, 4));
    assertFails("repeat: expected at least 1 time, received 0", () -> five.repeat(0));
    assertFails(
        "dataset: expected one that can be cut in parts, received one that repeats 2 times;"
            + " repeat the parts",
        () -> five.repeat(2).take(7));
    assertFails(
        "skip: expected a dataset that ends, received an endless one; repeat it afterwards",
        () -> five.repeat().skip(1));
    assertEquals(6, five.take(3).repeat(2).samples());
  }

  @Test
  void wrongSettingsAreRefused() {
    assertFails("batch size: expected at least 1, received 0", () -> BYTES.batch(0));
    assertFails("prefetch: expected 0 batches or more, received -1", () -> BYTES.prefetch(-1));
    assertFails(
        "batch size: expected at least 1, received -3", () -> BYTES.open(-3, false, 0).close());
  }

  /** Endless zeros. */
  private static final class Zeros extends Dataset {
    @Override
    public ImmutableList<TensorSpec> inputs() {
      return ImmutableList.of(new TensorSpec(DataType.DT_FLOAT, Shape.of()));
    }

    @Override
    public ImmutableList<TensorSpec> targets() {
      return ImmutableList.of();
    }

    @Override
    public boolean weighted() {
      return false;
    }

    @Override
    public long samples() {
      return -1;
    }

    @Override
    public Batches open(int batchSize, boolean shuffle, long seed) {
      throw new UnsupportedOperationException("not read in this test");
    }
  }

  @Test
  void aDatasetOfUnknownLengthCannotBeCut() {
    assertFails("split: expected a dataset of known length", () -> new Zeros().split(0.5));
    assertFails("take: expected a dataset of known length", () -> new Zeros().batch(2).take(1));
  }

  /** Has nothing; counts how often it is closed. */
  private static final class Empty implements Batches {
    private int closed;

    @Override
    public void begin(int epoch) {}

    @Override
    public Optional<Batch> next() {
      return Optional.empty();
    }

    @Override
    public long steps() {
      return 0;
    }

    @Override
    public void close() {
      closed++;
    }
  }

  private static final TensorSpec NUMBERS = new TensorSpec(DataType.DT_FLOAT, Shape.of());

  @Test
  void aSourceIsClosedWhenTheGraphOfItsMapsCannotBeMade() {
    Empty source = new Empty();
    IllegalStateException failure = new IllegalStateException("no memory");
    Supplier<CpuGraph> graphs =
        () -> {
          throw failure;
        };
    assertSame(
        failure,
        assertThrows(
            IllegalStateException.class,
            () ->
                Mapping.of(
                        source,
                        NUMBERS,
                        Optional.empty(),
                        List.of(Stage.of((tf, x, number) -> halved(tf, x), false)),
                        graphs)
                    .close()));
    assertEquals(1, source.closed);
  }

  @Test
  void aSourceAndTheGraphAreClosedWhenAMapFails() {
    Empty source = new Empty();
    List<CpuGraph> made = new ArrayList<>();
    Supplier<CpuGraph> graphs =
        () -> {
          made.add(new CpuGraph());
          return made.get(0);
        };
    Stage failing =
        (tf, batch, number) -> {
          throw new AssertionError("an error, no exception");
        };
    assertEquals(
        "an error, no exception",
        assertThrows(
                AssertionError.class,
                () ->
                    Mapping.of(source, NUMBERS, Optional.empty(), List.of(failing), graphs).close())
            .getMessage());
    assertEquals(1, source.closed);
    assertThrows(IllegalStateException.class, () -> made.get(0).tf().constant(1f).asOutput());
  }

  @Test
  void aGraphWithoutASessionIsFreed() {
    List<Graph> made = new ArrayList<>();
    IllegalStateException failure = new IllegalStateException("no session");
    Function<Graph, Session> sessions =
        graph -> {
          made.add(graph);
          throw failure;
        };
    assertSame(
        failure, assertThrows(IllegalStateException.class, () -> new CpuGraph(sessions).close()));
    assertThrows(
        IllegalStateException.class, () -> Ops.create(made.get(0)).constant(1f).asOutput());
  }

  static Stream<Arguments> classNumbers() {
    return Stream.of(
        Arguments.of(Samples.labels(2, 0), Shape.of(3)),
        Arguments.of(Samples.of(new byte[] {2, 0}), Shape.of(3)),
        Arguments.of(Samples.of(StdArrays.ndCopyOf(new long[] {2, 0})), Shape.of(3)),
        Arguments.of(Samples.of(new int[] {2, 0}, 1), Shape.of(3)),
        Arguments.of(Samples.of(new int[] {2, 0}, 1, 1), Shape.of(1, 3)));
  }

  /** keras.utils.to_categorical([2, 0], 3), and of [[2], [0]] the same. */
  @ParameterizedTest
  @MethodSource("classNumbers")
  void classNumbersBecomeDistributions(Samples labels, Shape shape) {
    Dataset hot = Dataset.of(Samples.of(new float[] {7, 8}), labels).oneHot(3);
    assertEquals(ImmutableList.of(new TensorSpec(DataType.DT_FLOAT, shape)), hot.targets());
    assertEquals(Optional.empty(), hot.targetRange(0));
    try (Batches batches = hot.open(2, false, 0)) {
      assertEquals(
          List.of("[7.0, 8.0][0.0, 0.0, 1.0, 1.0, 0.0, 0.0]"),
          pass(
              batches,
              0,
              batch -> "" + numbers(batch.inputs().get(0)) + numbers(batch.targets().get(0))));
    }
  }

  @Test
  void classNumbersThatAreNoneAreRefused() {
    assertFails(
        "oneHot: expected class numbers from 0 to 2, received numbers from 0 to 3, 3 in sample 3",
        () -> BYTES.oneHot(3));
    assertFails("oneHot: expected at least 1 class, received 0", () -> BYTES.oneHot(0));
    Samples floats = Samples.of(new float[] {0, 1});
    assertFails(
        "oneHot: expected targets of integers, received none", () -> Dataset.of(floats).oneHot(2));
    assertFails(
        "oneHot: expected targets of integers, received DT_FLOAT",
        () -> Dataset.of(floats, floats).oneHot(2));
    Samples unknown = Samples.of(StdArrays.ndCopyOf(new long[] {0, 2}));
    assertFails(
        "map: the function fails: indices[1] = 2 is not in [0, 2)",
        () -> inputs(Dataset.of(floats, unknown).oneHot(2), 2));
  }

  @Test
  void distributionsMadeOfClassNumbersMix() {
    Dataset mixed =
        Dataset.of(Samples.of(new float[8], 2, 2, 1), Samples.labels(0, 1)).oneHot(2).mixUp(0.2, 1);
    try (Batches batches = mixed.open(2, false, 0)) {
      for (List<Number> target : pass(batches, 0, batch -> numbers(batch.targets().get(0)))) {
        assertEquals(4, target.size());
        assertEquals(2, target.stream().mapToDouble(Number::doubleValue).sum(), 1e-6); // ulps
      }
    }
  }
}
