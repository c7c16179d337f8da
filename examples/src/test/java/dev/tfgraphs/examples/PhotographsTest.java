package dev.tfgraphs.examples;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import dev.tfgraphs.graphs.HostTensor;
import dev.tfgraphs.graphs.data.Dataset;
import dev.tfgraphs.ops.Shape;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/**
 * Whoever reads photographs reads them upright, so that what is learned is what is predicted for.
 */
class PhotographsTest {
  private static final int SIDE = 8;

  @TempDir private Path folder;

  /** Four photographs of each of two classes. */
  private Path photographs() throws IOException {
    for (String name : new String[] {"a", "b"}) {
      Files.createDirectories(folder.resolve(name));
      for (int i = 0; i < 4; i++) {
        Files.write(folder.resolve(name).resolve(i + ".jpg"), TestImages.lyingBar());
      }
    }
    return folder;
  }

  /** Its third row is black; JPEG rings beside edges. */
  private static void assertUpright(HostTensor image) {
    int channels = image.shape().size(-1);
    float[] values = image.values();
    for (int i = 0; i < values.length; i++) {
      boolean ink = i / (SIDE * channels) % SIDE == 2;
      assertTrue(ink ? values[i] < 12 : values[i] > 243, "value " + values[i] + " at " + i);
    }
  }

  private static int assertUpright(Dataset data) {
    List<HostTensor> all = new ArrayList<>();
    Reading.batches(data, (images, labels) -> all.add(images));
    all.forEach(PhotographsTest::assertUpright);
    return all.stream().mapToInt(images -> images.shape().size(0)).sum();
  }

  @Test
  void trainingSeesThemUpright() throws IOException {
    DataSource source = DataSource.folder(photographs(), SIDE, 1);
    assertEquals(7, assertUpright(source.training()));
    assertEquals(1, assertUpright(source.test()));
  }

  @Test
  void evaluationSeesThemUpright() throws IOException {
    assertEquals(8, assertUpright(DataSource.images(photographs(), SIDE, SIDE)));
  }

  @Test
  void predictionSeesThemUpright() throws IOException {
    List<Path> files = List.of(photographs().resolve("a/0.jpg"));
    assertUpright(new ModelInput(ModelInput.IMAGES, Shape.of(SIDE, SIDE, 3)).read(files));
    HostTensor digit = new ModelInput(ModelInput.DIGITS, Shape.of(SIDE, SIDE, 1)).read(files);
    for (int i = 0; i < SIDE * SIDE; i++) {
      assertEquals(i / SIDE == 2 ? 16 : 0, digit.values()[i], 0.6); // JPEG rings beside edges
    }
  }
}
