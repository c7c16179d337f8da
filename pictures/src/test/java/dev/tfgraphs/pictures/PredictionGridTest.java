package dev.tfgraphs.pictures;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import dev.tfgraphs.pictures.PredictionGrid.Guess;
import java.awt.image.BufferedImage;
import java.io.IOException;
import java.nio.file.Path;
import java.util.Collections;
import java.util.List;
import javax.imageio.ImageIO;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.w3c.dom.Element;

class PredictionGridTest {

  private static final int WRONG = 0xffd55e00;
  private static final PixelImages CHECKS =
      new PixelImages(new float[] {0, 16, 16, 0, 0, 16, 16, 0}, 2, 2, 1, 16, 0);
  private static final List<Guess> GUESSES = List.of(new Guess("7", 0.998), new Guess("3", 0.5));

  @TempDir Path folder;

  @Test
  void pixels_are_enlarged_to_crisp_squares() throws IOException {
    BufferedImage image = png(PredictionGrid.of("Digits", CHECKS, GUESSES, List.of()));
    assertEquals(2 * 520, image.getWidth());
    assertEquals(2 * (68 + 152), image.getHeight());
    int left = 2 * 28;
    int top = 2 * 68;
    assertEquals(0xffffffff, image.getRGB(left, top));
    assertEquals(0xffffffff, image.getRGB(left + 95, top + 95));
    assertEquals(0xff000000, image.getRGB(left + 96, top + 95));
    assertEquals(0xff000000, image.getRGB(left + 95, top + 96));
    assertEquals(0xffffffff, image.getRGB(left + 191, top + 191));
  }

  @Test
  void a_wrong_guess_is_marked_by_frame_cross_and_word() throws IOException {
    Picture right = PredictionGrid.of("Digits", CHECKS, GUESSES, List.of("7", "3"));
    Picture wrong = PredictionGrid.of("Digits", CHECKS, GUESSES, List.of("7", "8"));
    assertEquals(0, count(png(right), WRONG));
    assertTrue(count(png(wrong), WRONG) > 4 * 192 * 4);
    assertEquals(
        List.of(
            "Digits",
            "Predicted class and its probability; 2 of 2 right",
            "7",
            "99.8 %",
            "3",
            "50.0 %"),
        svg(right).texts());
    assertEquals(
        List.of(
            "Digits",
            "Predicted class and its probability; 1 of 2 right",
            "7",
            "99.8 %",
            "3",
            "50.0 %",
            "is 8"),
        svg(wrong).texts());
    assertEquals(2, svg(wrong).elements("line").size());
  }

  @Test
  void without_true_classes_nothing_is_right_or_wrong() {
    assertEquals(
        List.of("Digits", "Predicted class and its probability", "7", "99.8 %", "3", "50.0 %"),
        svg(PredictionGrid.of("Digits", CHECKS, GUESSES, List.of())).texts());
  }

  @Test
  void images_are_embedded_in_an_svg_and_change_nothing_around_them() {
    Svg svg = svg(PredictionGrid.of("Digits", CHECKS, GUESSES, List.of()));
    assertEquals(2, svg.elements("image").size());
    assertTrue(
        svg.elements("image").stream()
            .allMatch(i -> i.getAttribute("xlink:href").startsWith("data:image/png;base64,")));
    assertTrue(
        svg.elements("text").stream()
            .map(text -> (Element) text.getParentNode())
            .noneMatch(parent -> parent.hasAttribute("transform")));
  }

  @Test
  void a_long_name_is_cut_to_the_width_of_its_column() {
    List<Guess> guesses = List.of(new Guess("Chesapeake Bay retriever", 1), new Guess("cat", 1));
    String shown = svg(PredictionGrid.of("Dogs", CHECKS, guesses, List.of())).texts().get(2);
    assertTrue(shown.matches("Chesapeake.*\u2026"), shown);
  }

  @Test
  void rows_hold_eight_images() {
    Picture nine =
        PredictionGrid.of(
            "Nine",
            new PixelImages(new float[9], 1, 1, 1, 0, 1),
            Collections.nCopies(9, new Guess("0", 1)),
            List.of());
    assertEquals(8 * 120 + 32, nine.width());
    assertEquals(68 + 2 * 152, nine.height());
  }

  @Test
  void large_images_are_averaged() {
    float[] stripes = new float[400 * 400 * 3];
    for (int i = 0; i < stripes.length; i++) {
      stripes[i] = i / 3 % 2;
    }
    BufferedImage image = new PixelImages(stripes, 400, 400, 3, 0, 1).fitted(0, 100);
    assertEquals(100, image.getWidth());
    assertEquals(100, image.getHeight());
    assertEquals(127, image.getRGB(50, 50) & 0xff, 1);
  }

  @Test
  void colours_are_kept_and_values_outside_the_range_clipped() {
    BufferedImage image = new PixelImages(new float[] {2, 0.5f, -1}, 1, 1, 3, 0, 1).fitted(0, 4);
    assertEquals(0xffff8000, image.getRGB(3, 3));
  }

  @Test
  void no_image_is_refused() {
    PixelImages none = new PixelImages(new float[0], 2, 2, 1, 0, 1);
    refused(
        "prediction grid: expected at least one image, received none",
        () -> PredictionGrid.of("None", none, List.of(), List.of()));
  }

  @Test
  void each_image_needs_its_guess_and_its_true_class() {
    refused(
        "prediction grid: expected 2 guesses for 2 images, received 1",
        () -> PredictionGrid.of("Digits", CHECKS, GUESSES.subList(0, 1), List.of()));
    refused(
        "prediction grid: expected 2 true classes for 2 images, received 1",
        () -> PredictionGrid.of("Digits", CHECKS, GUESSES, List.of("7")));
  }

  @Test
  void values_that_are_no_images_are_refused() {
    refused(
        "images: expected 1 channel (grey) or 3 (red, green, blue), received 2",
        () -> new PixelImages(new float[8], 2, 2, 2, 0, 1));
    refused(
        "images: expected whole images of (2, 2, 3), received 13 values",
        () -> new PixelImages(new float[13], 2, 2, 3, 0, 1));
    refused(
        "images: expected two values for black and white, received 1.0 and 1.0",
        () -> new PixelImages(new float[4], 2, 2, 1, 1, 1));
  }

  private static void refused(String message, Runnable call) {
    IllegalArgumentException e = assertThrows(IllegalArgumentException.class, call::run);
    assertEquals(message, e.getMessage());
  }

  private BufferedImage png(Picture picture) throws IOException {
    Path file = folder.resolve("grid.png");
    picture.writePng(file);
    return ImageIO.read(file.toFile());
  }

  private Svg svg(Picture picture) {
    Path file = folder.resolve("grid.svg");
    picture.writeSvg(file);
    return Svg.read(file);
  }

  private static int count(BufferedImage image, int colour) {
    int found = 0;
    for (int rgb :
        image.getRGB(0, 0, image.getWidth(), image.getHeight(), null, 0, image.getWidth())) {
      found += rgb == colour ? 1 : 0;
    }
    return found;
  }
}
