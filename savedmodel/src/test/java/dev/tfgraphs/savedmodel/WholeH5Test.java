package dev.tfgraphs.savedmodel;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertThrows;

import com.google.common.io.Resources;
import com.google.gson.JsonArray;
import com.google.gson.JsonParser;
import dev.tfgraphs.graphs.GraphException;
import dev.tfgraphs.graphs.HostTensor;
import dev.tfgraphs.graphs.Optimizer;
import dev.tfgraphs.graphs.OptimizerWeights;
import dev.tfgraphs.graphs.Precision;
import dev.tfgraphs.graphs.Trainer;
import dev.tfgraphs.ops.Shape;
import java.io.IOException;
import java.io.InputStream;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.OptionalDouble;
import java.util.stream.Stream;
import java.util.zip.ZipEntry;
import java.util.zip.ZipInputStream;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.Arguments;
import org.junit.jupiter.params.provider.MethodSource;
import org.junit.jupiter.params.provider.ValueSource;

/**
 * Whole models in HDF5, of conformance/makers/whole_h5.py and keras2_whole_h5.py, with the losses
 * of the steps that Keras made after it had written them.
 */
class WholeH5Test {
  @TempDir static Path folder;

  @BeforeAll
  static void unpack() throws IOException {
    unpack(folder);
  }

  static void unpack(Path folder) throws IOException {
    for (String part : new String[] {"", "keras2/"}) {
      Path target = Files.createDirectories(folder.resolve(part));
      try (InputStream resource =
              Resources.getResource(WholeH5Test.class, part + "whole_h5.zip").openStream();
          ZipInputStream zip = new ZipInputStream(resource)) {
        for (ZipEntry entry = zip.getNextEntry(); entry != null; entry = zip.getNextEntry()) {
          Files.copy(zip, target.resolve(entry.getName()));
        }
      }
    }
  }

  private static void assertGoesOn(Path file) throws IOException {
    String name = file.getFileName().toString().replace(".h5", "");
    JsonArray expected =
        JsonParser.parseString(Files.readString(file.resolveSibling("losses.json")))
            .getAsJsonObject()
            .getAsJsonArray(name);
    Path written = file.resolveSibling(name + ".keras");
    KerasModels.save(written, KerasModels.load(file));
    for (Path each : List.of(file, written)) {
      KerasModel whole = KerasModels.load(each);
      assertEquals(WholeModels.precision(name), whole.precision());
      try (Trainer trainer = whole.trainer()) {
        assertEquals(
            whole.precision() == Precision.MIXED_FLOAT16
                ? Optional.of(WholeModels.SCALING)
                : Optional.empty(),
            trainer.optimizerWeights().lossScaling());
        double[] losses = WholeModels.train(trainer);
        assertEquals(expected.size(), losses.length);
        for (int i = 0; i < losses.length; i++) {
          double loss = expected.get(i).getAsDouble();
          assertEquals(loss, losses[i], WholeModels.tolerance(name) * loss, each + ", step " + i);
        }
      }
    }
  }

  @ParameterizedTest
  @ValueSource(
      strings = {
        "adam",
        "sgd",
        "rmsprop",
        "scheduled",
        "nested",
        "sequential",
        "untrained",
        "mixed_bfloat16",
        "mixed_float16"
      })
  void aTrainingOfKeras3GoesOn(String name) throws IOException {
    assertGoesOn(folder.resolve(name + ".h5"));
  }

  @ParameterizedTest
  @ValueSource(strings = {"adam", "sgd", "rmsprop", "scheduled"})
  void aTrainingOfKeras2GoesOn(String name) throws IOException {
    assertGoesOn(folder.resolve("keras2/" + name + ".h5"));
  }

  @ParameterizedTest
  @ValueSource(
      strings = {"adam", "sgd", "rmsprop", "scheduled", "adagrad", "adadelta", "adamax", "ftrl"})
  void aTrainingOfAnOlderKeras2GoesOn(String name) throws IOException {
    assertGoesOn(folder.resolve("keras2/old_" + name + ".h5"));
  }

  @Test
  void aModelThatWasNotCompiledIsThereWithItsWeights() {
    Path file = folder.resolve("uncompiled.h5");
    KerasModel loaded = KerasModels.load(file);
    assertEquals(Optional.empty(), loaded.compile());
    assertEquals(WholeModels.model().summary(), loaded.model().summary());
    assertEquals(WeightFiles.read(file, WholeModels.model()), loaded.weights());
    assertEquals(loaded.model().summary(), KerasModels.read(file).summary());
  }

