package dev.tfgraphs.examples.slides;

import static dev.tfgraphs.applications.KerasResNet.RESNET50;
import static org.junit.jupiter.api.Assertions.assertEquals;

import com.google.common.collect.ImmutableMap;
import dev.tfgraphs.applications.ImagePreprocessing;
import dev.tfgraphs.examples.TestImages;
import dev.tfgraphs.graphs.HostTensor;
import dev.tfgraphs.graphs.Weights;
import dev.tfgraphs.ops.Model;
import java.awt.image.BufferedImage;
import java.io.IOException;
import java.nio.file.Path;
import java.util.Random;
import javax.imageio.ImageIO;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

class VisualizingFeatureMapsTest {
  @TempDir private Path folder;

  @Test
  void drawsThirtyTwoChannelsEightInARow() throws IOException {
    Path photo = TestImages.folder(folder.resolve("photos"), 1).resolve("light/0.png");
    HostTensor image = PreprocessedImage.of(photo, 32, RESNET50.preprocessing());
    Model model = RESNET50.backbone(32, 32, 3);
    Path file = folder.resolve("feature-maps.png");
    VisualizingFeatureMaps.visualize(model, random(model), image, "conv2_block3_out", file);
    BufferedImage drawn = ImageIO.read(file.toFile());
    // maps of 8 x 8 become 88 points, below each two lines
    assertEquals(2 * (2 * 16 + 8 * 88 + 7 * 10), drawn.getWidth());
    assertEquals(2 * (34 + 40 + 4 * (88 + 14 + 13) + 3 * 10 + 16), drawn.getHeight());
  }

  /** As Keras does for its ResNets: blue, green, red, each less the mean of ImageNet. */
  @Test
  void theImageIsMadeAsTheWeightsExpectIt() throws IOException {
    Path photo = folder.resolve("red.png");
    BufferedImage red = new BufferedImage(4, 4, BufferedImage.TYPE_INT_RGB);
    for (int i = 0; i < 16; i++) {
      red.setRGB(i % 4, i / 4, 0xff0000);
    }
    ImageIO.write(red, "png", photo.toFile());
    ImagePreprocessing ofKeras = RESNET50.preprocessing();
    float[] values = PreprocessedImage.of(photo, 2, ofKeras).values();
    assertEquals(12, values.length);
    assertEquals(-103.939, values[0], 1e-3);
    assertEquals(-116.779, values[1], 1e-3);
    assertEquals(255 - 123.68, values[2], 1e-3);
  }

  private static Weights random(Model model) {
    Random random = new Random(0);
    return Weights.of(
        model.weights().stream()
            .collect(
                ImmutableMap.toImmutableMap(
                    weight -> weight.path(),
                    weight -> {
                      float[] values = new float[Math.toIntExact(weight.spec().shape().elements())];
                      for (int i = 0; i < values.length; i++) {
                        values[i] = random.nextFloat() / 8;
                      }
                      return new HostTensor(weight.spec().shape(), values);
                    })));
  }
}
