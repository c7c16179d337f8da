package dev.tfgraphs.graphs;

import static dev.tfgraphs.graphs.Closeness.assertFails;
import static dev.tfgraphs.ops.Layers.*;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import dev.tfgraphs.graphs.data.Batch;
import dev.tfgraphs.graphs.data.Dataset;
import dev.tfgraphs.graphs.data.Samples;
import dev.tfgraphs.ops.ActivationFunction;
import dev.tfgraphs.ops.Model;
import dev.tfgraphs.ops.Node;
import java.util.List;
import java.util.Map;
import java.util.stream.Stream;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.TestInstance;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.Arguments;
import org.junit.jupiter.params.provider.MethodSource;
import org.tensorflow.ndarray.Shape;
import org.tensorflow.ndarray.StdArrays;
import org.tensorflow.types.TFloat32;
import org.tensorflow.types.TInt32;
import org.tensorflow.types.TUint8;

/** Data that do not fit are refused in words, before they reach TensorFlow, and nothing changes. */
@TestInstance(TestInstance.Lifecycle.PER_CLASS)
class AdmissionTest {
  private static final Samples IMAGES = Samples.of(new float[3 * 4 * 4], 4, 4, 1);
  private static final Samples LABELS = Samples.labels(0, 1, 2);
  private static final FitOptions QUIET = FitOptions.epochs(1).verbose(0);

  private final Trainer classes = trainer(3, Loss.sparseCategoricalCrossentropy());
  private final Trainer distributions = trainer(3, Loss.categoricalCrossentropy());
  private Weights before = Weights.of(Map.of());

  private static Trainer trainer(int units, Loss loss) {
    Node input = input("image", 4, 4, 1);
    Model model =
        Model.of(
            input, input.to(flatten()).to(dense(units).activation(ActivationFunction.SOFTMAX)));
    return Trainer.of(model, Compile.of(Optimizer.sgd(0.1), loss).seed(1));
  }

  @BeforeAll
  void remember() {
    before = classes.weights();
  }

  @AfterAll
  void close() {
    assertEquals(before, classes.weights());
    classes.close();
    distributions.close();
  }

  /** Rows of labels beside images that are 4 steps of 4 numbers. */
  @Test
  void labelsThatCannotBeLaidAlongTheStepsAreRefused() {
    Node input = input("image", 4, 4);
    Model model = Model.of(input, input.to(dense(3)));
    Samples images = Samples.of(new float[2 * 4 * 4], 4, 4);
    try (Trainer trainer = Trainer.of(model, Compile.of(Optimizer.sgd(0.1), Loss.ctc()).seed(1))) {
      FitOptions ordered = QUIET.shuffle(false);
      Map<Samples, String> all =
          Map.of(
              Samples.of(new int[] {1, 2, 0, 0, 1, 1, 1, 0}, 4),
              "epoch 1, step 1: expected labels that fit into 4 steps, one for each and one between"
                  + " equal ones, received some that need 5 in sample 1 of a batch",
              Samples.of(new int[] {1, 2, 1, 0, 0, 2}, 3),
              "epoch 1, step 1: expected labels from 1 on, with 0 behind the last, received 2"
                  + " behind a 0 at place 2 of sample 1 of a batch",
              Samples.of(new int[] {1, 2, 3, 1}, 2),
              "expected class numbers from 0 to 2, received numbers from 1 to 3, 3 in sample 1",
              Samples.labels(1, 2),
              "expected targets of (None,) (class numbers) for the loss, received ()");
      all.forEach(
          (labels, message) ->
              assertFails(
                  "fit: " + message,
                  () -> trainer.fit(Dataset.of(images, labels), ordered).get("loss")));
      Samples fits = Samples.of(new int[] {1, 1, 2, 0, 0, 0}, 3);
      assertTrue(trainer.fit(Dataset.of(images, fits), ordered).get("loss").get(0) > 0);
    }
  }

  record Refused(String message, Dataset data) {}

