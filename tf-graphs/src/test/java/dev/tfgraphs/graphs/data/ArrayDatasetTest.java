package dev.tfgraphs.graphs.data;

import static dev.tfgraphs.graphs.data.Reading.assertFails;
import static dev.tfgraphs.graphs.data.Reading.inputs;
import static dev.tfgraphs.graphs.data.Reading.numbers;
import static dev.tfgraphs.graphs.data.Reading.pass;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertNotEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import com.google.common.collect.ImmutableList;
import dev.tfgraphs.ops.Shape;
import java.util.HashSet;
import java.util.List;
import java.util.stream.Stream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.Arguments;
import org.junit.jupiter.params.provider.MethodSource;
import org.junit.jupiter.params.provider.ValueSource;
import org.tensorflow.Tensor;
import org.tensorflow.ndarray.NdArray;
import org.tensorflow.ndarray.NdArrays;
import org.tensorflow.ndarray.StdArrays;
import org.tensorflow.ndarray.buffer.DataBuffers;
import org.tensorflow.ndarray.index.Indices;
import org.tensorflow.proto.DataType;
import org.tensorflow.types.TFloat32;
import org.tensorflow.types.TInt32;
import org.tensorflow.types.TInt64;
import org.tensorflow.types.TUint8;

class ArrayDatasetTest {

  private static final float[] FLOATS = {0, 1, 2, 3, 4, 5, 6, 7, 8, 9};

  private static final Dataset FIVE =
      Dataset.of(Samples.of(FLOATS, 2), Samples.labels(10, 11, 12, 13, 14));

  static Stream<Arguments> kinds() {
    byte[] bytes = {0, 1, 2, 3, (byte) 200, (byte) 255};
    int[] ints = {0, 1, 2, 3, 200, 255};
    long[][] longs = {{0, 1}, {2, 3}, {200, 255}};
    var floats = DataBuffers.of(0f, 1f, 2f, 3f, 200f, 255f);
    var shape = org.tensorflow.ndarray.Shape.of(3, 2);
    var wide =
        NdArrays.wrap(
            org.tensorflow.ndarray.Shape.of(3, 3),
            DataBuffers.of(0f, 9f, 1f, 2f, 9f, 3f, 200f, 9f, 255f));
    return Stream.of(
        Arguments.of(
            "float[]", Samples.of(new float[] {0, 1, 2, 3, 200, 255}, 2), DataType.DT_FLOAT),
        Arguments.of("byte[]", Samples.of(bytes, 2), DataType.DT_UINT8),
        Arguments.of("int[]", Samples.of(ints, 2), DataType.DT_INT32),
        Arguments.of("floats", Samples.of(NdArrays.wrap(shape, floats)), DataType.DT_FLOAT),
        Arguments.of(
            "floats with gaps",
            Samples.of(wide.slice(Indices.all(), Indices.step(2))),
            DataType.DT_FLOAT),
        Arguments.of(
            "bytes", Samples.of(NdArrays.wrap(shape, DataBuffers.of(bytes))), DataType.DT_UINT8),
        Arguments.of(
            "ints", Samples.of(NdArrays.wrap(shape, DataBuffers.of(ints))), DataType.DT_INT32),
        Arguments.of("longs", Samples.of(StdArrays.ndCopyOf(longs)), DataType.DT_INT64));
  }

  @ParameterizedTest(name = "{0}")
  @MethodSource("kinds")
  void everyKindOfArrayGivesItsRows(String name, Samples samples, DataType dtype) {
    assertEquals(new TensorSpec(dtype, Shape.of(2)), samples.spec(), name);
    assertEquals(3, samples.count());
    try (var tensor = samples.gather(new int[] {2, 0, 1, 2})) {
      assertEquals(dtype, tensor.dataType());
      assertEquals(org.tensorflow.ndarray.Shape.of(4, 2), tensor.shape());
      List<Integer> values = numbers(tensor).stream().map(Number::intValue).toList();
      assertEquals(List.of(200, 255, 0, 1, 2, 3, 200, 255), values);
    }
  }

