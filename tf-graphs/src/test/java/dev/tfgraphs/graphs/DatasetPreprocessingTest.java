package dev.tfgraphs.graphs;

import static dev.tfgraphs.graphs.Closeness.assertClose;
import static dev.tfgraphs.graphs.Closeness.assertFails;
import static dev.tfgraphs.ops.Layers.*;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertNotEquals;
import static org.junit.jupiter.api.Assertions.assertThrows;

import com.google.gson.JsonArray;
import com.google.gson.JsonElement;
import com.google.gson.JsonObject;
import dev.tfgraphs.graphs.data.Batch;
import dev.tfgraphs.graphs.data.Batches;
import dev.tfgraphs.graphs.data.Dataset;
import dev.tfgraphs.graphs.data.Samples;
import dev.tfgraphs.ops.Model;
import dev.tfgraphs.ops.ModelException;
import dev.tfgraphs.ops.Node;
import dev.tfgraphs.ops.Normalization;
import dev.tfgraphs.ops.RandomFlip;
import dev.tfgraphs.ops.Shape;
import dev.tfgraphs.ops.Weight;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.Optional;
import java.util.stream.Stream;
import org.junit.jupiter.api.Named;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.MethodSource;
import org.tensorflow.types.TFloat32;

/** What is done to a dataset before it reaches the model is what Keras does there. */
class DatasetPreprocessingTest {
  private static final JsonObject FILE = Golden.file("preprocessing.json");

  /** Places between pixels are rounded to 1e-6 of a pixel, and neighbours differ by up to 255. */
  private static final double IMAGES = 1e-3;

  /** Targets lie between 0 and 1 and are rounded a few times. */
  private static final double TARGETS = 1e-6;

  /** Keras adds up samples in float32, this library in float64. */
  private static final double LEARNED = 1e-5;

  /** A difference, a root and a quotient of small whole numbers, each rounded to float32. */
  private static final double NORMALIZED = 5e-7;

  static Stream<Named<JsonObject>> mixed() {
    return Golden.named("preprocessing.json", "mixed");
  }

  static Stream<Named<JsonObject>> adapted() {
    return Golden.named("preprocessing.json", "adapted");
  }

  private static Samples samples(HostTensor tensor) {
    int[] shape = tensor.shape().toArray();
    return Samples.of(tensor.values(), Arrays.copyOfRange(shape, 1, shape.length));
  }

  /** The inputs and targets of the batches of a pass, one list for each batch. */
  private static List<List<HostTensor>> pass(Batches batches, int epoch) {
    List<List<HostTensor>> all = new ArrayList<>();
    batches.begin(epoch);
    for (Optional<Batch> next = batches.next(); next.isPresent(); next = batches.next()) {
      try (Batch batch = next.get()) {
        List<HostTensor> tensors = new ArrayList<>();
        batch.inputs().forEach(tensor -> tensors.add(HostTensor.of(tensor)));
        batch.targets().forEach(tensor -> tensors.add(HostTensor.of(tensor)));
        all.add(tensors);
      }
    }
    assertFalse(all.isEmpty());
    return all;
  }

  private static List<List<HostTensor>> passes(Dataset dataset, int... epochs) {
    try (Batches batches = dataset.open(3, false, 0)) {
      return Arrays.stream(epochs).boxed().flatMap(epoch -> pass(batches, epoch).stream()).toList();
    }
  }

  private static void assertBatches(
      List<List<HostTensor>> expected, List<List<HostTensor>> actual) {
    assertEquals(expected.size(), actual.size());
    for (int i = 0; i < expected.size(); i++) {
      assertEquals(expected.get(i).size(), actual.get(i).size());
      for (int j = 0; j < expected.get(i).size(); j++) {
        double slack = j == 0 ? IMAGES : TARGETS;
        assertClose("batch " + i, expected.get(i).get(j), actual.get(i).get(j), 0, slack);
      }
    }
  }

  private static Dataset given() {
    return Dataset.of(samples(Golden.tensor(FILE.getAsJsonObject("in_a_dataset").get("input"))));
  }

  private static Dataset augmented() {
    return given()
        .map(
            Preprocessing.of(
                1,
                randomFlip(RandomFlip.Mode.HORIZONTAL),
                randomZoom(0.3, 0.3),
                randomErasing(),
                rescaling(0.5)));
  }

