package dev.tfgraphs.examples.slides;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import dev.tfgraphs.graphs.HostTensor;
import dev.tfgraphs.ops.Model;
import dev.tfgraphs.ops.Shape;
import dev.tfgraphs.ops.Weight;
import java.awt.image.BufferedImage;
import java.io.IOException;
import java.nio.file.Path;
import java.util.List;
import javax.imageio.ImageIO;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

class GradientSlidesTest {
  private static final Model MODEL =
      ResNet18.resNet18(10, 32, 32, 3).tap("global_average_pooling2d");

  @TempDir private Path folder;

  private static HostTensor image() {
    float[] pixels = new float[32 * 32 * 3];
    for (int i = 0; i < pixels.length; i++) {
      pixels[i] = i % 7 / 7f;
    }
    return new HostTensor(Shape.of(1, 32, 32, 3), pixels);
  }

  @Test
  void slide2PrintsTheNormOfEachWeightThatTrains() {
    List<String> lines =
        Printed.by(() -> VanishingGradients.visualizeGradients(MODEL, image())).lines().toList();
    List<String> names =
        MODEL.weights().stream().filter(Weight::trainable).map(Weight::path).toList();
    assertEquals(names.size(), lines.size());
    for (int i = 0; i < lines.size(); i++) {
      assertTrue(
          lines.get(i).matches(names.get(i) + " gradient norm: \\d+\\.\\d+(E-\\d+)?"),
          lines.get(i));
    }
  }

  @Test
  void slide8DrawsTheNormOfEachWeightThatTrains() throws IOException {
    Path file = folder.resolve("flow.png");
    GradientFlowAnalysis.analyzeGradientFlow(MODEL, image(), file);
    BufferedImage picture = ImageIO.read(file.toFile());
    assertTrue(picture.getWidth() > 1000 && picture.getHeight() > 600);
  }
}
