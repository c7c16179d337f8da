package dev.tfgraphs.graphs;

import static dev.tfgraphs.graphs.Closeness.assertFails;
import static dev.tfgraphs.ops.ActivationFunction.SOFTMAX;
import static dev.tfgraphs.ops.Layers.*;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertTrue;

import dev.tfgraphs.graphs.data.ArrayDataset;
import dev.tfgraphs.graphs.data.Dataset;
import dev.tfgraphs.graphs.data.Samples;
import dev.tfgraphs.ops.Conv2DTranspose;
import dev.tfgraphs.ops.Model;
import dev.tfgraphs.ops.Node;
import dev.tfgraphs.ops.Padding;
import dev.tfgraphs.ops.Shape;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.Map;
import java.util.OptionalInt;
import java.util.Random;
import java.util.function.UnaryOperator;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.MethodSource;
import org.tensorflow.Graph;
import org.tensorflow.op.Ops;

/** What frozen layers make is made once, and training by it is training by the images. */
class FeaturesTest {
  /** A sample is computed in another batch, in which TensorFlow may add in another order. */
  private static final double ROUNDING = 2e-6;

  private static final int SAMPLES = 22;

  private static final String RANDOM =
      "cache: expected samples that are the same in every pass, received others in the next; what"
          + " changes them at random cannot stand before what is kept";

  @TempDir private Path folder;

  /** A model whose first part is frozen, how it is trained and by what. */
  record Setting(String name, Model model, Compile compile, Dataset data, FitOptions options) {
    @Override
    public String toString() {
      return name;
    }
  }

  static List<Setting> settings() {
    Node images = input(8, 8, 3);
    Model base = base(images);
    Model head = Model.of(images, head(base.output())).freeze(base);
    Node other = input(8, 8, 3);
    Model nested = Model.of(other, head(other.to(base.freeze())));
    FitOptions fit = FitOptions.epochs(3).batchSize(5).verbose(0);
    ArrayDataset data = data(1);
    return List.of(
        new Setting("a base and a head", head, compile(), data, fit),
        new Setting("a nested base", nested, compile(), data, fit),
        new Setting("several taps and an input of the head", taps(), compile(), twice(), fit),
        new Setting("a part held out", head, compile(), data, fit.validationSplit(0.3)),
        new Setting("other data to judge by", head, compile(), data, fit.validation(data(2))),
        new Setting("class weights", head, compile(), data, fit.classWeights(Map.of(1, 3.0))),
        new Setting("weighted samples", head, compile(), weighted(data), fit),
        new Setting("epochs of three steps", head, compile(), data.repeat(), fit.stepsPerEpoch(3)),
        new Setting("batches in the stored order", head, compile(), data.shuffle(false), fit),
        new Setting("a batch size of the data", head, compile(), data.batch(4), fit),
        new Setting("bytes changed on their way", head, compile(), bytes(), fit),
        new Setting("bfloat16", head, compile().precision(Precision.MIXED_BFLOAT16), data, fit));
  }

  private static Model base(Node images) {
    Node x = images.to(conv2D(6, 3).name("conv")).to(batchNormalization().name("bn")).to(relu());
    return Model.of(images, x.to(conv2D(4, 3).strides(2).name("last")));
  }

  private static Node head(Node features) {
    return features
        .to(globalAveragePooling2D())
        .to(dropout(0.3))
        .to(dense(4).activation(SOFTMAX).name("head"));
  }

  private static Model taps() {
    Node images = input(8, 8, 3);
    Node more = input(8, 8, 3);
    Node first = images.to(conv2D(4, 3).padding(Padding.SAME).name("c1"));
    Node second = first.to(relu()).to(conv2D(4, 1).name("c2"));
    Node joined = concatenate(first, second, more).to(conv2D(3, 3).name("own"));
    return Model.of(List.of(images, more), List.of(head(joined))).freeze("c1", "c2");
  }

  private static Compile compile() {
    return Compile.of(
            Optimizer.sgd(0.05).momentum(0.9),
            Loss.sparseCategoricalCrossentropy(),
            Metric.accuracy())
        .seed(7);
  }

  private static float[] pixels(int seed) {
    Random random = new Random(seed);
    float[] pixels = new float[SAMPLES * 8 * 8 * 3];
    for (int i = 0; i < pixels.length; i++) {
      pixels[i] = random.nextFloat();
    }
    return pixels;
  }

