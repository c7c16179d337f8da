package dev.tfgraphs.examples.slides;

import static org.junit.jupiter.api.Assertions.assertEquals;

import dev.tfgraphs.examples.Digits;
import dev.tfgraphs.graphs.data.Split;
import java.awt.image.BufferedImage;
import java.io.IOException;
import java.nio.file.Path;
import javax.imageio.ImageIO;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

class ComparisonTest {
  @TempDir private Path folder;

  @Test
  void drawsTheCurvesOfBothNetworks() throws IOException {
    Split digits =
        new Split(Digits.train().dataset().take(32), Digits.test().dataset().take(8))
            .both(part -> part.oneHot(10));
    Path file = folder.resolve("comparison.png");
    Comparison.compare(digits, 2, file, 10, 8, 8, 1);
    BufferedImage image = ImageIO.read(file.toFile());
    assertEquals(2 * 952, image.getWidth());
    assertEquals(2 * 400, image.getHeight());
  }
}