  @Test
  void aFunctionOfLayersIsAsTheLayersThemselves() {
    Dataset byFunction =
        given()
            .map(
                Preprocessing.of(
                    1,
                    batch ->
                        batch
                            .to(randomFlip(RandomFlip.Mode.HORIZONTAL))
                            .to(randomZoom(0.3, 0.3))
                            .to(randomErasing())
                            .to(rescaling(0.5))));
    assertEquals(passes(augmented(), 0, 1), passes(byFunction, 0, 1));
  }

  @Test
  void layersInADatasetDrawWhatKerasDrawsBatchAfterBatchAndPassAfterPass() {
    List<List<HostTensor>> expected =
        Golden.tensors(FILE.getAsJsonObject("in_a_dataset").get("batches")).stream()
            .map(List::of)
            .toList();
    assertEquals(6, expected.size());
    assertBatches(expected, passes(augmented(), 0, 1));
  }

  @Test
  void aPassDrawsTheSameWhateverWasReadBefore() {
    List<List<HostTensor>> third = passes(augmented(), 2);
    assertEquals(third, passes(augmented(), 5, 0, 2).subList(6, 9));
    assertNotEquals(third, passes(augmented(), 1));
  }

  @Test
  void bytesBecomeFloatsAndAModelIsALayerToo() {
    Node input = input(2, 2, 1);
    Model model = Model.of(input, input.to(centerCrop(1, 1)).to(rescaling(2)));
    Dataset bytes =
        Dataset.of(Samples.of(new byte[] {1, 2, 3, (byte) 200, 5, 6, 7, 8}, 2, 2, 1))
            .map(Preprocessing.of(0, model));
    assertEquals("(1, 1, 1)", bytes.inputs().get(0).shape().toString());
    assertEquals(List.of(2f, 10f), floats(passes(bytes, 0).get(0).get(0)));
  }

  @Test
  void aBatchThatNothingChangesPassesThrough() {
    Dataset same =
        Dataset.of(Samples.of(new float[] {1, 2}, 1)).map(Preprocessing.of(0, dropout(0)));
    assertEquals(List.of(1f, 2f), floats(passes(same, 0).get(0).get(0)));
  }

  private static List<Float> floats(HostTensor tensor) {
    List<Float> all = new ArrayList<>();
    for (float value : tensor.values()) {
      all.add(value);
    }
    return all;
  }

  private static Dataset mixed(JsonObject one) {
    JsonObject config = one.getAsJsonObject("config");
    Dataset dataset =
        Dataset.of(
            samples(Golden.tensor(one.get("input"))), samples(Golden.tensor(one.get("target"))));
    long seed = config.get("seed").getAsLong();
    if (one.get("class_name").getAsString().equals("MixUp")) {
      return dataset.mixUp(config.get("alpha").getAsDouble(), seed);
    }
    JsonArray factor = config.getAsJsonArray("factor");
    return factor.get(0).getAsDouble() == 0
        ? dataset.cutMix(factor.get(1).getAsDouble(), seed)
        : dataset.cutMix(factor.get(0).getAsDouble(), factor.get(1).getAsDouble(), seed);
  }

  @ParameterizedTest(name = "{0}")
  @MethodSource("mixed")
  void batchesAreMixedAsKerasMixesThem(JsonObject one) {
    List<List<HostTensor>> expected = new ArrayList<>();
    for (JsonElement batch : one.getAsJsonArray("batches")) {
      expected.add(Golden.tensors(batch));
    }
    assertEquals(6, expected.size());
    assertBatches(expected, passes(mixed(one), 0, 1));
    assertBatches(expected.subList(3, 6), passes(mixed(one), 1));
  }