  @Test
  void aPassIsInOrderAndKeepsTheLastSmallerBatch() {
    try (Batches batches = FIVE.open(2, false, 0)) {
      assertEquals(3, batches.steps());
      assertEquals(
          List.of(
              "[0.0, 1.0, 2.0, 3.0][10, 11]2", "[4.0, 5.0, 6.0, 7.0][12, 13]2", "[8.0, 9.0][14]1"),
          pass(
              batches,
              0,
              batch ->
                  ""
                      + numbers(batch.inputs().get(0))
                      + numbers(batch.targets().get(0))
                      + batch.size()));
    }
  }

  @Test
  void samplesAreDescribedWithoutTheBatch() {
    assertEquals(ImmutableList.of(new TensorSpec(DataType.DT_FLOAT, Shape.of(2))), FIVE.inputs());
    assertEquals(ImmutableList.of(new TensorSpec(DataType.DT_INT32, Shape.of())), FIVE.targets());
    assertEquals(5, FIVE.samples());
    assertFalse(FIVE.weighted());
    assertTrue(FIVE.batchSize().isEmpty());
    assertEquals(ImmutableList.of(), Dataset.of(Samples.of(FLOATS)).targets());
  }

  @Test
  void eachPassHasAnOrderOfItsOwnAndInputsKeepTheirTargets() {
    int count = 1000;
    int[] labels = new int[count];
    float[] values = new float[count];
    for (int i = 0; i < count; i++) {
      labels[i] = i;
      values[i] = i;
    }
    Dataset dataset = Dataset.of(Samples.of(values), Samples.labels(labels));
    List<List<Number>> first = shuffled(dataset, 5, 0);
    assertEquals(first, shuffled(dataset, 5, 0));
    assertNotEquals(first, shuffled(dataset, 5, 1));
    assertNotEquals(first, shuffled(dataset, 6, 0));
    assertEquals(count, new HashSet<>(first.stream().flatMap(List::stream).toList()).size());
  }

  private static List<List<Number>> shuffled(Dataset dataset, long seed, int epoch) {
    try (Batches batches = dataset.open(64, true, seed)) {
      return pass(
          batches,
          epoch,
          batch -> {
            List<Number> labels = numbers(batch.targets().get(0));
            List<Integer> inputs =
                numbers(batch.inputs().get(0)).stream().map(Number::intValue).toList();
            assertEquals(inputs, labels);
            return labels;
          });
    }
  }

  @Test
  void severalInputsAndTargetsComeInTheirOrder() {
    Dataset dataset =
        Dataset.of(
            List.of(Samples.of(FLOATS, 5), Samples.of(new byte[] {1, 2})),
            List.of(Samples.labels(3, 4), Samples.of(new float[] {5, 6}, 1)));
    try (Batches batches = dataset.open(2, false, 0)) {
      assertEquals(
          List.of("[1, 2] [3, 4] [5.0, 6.0]"),
          pass(
              batches,
              0,
              batch ->
                  numbers(batch.inputs().get(1))
                      + " "
                      + numbers(batch.targets().get(0))
                      + " "
                      + numbers(batch.targets().get(1))));
    }
  }

  @Test
  void weightsFollowTheirSamples() {
    Dataset weighted =
        Dataset.of(Samples.of(FLOATS, 2), Samples.labels(1, 2, 3, 4, 5)).weights(1, 2, 3, 4, 5);
    assertTrue(weighted.weighted());
    try (Batches batches = weighted.skip(1).open(10, true, 9)) {
      List<Boolean> same =
          pass(
              batches,
              0,
              batch -> {
                List<Integer> weights =
                    numbers(batch.weights().orElseThrow()).stream().map(Number::intValue).toList();
                return weights.equals(numbers(batch.targets().get(0))) && weights.size() == 4;
              });
      assertEquals(List.of(true), same);
    }
  }

  @Test
  void weightsOfAPartAreThoseOfItsSamples() {
    ArrayDataset part = (ArrayDataset) FIVE.skip(1).take(3);
    try (Batches batches = part.weights(1, 2, 3).skip(1).open(8, false, 0)) {
      assertEquals(
          List.of("[12, 13][2.0, 3.0]"),
          pass(
              batches,
              0,
              batch ->
                  "" + numbers(batch.targets().get(0)) + numbers(batch.weights().orElseThrow())));
    }
  }

