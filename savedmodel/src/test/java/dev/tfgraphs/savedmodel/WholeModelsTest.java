package dev.tfgraphs.savedmodel;

import static org.junit.jupiter.api.Assertions.assertArrayEquals;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertThrows;

import dev.tfgraphs.graphs.Optimizer;
import dev.tfgraphs.graphs.Trainer;
import dev.tfgraphs.graphs.Weights;
import java.nio.file.Path;
import java.util.Objects;
import java.util.Set;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.MethodSource;

class WholeModelsTest {
  @TempDir Path folder;

  static Set<String> names() {
    return WholeModels.OPTIMIZERS.keySet();
  }

  @ParameterizedTest
  @MethodSource("names")
  void aTrainingGoesOnWhereItsFileWasWritten(String name) {
    Path file = folder.resolve("model.keras");
    var compile = WholeModels.compile(Objects.requireNonNull(WholeModels.OPTIMIZERS.get(name)));
    try (Trainer trainer = Trainer.of(WholeModels.model(), compile)) {
      double[] unused = WholeModels.train(trainer);
      KerasModels.save(file, trainer);
      KerasModel read = KerasModels.load(file);
      assertEquals(trainer.weights(), read.weights());
      try (Trainer next = read.trainer()) {
        assertEquals(trainer.optimizerWeights(), next.optimizerWeights());
        assertArrayEquals(WholeModels.train(trainer), WholeModels.train(next));
      }
    }
  }

  @Test
  void whatWasNotCompiledHasNoTrainer() {
    Path file = folder.resolve("model.keras");
    try (Trainer trainer =
        Trainer.of(WholeModels.model(), WholeModels.compile(Optimizer.sgd(0.1)))) {
      Weights weights = trainer.weights();
      KerasModels.save(file, trainer.model(), weights);
      KerasModel read = KerasModels.load(file);
      assertEquals(weights, read.weights());
      assertEquals(
          "Keras model: expected one that was compiled, received one that was not;"
              + " Trainer.of(model, compile) trains it",
          assertThrows(SavedModelException.class, read::trainer).getMessage());
    }
  }
}
