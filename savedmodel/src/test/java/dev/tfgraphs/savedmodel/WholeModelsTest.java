package dev.tfgraphs.savedmodel;

import static dev.tfgraphs.ops.Layers.conv2DTranspose;
import static dev.tfgraphs.ops.Layers.input;
import static org.junit.jupiter.api.Assertions.assertArrayEquals;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import dev.tfgraphs.graphs.GraphException;
import dev.tfgraphs.graphs.HostTensor;
import dev.tfgraphs.graphs.Optimizer;
import dev.tfgraphs.graphs.OptimizerWeights;
import dev.tfgraphs.graphs.Precision;
import dev.tfgraphs.graphs.Trainer;
import dev.tfgraphs.graphs.Weights;
import dev.tfgraphs.ops.Model;
import dev.tfgraphs.ops.Node;
import dev.tfgraphs.ops.Shape;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Collections;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.Optional;
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
    try (Trainer trainer = WholeModels.trainer(name)) {
      double[] unused = WholeModels.train(trainer);
      WholeModels.rescale(trainer);
      KerasModels.save(file, trainer);
      KerasModel read = KerasModels.load(file);
      assertEquals(trainer.weights(), read.weights());
      assertEquals(WholeModels.precision(name), read.precision());
      try (Trainer next = read.trainer()) {
        assertEquals(read.precision(), next.compile().precision());
        assertEquals(trainer.optimizerWeights(), next.optimizerWeights());
        assertArrayEquals(WholeModels.train(trainer), WholeModels.train(next));
      }
    }
  }

  @ParameterizedTest
  @MethodSource("names")
  void whatWasReadIsWrittenAgain(String name) throws IOException {
    Path file = folder.resolve("model.keras");
    try (Trainer trainer = WholeModels.trainer(name)) {
      double[] unused = WholeModels.train(trainer);
      WholeModels.rescale(trainer);
      KerasModels.save(file, trainer);
    }
    Path again = folder.resolve("again.keras");
    KerasModels.save(again, KerasModels.load(file));
    for (String member : List.of("config.json", "model.weights.h5")) {
      assertArrayEquals(member(file, member), member(again, member), member);
    }
  }

  private static byte[] member(Path file, String name) throws IOException {
    try (ZipFile zip = new ZipFile(file.toFile())) {
      return zip.getInputStream(Objects.requireNonNull(zip.getEntry(name))).readAllBytes();
    }
  }

  @Test
  void whatIsNotTrainedHereIsWrittenAgain() throws IOException {
    Node image = input(4, 4, 1);
    Model model = Model.of(image, image.to(conv2DTranspose(1, 2).dilationRate(2).name("c")));
    Weights weights =
        Weights.of(
            Map.of(
                "c/kernel", new HostTensor(Shape.of(2, 2, 1, 1), new float[] {1, 2, 3, 4}),
                "c/bias", new HostTensor(Shape.of(1), new float[] {5})));
    StoredTensor rate =
        StoredTensor.of("learning_rate", new HostTensor(Shape.of(), new float[] {0.5f}));
    KerasModel whole =
        new KerasModel(
            model,
            weights,
            Precision.FLOAT32,
            Optional.of(WholeModels.compile(Optimizer.sgd(0.5))),
            Optional.of(
                OptimizerVariables.numbered("f", List.of(StoredTensor.of("iteration", 7), rate))));
    Path file = folder.resolve("model.keras");
    KerasModels.save(file, whole);
    KerasModel read = KerasModels.load(file);
    assertEquals(weights, read.weights());
    assertEquals(
        whole.compile().orElseThrow().config(model),
        read.compile().orElseThrow().config(read.model()));
    assertEquals(
        List.of("optimizer/vars/0 int64 ()", "optimizer/vars/1 float32 ()"),
        FileContents.of(file).tensors().stream()
            .filter(tensor -> tensor.name().startsWith("optimizer/"))
            .map(tensor -> tensor.name() + " " + tensor.dtype() + " " + tensor.shape())
            .toList());
  }

  @Test
  void theWeightsOfAWholeModelAreReadAlone() throws IOException {
    Path file = folder.resolve("model.keras");
    try (Trainer trainer =
        Trainer.of(WholeModels.model(), WholeModels.compile(Optimizer.sgd(0.1)))) {
      KerasModels.save(file, trainer);
      Path unpacked = unpacked(file, folder, config -> config);
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
      Path other = unpacked(file, folder, config -> config.replace("\"SGD\"", "\"Mine\""));
      String message =
          String.valueOf(
              assertThrows(ModelFileException.class, () -> KerasModels.load(other)).getMessage());
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

  static Path unpacked(Path file, Path folder, UnaryOperator<String> change) throws IOException {
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
          assertThrows(ModelFileException.class, read::trainer).getMessage());
    }
  }
}