  @Test
  void partsAreOfTheStoredOrder() {
    assertEquals(List.of(List.of(4f, 5f)), inputs(FIVE.skip(2).take(1), 8));
    assertEquals(5, FIVE.take(99).samples());
    assertEquals(List.of(List.of(8f, 9f)), inputs(FIVE.skip(1).skip(3), 8));
  }

  @Test
  void theLastPartIsForValidationAsInKeras() {
    Split split = FIVE.split(0.3);
    assertEquals(3, split.training().samples());
    assertEquals(List.of(List.of(6f, 7f, 8f, 9f)), inputs(split.validation(), 8));
  }

  @Test
  void wrongPartsAreRefused() {
    assertFails(
        "split: expected a validation split between 0 and 1, received 1.0", () -> FIVE.split(1));
    assertFails(
        "split: expected a validation split between 0 and 1, received NaN",
        () -> FIVE.split(Double.NaN));
    assertFails(
        "split: expected a sample or more in each part, received a validation split of 0.9 and 5"
            + " samples",
        () -> FIVE.split(0.9));
    assertFails("take: expected at least 1 sample, received 0", () -> FIVE.take(0));
    assertFails(
        "skip: expected 0 or more and less than all 5 samples, received 5", () -> FIVE.skip(5));
  }

  @Test
  void wrongArraysAreRefused() {
    assertFails(
        "samples: expected a multiple of 3072 values, (32, 32, 3) each, received 5000",
        () -> Samples.of(new byte[5000], 32, 32, 3));
    assertFails(
        "samples: expected sizes of 1 or more, received [2, 0]", () -> Samples.of(FLOATS, 2, 0));
    assertFails("samples: expected at least one, received none", Samples::labels);
    assertFails(
        "samples: expected an array whose first dimension counts samples, received a scalar",
        () -> Samples.of(NdArrays.scalarOf(1f)));
    assertFails(
        "samples: expected an array of float, byte, int or long, received DoubleDenseNdArray",
        () -> Samples.of(NdArrays.vectorOf(1.0, 2.0)));
  }

  @Test
  void arraysOfDifferentLengthsAreRefused() {
    assertFails(
        "dataset: expected 10 samples, as many as input 0 has, received 2 in target 0",
        () -> Dataset.of(Samples.of(FLOATS), Samples.labels(1, 2)));
    assertFails(
        "dataset: expected at least one input, received none",
        () -> Dataset.of(List.of(), List.of()));
    assertFails(
        "weights: expected 10, one for each sample, received 1",
        () -> Dataset.of(Samples.of(FLOATS), Samples.of(FLOATS)).weights(1));
    assertFails(
        "weights: expected a dataset with targets, received none",
        () -> Dataset.of(Samples.of(FLOATS)).weights(1));
  }

  @Test
  void aBatchThatWasClosedSaysSo() {
    try (Batches batches = FIVE.open(2, false, 0)) {
      batches.begin(0);
      Batch batch = batches.next().orElseThrow();
      batch.close();
      batch.close();
      assertFails("batch: already closed", batch::inputs);
      assertFails("batch: already closed", batch::size);
    }
  }

  static Stream<Arguments> tensors() {
    return Stream.of(
        Arguments.of(DataType.DT_FLOAT, TFloat32.vectorOf(7, 8, 9)),
        Arguments.of(DataType.DT_UINT8, TUint8.vectorOf((byte) 7, (byte) 8, (byte) 9)),
        Arguments.of(DataType.DT_INT32, TInt32.vectorOf(7, 8, 9)),
        Arguments.of(DataType.DT_INT64, TInt64.vectorOf(7, 8, 9)));
  }

  @ParameterizedTest(name = "{0}")
  @MethodSource("tensors")
  void aTensorAndAViewOfItMayBeClosedOnceTheyAreSamples(DataType dtype, Tensor tensor) {
    NdArray<?> array = (NdArray<?>) tensor;
    Samples whole = Samples.of(array);
    Samples view = Samples.of(array.slice(Indices.sliceFrom(1)));
    tensor.close();
    assertEquals(new TensorSpec(dtype, Shape.of()), whole.spec());
    assertEquals(List.of(9, 7), integers(whole, 2, 0));
    assertEquals(List.of(8, 9), integers(view, 0, 1));
  }

