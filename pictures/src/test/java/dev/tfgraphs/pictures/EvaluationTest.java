package dev.tfgraphs.pictures;

import static org.junit.jupiter.api.Assertions.assertArrayEquals;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import com.google.common.collect.ImmutableList;
import com.google.common.collect.Streams;
import com.google.common.primitives.ImmutableDoubleArray;
import com.google.gson.JsonArray;
import com.google.gson.JsonElement;
import com.google.gson.JsonObject;
import com.google.gson.JsonParser;
import dev.tfgraphs.graphs.HostTensor;
import dev.tfgraphs.ops.Shape;
import java.io.IOException;
import java.io.InputStreamReader;
import java.io.Reader;
import java.nio.charset.StandardCharsets;
import java.util.List;
import java.util.Objects;
import java.util.function.Supplier;
import java.util.stream.IntStream;
import java.util.stream.Stream;
import org.junit.jupiter.api.Named;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.MethodSource;

/** Curves, areas and bins are those of scikit-learn. */
class EvaluationTest {
  private static final double EXACT = 1e-12;

  private static Stream<Named<JsonObject>> cases(String list) throws IOException {
    try (Reader golden =
        new InputStreamReader(
            Objects.requireNonNull(
                EvaluationTest.class.getResourceAsStream("golden/evaluation.json")),
            StandardCharsets.UTF_8)) {
      return Streams.stream(JsonParser.parseReader(golden).getAsJsonObject().getAsJsonArray(list))
          .map(JsonElement::getAsJsonObject)
          .map(each -> Named.of(each.get("name").getAsString(), each));
    }
  }

  static Stream<Named<JsonObject>> binary() throws IOException {
    return cases("binary");
  }

  static Stream<Named<JsonObject>> calibrations() throws IOException {
    return cases("calibrations");
  }

  static Stream<Named<JsonObject>> classes() throws IOException {
    return cases("classes");
  }

  private static double[] numbers(JsonObject of, String name) {
    return Streams.stream(of.getAsJsonArray(name)).mapToDouble(JsonElement::getAsDouble).toArray();
  }

  private static boolean[] truths(JsonObject of, String name) {
    JsonArray array = of.getAsJsonArray(name);
    boolean[] truths = new boolean[array.size()];
    IntStream.range(0, truths.length).forEach(i -> truths[i] = array.get(i).getAsBoolean());
    return truths;
  }

  private static void assertSame(JsonObject expected, String name, ImmutableDoubleArray received) {
    assertArrayEquals(numbers(expected, name), received.toArray(), EXACT, name);
  }

  @ParameterizedTest
  @MethodSource("binary")
  void roc_curves_are_those_of_scikit_learn(JsonObject sample) {
    RocCurve curve = RocCurve.of(numbers(sample, "scores"), truths(sample, "positive"));
    JsonObject expected = sample.getAsJsonObject("roc");
    assertSame(expected, "fpr", curve.falsePositiveRates());
    assertSame(expected, "tpr", curve.truePositiveRates());
    assertEquals(Double.POSITIVE_INFINITY, curve.thresholds().get(0));
    assertSame(expected, "thresholds", curve.thresholds().subArray(1, curve.thresholds().length()));
    assertEquals(expected.get("area").getAsDouble(), curve.area(), EXACT);
  }

  @ParameterizedTest
  @MethodSource("binary")
  void precision_recall_curves_are_those_of_scikit_learn(JsonObject sample) {
    PrecisionRecallCurve curve =
        PrecisionRecallCurve.of(numbers(sample, "scores"), truths(sample, "positive"));
    JsonObject expected = sample.getAsJsonObject("precision_recall");
    assertSame(expected, "precisions", curve.precisions());
    assertSame(expected, "recalls", curve.recalls());
    assertSame(expected, "thresholds", curve.thresholds());
    assertEquals(expected.get("average_precision").getAsDouble(), curve.averagePrecision(), EXACT);
  }

  @ParameterizedTest
  @MethodSource("calibrations")
  void calibrations_are_those_of_scikit_learn(JsonObject sample) {
    double[] said = numbers(sample, "probabilities");
    boolean[] came = truths(sample, "came");
    int bins = sample.get("bins").getAsInt();
    Calibration calibration =
        sample.get("strategy").getAsString().equals("uniform")
            ? Calibration.equalWidth(said, came, bins)
            : Calibration.equalMass(said, came, bins);
    assertArrayEquals(
        numbers(sample, "means"),
        calibration.bins().stream().mapToDouble(Calibration.Bin::probability).toArray(),
        EXACT);
    assertArrayEquals(
        numbers(sample, "frequencies"),
        calibration.bins().stream().mapToDouble(Calibration.Bin::frequency).toArray(),
        EXACT);
    assertEquals(said.length, calibration.samples());
  }

  @ParameterizedTest
  @MethodSource("classes")
  void classes_and_their_averages_are_those_of_scikit_learn(JsonObject sample) {
    ClassScores scores = scores(sample);
    int classes = scores.names().size();
    double[] areas = numbers(sample, "areas");
    double[] precisions = numbers(sample, "average_precisions");
    for (int label = 0; label < classes; label++) {
      assertEquals(areas[label], scores.roc(label).area(), EXACT);
      assertEquals(precisions[label], scores.precisionRecall(label).averagePrecision(), EXACT);
    }
    JsonObject area = sample.getAsJsonObject("area");
    assertEquals(area.get("micro").getAsDouble(), scores.roc().area(), EXACT);
    RocCurve mean = RocCurve.mean(IntStream.range(0, classes).mapToObj(scores::roc).toList());
    assertEquals(area.get("macro").getAsDouble(), mean.area(), EXACT);
    assertEquals(
        sample.getAsJsonObject("average_precision").get("micro").getAsDouble(),
        scores.precisionRecall().averagePrecision(),
        EXACT);
    assertTrue(scores.areProbabilities());
    assertEquals(
        sample.get("calibration_error").getAsDouble(), scores.calibration(10).error(), EXACT);
  }