  static List<Refused> ofClasses() {
    return List.of(
        new Refused(
            "fit: expected one input a sample, received 2",
            Dataset.of(List.of(IMAGES, IMAGES), List.of(LABELS))),
        new Refused(
            "fit: expected samples of (4, 4, 1) for input 'image', received (4, 2, 2)",
            Dataset.of(Samples.of(new float[48], 4, 2, 2), LABELS)),
        new Refused(
            "fit: expected samples of (4, 4, 1) for input 'image', received (16,)",
            Dataset.of(Samples.of(new float[48], 16), LABELS)),
        new Refused(
            "fit: expected samples of type DT_UINT8 or DT_FLOAT for input 'image', received"
                + " DT_INT32",
            Dataset.of(Samples.of(new int[48], 4, 4, 1), LABELS)),
        new Refused("fit: expected one target a sample, received 0", Dataset.of(IMAGES)),
        new Refused(
            "fit: expected one target a sample, received 2",
            Dataset.of(List.of(IMAGES), List.of(LABELS, LABELS))),
        new Refused(
            "fit: expected targets of () (class numbers) for the loss, received (3,);"
                + " categoricalCrossentropy() takes such targets",
            Dataset.of(IMAGES, Samples.of(new float[9], 3))),
        new Refused(
            "fit: expected targets of type DT_UINT8 or DT_INT32 for the loss, received DT_FLOAT;"
                + " Samples.labels(...) makes class numbers",
            Dataset.of(IMAGES, Samples.of(new float[3]))),
        new Refused(
            "fit: expected class numbers from 0 to 2, received numbers from 0 to 3, 3 in sample 1",
            Dataset.of(IMAGES, Samples.labels(0, 3, 2))),
        new Refused(
            "fit: expected class numbers from 0 to 2, received numbers from -1 to 1, -1 in sample"
                + " 2",
            Dataset.of(IMAGES, Samples.labels(0, 1, -1))),
        new Refused(
            "fit: expected class numbers from 0 to 2, received numbers from 0 to 200, 200 in sample"
                + " 0",
            Dataset.of(IMAGES, Samples.of(new byte[] {(byte) 200, 0, 0}))));
  }

  @ParameterizedTest
  @MethodSource("ofClasses")
  void whatDoesNotFitIsRefused(Refused refused) {
    FitOptions ordered = QUIET.shuffle(false);
    assertFails(refused.message(), () -> classes.fit(refused.data(), ordered).get("loss"));
    assertFails(
        refused.message().replace("fit:", "evaluate:"),
        () -> classes.evaluate(refused.data()).get("loss"));
  }

  @Test
  void targetsOfDistributionsAreShapedAsTheOutput() {
    assertFails(
        "fit: expected targets of (3,) for the loss, received (); dataset.oneHot(3) makes them of"
            + " class numbers, which sparseCategoricalCrossentropy() takes as they are",
        () -> distributions.fit(Dataset.of(IMAGES, LABELS), QUIET).get("loss"));
    assertFails(
        "fit: expected targets of type DT_UINT8 or DT_INT32 or DT_FLOAT for the loss, received"
            + " DT_INT64",
        () ->
            distributions
                .fit(Dataset.of(IMAGES, Samples.of(StdArrays.ndCopyOf(new long[3][3]))), QUIET)
                .get("loss"));
  }

  @Test
  void bytesStandForNumbers() {
    byte[] hot = {1, 0, 0, 0, 1, 0, 0, 0, 1};
    byte[] pixels = new byte[48];
    java.util.Arrays.fill(pixels, (byte) 200);
    float[] wide = new float[48];
    java.util.Arrays.fill(wide, 200);
    float[] wideHot = {1, 0, 0, 0, 1, 0, 0, 0, 1};
    Dataset bytes = Dataset.of(Samples.of(pixels, 4, 4, 1), Samples.of(hot, 3));
    Dataset floats = Dataset.of(Samples.of(wide, 4, 4, 1), Samples.of(wideHot, 3));
    assertEquals(distributions.evaluate(floats), distributions.evaluate(bytes));
    // class weights look for the class in bytes too: 0 for all but the last, 3 of three
    Map<Integer, Double> weights = Map.of(0, 0.0, 1, 0.0, 2, 3.0);
    assertEquals(1, distributions.fit(bytes, QUIET.classWeights(weights)).get("loss").size());
  }

