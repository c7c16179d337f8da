package dev.tfgraphs.examples;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertThrows;

import dev.tfgraphs.graphs.HostTensor;
import dev.tfgraphs.ops.Shape;
import java.awt.Color;
import java.awt.Graphics2D;
import java.awt.image.BufferedImage;
import java.io.IOException;
import java.nio.file.Path;
import java.util.List;
import javax.imageio.ImageIO;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

class ModelInputTest {
  private static final ModelInput DIGITS = new ModelInput("digits", Shape.of(8, 8, 1));
  private static final ModelInput IMAGES = new ModelInput("images", Shape.of(2, 2, 3));

  @TempDir private Path folder;

  /** A square with a bar in its third column of eight. */
  private Path bar(int side, Color paper, Color ink) throws IOException {
    BufferedImage image = new BufferedImage(side, side, BufferedImage.TYPE_INT_RGB);
    Graphics2D g = image.createGraphics();
    g.setColor(paper);
    g.fillRect(0, 0, side, side);
    g.setColor(ink);
    g.fillRect(2 * side / 8, 0, side / 8, side);
    g.dispose();
    Path file = folder.resolve("bar.png");
    ImageIO.write(image, "png", file.toFile());
    return file;
  }

  private static void assertBar(HostTensor digit) {
    assertEquals(Shape.of(1, 8, 8, 1), digit.shape());
    for (int i = 0; i < 64; i++) {
      assertEquals(i % 8 == 2 ? 16 : 0, digit.values()[i], 1e-3);
    }
  }

  @ParameterizedTest
  @ValueSource(ints = {8, 64, 256, 800})
  void anImageOfAnySizeBecomesADigit(int side) throws IOException {
    assertBar(DIGITS.read(List.of(bar(side, Color.BLACK, Color.WHITE))));
    assertBar(DIGITS.read(List.of(bar(side, Color.WHITE, Color.BLACK))));
  }

  @ParameterizedTest
  @ValueSource(strings = {"black", "white"})
  void aDrawingOnNothingIsLaidOnPaper(String ink) throws IOException {
    BufferedImage image = new BufferedImage(64, 64, BufferedImage.TYPE_INT_ARGB);
    Graphics2D g = image.createGraphics();
    g.setColor(ink.equals("black") ? Color.BLACK : Color.WHITE);
    g.fillRect(16, 0, 8, 64);
    g.dispose();
    Path file = folder.resolve("drawing.png");
    ImageIO.write(image, "png", file.toFile());
    assertBar(DIGITS.read(List.of(file)));
  }

  @Test
  void otherModelsTakeColoursAsTheyAre() throws IOException {
    HostTensor image = IMAGES.read(List.of(bar(16, Color.RED, Color.RED)));
    assertEquals(
        new HostTensor(
            Shape.of(1, 2, 2, 3), new float[] {255, 0, 0, 255, 0, 0, 255, 0, 0, 255, 0, 0}),
        image);
  }

  @Test
  void anArrayMayLackTheCountAndGreyImagesTheChannel() {
    for (Shape shape :
        List.of(Shape.of(8, 8, 1), Shape.of(8, 8), Shape.of(1, 8, 8), Shape.of(1, 8, 8, 1))) {
      HostTensor array = new HostTensor(shape, new float[64]);
      assertEquals(Shape.of(1, 8, 8, 1), DIGITS.batch(Path.of("a.npy"), array).shape());
    }
    HostTensor two = new HostTensor(Shape.of(2, 8, 8), new float[128]);
    assertEquals(Shape.of(2, 8, 8, 1), DIGITS.batch(Path.of("a.npy"), two).shape());
  }

  @Test
  void anotherArrayIsRefused() {
    HostTensor array = new HostTensor(Shape.of(2, 2), new float[4]);
    CommandException thrown =
        assertThrows(CommandException.class, () -> IMAGES.batch(Path.of("a.npy"), array));
    assertEquals(
        "array a.npy: expected (count, 2, 2, 3) as the model takes it, received (2, 2)",
        thrown.getMessage());
  }
}