  private static int[] labels() {
    int[] labels = new int[SAMPLES];
    Arrays.setAll(labels, i -> i % 4);
    return labels;
  }

  private static ArrayDataset data(int seed) {
    return Dataset.of(Samples.of(pixels(seed), 8, 8, 3), Samples.labels(labels()));
  }

  private static Dataset twice() {
    return Dataset.of(
        List.of(Samples.of(pixels(1), 8, 8, 3), Samples.of(pixels(2), 8, 8, 3)),
        List.of(Samples.labels(labels())));
  }

  private static Dataset weighted(ArrayDataset data) {
    float[] weights = new float[SAMPLES];
    for (int i = 0; i < weights.length; i++) {
      weights[i] = i % 3;
    }
    return data.weights(weights);
  }

  private static Dataset bytes() {
    byte[] pixels = new byte[SAMPLES * 8 * 8 * 3];
    new Random(3).nextBytes(pixels);
    return Dataset.of(Samples.of(pixels, 8, 8, 3), Samples.labels(labels()))
        .map(Preprocessing.of(1, rescaling(1 / 255.0)));
  }

  @ParameterizedTest
  @MethodSource("settings")
  void trainsAsByImages(Setting setting) {
    try (Trainer images = Trainer.of(setting.model(), setting.compile());
        Trainer features = Trainer.of(setting.model(), setting.compile())) {
      History expected = images.fit(setting.data(), setting.options());
      History history =
          features.fit(setting.data(), setting.options().features(FeatureCache.memory()));
      assertEquals(expected.metrics().keySet(), history.metrics().keySet());
      expected.metrics().forEach((name, values) -> assertClose(values, history.get(name), name));
      assertClose(images.weights(), features.weights());
    }
  }

  private static void assertClose(List<Double> expected, List<Double> actual, String name) {
    assertEquals(3, actual.size());
    for (int i = 0; i < expected.size(); i++) {
      assertEquals(expected.get(i), actual.get(i), ROUNDING * Math.abs(expected.get(i)), name);
    }
  }

  private static void assertClose(Weights expected, Weights actual) {
    assertFalse(expected.tensors().isEmpty());
    expected
        .tensors()
        .forEach(
            (name, tensor) -> {
              float[] values = actual.get(name).values();
              for (int i = 0; i < values.length; i++) {
                assertEquals(tensor.values()[i], values[i], ROUNDING, name);
              }
            });
  }

  @Test
  void theDataAreReadOnceHoweverManyEpochsThereAre() {
    List<List<Integer>> passes = new ArrayList<>();
    Setting setting = settings().get(0);
    try (Trainer trainer = Trainer.of(setting.model(), setting.compile())) {
      trainer.fit(
          new WatchedDataset(setting.data(), passes),
          setting.options().features(FeatureCache.memory()));
    }
    // the second pass shows whether the data change, and is not read to its end
    assertEquals(List.of(List.of(0, 1)), passes);
  }

  @Test
  void aFileKeepsWhatWasMadeOfEachSampleForLaterFits() throws IOException {
    History first = fit(data(1));
    Path file = onlyFile();
    long size = Files.size(file);
    assertEquals(0, size % SAMPLES);
    assertEquals(first.get("loss"), fit(data(1)).get("loss"));
    assertEquals(size, Files.size(file));
    fit(data(1).take(4));
    assertEquals(size, Files.size(file));
    fit(data(2).take(4));
    assertEquals(size / SAMPLES * (SAMPLES + 4), Files.size(onlyFile()));
  }

  @Test
  void whatIsInTheFileIsNotMadeAgain() throws IOException {
    History first = fit(data(1));
    Path file = onlyFile();
    byte[] own = Files.readAllBytes(file);
    fit(data(2));
    // features of the one data under the names of the other, as nobody else would write them
    byte[] both = Files.readAllBytes(file);
    int record = own.length / SAMPLES;
    for (int i = 0; i < SAMPLES; i++) {
      exchange(both, i * record, (SAMPLES + i) * record, record);
    }
    Files.write(file, both);
    History exchanged = fit(data(2));
    assertEquals(first.get("loss"), exchanged.get("loss"));
  }

  private static void exchange(byte[] file, int one, int other, int record) {
    int hash = 32;
    for (int i = hash; i < record - 4; i++) {
      byte kept = file[one + i];
      file[one + i] = file[other + i];
      file[other + i] = kept;
    }
    for (int start : new int[] {one, other}) {
      int sum = com.google.common.hash.Hashing.crc32c().hashBytes(file, start, record - 4).asInt();
      java.nio.ByteBuffer.wrap(file).putInt(start + record - 4, sum);
    }
  }

