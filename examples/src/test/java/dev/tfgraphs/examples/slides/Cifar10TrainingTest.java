package dev.tfgraphs.examples.slides;

import static org.junit.jupiter.api.Assertions.assertTrue;

import dev.tfgraphs.examples.TestImages;
import java.io.IOException;
import java.nio.file.Path;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

class Cifar10TrainingTest {
  @TempDir private Path folder;

  @Test
  void saysHowManyTestImagesAreToldRight() throws IOException {
    TestImages.cifar10(folder, 10);
    String printed = Printed.by(() -> Cifar10Training.train(folder, 1));
    assertTrue(printed.matches("Test accuracy: [01]\\.\\d0{3}\n"), printed);
  }
}