  private static List<Integer> integers(Samples samples, int... rows) {
    try (var tensor = samples.gather(rows)) {
      return numbers(tensor).stream().map(Number::intValue).toList();
    }
  }

  @Test
  void moreValuesThanAJavaArrayHoldsAreRefused() {
    var shape = org.tensorflow.ndarray.Shape.of(1 << 20, 1 << 12);
    var one = NdArrays.wrap(org.tensorflow.ndarray.Shape.of(1, 2), DataBuffers.of(0L, 0L));
    assertFails(
        "samples: expected at most 2147483647 values, received 4294967296",
        () -> Samples.of(NdArrays.sparseOf(one, NdArrays.vectorOf(1f), shape)));
  }

  @ParameterizedTest
  @ValueSource(floats = {Float.NaN, Float.POSITIVE_INFINITY, Float.NEGATIVE_INFINITY})
  void aNumberThatIsNoneIsRefused(float value) {
    assertFails(
        "samples: expected finite numbers, received " + value + " at place 1 of sample 2",
        () -> Samples.of(new float[] {0, 1, 2, 3, 4, value}, 2));
  }

  @ParameterizedTest
  @ValueSource(floats = {Float.NaN, Float.POSITIVE_INFINITY, Float.NEGATIVE_INFINITY, -0.5f})
  void aWeightThatCannotWeighIsRefused(float weight) {
    var dataset = Dataset.of(Samples.of(FLOATS, 5), Samples.labels(1, 2));
    assertFails(
        "weights: expected finite numbers of 0 or more, received " + weight + " for sample 1",
        () -> dataset.weights(0, weight));
  }

  @Test
  void weightsAreThoseOfTheMomentTheyWereGiven() {
    float[] weights = {1, 2};
    var dataset = Dataset.of(Samples.of(FLOATS, 5), Samples.labels(1, 2)).weights(weights);
    weights[0] = Float.NaN;
    try (Batches batches = dataset.open(2, false, 0)) {
      assertEquals(
          List.of("[1.0, 2.0]"),
          pass(batches, 0, batch -> numbers(batch.weights().orElseThrow()).toString()));
    }
  }

  @Test
  void whatIsMadeOfInputsIsKeptAndNotCopied() {
    List<byte[]> arrays = arrays(5, 3);
    List<TensorSpec> specs =
        List.of(
            new TensorSpec(DataType.DT_UINT8, Shape.of(2)),
            new TensorSpec(DataType.DT_UINT8, Shape.of()));
    Dataset kept = FIVE.cache(5, specs, batch -> arrays);
    arrays.get(1)[1] = 7;
    arrays.get(4)[2] = 9;
    assertEquals(
        List.of(List.of(0, 0, 0, 7, 0, 0, 0, 0, 0, 0), List.of(0, 0, 0, 0, 9)), first(kept));
  }

  @Test
  void whatIsMadeOfInputsHasAllBytesOfEachSample() {
    List<TensorSpec> specs =
        List.of(
            new TensorSpec(DataType.DT_UINT8, Shape.of(2)),
            new TensorSpec(DataType.DT_FLOAT, Shape.of()));
    assertFails(
        "cache: expected a function that makes an array for each of 5 samples, received 4",
        () -> FIVE.cache(5, specs, batch -> arrays(4, 6)));
    for (int bytes : new int[] {5, 7}) {
      assertFails(
          "cache: expected a function that makes 6 bytes of a sample, for DT_UINT8 (2,) and"
              + " DT_FLOAT (), received "
              + bytes,
          () -> FIVE.cache(5, specs, batch -> arrays(5, bytes)));
    }
  }

  private static List<byte[]> arrays(int count, int bytes) {
    return Stream.generate(() -> new byte[bytes]).limit(count).toList();
  }

  private static List<List<Number>> first(Dataset dataset) {
    try (Batches batches = dataset.open(5, false, 0)) {
      return pass(batches, 0, batch -> batch.inputs().stream().map(Reading::numbers).toList())
          .get(0);
    }
  }
}
