package dev.tfgraphs.savedmodel;

import static org.junit.jupiter.api.Assertions.assertArrayEquals;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import dev.tfgraphs.graphs.GraphException;
import dev.tfgraphs.graphs.HostTensor;
import dev.tfgraphs.graphs.Optimizer;
import dev.tfgraphs.graphs.OptimizerWeights;
import dev.tfgraphs.graphs.Trainer;
import dev.tfgraphs.graphs.Weights;
import dev.tfgraphs.ops.Shape;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Collections;
import java.util.List;
import java.util.Objects;
import java.util.OptionalDouble;
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

  /** Keras warns of such a file and begins anew; no training ever was in such a state. */
  @Test
  void stepsWithoutWhatTheyKeptAreRefused() throws IOException {
    OptimizerWeights own;
    try (Trainer trainer =
        Trainer.of(WholeModels.model(), WholeModels.compile(Optimizer.adam(0.1)))) {
      own = trainer.optimizerWeights();
    }
    StoredTensor rate =
        StoredTensor.of("learning_rate", new HostTensor(Shape.of(), new float[] {0.5f}));
    OptimizerVariables begun =
        OptimizerVariables.numbered("f", List.of(StoredTensor.of("iteration", 5), rate));
    assertEquals(
        "optimizer weights: expected " + own.slots().size() + " slots, received 0",
        assertThrows(GraphException.class, () -> begun.fitted(own)).getMessage());
    OptimizerVariables fresh =
        OptimizerVariables.numbered("f", List.of(StoredTensor.of("iteration", 0), rate));
    assertEquals(OptimizerWeights.of(0, OptionalDouble.of(0.5), own.slots()), fresh.fitted(own));
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
