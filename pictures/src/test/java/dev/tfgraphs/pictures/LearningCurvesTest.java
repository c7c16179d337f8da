package dev.tfgraphs.pictures;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import com.google.common.collect.ImmutableList;
import com.google.common.collect.ImmutableMap;
import dev.tfgraphs.graphs.History;
import java.awt.image.BufferedImage;
import java.io.ByteArrayInputStream;
import java.io.IOException;
import java.nio.file.Path;
import java.util.Collections;
import java.util.List;
import java.util.function.Supplier;
import java.util.stream.IntStream;
import javax.imageio.ImageIO;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;

class LearningCurvesTest {
  private static final int BLUE = 0xff0072b2;
  private static final int ORANGE = 0xffd55e00;
  private static final int BLUE_BAND = 0xffdbebf4;

  /** What a panel and the gap after it take, in pixels. */
  private static final int PANEL = 952;

  private static final History HISTORY =
      history(
          ImmutableMap.of(
              "accuracy", List.of(0.5, 0.9, 0.97),
              "loss", List.of(1.5, 0.4, 0.1),
              "learning_rate", List.of(0.1, 0.1, 0.01),
              "val_accuracy", List.of(0.6, 0.88, 0.95),
              "val_loss", List.of(1.2, 0.5, 0.2)));

  @TempDir Path folder;

  private static History history(ImmutableMap<String, List<Double>> metrics) {
    ImmutableMap.Builder<String, ImmutableList<Double>> columns = ImmutableMap.builder();
    metrics.forEach((name, values) -> columns.put(name, ImmutableList.copyOf(values)));
    int epochs = metrics.values().stream().mapToInt(List::size).max().orElse(0);
    return new History(epochs(0, epochs), columns.buildOrThrow());
  }

  private static History losses(Double... losses) {
    return history(ImmutableMap.of("loss", List.of(losses)));
  }

  private static ImmutableList<Integer> epochs(int from, int to) {
    return IntStream.range(from, to).boxed().collect(ImmutableList.toImmutableList());
  }

  private static BufferedImage png(LearningCurves curves) throws IOException {
    return ImageIO.read(new ByteArrayInputStream(curves.picture().png()));
  }

  private List<String> texts(LearningCurves curves) {
    Path file = folder.resolve("curves.svg");
    curves.picture().writeSvg(file);
    return Svg.read(file).texts();
  }

  /** Counts pixels of a colour in a panel. */
  private static int count(BufferedImage image, int colour, int panel) {
    int found = 0;
    for (int y = 128; y < image.getHeight(); y++) {
      for (int x = panel * PANEL; x < (panel + 1) * PANEL; x++) {
        found += image.getRGB(x, y) == colour ? 1 : 0;
      }
    }
    return found;
  }

  @Test
  void one_training_has_a_panel_for_each_metric_and_the_learning_rate_last() throws IOException {
    BufferedImage image = png(LearningCurves.of("ResNet-20", HISTORY));
    assertEquals(3 * PANEL, image.getWidth());
    assertEquals(2 * 400, image.getHeight());
    for (int panel = 0; panel < 2; panel++) {
      assertTrue(count(image, BLUE, panel) > 500, "training in panel " + panel);
      assertTrue(count(image, ORANGE, panel) > 500, "validation in panel " + panel);
    }
    assertTrue(count(image, BLUE, 2) > 500, "learning rate");
    assertEquals(0, count(image, ORANGE, 2));
  }

  @Test
  void an_svg_says_what_the_curves_are() {
    LearningCurves curves = LearningCurves.of("ResNet-20 <digits>", HISTORY);
    assertEquals(List.of("ResNet-20 <digits>", "training", "validation"), texts(curves));
    Svg svg = Svg.read(folder.resolve("curves.svg"));
    assertEquals("0 0 1428 400", svg.root().getAttribute("viewBox"));
    assertTrue(
        svg.elements("path").stream().noneMatch(p -> p.getAttribute("d").matches(".*\\.\\d{3}.*")));
  }

  @Test
  void validation_is_left_out_where_there_is_none() throws IOException {
    LearningCurves curves = LearningCurves.of("Loss only", losses(2.0, 1.0));
    assertEquals(List.of("Loss only", "training"), texts(curves));
    assertEquals(PANEL, png(curves).getWidth());
  }