  /** Damage within a record, and a record of which only a part was written. */
  static List<UnaryOperator<byte[]>> damages() {
    return List.of(
        file -> {
          file[file.length / 2] ^= 1;
          return file;
        },
        file -> Arrays.copyOf(file, file.length - 7),
        file -> new byte[0],
        file -> new byte[file.length]);
  }

  @ParameterizedTest
  @MethodSource("damages")
  void whatIsDamagedIsMadeAnew(UnaryOperator<byte[]> damage) throws IOException {
    History first = fit(data(1));
    Path file = onlyFile();
    byte[] whole = Files.readAllBytes(file);
    Files.write(file, damage.apply(whole.clone()));
    assertEquals(first.get("loss"), fit(data(1)).get("loss"));
    assertEquals(whole.length, Files.size(file));
  }

  @Test
  void otherWeightsHaveAFileOfTheirOwn() throws IOException {
    fit(data(1));
    Setting setting = settings().get(0);
    try (Trainer trainer = Trainer.of(setting.model(), setting.compile().seed(8))) {
      trainer.fit(data(1), setting.options().features(FeatureCache.in(folder)));
    }
    try (var files = Files.list(folder)) {
      assertEquals(2, files.count());
    }
  }

  private History fit(Dataset data) {
    Setting setting = settings().get(0);
    try (Trainer trainer = Trainer.of(setting.model(), setting.compile())) {
      return trainer.fit(data, setting.options().features(FeatureCache.in(folder)));
    }
  }

  private Path onlyFile() throws IOException {
    try (var files = Files.list(folder)) {
      List<Path> found = files.toList();
      assertEquals(1, found.size());
      return found.get(0);
    }
  }

  @Test
  void stoppingWhileFeaturesAreMadeEndsTheFitAndKeepsThem() throws IOException {
    Setting setting = settings().get(0);
    try (Trainer trainer = Trainer.of(setting.model(), setting.compile())) {
      trainer.stop();
      History history = trainer.fit(data(1), setting.options().features(FeatureCache.in(folder)));
      assertTrue(history.epochs().isEmpty());
      assertEquals(0, Files.size(onlyFile()));
      assertEquals(3, trainer.fit(data(1), setting.options()).epochs().size());
    }
  }

  @Test
  void modelsWithoutAFrozenPartAreRefused() {
    Node images = input(8, 8, 3);
    Model base = base(images);
    Node noise = input(8, 8, 3);
    Model noisy = Model.of(noise, head(base.on(noise.to(gaussianNoise(0.1)))));
    for (Model model :
        List.of(
            Model.of(images, head(base.output())),
            Model.of(images, head(base.output())).freeze("last"),
            noisy.freeze(base))) {
      try (Trainer trainer = Trainer.of(model, compile())) {
        assertFails(
            "fit: expected frozen layers behind the inputs, whose features could be kept, received"
                + " a model in which something before them trains, is random or is one's own",
            () -> trainer.fit(data(1), FitOptions.epochs(1).features(FeatureCache.memory())));
      }
    }
  }

  @Test
  void inputsOfAnySizeAreRefused() {
    Node images = input(Shape.UNKNOWN, Shape.UNKNOWN, 3);
    Node map = images.to(conv2D(2, 3).name("c")).to(conv2D(4, 1).activation(SOFTMAX));
    Dataset masks =
        Dataset.of(Samples.of(pixels(1), 8, 8, 3), Samples.of(new int[SAMPLES * 6 * 6], 6, 6));
    try (Trainer trainer = Trainer.of(Model.of(images, map).freeze("c"), compile())) {
      assertFails(
          "fit: expected inputs of one size, so that features could be kept, received a model that"
              + " takes any",
          () -> trainer.fit(masks, FitOptions.epochs(1).features(FeatureCache.memory())));
    }
  }

  @Test
  void dataThatChangeAtRandomAreRefused() {
    Setting setting = settings().get(0);
    // where one sample is seen at once, most flips would be none
    Dataset random = data(1).map(Preprocessing.of(1, randomFlip())).batch(1);
    Dataset drawn = data(1).map((tf, x) -> tf.random.randomShuffle(x)).batch(1);
    try (Trainer trainer = Trainer.of(setting.model(), setting.compile())) {
      for (Dataset data : List.of(random, drawn, data(1).oneHot(4).mixUp(0.2, 1))) {
        assertFails(RANDOM, data::cache);
      }
      assertFails(
          RANDOM, () -> trainer.fit(random, setting.options().features(FeatureCache.memory())));
    }
  }

