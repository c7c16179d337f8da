package dev.tfgraphs.graphs;

import static dev.tfgraphs.graphs.Closeness.assertFails;
import static dev.tfgraphs.ops.ActivationFunction.SOFTMAX;
import static dev.tfgraphs.ops.Layers.dense;
import static dev.tfgraphs.ops.Layers.flatten;
import static dev.tfgraphs.ops.Layers.input;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertNotEquals;

import dev.tfgraphs.graphs.data.Dataset;
import dev.tfgraphs.graphs.data.Samples;
import dev.tfgraphs.ops.Model;
import dev.tfgraphs.ops.Node;
import dev.tfgraphs.ops.Shape;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.Arguments;
import org.junit.jupiter.params.provider.MethodSource;

class SeveralOutputsTest {
  private static final Samples IMAGES = Samples.of(SmallNet.images(12), 8, 8, 3);
  private static final Samples KINDS = Samples.labels(0, 1, 2, 0, 1, 2, 0, 1, 2, 0, 1, 2);
  private static final Samples SIZES = Samples.of(new float[12], 1);
  private static final Dataset BOTH = Dataset.of(List.of(IMAGES), List.of(KINDS, SIZES));
  private static final FitOptions TWICE = FitOptions.epochs(2).batchSize(5).verbose(0);

  private static Model model() {
    Node image = input(8, 8, 3);
    Node x = image.to(flatten());
    Node kind = x.to(dense(3).activation(SOFTMAX).name("kind"));
    return Model.of(List.of(image), List.of(kind, x.to(dense(1).name("size"))));
  }

  private static Compile compile() {
    return Compile.of(Optimizer.sgd(0.001)).seed(1);
  }

  private static Compile both() {
    return compile()
        .loss("kind", Loss.sparseCategoricalCrossentropy())
        .metrics("kind", Metric.accuracy())
        .loss("size", Loss.meanSquaredError());
  }

  @Test
  void eachHasItsLossAndMetricsAndTheTotalIsTheirWeightedSum() {
    try (Trainer trainer = Trainer.of(model(), both().lossWeight("size", 0.25))) {
      History history = trainer.fit(BOTH, TWICE.validation(BOTH));
      assertEquals(
          List.of(
              "kind_accuracy",
              "kind_loss",
              "loss",
              "size_loss",
              "val_kind_accuracy",
              "val_kind_loss",
              "val_loss",
              "val_size_loss"),
          List.copyOf(history.metrics().keySet()));
      Scores scores = trainer.evaluate(BOTH);
      assertEquals(scores.get("kind_loss") + 0.25 * scores.get("size_loss"), scores.loss(), 1e-6);
      assertEquals(scores.loss(), history.get("val_loss").get(1), 1e-6);
    }
  }

  @Test
  void anOutputWithoutALossIsOnlyPredicted() {
    Dataset kinds = Dataset.of(IMAGES, KINDS);
    Compile kind =
        compile()
            .loss("kind", Loss.sparseCategoricalCrossentropy())
            .metrics("kind", Metric.accuracy());
    try (Trainer trainer = Trainer.of(model().freeze("size"), kind)) {
      History history = trainer.fit(kinds, TWICE);
      // the names that Keras has for compile(loss=[..., None], metrics=[..., None])
      assertEquals(List.of("kind_accuracy", "loss"), List.copyOf(history.metrics().keySet()));
      assertEquals(2, trainer.predictAll(kinds).size());
    }
    assertFails(
        "gradients: expected a way from the loss to every weight that trains, received none to"
            + " size/kernel, size/bias; outputs without a loss: size; give one with"
            + " loss(\"size\", ...), or freeze these layers if that is meant",
        () -> Trainer.of(model(), kind).close());
  }

  @Test
  void everyOutputIsPredicted() {
    try (Trainer trainer = Trainer.of(model(), both())) {
      List<HostTensor> outputs = trainer.predictAll(Dataset.of(IMAGES));
      assertEquals(
          List.of(Shape.of(12, 3), Shape.of(12, 1)),
          outputs.stream().map(HostTensor::shape).toList());
      assertFails(
          "predict: expected a model with one output, received one with 2; predictAll gives them"
              + " all",
          () -> trainer.predict(Dataset.of(IMAGES)).shape());
    }
  }

  @Test
  void oneLossIsForEveryOutput() {
    Dataset data = Dataset.of(List.of(IMAGES), List.of(SIZES, SIZES));
    try (Trainer trainer =
        Trainer.of(twins(), Compile.of(Optimizer.sgd(0.001), Loss.meanSquaredError()).seed(1))) {
      Scores scores = trainer.evaluate(data);
      assertNotEquals(scores.get("a_loss"), scores.get("b_loss"));
      assertEquals(scores.get("a_loss") + scores.get("b_loss"), scores.loss(), 1e-5);
    }
  }

  private static Model twins() {
    Node image = input(8, 8, 3);
    Node x = image.to(flatten());
    return Model.of(List.of(image), List.of(x.to(dense(1).name("a")), x.to(dense(1).name("b"))));
  }

  static List<Arguments> mixed() {
    Compile every =
        Compile.of(Optimizer.sgd(0.001), Loss.meanSquaredError(), Metric.rootMeanSquaredError());
    List<String> both =
        List.of(
            "a_loss", "a_root_mean_squared_error", "b_loss", "b_root_mean_squared_error", "loss");
    return List.of(
        Arguments.of(every, "a + b", both),
        Arguments.of(every.loss("a", Loss.meanAbsoluteError()), "root a + b", both),
        Arguments.of(every.lossWeight("a", 0.25), "a / 4 + b", both),
        Arguments.of(
            every.metrics("a", Metric.rootMeanSquaredError().named("r")),
            "a + b",
            List.of("a_loss", "a_r", "b_loss", "b_root_mean_squared_error", "loss")),
        Arguments.of(
            compile()
                .loss("a", Loss.meanSquaredError())
                .weightedMetrics("a", Metric.rootMeanSquaredError().named("r"))
                .weightedMetrics(Metric.rootMeanSquaredError())
                .loss("b", Loss.meanSquaredError()),
            "a + b",
            List.of("a_loss", "a_r", "b_loss", "b_root_mean_squared_error", "loss")));
  }