  @Test
  void named_columns_are_drawn_alone() throws IOException {
    LearningCurves curves = LearningCurves.of("Judged", HISTORY).metrics("val_loss");
    assertEquals(List.of("Judged", "validation"), texts(curves));
    assertEquals(0, count(png(curves), BLUE, 0));
    assertTrue(count(png(curves), ORANGE, 0) > 500);
  }

  @ParameterizedTest
  @CsvSource({"1,1,400", "2,2,400", "3,3,400", "4,2,720", "5,3,720", "8,3,1040"})
  void many_panels_stand_in_rows(int metrics, int columns, int height) throws IOException {
    ImmutableMap.Builder<String, List<Double>> all = ImmutableMap.builder();
    IntStream.range(0, metrics).forEach(i -> all.put("metric_" + i, List.of(1.0 + i, 2.0)));
    BufferedImage image = png(LearningCurves.of("Panels", history(all.buildOrThrow())));
    assertEquals(columns * PANEL, image.getWidth());
    assertEquals(2 * height, image.getHeight());
  }

  @Test
  void several_trainings_lie_over_each_other_with_training_beside_validation() throws IOException {
    LearningCurves curves =
        LearningCurves.of("Both").history("plain", HISTORY).history("residual", HISTORY);
    assertEquals(List.of("Both", "plain", "residual"), texts(curves));
    BufferedImage image = png(curves);
    assertEquals(2 * PANEL, image.getWidth());
    assertEquals(2 * (80 + 3 * 320), image.getHeight());
    assertTrue(count(image, ORANGE, 1) > 500);
  }

  @Test
  void trainings_of_different_lengths_lie_over_each_other() throws IOException {
    LearningCurves curves =
        LearningCurves.of("Stopped early")
            .history("long", losses(3.0, 2.0, 1.0, 0.5))
            .history("short", losses(3.0, 2.5));
    BufferedImage image = png(curves);
    assertTrue(count(image, BLUE, 0) > 2 * count(image, ORANGE, 0));
  }

  @Test
  void seeds_are_a_line_in_a_band() throws IOException {
    BufferedImage two = png(LearningCurves.of("Seeds", losses(3.0, 1.0), losses(2.0, 2.0)));
    assertTrue(count(two, BLUE_BAND, 0) > 10_000);
    assertTrue(count(two, BLUE, 0) > 500);
    BufferedImage one = png(LearningCurves.of("Seed", losses(3.0, 1.0)));
    assertTrue(count(one, BLUE_BAND, 0) < 100);
    assertEquals(
        "Mean of 2 or 3 seeds, in a band from least to largest",
        texts(
                LearningCurves.of("Seeds")
                    .history("a", losses(1.0), losses(2.0))
                    .history("b", losses(1.0), losses(2.0), losses(3.0)))
            .get(1));
  }

  @Test
  void a_band_is_over_the_epochs_that_all_seeds_have() {
    Training training =
        new Training(
            "",
            "",
            ImmutableList.of(
                losses(4.0, 3.0, 2.0),
                new History(
                    epochs(1, 5), ImmutableMap.of("loss", ImmutableList.of(1.0, 0.5, 0.1, 0.0)))));
    Training.Column column = training.column("loss");
    assertEquals(List.of(2.0, 3.0), boxed(column.epochs()));
    assertEquals(List.of(2.0, 1.25), boxed(column.mean()));
    assertEquals(List.of(1.0, 0.5), boxed(column.least()));
    assertEquals(List.of(3.0, 2.0), boxed(column.most()));
  }

  private static List<Double> boxed(double[] values) {
    return IntStream.range(0, values.length).mapToObj(i -> values[i]).toList();
  }

  @Test
  void members_of_a_family_have_one_colour() throws IOException {
    LearningCurves curves =
        LearningCurves.of("Family")
            .history("plain 20", "plain", List.of(losses(3.0, 2.0)))
            .history("plain 56", "plain", List.of(losses(1.0, 0.5)));
    assertEquals(0, count(png(curves), ORANGE, 0));
    assertTrue(count(png(curves), BLUE, 0) > 1000);
  }

