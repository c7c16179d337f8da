package dev.tfgraphs.examples;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertInstanceOf;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import dev.tfgraphs.savedmodel.KerasModels;
import dev.tfgraphs.savedmodel.SavedModelException;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Optional;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.EnumSource;

class ModelFileTest {
  private static final String NAMES =
      "resnet50, resnet101, resnet152, resnet50v2, resnet101v2, resnet152v2, resnet20, resnet32,"
          + " resnet44, resnet56, resnet110, resnet18";
  private static final String FILES = ".keras, a whole .h5, or the .json of Keras's to_json";

  @TempDir private Path folder;
  private TinyModel tiny;
  private Path keras;

  @BeforeEach
  void makeModel() {
    tiny = TinyModel.writeTo(folder);
    keras = TinyModel.Kind.KERAS.in(folder);
  }

  @Test
  void aKerasFileIsANetworkWithItsTraining() {
    ModelFile.Described opened = ModelFile.described(keras, Optional.empty());
    assertEquals(tiny.weights(), opened.weights());
    assertEquals(KerasModels.toJson(tiny.model()), KerasModels.toJson(opened.model()));
    assertTrue(opened.whole().orElseThrow().compile().isPresent());
  }

  @Test
  void aKerasFileMayBeUnpacked() throws IOException {
    Path unpacked = TinyModel.unpacked(keras);
    assertEquals(tiny.weights(), ModelFile.described(unpacked, Optional.empty()).weights());
  }

  @ParameterizedTest
  @EnumSource
  void weightsAreThoseOfTheNetworkThatIsSaid(TinyModel.Kind kind) {
    Path file = kind == TinyModel.Kind.KERAS ? keras : tiny.write(kind, folder);
    assertEquals(
        tiny.weights(), ModelFile.described(file, Optional.of(keras.toString())).weights());
    ModelFile opened = ModelFile.open(file, Optional.of(keras.toString()));
    assertEquals(tiny.weights(), assertInstanceOf(ModelFile.Described.class, opened).weights());
  }

  @Test
  void aNetworkMayBeSaidInJson() throws IOException {
    Path json = Files.writeString(folder.resolve("net.json"), KerasModels.toJson(tiny.model()));
    Path file = tiny.write(TinyModel.Kind.SAFETENSORS, folder);
    assertEquals(tiny.weights(), ModelFile.described(file, Optional.of(json.toString())).weights());
  }

  @Test
  void everyNameIsANetwork() {
    assertEquals(NAMES, String.join(", ", Architectures.names()));
    for (String name : Architectures.names()) {
      int classes = name.matches("resnet(20|32|44|56|110)") ? 10 : 1000;
      assertEquals(classes, Architectures.of(name).output().shape().size(1), name);
    }
  }

  @Test
  void aSavedModelIsServed() {
    Path saved = tiny.write(TinyModel.Kind.SAVED_MODEL, folder);
    try (ModelFile opened = ModelFile.open(saved, Optional.empty())) {
      assertEquals(
          saved.resolve("1"), assertInstanceOf(ModelFile.Served.class, opened).loaded().folder());
    }
  }

  @ParameterizedTest
  @EnumSource(names = "KERAS", mode = EnumSource.Mode.EXCLUDE)
  void weightsAloneNeedANetwork(TinyModel.Kind kind) {
    Path file = tiny.write(kind, folder);
    CommandException thrown =
        assertThrows(CommandException.class, () -> ModelFile.described(file, Optional.empty()));
    assertEquals(
        "model "
            + file
            + ": expected a network, received "
            + kind.words()
            + ", which has none; say --model resnet50 (or "
            + NAMES.substring("resnet50, ".length())
            + ") or --model FILE ("
            + FILES
            + ")",
        thrown.getMessage());
  }

  @Test
  void anUnknownNetworkIsRefused() {
    assertRefused(
        "--model: expected one of " + NAMES + ", or a file (" + FILES + "), received 'vgg'",
        tiny.write(TinyModel.Kind.SAFETENSORS, folder),
        "vgg");
  }

  @Test
  void weightsSayNotWhatTheNetworkIs() {
    Path file = tiny.write(TinyModel.Kind.SAFETENSORS, folder);
    assertRefused(
        "--model: expected a file with a network ("
            + FILES
            + "), received '"
            + file
            + "', weights in safetensors",
        file,
        file.toString());
  }

  @Test
  void jsonThatIsNoNetworkIsRefused() throws IOException {
    Path json = Files.writeString(folder.resolve("net.json"), "[]");
    assertRefused(
        "--model " + json + ": Keras model: expected a JSON object, received another value",
        tiny.write(TinyModel.Kind.SAFETENSORS, folder),
        json.toString());
  }

  @Test
  void nothingIsNoModel() {
    Path none = folder.resolve("none.h5");
    SavedModelException thrown =
        assertThrows(SavedModelException.class, () -> ModelFile.open(none, Optional.empty()));
    assertEquals("model " + none + ": expected a file or folder, found none", thrown.getMessage());
  }

  private static void assertRefused(String message, Path file, String model) {
    CommandException thrown =
        assertThrows(CommandException.class, () -> ModelFile.described(file, Optional.of(model)));
    assertEquals(message, thrown.getMessage());
  }
}
