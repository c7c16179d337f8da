package dev.tfgraphs.applications;

import static dev.tfgraphs.ops.Layers.input;
import static dev.tfgraphs.ops.Layers.normalization;
import static org.junit.jupiter.api.Assertions.assertArrayEquals;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertThrows;

import com.google.common.hash.HashFunction;
import com.google.common.hash.Hasher;
import com.google.common.hash.Hashing;
import com.google.gson.JsonObject;
import dev.tfgraphs.graphs.Compile;
import dev.tfgraphs.graphs.FitOptions;
import dev.tfgraphs.graphs.HostTensor;
import dev.tfgraphs.graphs.Loss;
import dev.tfgraphs.graphs.Optimizer;
import dev.tfgraphs.graphs.Precision;
import dev.tfgraphs.graphs.Trainer;
import dev.tfgraphs.graphs.Weights;
import dev.tfgraphs.graphs.data.Dataset;
import dev.tfgraphs.graphs.data.Samples;
import dev.tfgraphs.ops.Model;
import dev.tfgraphs.ops.ModelException;
import dev.tfgraphs.ops.Node;
import dev.tfgraphs.ops.Shape;
import java.util.List;
import java.util.stream.Stream;
import org.junit.jupiter.api.Named;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.EnumSource;
import org.junit.jupiter.params.provider.MethodSource;

/** What the networks compute is what Keras computes (conformance/makers/keras_resnets.py). */
class ResNetNumbersTest {
  private static final JsonObject FILE = Fixture.file("keras_resnets.json");

  /** How much of itself a number may be wrong by: ten times what roundings make of it. */
  private static final double NOISE = 2e-4;

  private static Stream<Named<JsonObject>> rows(String list, String... keys) {
    return Fixture.objects(FILE.getAsJsonArray(list))
        .map(
            row ->
                Named.of(
                    String.join(" ", Stream.of(keys).map(key -> row.get(key).toString()).toList()),
                    row));
  }

  static Stream<Named<JsonObject>> probabilities() {
    return rows("probabilities", "network");
  }

  static Stream<Named<JsonObject>> tiny() {
    return rows("tiny", "style", "blocks");
  }

  static Stream<Named<JsonObject>> preprocessing() {
    return rows("preprocessing", "mode");
  }

  private static Trainer trainer(Model model) {
    return trainer(model, Loss.meanSquaredError());
  }

  private static Trainer trainer(Model model, Loss loss) {
    long seed = FILE.get("random_seed").getAsLong();
    return Trainer.of(model, Compile.of(Optimizer.sgd(0.01), loss).seed(seed));
  }

  /**
   * Batch norms that have seen nothing make probabilities of a network of this depth as different
   * as 1e-6 and 0.5: of TensorFlow with oneDNN and without, the large ones differ in the sixth
   * digit, and the loss of the first step in the fifth. Small ones may differ in one more, since a
   * logit that is wrong by a part of its size makes a probability that is wrong by as much of its
   * own.
   */
  @ParameterizedTest
  @MethodSource("probabilities")
  void theFirstWeightsAndWhatTheyMakeOfImagesAreThoseOfKeras(JsonObject row) {
    KerasResNet network = KerasResNetTest.network(row);
    Node images = input(64, 64, 3);
    Node features = network.features(network.preprocessing().on(images));
    Model model = Model.of(images, Heads.classifier(features, 10));
    try (Trainer trainer = trainer(model, Loss.sparseCategoricalCrossentropy())) {
      assertEquals(row.get("first_weights_sha256").getAsString(), hash(trainer.weights()));
      Samples inputs = Samples.of(Formulas.pixels(4 * 64 * 64 * 3), 64, 64, 3);
      HostTensor made = trainer.predict(Dataset.of(inputs));
      JsonObject expected = row.getAsJsonObject("probabilities");
      assertEquals(Fixture.shape(expected.get("shape")), made.shape());
      float[] probabilities = Fixture.floats(expected.get("values"));
      for (int i = 0; i < probabilities.length; i++) {
        assertEquals(probabilities[i], made.values()[i], NOISE * probabilities[i]);
      }
      Dataset labelled = Dataset.of(inputs, Samples.labels(0, 3, 7, 9));
      double loss = trainer.fit(labelled, FitOptions.epochs(1).verbose(0)).get("loss").get(0);
      double first = row.get("first_loss").getAsDouble();
      assertEquals(first, loss, NOISE * first);
    }
  }

  private static String hash(Weights weights) {
    return KerasLines.sha256(
        weights.tensors().values().stream().map(ResNetNumbersTest::hash).toList());
  }

