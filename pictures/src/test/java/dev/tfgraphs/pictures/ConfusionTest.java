package dev.tfgraphs.pictures;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.nio.file.Path;
import java.util.List;
import java.util.stream.IntStream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.function.Executable;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/**
 * The numbers are those of {@code classification_report(y, p, zero_division=0)} of scikit-learn for
 * what {@link #confusion} counts.
 */
class ConfusionTest {
  private static final int[] TRUTHS = {0, 0, 0, 0, 1, 1, 1, 2, 2};
  private static final int[] PREDICTED = {0, 0, 0, 1, 1, 1, 0, 1, 0};

  private static Confusion confusion() {
    Confusion confusion = new Confusion(List.of("cat", "dog, \"wild\"", "eel", "fox"));
    IntStream.range(0, TRUTHS.length).forEach(i -> confusion.add(TRUTHS[i], PREDICTED[i]));
    return confusion;
  }

  @Test
  void precisionRecallAndF1AreThoseOfScikitLearn() {
    Confusion confusion = confusion();
    assertEquals(5 / 9.0, confusion.accuracy());
    double[][] expected = {{0.6, 0.75, 2 / 3.0}, {0.5, 2 / 3.0, 4 / 7.0}, {0, 0, 0}, {0, 0, 0}};
    for (int i = 0; i < expected.length; i++) {
      assertEquals(expected[i][0], confusion.precision(i), 1e-12);
      assertEquals(expected[i][1], confusion.recall(i), 1e-12);
      assertEquals(expected[i][2], confusion.f1(i), 1e-12);
    }
  }

  @ParameterizedTest
  @ValueSource(ints = {-1, 4})
  void labelsAreThoseOfClasses(int label) {
    Confusion confusion = confusion();
    List<Executable> calls =
        List.of(
            () -> confusion.add(label, 0),
            () -> confusion.add(0, label),
            () -> confusion.count(label, 0),
            () -> confusion.count(0, label),
            () -> confusion.images(label),
            () -> confusion.precision(label),
            () -> confusion.recall(label),
            () -> confusion.f1(label));
    for (Executable call : calls) {
      assertEquals(
          "confusion: expected a label of 0 or more and less than 4, received " + label,
          assertThrows(IllegalArgumentException.class, call).getMessage());
    }
    assertEquals(9, confusion.images());
  }

  @Test
  void theTableBeginsWithTheWorstClasses() {
    assertEquals(
        """
          Class        Precision  Recall      F1  Images
          eel              0.000   0.000   0.000       2
          fox              0.000   0.000   0.000       0
          dog, "wild"      0.500   0.667   0.571       3
          cat              0.600   0.750   0.667       4
        """
            .stripTrailing(),
        String.join("\n", confusion().lines()));
  }

  @Test
  void aTableOfManyClassesEndsSomewhere() {
    List<String> names = IntStream.range(0, 100).mapToObj(i -> "class " + i).toList();
    List<String> lines = new Confusion(names).lines();
    assertEquals(1 + 24 + 1, lines.size());
    assertEquals("  ... and 76 classes with a larger F1", lines.get(25));
  }

  @Test
  void spreadsheetsReadBothTables() {
    assertEquals(
        """
        class,cat,"dog, ""wild""\",eel,fox
        cat,3,1,0,0
        "dog, ""wild""\",1,2,0,0
        eel,1,1,0,0
        fox,0,0,0,0
        """,
        confusion().csv());
    assertEquals(
        """
        class,precision,recall,f1,images
        cat,0.6,0.75,0.6666666666666666,4
        "dog, ""wild""\",0.5,0.6666666666666666,0.5714285714285714,3
        eel,0.0,0.0,0.0,2
        fox,0.0,0.0,0.0,0
        """,
        confusion().classesCsv());
  }

  @Test
  void thePictureHasNamesAndNumbers(@TempDir Path folder) {
    Path file = folder.resolve("confusion.svg");
    ConfusionPicture.of("a title", confusion()).writeSvg(file);
    List<String> texts = Svg.read(file).texts();
    assertEquals("a title", texts.get(0));
    assertTrue(texts.get(1).endsWith(" 55.56 % right"), texts.get(1));
    assertEquals(2, texts.stream().filter("eel"::equals).count());
    assertEquals(1, texts.stream().filter("3"::equals).count());
    assertEquals(0, texts.stream().filter("0"::equals).count());
  }

  @Test
  void aPictureOfManyClassesIsNoTallerThanAScreenNeeds() {
    List<String> names = IntStream.range(0, 100).mapToObj(i -> "class " + i).toList();
    Picture picture = ConfusionPicture.of("many", new Confusion(names));
    assertTrue(picture.width() < 1600 && picture.height() < 1600);
  }
}
