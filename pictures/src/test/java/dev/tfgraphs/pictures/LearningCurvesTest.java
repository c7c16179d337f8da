package dev.tfgraphs.pictures;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import com.google.common.collect.ImmutableList;
import com.google.common.collect.ImmutableMap;
import dev.tfgraphs.graphs.History;
import java.awt.image.BufferedImage;
import java.io.IOException;
import java.nio.file.Path;
import java.util.Collections;
import java.util.List;
import java.util.Map;
import java.util.TreeMap;
import java.util.stream.IntStream;
import javax.imageio.ImageIO;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

class LearningCurvesTest {

  private static final int BLUE = 0xff0072b2;
  private static final int ORANGE = 0xffd55e00;

  private static final Map<String, List<Double>> HISTORY =
      Map.of(
          "accuracy", List.of(0.5, 0.9, 0.97),
          "loss", List.of(1.5, 0.4, 0.1),
          "val_accuracy", List.of(0.6, 0.88, 0.95),
          "val_loss", List.of(1.2, 0.5, 0.2),
          "learning_rate", List.of(0.1, 0.1, 0.1));

  @TempDir Path folder;

  @Test
  void curves_are_drawn_in_two_panels_and_two_colours() throws IOException {
    BufferedImage image = png(HISTORY);
    assertEquals(2 * 952, image.getWidth());
    assertEquals(2 * 400, image.getHeight());
    int middle = image.getWidth() / 2;
    for (int colour : new int[] {BLUE, ORANGE}) {
      assertTrue(count(image, colour, 0, middle) > 500, "accuracy");
      assertTrue(count(image, colour, middle, image.getWidth()) > 500, "loss");
    }
  }

  @ParameterizedTest
  @ValueSource(ints = {1, 2, 3, 10})
  void every_panel_has_an_x_axis(int epochs) throws IOException {
    List<Double> values = Collections.nCopies(epochs, 0.72);
    BufferedImage image = png(Map.of("accuracy", values, "loss", values));
    for (int panel = 0; panel < 2; panel++) {
      int left = panel * 952;
      long longest =
          IntStream.range(600, 760)
              .mapToLong(
                  y ->
                      IntStream.range(left + 200, left + 880)
                          .filter(x -> isDark(image, x, y))
                          .count())
              .max()
              .orElseThrow();
      // but where lines of the grid end
      assertTrue(longest > 640, "panel " + panel + ": " + longest);
    }
  }

  private static boolean isDark(BufferedImage image, int x, int y) {
    return (image.getRGB(x, y) & 0xff) < 0x80;
  }

  @Test
  void an_svg_says_what_the_curves_are() {
    Path file = folder.resolve("curves.svg");
    LearningCurves.learningCurves("ResNet-20 <digits>", HISTORY).writeSvg(file);
    assertEquals(List.of("ResNet-20 <digits>", "training", "validation"), Svg.read(file).texts());
    assertEquals("0 0 952 400", Svg.read(file).root().getAttribute("viewBox"));
    assertTrue(
        Svg.read(file).elements("path").stream()
            .noneMatch(p -> p.getAttribute("d").matches(".*\\.\\d{3}.*")));
  }

  @Test
  void validation_is_left_out_where_there_is_none() {
    Path file = folder.resolve("curves.svg");
    LearningCurves.learningCurves("Loss only", Map.of("loss", List.of(2.0, 1.0))).writeSvg(file);
    assertEquals(List.of("Loss only", "training"), Svg.read(file).texts());
    assertEquals("0 0 476 400", Svg.read(file).root().getAttribute("viewBox"));
  }

  @ParameterizedTest
  @ValueSource(ints = {1, 2, 41, 500})
  void any_number_of_epochs_can_be_drawn(int epochs) throws IOException {
    Map<String, List<Double>> history = Map.of("loss", Collections.nCopies(epochs, 0.5));
    BufferedImage image = png(history);
    assertTrue(count(image, BLUE, 0, image.getWidth()) > 100);
  }

  @Test
  void a_loss_that_diverges_is_drawn_as_far_as_it_goes() throws IOException {
    List<Double> diverging = List.of(1.0, 2.0, Double.POSITIVE_INFINITY, Double.NaN);
    BufferedImage image = png(Map.of("loss", diverging));
    assertTrue(count(image, BLUE, 200, image.getWidth()) > 500);
  }