  @ParameterizedTest
  @ValueSource(ints = {1, 2, 3, 10})
  void every_panel_has_an_x_axis(int epochs) throws IOException {
    List<Double> values = Collections.nCopies(epochs, 0.72);
    BufferedImage image =
        png(
            LearningCurves.of(
                "Axes", history(ImmutableMap.of("accuracy", values, "loss", values))));
    for (int panel = 0; panel < 2; panel++) {
      int left = panel * PANEL;
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

  @ParameterizedTest
  @ValueSource(ints = {1, 2, 41, 1000})
  void any_number_of_epochs_can_be_drawn(int epochs) throws IOException {
    History history = history(ImmutableMap.of("loss", Collections.nCopies(epochs, 0.5)));
    assertTrue(count(png(LearningCurves.of("Epochs", history)), BLUE, 0) > 100);
  }

  @ParameterizedTest
  @ValueSource(doubles = {-5, 1e-8, 1, 1e8})
  void losses_of_any_size_can_be_drawn(double size) throws IOException {
    LearningCurves curves = LearningCurves.of("Size", losses(2 * size, size));
    assertTrue(count(png(curves), BLUE, 0) > 500);
    assertTrue(count(png(curves.logarithmic()), BLUE, 0) > 500);
  }

  @Test
  void values_that_are_not_finite_are_gaps_and_counted() throws IOException {
    LearningCurves curves =
        LearningCurves.of("Diverged", losses(1.0, 2.0, Double.POSITIVE_INFINITY, Double.NaN));
    assertTrue(count(png(curves), BLUE, 0) > 500);
    assertEquals(List.of("Diverged", "training", "2 values are not finite"), texts(curves));
    assertEquals(
        "1 value is not finite",
        texts(LearningCurves.of("Diverged", losses(1.0, Double.NaN))).get(2));
    assertEquals(PANEL, png(LearningCurves.of("Never", losses(Double.NaN))).getWidth());
  }

  @Test
  void decades_are_of_the_same_height() {
    Scale scale = Scale.decades(0.02, 30);
    assertEquals(-2, scale.from());
    assertEquals(2, scale.to());
    assertEquals("0.01", scale.labels().apply(-2));
    assertEquals(List.of(-1.0, 1.0), boxed(scale.drawn(new double[] {0.1, 10})));
    assertEquals(1, Scale.decades(5, 5).to());
  }

  @Test
  void what_cannot_be_drawn_is_refused() {
    refused(
        "expected at least one training, received none", () -> LearningCurves.of("t").picture());
    refused(
        "expected at least one epoch, received an empty history",
        () -> LearningCurves.of("t", history(ImmutableMap.of())));
    refused(
        "'a': expected at least one history, received none",
        () -> LearningCurves.of("t").history("a"));
    refused(
        "'a': expected seeds with epochs in common, received none",
        () ->
            LearningCurves.of("t")
                .history(
                    "a",
                    losses(1.0),
                    new History(epochs(1, 2), ImmutableMap.of("loss", ImmutableList.of(1.0)))));
    refused(
        "expected at least one metric, received an empty history",
        () -> LearningCurves.of("t", new History(epochs(0, 1), ImmutableMap.of())).picture());
    refused(
        "expected metrics among [accuracy, loss, learning_rate, val_accuracy, val_loss], received"
            + " 'acc'",
        () -> LearningCurves.of("t", HISTORY).metrics("acc").picture());
  }

  @Test
  void names_are_asked_for_where_they_are_needed() {
    refused(
        "expected a name of its own for each training, received 'a' twice",
        () -> LearningCurves.of("t").history("a", HISTORY).history("a", HISTORY));
    String nameless = "expected a name for each of several trainings, received one without";
    refused(nameless, () -> LearningCurves.of("t", HISTORY).history("a", HISTORY));
    refused(nameless, () -> LearningCurves.of("t").history("", HISTORY));
  }

  @Test
  void columns_with_other_numbers_of_values_than_epochs_are_refused_unless_left_out() {
    LearningCurves curves =
        LearningCurves.of(
            "t",
            history(ImmutableMap.of("loss", List.of(3.0, 2.0, 1.0), "val_loss", List.of(1.0))));
    refused(
        "column 'val_loss': expected 3 values, one for each epoch, received 1; leave it out by"
            + " metrics(...)",
        curves::picture);
    assertEquals(List.of("t", "training"), texts(curves.metrics("loss")));
  }

  private static void refused(String message, Supplier<Object> made) {
    IllegalArgumentException e = assertThrows(IllegalArgumentException.class, made::get);
    assertEquals("learning curves: " + message, e.getMessage());
  }
}
