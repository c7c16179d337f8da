package dev.tfgraphs.examples;

import static org.junit.jupiter.api.Assertions.assertEquals;

import dev.tfgraphs.ops.Shape;
import dev.tfgraphs.savedmodel.LoadedModel;
import dev.tfgraphs.savedmodel.SavedModels;
import java.nio.file.Path;
import java.util.Optional;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

class QuickStartTest {
  @TempDir private Path folder;

  @Test
  void trainsAndSaves() {
    QuickStart.train(Digits.train().dataset().take(32), Digits.test().dataset().take(8), 1, folder);
    try (LoadedModel model = SavedModels.load(folder)) {
      assertEquals(Optional.of(Shape.of(-1, 8, 8, 1)), model.inputs().get(0).shape());
      assertEquals(Optional.of(Shape.of(-1, 10)), model.outputs().get(0).shape());
    }
  }
}