  @Test
  void a_loss_that_is_never_a_number_still_gives_a_picture() throws IOException {
    assertEquals(952, png(Map.of("loss", List.of(Double.NaN, Double.NaN))).getWidth());
  }

  @Test
  void two_networks_are_compared_by_their_validation() throws IOException {
    Path file = folder.resolve("validation.svg");
    Picture picture =
        LearningCurves.validation("With", history(0.6, 0.88), "Without", history(0.5, 0.7));
    picture.writeSvg(file);
    assertEquals(List.of("Validation", "With", "Without"), Svg.read(file).texts());
    picture.writePng(folder.resolve("validation.png"));
    BufferedImage image = ImageIO.read(folder.resolve("validation.png").toFile());
    assertTrue(count(image, BLUE, 0, image.getWidth() / 2) > 500, "accuracy of one");
    assertTrue(count(image, ORANGE, image.getWidth() / 2, image.getWidth()) > 500, "loss of two");
  }

  @Test
  void networks_of_different_trainings_are_not_compared() {
    IllegalArgumentException e =
        assertThrows(
            IllegalArgumentException.class,
            () -> LearningCurves.validation("With", history(0.6, 0.8), "Without", history(0.5)));
    assertEquals(
        "learning curves: column 'Without: val_accuracy': expected 2 values as in"
            + " 'With: val_accuracy', received 1",
        e.getMessage());
    History unjudged =
        new History(ImmutableList.of(0), ImmutableMap.of("loss", ImmutableList.of(1.0)));
    IllegalArgumentException none =
        assertThrows(
            IllegalArgumentException.class,
            () -> LearningCurves.validation("With", unjudged, "Without", unjudged));
    assertEquals(
        "learning curves: expected a column 'With: val_accuracy' or 'With: val_loss', received"
            + " [With: loss, Without: loss]",
        none.getMessage());
  }

  private static History history(Double... accuracies) {
    ImmutableList<Double> values = ImmutableList.copyOf(accuracies);
    ImmutableList<Integer> epochs =
        IntStream.range(0, values.size()).boxed().collect(ImmutableList.toImmutableList());
    return new History(
        epochs, ImmutableMap.of("loss", values, "val_accuracy", values, "val_loss", values));
  }

  @Test
  void an_empty_history_is_refused() {
    for (Map<String, List<Double>> empty :
        List.of(
            Map.<String, List<Double>>of(),
            Map.of("loss", List.<Double>of()),
            Map.of("loss", List.<Double>of(), "learning_rate", List.of(0.1)))) {
      refused("learning curves: expected at least one epoch, received an empty history", empty);
    }
  }

  @Test
  void a_history_without_accuracy_and_loss_is_refused() {
    refused(
        "learning curves: expected a column 'accuracy' or 'loss', received [learning_rate]",
        Map.of("learning_rate", List.of(0.1)));
  }

  @Test
  void columns_of_different_lengths_are_refused() {
    Map<String, List<Double>> history = new TreeMap<>(HISTORY);
    history.put("val_loss", List.of(1.0, 2.0));
    refused(
        "learning curves: column 'val_loss': expected 3 values as in 'accuracy', received 2",
        history);
  }

  private static void refused(String message, Map<String, List<Double>> history) {
    IllegalArgumentException e =
        assertThrows(
            IllegalArgumentException.class, () -> LearningCurves.learningCurves("title", history));
    assertEquals(message, e.getMessage());
  }

  private BufferedImage png(Map<String, List<Double>> history) throws IOException {
    Path file = folder.resolve("curves.png");
    LearningCurves.learningCurves("Learning curves", history).writePng(file);
    return ImageIO.read(file.toFile());
  }

  /** Counts pixels of a colour between two columns, below the legend. */
  private static int count(BufferedImage image, int colour, int from, int to) {
    int found = 0;
    for (int y = 128; y < image.getHeight(); y++) {
      for (int x = from; x < to; x++) {
        found += image.getRGB(x, y) == colour ? 1 : 0;
      }
    }
    return found;
  }
}
