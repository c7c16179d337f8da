package dev.tfgraphs.pictures;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import com.google.common.collect.ImmutableMap;
import dev.tfgraphs.graphs.HostTensor;
import dev.tfgraphs.ops.Shape;
import java.nio.file.Path;
import java.util.Collections;
import java.util.List;
import java.util.Map;
import java.util.function.Supplier;
import java.util.stream.IntStream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

class EvaluationPicturesTest {
  private static final List<String> THREE = List.of("a", "b", "c");

  @TempDir Path folder;

  private static ClassScores scores(List<String> names, int[] labels, float... values) {
    Shape shape = Shape.of(labels.length, names.size());
    return ClassScores.of(new HostTensor(shape, values), labels, names);
  }

  private static ClassScores three() {
    return scores(
        THREE,
        new int[] {0, 1, 2, 0},
        new float[] {0.8f, 0.1f, 0.1f, 0.2f, 0.5f, 0.3f, 0, 0.4f, 0.6f, 0.3f, 0.6f, 0.1f});
  }

  /** Of 12 classes, each with one sample; the first is found last. */
  private static ClassScores twelve() {
    int count = 12;
    float[] values = new float[count * count];
    for (int i = 0; i < count; i++) {
      values[i * count + (i == 0 ? 1 : i)] = 1;
    }
    return scores(names(count), IntStream.range(0, count).toArray(), values);
  }

  private static List<String> names(int count) {
    return IntStream.range(0, count).mapToObj(i -> "class " + i).toList();
  }

  private List<String> texts(Picture picture) {
    Path file = folder.resolve("picture.svg");
    picture.writeSvg(file);
    return Svg.read(file).texts();
  }

  @Test
  void the_key_of_roc_curves_says_their_areas() {
    assertEquals(
        List.of(
            "Digits",
            "Classes and their areas; grey dots: chance",
            "a  1.000",
            "b  0.667",
            "c  1.000",
            "macro average  0.889",
            "micro average  0.875"),
        texts(EvaluationPictures.roc("Digits", three())));
  }

  @Test
  void the_key_of_precision_recall_curves_says_their_average_precisions() {
    assertEquals(
        List.of(
            "Digits",
            "Classes and their average precisions; grey dots: chance",
            "a  1.000",
            "b  0.500",
            "c  1.000",
            "micro average  0.747"),
        texts(EvaluationPictures.precisionRecall("Digits", three())));
  }

  @Test
  void of_two_classes_the_second_says_it_all() {
    ClassScores two = scores(List.of("cats", "dogs"), new int[] {0, 1}, 0.9f, 0.1f, 0.2f, 0.8f);
    assertEquals("dogs  1.000", texts(EvaluationPictures.roc("Two", two)).get(2));
    assertEquals(3, texts(EvaluationPictures.roc("Two", two)).size());
    assertEquals(3, texts(EvaluationPictures.precisionRecall("Two", two)).size());
  }

  @Test
  void of_many_classes_the_worst_are_named() {
    List<String> texts = texts(EvaluationPictures.roc("Twelve", twelve()));
    assertEquals(2 + 5 + 1 + 2, texts.size());
    assertEquals("class 0  0.500", texts.get(2));
    assertEquals("7 other classes", texts.get(7));
  }

  @Test
  void classes_without_samples_have_no_curve() {
    ClassScores some = scores(THREE, new int[] {0, 1}, 0.8f, 0.1f, 0.1f, 0.2f, 0.5f, 0.3f);
    assertTrue(
        texts(EvaluationPictures.roc("Some", some)).stream().noneMatch(t -> t.startsWith("c ")));
  }

  @Test
  void samples_of_one_class_make_no_curves() {
    ClassScores one = scores(List.of("cats", "dogs"), new int[] {0}, 0.9f, 0.1f);
    refused(
        "ROC curves: expected samples of two classes or more, received those of one",
        () -> EvaluationPictures.roc("One", one));
    refused(
        "precision-recall curves: expected samples of the second class, received none",
        () -> EvaluationPictures.precisionRecall("One", one));
  }

  @Test
  void a_calibration_says_its_error() {
    assertEquals(
        List.of(
            "Digits",
            "Expected calibration error: 22.50 % over 4 samples",
            "measured",
            "as often as said"),
        texts(EvaluationPictures.calibration("Digits", three().calibration(10))));
  }

  @Test
  void bars_have_their_numbers_beside_them() {
    List<String> texts = texts(EvaluationPictures.classes("Digits", three().confusion()));
    assertEquals(List.of("Digits", "3 classes"), texts.subList(0, 2));
    assertTrue(texts.containsAll(List.of("Precision", "Recall", "F1")), texts.toString());
    assertEquals(
        List.of("a", "1.000", "0.500", "0.667"),
        texts.subList(texts.indexOf("a"), texts.indexOf("b")));
  }

  @Test
  void bars_of_any_values_have_a_scale_of_their_own() {
    List<String> texts =
        texts(
            EvaluationPictures.classes(
                "Any", THREE, Map.of("Images", List.of(5000.0, 1.5, Double.NaN))));
    assertEquals(List.of("0", "2000", "4000", "6000"), texts.subList(2, 6));
    assertTrue(texts.containsAll(List.of("5000", "1.5", "-")), texts.toString());
    List<String> negative =
        texts(EvaluationPictures.classes("Gain", List.of("a"), Map.of("Gain", List.of(-0.5))));
    assertTrue(negative.contains("-0.4"), negative.toString());
  }

  @Test
  void of_many_classes_the_bars_of_the_worst_are_drawn() {
    List<Double> values = IntStream.range(0, 50).mapToObj(i -> i / 50.0).toList();
    List<String> texts = texts(EvaluationPictures.classes("Many", names(50), Map.of("F1", values)));
    assertEquals("The 40 of 50 classes with the least F1", texts.get(1));
    assertTrue(texts.contains("class 39") && !texts.contains("class 40"), texts.toString());
  }

  @Test
  void values_that_do_not_fit_are_refused() {
    refused(
        "class bars: expected 1 class or more and 1 to 4 kinds of values, received 3 and 0",
        () -> EvaluationPictures.classes("t", THREE, Map.of()));
    refused(
        "class bars: 'F1': expected a value for each of 3 classes, received 1",
        () -> EvaluationPictures.classes("t", THREE, ImmutableMap.of("F1", List.of(0.5))));
  }

  @Test
  void a_normalized_confusion_is_in_percent_of_the_images_of_each_class() {
    Confusion confusion = new Confusion(List.of("a", "b"));
    IntStream.range(0, 299).forEach(i -> confusion.add(0, 0));
    confusion.add(0, 1);
    confusion.add(1, 1);
    List<String> texts = texts(ConfusionPicture.normalized("Digits", confusion));
    assertTrue(texts.get(1).contains("taken for, in percent. 99.67 % right"), texts.get(1));
    assertTrue(texts.containsAll(List.of("100", "<1")), texts.toString());
  }

  @Test
  void a_thousand_classes_are_numbered_here_and_there() {
    Confusion confusion = new Confusion(Collections.nCopies(1000, "a long name"));
    confusion.add(999, 0);
    Picture picture = ConfusionPicture.of("ImageNet", confusion);
    assertTrue(picture.width() < 2500, "" + picture.width());
    List<String> texts = texts(picture);
    assertEquals(2 + 2 * 20, texts.size());
    assertTrue(texts.contains("950"), texts.toString());
  }

  private static void refused(String message, Supplier<Object> made) {
    IllegalArgumentException e = assertThrows(IllegalArgumentException.class, made::get);
    assertEquals(message, e.getMessage());
  }
}