  private static ClassScores scores(JsonObject sample) {
    JsonObject tensor = sample.getAsJsonObject("scores");
    double[] shape = numbers(tensor, "shape");
    double[] values = numbers(tensor, "values");
    float[] floats = new float[values.length];
    IntStream.range(0, floats.length).forEach(i -> floats[i] = (float) values[i]);
    double[] labels = numbers(sample, "labels");
    return ClassScores.of(
        new HostTensor(Shape.of((int) shape[0], (int) shape[1]), floats),
        IntStream.range(0, labels.length).map(i -> (int) labels[i]).toArray(),
        IntStream.range(0, (int) shape[1]).mapToObj(Integer::toString).toList());
  }

  @Test
  void one_output_is_the_probability_of_the_second_class() {
    ClassScores scores = of(new float[] {0.25f, 0.75f, 0.5f}, 1, new int[] {0, 1, 1});
    assertTrue(scores.areProbabilities());
    assertEquals(1, scores.roc(1).area());
    assertEquals(1, scores.roc(0).area());
    assertEquals(2.0 / 3, scores.confusion().accuracy(), EXACT);
  }

  @Test
  void other_scores_are_no_probabilities() {
    assertFalse(of(new float[] {-1, 2}, 2, new int[] {0}).areProbabilities());
    assertFalse(of(new float[] {0.5f, 0.6f}, 2, new int[] {0}).areProbabilities());
  }

  private static ClassScores of(float[] values, int outputs, int[] labels) {
    HostTensor tensor = new HostTensor(Shape.of(values.length / outputs, outputs), values);
    return ClassScores.of(tensor, labels, List.of("no", "yes"));
  }

  @Test
  void samples_that_make_no_curve_are_refused() {
    double[] two = {0.1, 0.2};
    refused(
        "ROC curve: expected positives and negatives, received 2 and 0",
        () -> RocCurve.of(two, new boolean[] {true, true}));
    refused(
        "ROC curve: expected a score for each of 1 samples, received 2",
        () -> RocCurve.of(two, new boolean[] {true}));
    refused(
        "ROC curve: expected finite scores, received NaN or infinity",
        () -> RocCurve.of(new double[] {Double.NaN}, new boolean[] {true}));
    refused(
        "precision-recall curve: expected positives, received none",
        () -> PrecisionRecallCurve.of(two, new boolean[2]));
    refused("ROC curve: expected curves to average, received none", () -> RocCurve.mean(List.of()));
  }

  @Test
  void samples_that_cannot_be_binned_are_refused() {
    refused(
        "calibration: expected at least 1 bin, received 0",
        () -> Calibration.equalWidth(new double[] {0.5}, new boolean[1], 0));
    refused(
        "calibration: expected a probability for each of 1 sample or more, received 0 for 0",
        () -> Calibration.equalMass(new double[0], new boolean[0], 2));
    refused(
        "calibration: expected probabilities from 0 to 1, received 1.5",
        () -> Calibration.equalWidth(new double[] {1.5}, new boolean[1], 2));
  }

  @Test
  void scores_that_do_not_fit_are_refused() {
    refused(
        "class scores: expected (samples, classes) of 1 sample and 2 classes or more, received (1,"
            + " 3) for 2",
        () -> of(new float[3], 3, new int[1]));
    refused(
        "class scores: expected a label for each of 1 samples, received 2",
        () -> of(new float[2], 2, new int[2]));
    refused(
        "class scores: expected labels from 0 to 1, received 2",
        () -> of(new float[2], 2, new int[] {2}));
  }

  @Test
  void points_that_are_no_curve_are_refused() {
    ImmutableDoubleArray two = ImmutableDoubleArray.of(0, 1);
    ImmutableDoubleArray one = ImmutableDoubleArray.of(0);
    ImmutableDoubleArray none = ImmutableDoubleArray.of();
    String lengths = "ROC curve: expected two rates for each of 1 threshold or more, received ";
    refused(lengths + "2 and 1 for 2", () -> new RocCurve(two, one, two));
    refused(lengths + "1 and 2 for 2", () -> new RocCurve(one, two, two));
    refused(lengths + "0 and 0 for 0", () -> new RocCurve(none, none, none));
    for (double rate : new double[] {-0.5, 1.5, Double.NaN}) {
      ImmutableDoubleArray wrong = ImmutableDoubleArray.of(0, rate);
      String rates = "ROC curve: expected rates from 0 to 1, received " + rate;
      refused(rates, () -> new RocCurve(wrong, two, two));
      refused(rates, () -> new RocCurve(two, wrong, two));
    }
  }

  @Test
  void bins_of_nothing_are_refused() {
    refused(
        "calibration: expected a bin or more, received none",
        () -> new Calibration(ImmutableList.of()));
    String values =
        "calibration: expected 1 sample or more, and a probability and a frequency from 0 to 1,"
            + " received ";
    refused(values + "0, 0.5 and 0.5", () -> new Calibration.Bin(0, 1, 0, 0.5, 0.5));
    refused(values + "1, NaN and 0.5", () -> new Calibration.Bin(0, 1, 1, Double.NaN, 0.5));
    refused(values + "1, 0.5 and 1.5", () -> new Calibration.Bin(0, 1, 1, 0.5, 1.5));
  }

  private static void refused(String message, Supplier<Object> made) {
    IllegalArgumentException e = assertThrows(IllegalArgumentException.class, made::get);
    assertEquals(message, e.getMessage());
  }
}
