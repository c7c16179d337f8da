package dev.tfgraphs.savedmodel;

import static dev.tfgraphs.savedmodel.WeightFixture.message;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertTrue;

import com.google.common.primitives.Bytes;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.HexFormat;
import java.util.zip.ZipEntry;
import java.util.zip.ZipFile;
import java.util.zip.ZipOutputStream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

/**
 * Files that somebody has made to run code, to fill memory or to be taken for others. Links, huge
 * shapes and circles in HDF5 are in {@code DamagedWeightFilesTest}, paths that lead out of a zip in
 * {@code KerasModelsTest}, wrong hashes of what is fetched in {@code DownloadFailuresTest}.
 */
class HostileFilesTest {
  private static final String LAMBDA =
      """
      {"class_name": "Functional", "config": {"name": "m", "layers": [
        {"class_name": "InputLayer", "name": "a", "inbound_nodes": [],
         "config": {"name": "a", "batch_shape": [null, 2]}},
        {"class_name": "Lambda", "name": "b", "inbound_nodes": [[["a", 0, 0, {}]]],
         "config": {"name": "b", "function": {"class_name": "__lambda__", "config": {"code": "4wEA"}}}}],
        "input_layers": ["a", 0, 0], "output_layers": ["b", 0, 0]}}\
      """;

  private static final String CIRCLE =
      """
      {"class_name": "Functional", "config": {"name": "m", "layers": [
        {"class_name": "InputLayer", "name": "a", "inbound_nodes": [],
         "config": {"name": "a", "batch_shape": [null, 2]}},
        {"class_name": "Dense", "name": "b", "inbound_nodes": [[["b", 0, 0, {}]]],
         "config": {"name": "b", "units": 2}}],
        "input_layers": ["a", 0, 0], "output_layers": ["b", 0, 0]}}\
      """;

  @TempDir Path folder;

  private Path archive(String config) throws IOException {
    Path path = folder.resolve("net.keras");
    try (ZipOutputStream out = new ZipOutputStream(Files.newOutputStream(path))) {
      out.putNextEntry(new ZipEntry("config.json"));
      out.write(config.getBytes(StandardCharsets.UTF_8));
    }
    return path;
  }

  @Test
  void zipsOfPicklesAreNoFilesOfWeights() throws IOException {
    Path file = folder.resolve("model.pt");
    try (ZipOutputStream out = new ZipOutputStream(Files.newOutputStream(file))) {
      out.putNextEntry(new ZipEntry("model/data.pkl"));
      out.write(HexFormat.of().parseHex("80025d7101"));
    }
    assertEquals(
        "Keras model /model.pt: expected a model.weights.h5, received a zip without",
        message(folder, () -> WeightFiles.read(file, WeightFixture.plain())));
  }

  /** What begins so: pickles of protocol 2 and 4, NumPy's objects. */
  @ParameterizedTest
  @CsvSource({"80025d7101", "8004950500000000", "934e554d505901"})
  void whatMayHoldPicklesIsNoFileOfWeights(String hex) throws IOException {
    byte[] bytes = HexFormat.of().parseHex(hex);
    Path file = Files.write(folder.resolve("model.pt"), bytes);
    assertEquals(
        "weights /model.pt: expected a file of weights (.keras, .weights.h5, .h5, .hdf5,"
            + " .weights.json, .safetensors, .index), received one that begins with "
            + HexFormat.ofDelimiter(" ").formatHex(bytes),
        message(folder, () -> WeightFiles.read(file, WeightFixture.plain())));
  }

  @Test
  void codeInAModelIsNotRun() throws IOException {
    Path path = archive(LAMBDA);
    assertEquals(
        "Keras model /net.keras: config.json: layer 'b' (Lambda): expected no code of Python, which"
            + " is never run, received a Lambda",
        message(folder, () -> KerasModels.load(path)));
  }

  @Test
  void layersInACircleAreRefused() throws IOException {
    Path path = archive(CIRCLE);
    assertEquals(
        "Keras model /net.keras: config.json: layer 'b' (Dense): expected inputs that are made"
            + " before it, received 'b', call 0, which is missing or in a circle",
        message(folder, () -> KerasModels.load(path)));
  }

  @Test
  void textThatGrowsWithoutEndIsRefused() throws IOException {
    Path path = folder.resolve("net.keras");
    byte[] spaces = " ".repeat(1 << 20).getBytes(StandardCharsets.UTF_8);
    try (ZipOutputStream out = new ZipOutputStream(Files.newOutputStream(path))) {
      out.putNextEntry(new ZipEntry("config.json"));
      for (int i = 0; i < 100; i++) {
        out.write(spaces);
      }
    }
    assertTrue(Files.size(path) < 1 << 18);
    assertEquals(
        "Keras model /net.keras: expected config.json of at most 67108864 bytes, received more",
        message(folder, () -> KerasModels.read(path)));
  }

  @Test
  void weightsThatGrowWithoutEndAreRefused() throws IOException {
    Path path = folder.resolve("net.keras");
    try (ZipOutputStream out = new ZipOutputStream(Files.newOutputStream(path))) {
      out.putNextEntry(new ZipEntry("config.json"));
      out.write(KerasModels.toJson(Specimen.resNet()).getBytes(StandardCharsets.UTF_8));
      out.putNextEntry(new ZipEntry("model.weights.h5"));
      out.write(new byte[10_000_000]);
    }
    long most;
    try (ZipFile zip = new ZipFile(path.toFile())) {
      most = 100 * zip.getEntry("model.weights.h5").getCompressedSize();
    }
    assertEquals(
        "Keras model /net.keras: expected model.weights.h5 of at most %d bytes, received more"
            .formatted(most),
        message(folder, () -> KerasModels.load(path)));
  }

  @Test
  void aWeightThatWasChangedInAnArchiveIsFound() throws IOException {
    Specimen specimen = Specimen.named("resnet");
    Path path = folder.resolve("net.keras");
    KerasModels.save(path, specimen.model(), specimen.weights());
    byte[] bytes = Files.readAllBytes(path);
    float first = specimen.weights().get("stem/kernel").values()[0];
    byte[] stored =
        HexFormat.of()
            .parseHex("%08x".formatted(Integer.reverseBytes(Float.floatToIntBits(first))));
    int place = Bytes.indexOf(bytes, stored);
    assertFalse(place < 0);
    bytes[place] ^= 1;
    Files.write(path, bytes);
    String message = message(folder, () -> KerasModels.load(path));
    assertTrue(
        message.matches(
            "Keras model /net.keras: expected an undamaged model.weights.h5 of checksum"
                + " [0-9a-f]{8}, received one of [0-9a-f]{8}"),
        message);
  }

  @Test
  void damagedWeightsOfAnArchiveAreCalledByIt() throws IOException {
    Path path = folder.resolve("net.keras");
    try (ZipOutputStream out = new ZipOutputStream(Files.newOutputStream(path))) {
      out.putNextEntry(new ZipEntry("config.json"));
      out.write(KerasModels.toJson(Specimen.resNet()).getBytes(StandardCharsets.UTF_8));
      out.putNextEntry(new ZipEntry("model.weights.h5"));
      out.write(new byte[] {1, 2, 3, 4, 5, 6, 7, 8});
    }
    assertEquals(
        "weights /net.keras/model.weights.h5 (Keras HDF5): expected an undamaged HDF5 file that"
            + " Keras wrote, received one that fails at '/': expected the signature of HDF5,"
            + " received other bytes",
        message(folder, () -> KerasModels.load(path)));
  }
}