  private static String failure(Path file) {
    return String.valueOf(
            assertThrows(ModelFileException.class, () -> KerasModels.load(file)).getMessage())
        .replace(folder.toString(), "");
  }

  @Test
  void weightsAloneAreNoWholeModel() {
    Path file = folder.resolve("weights.h5");
    try (Trainer trainer =
        Trainer.of(WholeModels.model(), WholeModels.compile(Optimizer.sgd(0.1)))) {
      WeightFiles.write(file, trainer.model(), trainer.weights());
    }
    assertEquals(
        "Keras model /weights.h5: expected a whole model with its model_config, received HDF5"
            + " without; WeightFiles.read takes weights alone",
        failure(file));
  }

  static Stream<Arguments> variables() {
    return Stream.of(
        Arguments.of(
            "training/Adam/Variable:0",
            "training/Adam/Variable_1:0",
            "net.h5: expected the steps of an optimizer first (iteration or iter:0), received"
                + " training/Adam/Variable:0"),
        Arguments.of(
            "Nadam/iter:0",
            "Nadam/momentum_cache:0",
            "net.h5: expected variables of kinds [m, v, vhat, rms, momentum, mg, accumulator,"
                + " accum_grad, accum_var, linear], received momentum_cache:0"));
  }

  @Test
  void stepsAreAWholeNumber() {
    HostTensor number = new HostTensor(Shape.of(), new float[1]);
    ModelFileException e =
        assertThrows(
            ModelFileException.class,
            () ->
                OptimizerVariables.named(
                    "net.h5", List.of(StoredTensor.of("a/iteration", number))));
    assertEquals(
        "net.h5: tensor 'a/iteration': expected one int64, received float32 ()", e.getMessage());
  }

  @ParameterizedTest
  @MethodSource("variables")
  void variablesOfAnotherKindAreRefused(String first, String second, String message) {
    HostTensor number = new HostTensor(Shape.of(), new float[1]);
    List<StoredTensor> tensors =
        List.of(StoredTensor.of(first, 7), StoredTensor.of(second, number));
    ModelFileException e =
        assertThrows(ModelFileException.class, () -> OptimizerVariables.named("net.h5", tensors));
    assertEquals(message, e.getMessage());
  }

  private static OptimizerVariables momenta(String... weights) throws IOException {
    HostTensor number = new HostTensor(Shape.of(), new float[1]);
    List<StoredTensor> tensors = new ArrayList<>();
    tensors.add(StoredTensor.of("SGD/iter:0", 7));
    for (String weight : weights) {
      tensors.add(StoredTensor.of("SGD/" + weight + "/momentum:0", number));
    }
    return OptimizerVariables.named("net.h5", tensors);
  }

  private static OptimizerWeights own(String slot) {
    return OptimizerWeights.of(
        0, OptionalDouble.of(0.1), Map.of(slot, new HostTensor(Shape.of(), new float[1])));
  }

  @Test
  void whatTheOptimizerKeepsHasToBeThere() throws IOException {
    OptimizerVariables stored = momenta("a");
    assertEquals(
        "Keras model: expected the optimizer's a_velocity, received no more than [momentum]",
        assertThrows(ModelFileException.class, () -> stored.fitted(own("a_velocity")))
            .getMessage());
  }

  @Test
  void nothingOfAnOptimizerIsLeftOut() throws IOException {
    OptimizerVariables stored = momenta("a", "b");
    assertEquals(
        "optimizer weights: expected 1 slots, received 2",
        assertThrows(GraphException.class, () -> stored.fitted(own("a_momentum"))).getMessage());
  }

  @Test
  void noWholeModelIsWrittenAsHdf5() {
    Path file = folder.resolve("written.h5");
    try (Trainer trainer =
        Trainer.of(WholeModels.model(), WholeModels.compile(Optimizer.sgd(0.1)))) {
      ModelFileException e =
          assertThrows(ModelFileException.class, () -> KerasModels.save(file, trainer));
      assertEquals(
          "Keras model "
              + file
              + ": expected a name that does not end as that of HDF5, since whole models are"
              + " written as .keras; WeightFiles.write has .h5 for weights",
          e.getMessage());
    }
    assertFalse(Files.exists(file));
  }
}