  /** The labels of a folder of images, for a model that says yes or no. */
  @Test
  void integersStandForNumbers() {
    Samples floats = Samples.of(new float[] {0, 1, 1});
    try (Trainer trainer = trainer(1, Loss.binaryCrossentropy())) {
      Scores expected = trainer.evaluate(Dataset.of(IMAGES, floats));
      assertEquals(expected, trainer.evaluate(Dataset.of(IMAGES, Samples.labels(0, 1, 1))));
      assertEquals(
          expected, trainer.evaluate(Dataset.of(IMAGES, Samples.of(new byte[] {0, 1, 1}))));
    }
    Samples hot = Samples.of(new float[] {0, 0, 1, 1, 0, 0, 0, 1, 0}, 3);
    assertEquals(
        distributions.evaluate(Dataset.of(IMAGES, hot)),
        distributions.evaluate(Dataset.of(IMAGES, Samples.labels(2, 0, 1)).oneHot(3)));
  }

  static Stream<Loss> ofYesAndNo() {
    return Stream.of(
        Loss.binaryCrossentropy(),
        Loss.binaryFocalCrossentropy().fromLogits(true),
        Loss.categoricalCrossentropy().reduction(Reduction.SUM),
        Loss.dice(),
        Loss.tversky());
  }

  /** Masks are often stored as 0 and 255. */
  @ParameterizedTest
  @MethodSource("ofYesAndNo")
  void yesIsOneNot255(Loss loss) {
    try (Trainer trainer = trainer(1, loss);
        Batch batch =
            Batch.of(
                List.of(TFloat32.tensorOf(Shape.of(2, 4, 4, 1))),
                List.of(TUint8.vectorOf((byte) 0, (byte) 255)))) {
      assertFails(
          "evaluate: expected targets from 0 to 1, received numbers from 0 to 255, 255 in sample 1",
          () ->
              trainer
                  .evaluate(Dataset.of(IMAGES, Samples.of(new byte[] {0, (byte) 255, 0})))
                  .get("loss"));
      assertFails(
          "testOnBatch: expected targets from 0 to 1, received 255 in sample 1 of a batch",
          () -> trainer.testOnBatch(batch).get("loss"));
    }
    try (Trainer trainer = trainer(1, Loss.meanSquaredError())) {
      Dataset wide = Dataset.of(IMAGES, Samples.of(new byte[] {0, (byte) 255, 0}));
      assertTrue(trainer.evaluate(wide).loss() > 1);
    }
  }

  @Test
  void predictionNeedsNoTargets() {
    assertEquals(dev.tfgraphs.ops.Shape.of(3, 3), classes.predict(Dataset.of(IMAGES)).shape());
    assertFails(
        "predict: expected samples of (4, 4, 1) for input 'image', received (16,)",
        () -> classes.predict(Dataset.of(Samples.of(new float[48], 16))).shape());
  }

  @Test
  void validationDataAreLookedAtBeforeTheFirstStep() {
    Dataset bad = Dataset.of(Samples.of(new float[48], 16), LABELS);
    assertFails(
        "fit: validation: expected samples of (4, 4, 1) for input 'image', received (16,)",
        () -> classes.fit(Dataset.of(IMAGES, LABELS), QUIET.validation(bad)).get("loss"));
  }

  @Test
  void classWeightsAreForClassesOfTheModel() {
    Dataset data = Dataset.of(IMAGES, LABELS);
    assertFails(
        "fit: expected class weights for classes 0 to 2, received one for class 3",
        () -> classes.fit(data, QUIET.classWeights(Map.of(3, 1.0))).get("loss"));
    assertFails(
        "fit: expected class weights or sample weights, received both",
        () ->
            classes
                .fit(
                    Dataset.of(IMAGES, LABELS).weights(1, 1, 1), QUIET.classWeights(Map.of(0, 1.0)))
                .get("loss"));
  }

  /** What is judged of it would be 0 / 0, in every score of its pass. */
  @Test
  void aBatchWithoutASampleIsRefused() {
    try (Trainer trainer = trainer(1, Loss.binaryCrossentropy());
        Batch empty =
            Batch.of(
                List.of(TFloat32.tensorOf(Shape.of(0, 4, 4, 1))),
                List.of(TFloat32.tensorOf(Shape.of(0, 1))))) {
      assertFails(
          "step: expected a batch with samples, received one without", () -> trainer.step(empty));
      assertFails(
          "testOnBatch: expected a batch with samples, received one without",
          () -> trainer.testOnBatch(empty));
    }
  }