  private static String hash(HostTensor tensor) {
    HashFunction sha256 = Hashing.sha256();
    Hasher hasher = sha256.newHasher(4 * tensor.values().length);
    for (float value : tensor.values()) {
      hasher.putInt(Float.floatToRawIntBits(value));
    }
    return hasher.hash().toString();
  }

  private static void assertClose(JsonObject expected, HostTensor actual, float tolerance) {
    assertEquals(Fixture.shape(expected.get("shape")), actual.shape());
    assertArrayEquals(Fixture.floats(expected.get("values")), actual.values(), tolerance);
  }

  @ParameterizedTest
  @MethodSource("tiny")
  void aSmallMemberMakesTheFeaturesOfKeras(JsonObject row) {
    BottleneckStyle style = BottleneckStyle.valueOf(row.get("style").getAsString());
    List<Integer> blocks =
        row.getAsJsonArray("blocks").asList().stream().map(count -> count.getAsInt()).toList();
    Node images = input(32, 32, 3);
    Model model = Model.of(images, style.features(images, blocks));
    assertEquals(
        row.get("layers_sha256").getAsString(), KerasLines.sha256(KerasLines.layers(model)));
    HostTensor features = Formulas.predicted(model);
    assertEquals(Fixture.shape(row.get("features_shape")), features.shape());
    assertArrayEquals(Fixture.floats(row.get("features")), everySixteenth(features), 1e-5f);
  }

  private static float[] everySixteenth(HostTensor tensor) {
    float[] values = new float[tensor.values().length / 16];
    for (int i = 0; i < values.length; i++) {
      values[i] = tensor.values()[16 * i];
    }
    return values;
  }

  /** In Keras subtractions follow divisions, so that what is left of a 1 differs in a last bit. */
  @ParameterizedTest
  @MethodSource("preprocessing")
  void imagesArePreparedAsInKeras(JsonObject row) {
    ImagePreprocessing mode = ImagePreprocessing.valueOf(row.get("mode").getAsString());
    JsonObject given = row.getAsJsonObject("input");
    Node images = input(Shape.UNKNOWN, Shape.UNKNOWN, 3);
    try (Trainer trainer = trainer(Model.of(images, mode.on(images)))) {
      Dataset data = Dataset.of(Samples.of(Fixture.floats(given.get("values")), 10, 9, 3));
      float tolerance =
          switch (mode) {
            case CAFFE -> 0;
            case TF -> 1.2e-7f;
            case TORCH -> 6e-7f; // the bit is divided by a deviation of 0.22
          };
      assertClose(row.getAsJsonObject("output"), trainer.predict(data), tolerance);
    }
  }

  /** Keras prepares them before a model and its policy see them. */
  @ParameterizedTest
  @EnumSource(ImagePreprocessing.class)
  void inHalfPrecisionToo(ImagePreprocessing mode) {
    Node images = input(1, 2, 3);
    Model model = Model.of(images, mode.on(images).to(normalization(0, 1)));
    Dataset data =
        Dataset.of(Samples.of(new float[] {200.3f, 1.7f, 130.9f, 0, 255, 99.99f}, 1, 2, 3));
    Compile compile = Compile.of(Optimizer.sgd(0.01), Loss.meanSquaredError());
    HostTensor[] prepared = new HostTensor[2];
    for (int i = 0; i < 2; i++) {
      Precision precision = i == 0 ? Precision.FLOAT32 : Precision.MIXED_BFLOAT16;
      try (Trainer trainer = Trainer.of(model, compile.precision(precision))) {
        prepared[i] = trainer.predict(data);
      }
    }
    assertEquals(prepared[0], prepared[1]);
  }

  @ParameterizedTest
  @EnumSource(ImagePreprocessing.class)
  void bytesArePreparedToo(ImagePreprocessing mode) {
    Node images = input(1, 1, 3);
    try (Trainer trainer = trainer(Model.of(images, mode.on(images)))) {
      byte[] pixel = {10, 20, (byte) 200};
      float[] expected =
          switch (mode) {
            case CAFFE -> new float[] {96.061f, -96.779f, -113.68f};
            case TF -> new float[] {-0.92156863f, -0.84313726f, 0.5686275f};
            case TORCH -> new float[] {-1.9466563f, -1.6855742f, 1.6813943f};
          };
      HostTensor prepared = trainer.predict(Dataset.of(Samples.of(pixel, 1, 1, 3)));
      assertArrayEquals(expected, prepared.values(), 1e-6f);
    }
  }

  @Test
  void colorsAreThree() {
    Node gray = input(8, 8, 1);
    ModelException thrown =
        assertThrows(ModelException.class, () -> ImagePreprocessing.CAFFE.on(gray));
    assertEquals(
        "layer Normalization: expected an input of size 3 at axis -1, received (None, 8, 8, 1)",
        thrown.getMessage());
  }
}
