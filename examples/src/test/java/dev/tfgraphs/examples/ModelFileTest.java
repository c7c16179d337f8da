package dev.tfgraphs.examples;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertInstanceOf;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import dev.tfgraphs.applications.NamedNetwork;
import dev.tfgraphs.graphs.HostTensor;
import dev.tfgraphs.ops.Model;
import dev.tfgraphs.ops.Shape;
import dev.tfgraphs.savedmodel.KerasModels;
import dev.tfgraphs.savedmodel.ModelFileException;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.Optional;
import org.bytedeco.javacpp.Pointer;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.EnumSource;

class ModelFileTest {
  private static final String NAMES = "a name that './tfgraphs models' lists";
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
    DescribedModel opened = ModelFile.described(keras, Optional.empty());
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
    assertEquals(tiny.weights(), assertInstanceOf(DescribedModel.class, opened).weights());
  }

  @Test
  void aNetworkMayBeSaidInJson() throws IOException {
    Path json = Files.writeString(folder.resolve("net.json"), KerasModels.toJson(tiny.model()));
    Path file = tiny.write(TinyModel.Kind.SAFETENSORS, folder);
    assertEquals(tiny.weights(), ModelFile.described(file, Optional.of(json.toString())).weights());
  }

  @Test
  void everyNameIsANetwork() {
    for (NamedNetwork network : NamedNetwork.all()) {
      Model model = Architectures.of(network.name());
      assertEquals(network.name(), model.name().orElseThrow());
      assertEquals(network.model().parameters(), model.parameters());
    }
  }

  @Test
  void aSavedModelIsServed() {
    Path saved = tiny.write(TinyModel.Kind.SAVED_MODEL, folder);
    try (ModelFile opened = ModelFile.open(saved, Optional.empty())) {
      assertEquals(
          saved.resolve("1"), assertInstanceOf(ServedModel.class, opened).loaded().folder());
    }
  }

  /** Collections of what others have left may lower the count meanwhile. */
  @Test
  void whatRunsANetworkIsMadeWhenItPredictsAndClosedWithTheFile() {
    HostTensor image = new HostTensor(Shape.of(1, 4, 4, 1), new float[16]);
    long before = Pointer.totalCount();
    try (ModelFile opened = ModelFile.open(keras, Optional.empty())) {
      assertTrue(Pointer.totalCount() <= before);
      assertEquals(List.of(Shape.of(1, 3)), shapes(opened.predict(List.of(image))));
      assertEquals(List.of(Shape.of(1, 3)), shapes(opened.predict(List.of(image), 32)));
    }
    assertTrue(Pointer.totalCount() <= before);
  }

  private static List<Shape> shapes(List<HostTensor> tensors) {
    return tensors.stream().map(HostTensor::shape).toList();
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
            + ", which has none; say --model NAME ("
            + NAMES
            + ") or --model FILE ("
            + FILES
            + ")",
        thrown.getMessage());
  }

  @Test
  void anUnknownNetworkIsRefused() {
    assertRefused(
        "--model: expected " + NAMES + ", or a file (" + FILES + "), received 'vgg'",
        tiny.write(TinyModel.Kind.SAFETENSORS, folder),
        "vgg");
  }

  @Test
  void aNearNameIsSaid() {
    assertRefused(
        "--model: expected "
            + NAMES
            + ", or a file ("
            + FILES
            + "), received 'torch_resnet81'; did you mean torch_resnet18?",
        tiny.write(TinyModel.Kind.SAFETENSORS, folder),
        "torch_resnet81");
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
    ModelFileException thrown =
        assertThrows(ModelFileException.class, () -> ModelFile.open(none, Optional.empty()));
    assertEquals("model " + none + ": expected a file or folder, found none", thrown.getMessage());
  }

  private static void assertRefused(String message, Path file, String model) {
    CommandException thrown =
        assertThrows(CommandException.class, () -> ModelFile.described(file, Optional.of(model)));
    assertEquals(message, thrown.getMessage());
  }
}
