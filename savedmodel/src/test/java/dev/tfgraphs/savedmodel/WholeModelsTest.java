package dev.tfgraphs.savedmodel;

import static org.junit.jupiter.api.Assertions.assertArrayEquals;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import dev.tfgraphs.graphs.Optimizer;
import dev.tfgraphs.graphs.Trainer;
import dev.tfgraphs.graphs.Weights;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Collections;
import java.util.List;
import java.util.Objects;
import java.util.Set;
import java.util.function.UnaryOperator;
import java.util.zip.ZipEntry;
import java.util.zip.ZipFile;
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
  void theWeightsOfAWholeModelAreReadAlone() throws IOException {
    Path file = folder.resolve("model.keras");
    try (Trainer trainer =
        Trainer.of(WholeModels.model(), WholeModels.compile(Optimizer.sgd(0.1)))) {
      KerasModels.save(file, trainer);
      Path unpacked = unpacked(file, config -> config);
      for (Path path : List.of(file, unpacked)) {
        assertEquals(trainer.weights(), WeightFiles.read(path, KerasModels.read(path)));
        assertEquals(FileKind.KERAS_MODEL, FileKind.of(path));
      }
    }
  }

  @Test
  void aModelThatIsTrainedByUnknownMeansIsReadWithoutThem() throws IOException {
    Path file = folder.resolve("model.keras");
    try (Trainer trainer =
        Trainer.of(WholeModels.model(), WholeModels.compile(Optimizer.sgd(0.1)))) {
      KerasModels.save(file, trainer);
      Path other = unpacked(file, config -> config.replace("\"SGD\"", "\"Mine\""));
      String message =
          String.valueOf(
              assertThrows(SavedModelException.class, () -> KerasModels.load(other)).getMessage());
      assertTrue(
          message.startsWith(
              "Keras model "
                  + other
                  + ": config.json: compile_config, optimizer (Mine): expected a class of"
                  + " optimizer that this library has, received 'Mine'; "),
          message);
      assertTrue(
          message.endsWith("; KerasModels.read and WeightFiles.read leave out how it was trained"),
          message);
      assertEquals(trainer.weights(), WeightFiles.read(other, KerasModels.read(other)));
    }
  }

  private Path unpacked(Path file, UnaryOperator<String> change) throws IOException {
    Path unpacked = Files.createDirectory(folder.resolve("unpacked"));
    try (ZipFile zip = new ZipFile(file.toFile())) {
      for (ZipEntry entry : Collections.list(zip.entries())) {
        Files.copy(zip.getInputStream(entry), unpacked.resolve(entry.getName()));
      }
    }
    Path config = unpacked.resolve("config.json");
    Files.writeString(config, change.apply(Files.readString(config)));
    return unpacked;
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