  /** Whatever the dataset says of itself. */
  @Test
  void classWeightsDoNotTakeThePlaceOfABatchsOwn() {
    try (Batch batch =
        Batch.of(
            List.of(TFloat32.tensorOf(Shape.of(2, 4, 4, 1))),
            List.of(TInt32.vectorOf(0, 1)),
            ones(2))) {
      assertFails(
          "fit: expected class weights or sample weights, received both",
          () -> classes.admission().weights(batch, Map.of(0, 1.0)).close());
    }
  }

  /** As np.round has it: a half goes to the even number. */
  @Test
  void aHalfIsOfTheClassThatItIsOfInKeras() {
    try (Trainer trainer = trainer(1, Loss.binaryCrossentropy());
        Batch batch =
            Batch.of(
                List.of(TFloat32.tensorOf(Shape.of(4, 4, 4, 1))),
                List.of(TFloat32.vectorOf(0, 0.5f, 0.75f, 1)));
        TFloat32 weights = trainer.admission().weights(batch, Map.of(0, 2.0, 1, 3.0))) {
      assertEquals(
          new HostTensor(dev.tfgraphs.ops.Shape.of(4), new float[] {2, 2, 3, 3}),
          HostTensor.of(weights));
    }
  }

  @Test
  void classWeightsAreForSamplesOfOneClass() {
    Node input = input(4, 4, 1);
    Model model = Model.of(input, input.to(conv2D(2, 1)).to(softmax()));
    int[] classes = new int[48];
    Dataset data = Dataset.of(IMAGES, Samples.of(classes.clone(), 4, 4));
    classes[37] = 2;
    Dataset wrong = Dataset.of(IMAGES, Samples.of(classes, 4, 4)).skip(1);
    Compile compile = Compile.of(Optimizer.sgd(0.1), Loss.sparseCategoricalCrossentropy()).seed(1);
    try (Trainer trainer = Trainer.of(model, compile)) {
      assertEquals(1, trainer.fit(data, QUIET).get("loss").size());
      assertFails(
          "fit: expected class weights for an output of one class a sample, received an output of"
              + " (4, 4, 2)",
          () -> trainer.fit(data, QUIET.classWeights(Map.of(0, 2.0))).get("loss"));
      assertFails(
          "fit: expected class numbers from 0 to 1, received numbers from 0 to 2, 2 in sample 1",
          () -> trainer.fit(wrong.batch(2), QUIET).get("loss"));
      assertFails(
          "fit: epoch 1, step 1: expected class numbers from 0 to 1, received 2 at place 5 of"
              + " sample 1 of a batch",
          () -> trainer.fit(new ForwardingDataset(wrong) {}, QUIET.shuffle(false)).get("loss"));
    }
  }

  @Test
  void oneBatchIsLookedAtToo() {
    try (Batch batch =
        Batch.of(
            List.of(TFloat32.tensorOf(Shape.of(2, 4, 4, 2))), List.of(TInt32.vectorOf(0, 1)))) {
      assertFails(
          "trainOnBatch: expected samples of (4, 4, 1) for input 'image', received (4, 4, 2)",
          () -> classes.trainOnBatch(batch).get("loss"));
    }
    try (Batch batch =
        Batch.of(
            List.of(TFloat32.tensorOf(Shape.of(2, 4, 4, 1))), List.of(TInt32.vectorOf(0, 1, 2)))) {
      assertFails(
          "trainOnBatch: expected 2 samples in every tensor of a batch, received one of shape [3]",
          () -> classes.trainOnBatch(batch).get("loss"));
    }
    try (Batch batch =
        Batch.of(
            List.of(TFloat32.tensorOf(Shape.of(2, 4, 4, 1))), List.of(TInt32.vectorOf(0, 3)))) {
      assertFails(
          "trainOnBatch: expected class numbers from 0 to 2, received 3 in sample 1 of a batch",
          () -> classes.trainOnBatch(batch).get("loss"));
    }
  }