  /** One sample, of which the root of the mean square is the mean absolute error. */
  @ParameterizedTest
  @MethodSource("mixed")
  void whatIsSaidOfAnOutputLeavesTheRestAsSaidOfEvery(
      Compile compile, String total, List<String> names) {
    Dataset one = Dataset.of(List.of(IMAGES), List.of(SIZES, SIZES)).take(1);
    try (Trainer every = Trainer.of(twins(), compile.seed(1));
        Trainer plain =
            Trainer.of(twins(), Compile.of(Optimizer.sgd(0.1), Loss.meanSquaredError()).seed(1))) {
      Scores scores = every.evaluate(one);
      double a = plain.evaluate(one).get("a_loss");
      double b = plain.evaluate(one).get("b_loss");
      double expected =
          switch (total) {
            case "root a + b" -> Math.sqrt(a) + b;
            case "a / 4 + b" -> a / 4 + b;
            default -> a + b;
          };
      assertEquals(expected, scores.loss(), 1e-5 * expected);
      assertEquals(names, List.copyOf(scores.asMap().keySet()));
    }
  }

  @Test
  void whatDoesNotFitIsSaid() {
    assertFails(
        "compile: expected names of outputs among [kind, size], received [seize]",
        () -> Trainer.of(model(), both().loss("seize", Loss.meanSquaredError())).close());
    assertFails(
        "compile: expected a loss beside the metrics of output 'size', received none",
        () -> Trainer.of(model(), compile().metrics("size", Metric.accuracy())).close());
    assertFails(
        "compile: expected a loss beside the loss weight of output 'size', received none",
        () -> Trainer.of(model(), compile().lossWeight("size", 1)).close());
    assertFails(
        "loss weight: expected a number of 0 or more, received -1.0",
        () -> both().lossWeight("kind", -1));
    try (Trainer trainer = Trainer.of(model(), both())) {
      assertFails(
          "fit: expected 2 targets a sample, received 1",
          () -> trainer.fit(Dataset.of(IMAGES, KINDS), TWICE).epochs());
      assertFails(
          "fit: expected targets of () (class numbers) for the loss of 'kind', received (3,);"
              + " categoricalCrossentropy() takes such targets",
          () ->
              trainer
                  .fit(
                      Dataset.of(List.of(IMAGES), List.of(Samples.of(new float[36], 3), SIZES)),
                      TWICE)
                  .epochs());
      assertFails(
          "fit: expected class weights for a model with one loss, received one with 2",
          () -> trainer.fit(BOTH, TWICE.classWeights(Map.of(0, 2.0))).epochs());
    }
    try (Trainer trainer = Trainer.of(model(), compile())) {
      assertFails(
          "fit: expected a loss, received a trainer without one",
          () -> trainer.fit(BOTH, TWICE).epochs());
      assertFails(
          "evaluate: expected a loss, received a trainer without one",
          () -> trainer.evaluate(BOTH).loss());
      assertEquals(2, trainer.predictAll(Dataset.of(IMAGES)).size());
    }
  }

  @Test
  void theOutputWhoseNumbersAreNoneIsNamed() {
    FitOptions once = FitOptions.epochs(1).verbose(0);
    try (Trainer trainer = Trainer.of(model(), both())) {
      Map<String, HostTensor> weights = new LinkedHashMap<>(trainer.weights().tensors());
      float[] huge = new float[8 * 8 * 3];
      Arrays.fill(huge, Float.MAX_VALUE);
      weights.put("size/kernel", new HostTensor(Shape.of(huge.length, 1), huge));
      trainer.assign(Weights.of(weights));
      assertFails(
          "fit: epoch 1, step 1: expected a finite loss, received infinity: inputs, targets and"
              + " weights are finite, but not what is made of them in 'size'; a lower learning rate"
              + " or clipnorm(1) may help, or smaller inputs; this step has changed nothing",
          () -> trainer.fit(BOTH, once).epochs());
    }
  }

  @Test
  void aLossThatIsNoNumberChangesNothing() {
    float[] huge = SmallNet.images(12);
    huge[700] = Float.MAX_VALUE;
    Dataset data = Dataset.of(List.of(Samples.of(huge, 8, 8, 3)), List.of(KINDS, SIZES));
    List<Integer> told = new ArrayList<>();
    Callback ending =
        new Callback() {
          @Override
          public boolean invalidLoss(Fit fit, int batch) {
            told.add(batch);
            return true;
          }
        };
    FitOptions ordered = FitOptions.epochs(1).batchSize(3).shuffle(false).verbose(0);
    try (Trainer trainer = Trainer.of(model(), both());
        Trainer short1 = Trainer.of(model(), both())) {
      assertFails(
          "fit: epoch 1, step 2: expected a finite loss, received infinity: inputs, targets and"
              + " weights are finite; a lower learning rate or clipnorm(1) may help, or smaller"
              + " inputs; this step has changed nothing",
          () -> trainer.fit(data, ordered).epochs());
      short1.fit(BOTH.take(3), ordered);
      assertEquals(short1.weights(), trainer.weights());
      assertEquals(List.of(0), trainer.fit(data, ordered.callback(ending)).epochs());
      assertEquals(List.of(1), told);
    }
  }
}
