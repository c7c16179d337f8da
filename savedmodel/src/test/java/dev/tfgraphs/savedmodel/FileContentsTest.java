package dev.tfgraphs.savedmodel;

import static org.junit.jupiter.api.Assertions.assertEquals;

import com.google.common.collect.ImmutableList;
import com.google.common.collect.ImmutableSet;
import com.google.common.io.Resources;
import com.google.gson.JsonObject;
import com.google.gson.JsonParser;
import dev.tfgraphs.ops.Model;
import dev.tfgraphs.ops.Shape;
import java.io.IOException;
import java.io.InputStream;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.zip.ZipEntry;
import java.util.zip.ZipInputStream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;

/** Counts are those of h5py, safetensors and {@code tf.train.load_checkpoint}. */
class FileContentsTest {
  @TempDir private Path folder;

  @ParameterizedTest(name = "{0}")
  @CsvSource({
    "adam.h5, 28, 166, 668, LEGACY_MODEL, Adam, 3.15.1",
    "nested.h5, 30, 239, 960, LEGACY_MODEL, Adam, 3.15.1",
    "scheduled.h5, 27, 165, 664, LEGACY_MODEL, AdamW, 3.15.1",
    "sequential.h5, 15, 96, 388, LEGACY_MODEL, Nadam, 3.15.1",
    "uncompiled.h5, 8, 47, 188, LEGACY_MODEL, '', 3.15.1",
    "keras2/adam.h5, 27, 165, 664, LEGACY_MODEL, Custom>Adam, 2.21.0",
    "keras2/old_ftrl.h5, 21, 126, 508, LEGACY_MODEL, Ftrl, 2.21.0",
    "torch/types.safetensors, 13, 156, 564, SAFETENSORS, '', ''",
    "torch/timm_bottleneck.safetensors, 56, 2952, 11844, SAFETENSORS, '', ''",
    "checkpoints/keras3.index, 28, 460, 1844, CHECKPOINT, '', ''",
    "checkpoints/keras3_export.index, 21, 318, 1280, CHECKPOINT, '', ''",
    "checkpoints/session, 37, 611, 2448, CHECKPOINT, '', ''",
    "keras2/saved.index, 35, 467, 1872, CHECKPOINT, '', ''",
  })
  void allTensorsOfOthersAreListed(
      String name,
      int tensors,
      int numbers,
      int bytes,
      FileKind kind,
      String optimizer,
      String version)
      throws IOException {
    FileContents contents = FileContents.of(file(name));
    List<FileContents.Entry> found = contents.tensors();
    assertEquals(tensors, found.size());
    assertEquals(numbers, found.stream().mapToLong(each -> each.shape().elements()).sum());
    assertEquals(bytes, found.stream().mapToLong(FileContents.Entry::bytes).sum());
    assertEquals(kind, contents.kind());
    assertEquals(kind.hasModel(), contents.network().isPresent());
    assertEquals(optimizer, contents.training().map(FileContentsTest::optimizer).orElse(""));
    assertEquals(version, contents.kerasVersion().orElse(""));
    assertEquals(ImmutableList.of(), contents.signatures());
  }

  private static String optimizer(String training) {
    JsonObject settings = JsonParser.parseString(training).getAsJsonObject();
    return settings.getAsJsonObject("optimizer_config").get("class_name").getAsString();
  }

  /** A fixture, or what is in one that is packed. */
  private Path file(String name) throws IOException {
    if (!name.endsWith(".h5")) {
      return Fixtures.path(name.endsWith("session") ? name + ".index" : name)
          .resolveSibling(Path.of(name).getFileName());
    }
    String part = name.startsWith("keras2/") ? "keras2/" : "";
    try (InputStream resource =
            Resources.getResource(FileContentsTest.class, part + "whole_h5.zip").openStream();
        ZipInputStream zip = new ZipInputStream(resource)) {
      for (ZipEntry entry = zip.getNextEntry(); entry != null; entry = zip.getNextEntry()) {
        if (entry.getName().equals(name.substring(part.length()))) {
          Files.copy(zip, folder.resolve(entry.getName()));
        }
      }
    }
    return folder.resolve(name.substring(part.length()));
  }

  @Test
  void typesAreCalledAsNumPyCallsThem() throws IOException {
    assertEquals(
        "[bfloat16, bool, float16, float32, float64, int16, int32, int64, int8, uint16, uint32,"
            + " uint64, uint8]",
        FileContents.of(file("torch/types.safetensors")).tensors().stream()
            .map(FileContents.Entry::dtype)
            .sorted()
            .toList()
            .toString());
  }

  @Test
  void aTensorIsCalledAsTheFileCallsIt() throws IOException {
    assertEquals(
        new FileContents.Entry("model_weights/a/a/bias:0", "float32", Shape.of(4), 16),
        FileContents.of(file("keras2/adam.h5")).tensors().get(0));
  }

  /** Some files say it, others call tensors so. */
  @ParameterizedTest
  @ValueSource(
      strings = {"t.h5", "t.weights.h5", "t.weights.json", "t.safetensors", "t.index", "t.keras"})
  void layersWithTensorsAreListed(String name) {
    Model twins = WeightFixture.model("twins");
    Path file = folder.resolve(name);
    if (name.endsWith(".keras")) {
      KerasModels.save(file, twins, WeightFixture.weights("twins"));
    } else {
      WeightFiles.write(file, twins, WeightFixture.weights("twins"));
    }
    assertEquals(ImmutableSet.of("first", "second", "third"), FileContents.of(file).layers());
  }

  @Test
  void theNetworkCanBeMade() throws IOException {
    Path file = file("nested.h5");
    assertEquals(
        KerasModels.toJson(KerasModels.read(file)),
        KerasModels.toJson(KerasModels.fromJson(FileContents.of(file).network().orElseThrow())));
  }

  @ParameterizedTest
  @ValueSource(booleans = {false, true})
  void signaturesAreThoseThatAreLoaded(boolean folded) {
    ServingOptions options =
        ServingOptions.defaults().classNames(List.of("a", "b", "c")).imageBytes();
    for (Specimen specimen : Specimen.all()) {
      ServingOptions one = specimen.name().equals("resnet") ? options : ServingOptions.defaults();
      Path version =
          SavedModels.write(
              folder, specimen.model(), specimen.weights(), folded ? one.folded() : one);
      try (LoadedModel loaded = SavedModels.load(version)) {
        assertEquals(loaded.signatures(), FileContents.of(version).signatures());
      }
    }
  }
}