  private static TFloat32 ones(long... sizes) {
    TFloat32 weights = TFloat32.tensorOf(Shape.of(sizes));
    weights.asRawTensor().data().asFloats().write(new float[] {1, 1});
    return weights;
  }

  static Stream<Arguments> wrongWeights() {
    String shape =
        "trainOnBatch: expected a weight for each of 2 samples, shape [2], received shape ";
    String number =
        "trainOnBatch: expected weights of finite numbers of 0 or more, received %s for sample 1 of"
            + " a batch";
    return Stream.of(
        Arguments.of(ones(2, 1), shape + "[2, 1]"),
        Arguments.of(ones(1, 2), shape + "[1, 2]"),
        Arguments.of(TFloat32.vectorOf(1, 1, 1), shape + "[3]"),
        Arguments.of(TFloat32.vectorOf(1, -1), number.formatted("-1.0")),
        Arguments.of(TFloat32.vectorOf(1, Float.NaN), number.formatted("NaN")),
        Arguments.of(TFloat32.vectorOf(1, Float.POSITIVE_INFINITY), number.formatted("Infinity")));
  }

  @ParameterizedTest
  @MethodSource("wrongWeights")
  void weightsOfABatchAreOneForEachSample(TFloat32 weights, String message) {
    try (Batch batch =
        Batch.of(
            List.of(TFloat32.tensorOf(Shape.of(2, 4, 4, 1))),
            List.of(TInt32.vectorOf(0, 1)),
            weights)) {
      assertFails(message, () -> classes.trainOnBatch(batch).get("loss"));
    }
  }

  @Test
  void optionsThatContradictAreRefused() {
    Dataset data = Dataset.of(IMAGES, LABELS);
    assertFails(
        "fit: expected validation data or a validation split, received both",
        () -> QUIET.validation(data).validationSplit(0.5));
    assertFails("fit: expected positive epochs, received 0", () -> FitOptions.epochs(0));
    assertFails(
        "fit: expected positive number of validation epochs, received 0",
        () -> QUIET.validationEpochs());
    assertFails(
        "fit: expected positive validation epochs, received 0", () -> QUIET.validationEpochs(2, 0));
    assertFails(
        "fit: expected a validation split of 0 or more and less than 1, received 1.0",
        () -> QUIET.validationSplit(1));
    assertFails("fit: expected verbose 0, 1 or 2, received 3", () -> QUIET.verbose(3));
    assertFails(
        "fit: expected class weights of 0 or more, received -1.0 for class 0",
        () -> QUIET.classWeights(Map.of(0, -1.0)));
    assertFails(
        "split: expected a sample or more in each part, received a validation split of 0.9 and 3"
            + " samples",
        () -> classes.fit(data, QUIET.validationSplit(0.9)).get("loss"));
  }

  static Stream<Arguments> unused() {
    return Stream.of(
        Arguments.of("validation steps", QUIET.validationSteps(1)),
        Arguments.of("a validation batch size", QUIET.validationBatchSize(1)),
        Arguments.of("a validation frequency", QUIET.validationFrequency(2)),
        Arguments.of("validation epochs", QUIET.validationEpochs(1)));
  }

  @ParameterizedTest
  @MethodSource("unused")
  void whatSaysHowToJudgeNeedsDataToJudgeBy(String what, FitOptions options) {
    assertFails(
        "fit: expected validation data or a validation split beside " + what + ", received neither",
        () -> classes.fit(Dataset.of(IMAGES, LABELS), options).get("loss"));
  }

  @Test
  void aMetricIsAskedOnceAndOfEnoughClasses() {
    Node input = input(4);
    Model model = Model.of(input, input.to(dense(3)).to(softmax()));
    Loss loss = Loss.sparseCategoricalCrossentropy();
    assertFails(
        "metrics: expected each once, received two called 'accuracy'",
        () ->
            Trainer.of(
                    model, Compile.of(Optimizer.adam(), loss, Metric.accuracy(), Metric.accuracy()))
                .close());
    assertFails(
        "top-k: expected k of at most 3 classes, received 4",
        () -> Trainer.of(model, Compile.of(Optimizer.adam(), loss, Metric.topK(4))).close());
  }
}