  @Test
  void resultsOfOneModelAreToldApart() throws IOException {
    Node images = input(8, 8, 3);
    Node x = images.to(conv2D(4, 3).name("c"));
    Model base = Model.of(List.of(images), List.of(x, x.to(relu()).to(conv2D(4, 1).name("d"))));
    for (int result : new int[] {0, 1}) {
      Node input = input(8, 8, 3);
      Node features = base.freeze().call(List.of(input)).get(result);
      assertSameByFeatures(Model.of(input, head(features)), data(1), FeatureCache.in(folder));
    }
    try (var files = Files.list(folder)) {
      assertEquals(2, files.count());
    }
  }

  @Test
  void imagesOfOtherSizesAreToldApartThoughTheirBytesAreEqual() {
    Node images = input(Shape.UNKNOWN, Shape.UNKNOWN, 1);
    Node x = images.to(conv2D(4, 3).padding(Padding.SAME).name("c"));
    Model model = Model.of(images, head(x)).freeze("c");
    FeatureCache cache = FeatureCache.memory();
    float[] grey = new float[SAMPLES * 64];
    Arrays.fill(grey, 0.5f);
    for (int[] size : new int[][] {{4, 16, 1}, {16, 4, 1}}) {
      assertSameByFeatures(
          model, Dataset.of(Samples.of(grey, size), Samples.labels(labels())), cache);
    }
  }

  private static void assertSameByFeatures(Model model, Dataset data, FeatureCache cache) {
    FitOptions fit = FitOptions.epochs(3).batchSize(5).verbose(0);
    try (Trainer images = Trainer.of(model, compile());
        Trainer features = Trainer.of(model, compile())) {
      History expected = images.fit(data, fit);
      History history = features.fit(data, fit.features(cache));
      assertClose(expected.get("loss"), history.get("loss"), "loss");
    }
  }

  @Test
  void samplesInMemoryAreThoseThatWereMapped() {
    Dataset mapped = bytes().batch(4);
    Setting setting = settings().get(0);
    try (Trainer one = Trainer.of(setting.model(), setting.compile());
        Trainer other = Trainer.of(setting.model(), setting.compile())) {
      History expected = one.fit(mapped, setting.options());
      assertEquals(expected, other.fit(mapped.cache(), setting.options()));
    }
    assertEquals(mapped.inputs(), mapped.cache().inputs());
    assertEquals(OptionalInt.of(4), mapped.cache().batchSize());
  }

  @Test
  void aFileThatAnotherFitUsesIsRefused() throws IOException {
    fit(data(1));
    Path file = onlyFile();
    int bytes = Math.toIntExact(Files.size(file) / SAMPLES) - 36;
    try (FeatureFile open = FeatureFile.open(file, bytes)) {
      assertFails(
          "features: expected a cache that one fit uses, received "
              + file
              + ", which another has open",
          () -> fit(data(1)));
      assertTrue(open.get(com.google.common.hash.HashCode.fromInt(1)).isEmpty());
    }
  }

  /** Every layer that draws random numbers is known for it, or features would be kept of one. */
  @ParameterizedTest
  @MethodSource("layers")
  void onlyRandomLayersDraw(LayerCase layer) {
    try (Graph graph = new Graph()) {
      Model model = layer.model();
      Lowering lowering = Lowering.of(Ops.create(graph), model, 1);
      List<org.tensorflow.Output<?>> inputs = new ArrayList<>();
      for (Node input : model.inputs()) {
        inputs.add(
            lowering
                .emitter()
                .op("Placeholder")
                .attr("dtype", org.tensorflow.proto.DataType.DT_FLOAT)
                .attr("shape", Shapes.toTensorFlow(input.shape()))
                .out());
      }
      boolean draws = !lowering.emit(Mode.TRAINING, inputs).pass().drawn().isEmpty();
      assertEquals(draws, layer.layer().isRandom());
    }
  }

  static List<LayerCase> layers() {
    // dilated ones cannot be trained
    return LayerCase.supported()
        .filter(layer -> !(layer.layer() instanceof Conv2DTranspose))
        .toList();
  }
}