  @Test
  void whatCannotBeMixedIsRefused() {
    Samples images = Samples.of(new byte[8], 2, 2, 1);
    Dataset hot = Dataset.of(images, Samples.of(new float[] {0, 1, 1, 0}, 2));
    assertFails("mixUp: expected a finite alpha above 0, received 0.0", () -> hot.mixUp(0, 1));
    assertFails(
        "cutMix: expected a factor from 0 to 1, the lower bound first, received (0.0, 1.5)",
        () -> hot.cutMix(1.5, 1));
    assertFails(
        "cutMix: expected a factor from 0 to 1, the lower bound first, received (0.5, 0.25)",
        () -> hot.cutMix(0.5, 0.25, 1));
    assertFails(
        "mixUp: expected targets of DT_FLOAT (classes), such as oneHot makes, received DT_INT32 ()",
        () -> Dataset.of(images, Samples.labels(0, 1)).mixUp(0.2, 1));
    assertFails(
        "cutMix: expected targets of DT_FLOAT (classes), such as oneHot makes, received none",
        () -> Dataset.of(images).cutMix(1, 1));
    assertFails(
        "mixUp: expected images (height, width, channels), received (2,)",
        () -> Dataset.of(Samples.of(new float[4], 2), Samples.of(new float[4], 2)).mixUp(0.2, 1));
    assertFails(
        "preprocessing: expected at least one layer, received none", () -> Preprocessing.of(1));
  }

  private static Normalization normalization(JsonObject config) {
    JsonObject row = new JsonObject();
    row.addProperty("class_name", "Normalization");
    row.add("config", config);
    return (Normalization) KerasConfig.layer(row);
  }

  @ParameterizedTest(name = "{0}")
  @MethodSource("adapted")
  void aNormalizationLearnsWhatKerasLearns(JsonObject one) {
    HostTensor x = Golden.tensor(one.get("input"));
    Dataset dataset = Dataset.of(samples(x)).batch(one.get("batch").getAsInt());
    Normalization layer = dataset.adapt(normalization(one.getAsJsonObject("config")));
    Node input = input(Arrays.copyOfRange(x.shape().toArray(), 1, x.shape().rank()));
    Model model = Model.of(input, input.to(layer.name("norm")));
    List<JsonObject> expected = Golden.rows(one.get("weights"));
    assertEquals(
        expected.stream().map(weight -> "norm/" + weight.get("name").getAsString()).toList(),
        model.weights().stream().map(Weight::path).toList());
    try (Workbench bench = new Workbench(model, Mode.INFERENCE)) {
      List<HostTensor> weights = bench.weights();
      for (int i = 0; i < expected.size(); i++) {
        assertClose(
            "weight " + i, Golden.tensor(expected.get(i)), weights.get(i), LEARNED, LEARNED);
      }
      HostTensor y = bench.run(Mode.INFERENCE, List.of(x)).get(0);
      assertClose("output", Golden.tensor(one.get("output")), y, LEARNED, LEARNED);
    }
  }

  @Test
  void whatWasLearnedNormalizesInADataset() {
    Dataset numbers = Dataset.of(Samples.of(new byte[] {1, 3, 2, 7, 3, 11}, 2));
    Dataset normalized =
        numbers.map(Preprocessing.of(0, numbers.adapt(dev.tfgraphs.ops.Layers.normalization())));
    // means 2 and 7, deviations sqrt(2/3) and sqrt(32/3)
    float unit = (float) Math.sqrt(1.5);
    HostTensor expected =
        new HostTensor(Shape.of(3, 2), new float[] {-unit, -unit, 0, 0, unit, unit});
    assertClose("batch", expected, passes(normalized, 0).get(0).get(0), NORMALIZED, 0);
  }

  @Test
  void whatCannotBeLearnedIsRefused() {
    Dataset pairs =
        Dataset.of(Samples.of(new float[] {1, 2, 3, 4}, 2))
            .map((tf, x) -> tf.math.log(tf.math.neg(tf.dtypes.cast(x, TFloat32.class))));
    assertEquals(
        "layer Normalization: expected finite means, received NaN",
        assertThrows(
                ModelException.class, () -> pairs.adapt(dev.tfgraphs.ops.Layers.normalization()))
            .getMessage());
    assertEquals(
        "layer Normalization: expected a normalization without given numbers, received mean [0.0]",
        assertThrows(
                ModelException.class,
                () -> pairs.adapt(dev.tfgraphs.ops.Layers.normalization(0, 1)))
            .getMessage());
    assertEquals(
        "layer Normalization: expected an input that has axis 2, received (None, 2)",
        assertThrows(
                ModelException.class,
                () -> pairs.adapt(dev.tfgraphs.ops.Layers.normalization().axis(2)))
            .getMessage());
  }
}
