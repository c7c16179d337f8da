package dev.tfgraphs.examples.slides;

import static org.junit.jupiter.api.Assertions.assertEquals;

import dev.tfgraphs.applications.KerasResNet;
import dev.tfgraphs.applications.PublishedWeights;
import dev.tfgraphs.savedmodel.Downloads;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

class ImageNetWeightsTest {
  @TempDir private Path folder;

  @Test
  void aFileThatIsThereIsTakenWithoutANetwork() throws IOException {
    Path file = Files.writeString(folder.resolve("weights.h5"), "weights");
    PublishedWeights weights =
        new PublishedWeights(
            KerasResNet.RESNET50, false, "http://localhost:9/weights.h5", Downloads.md5(file));
    assertEquals(file, ImageNetWeights.file(weights, Downloads.into(folder).attempts(1)));
  }
}
