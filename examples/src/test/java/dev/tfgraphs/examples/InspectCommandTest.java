package dev.tfgraphs.examples;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import com.google.common.collect.ImmutableList;
import com.google.common.collect.ImmutableSet;
import com.google.gson.JsonArray;
import com.google.gson.JsonObject;
import com.google.gson.JsonParser;
import dev.tfgraphs.examples.TinyModel.Kind;
import dev.tfgraphs.ops.SummaryOptions;
import dev.tfgraphs.savedmodel.FileContents;
import dev.tfgraphs.savedmodel.FileKind;
import dev.tfgraphs.savedmodel.SavedModels;
import dev.tfgraphs.savedmodel.ServingOptions;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.security.MessageDigest;
import java.security.NoSuchAlgorithmException;
import java.util.Arrays;
import java.util.HexFormat;
import java.util.Locale;
import java.util.Optional;
import java.util.stream.Collectors;
import java.util.zip.ZipEntry;
import java.util.zip.ZipFile;
import java.util.zip.ZipOutputStream;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.EnumSource;
import org.junit.jupiter.params.provider.ValueSource;

class InspectCommandTest {
  /** The weights as TensorFlow's variables and safetensors are called, in their order. */
  private static final String BY_PATH =
      """

      8 tensors, 37 numbers, 148 bytes
        batch_normalization/beta            float32 (2,)
        batch_normalization/gamma           float32 (2,)
        batch_normalization/moving_mean     float32 (2,)
        batch_normalization/moving_variance float32 (2,)
        conv2d/bias                         float32 (2,)
        conv2d/kernel                       float32 (3, 3, 1, 2)
        dense/bias                          float32 (3,)
        dense/kernel                        float32 (2, 3)
      """;

  /** As Keras 3 numbers them. */
  private static final String BY_NUMBER =
      """

      8 tensors, 37 numbers, 148 bytes
        layers/conv2d/vars/0              float32 (3, 3, 1, 2)
        layers/conv2d/vars/1              float32 (2,)
        layers/batch_normalization/vars/0 float32 (2,)
        layers/batch_normalization/vars/1 float32 (2,)
        layers/batch_normalization/vars/2 float32 (2,)
        layers/batch_normalization/vars/3 float32 (2,)
        layers/dense/vars/0               float32 (2, 3)
        layers/dense/vars/1               float32 (3,)
      """;

  /** As Keras's older files call them. */
  private static final String BY_LAYER =
      """

      8 tensors, 37 numbers, 148 bytes
        conv2d/conv2d/kernel                                    float32 (3, 3, 1, 2)
        conv2d/conv2d/bias                                      float32 (2,)
        batch_normalization/batch_normalization/gamma           float32 (2,)
        batch_normalization/batch_normalization/beta            float32 (2,)
        batch_normalization/batch_normalization/moving_mean     float32 (2,)
        batch_normalization/batch_normalization/moving_variance float32 (2,)
        dense/dense/kernel                                      float32 (2, 3)
        dense/dense/bias                                        float32 (3,)
      """;

  @TempDir private Path folder;
  private TinyModel tiny;
  private Path keras;

  @BeforeEach
  void makeModel() {
    tiny = TinyModel.writeTo(folder);
    keras = Kind.KERAS.in(folder);
  }

  @ParameterizedTest
  @EnumSource(names = "KERAS", mode = EnumSource.Mode.EXCLUDE)
  void weightsAreListedAsTheFileCallsThem(Kind kind) throws IOException {
    Path file = tiny.write(kind, folder);
    String expected =
        switch (kind) {
          case KERAS_WEIGHTS -> hashes("tiny.weights.h5") + BY_NUMBER;
          case SHARDS -> hashes("tiny.weights.json", "tiny_00000.weights.h5") + BY_NUMBER;
          case LEGACY -> "Keras 3.15.1\n" + hashes("tiny.h5") + BY_LAYER;
          case SAFETENSORS -> hashes("tiny.safetensors") + BY_PATH;
          case CHECKPOINT -> hashes("tiny.index", "tiny.data-00000-of-00001") + BY_PATH;
          default ->
              hashes(
                      "tiny/1/saved_model.pb",
                      "tiny/1/variables/variables.data-00000-of-00001",
                      "tiny/1/variables/variables.index")
                  + """

                  Signature serving_default
                    in  input_layer float32 (None, 4, 4, 1)
                    out softmax float32 (None, 3)
                  """
                  + BY_PATH;
        };
    assertEquals(
        file + ": " + kind.words() + "\n" + expected, Cli.run("inspect", file).succeeded().out());
  }

  private String hashes(String... names) {
    return Arrays.stream(names)
        .map(folder::resolve)
        .map(
            file ->
                String.format(
                    Locale.ROOT,
                    "SHA-256 %s %,d bytes %s\n",
                    sha256(file),
                    bytes(file).length,
                    file))
        .collect(Collectors.joining());
  }

  private static String sha256(Path file) {
    try {
      return HexFormat.of().formatHex(MessageDigest.getInstance("SHA-256").digest(bytes(file)));
    } catch (NoSuchAlgorithmException impossible) {
      throw new AssertionError(impossible);
    }
  }

  private static byte[] bytes(Path file) {
    try {
      return Files.readAllBytes(file);
    } catch (IOException e) {
      throw new AssertionError(e);
    }
  }

  @Test
  void aKerasFileSaysHowItIsTrainedAndBuilt() {
    String summary = Cli.run("inspect", keras).succeeded().out();
    assertEquals(
        keras
            + ": a .keras model\nKeras 3.15.1\n"
            + hashes("tiny.keras")
            + """

            Optimizer: Adam {"learning_rate":0.5,"use_ema":false,"ema_momentum":0.99,\
            "beta_1":0.9,"beta_2":0.999,"epsilon":1.0E-7,"amsgrad":false}
            Loss: SparseCategoricalCrossentropy {"reduction":"sum_over_batch_size",\
            "from_logits":false}
            Metrics: ["accuracy"]

            """
            + tiny.model().summary(SummaryOptions.defaults().columns(80))
            + "\n"
            + BY_NUMBER.replace("8 tensors, 37 numbers, 148", "22 tensors, 105 numbers, 424")
            + """
              optimizer/vars/0                  int64   ()
              optimizer/vars/1                  float32 ()
              optimizer/vars/2                  float32 (3, 3, 1, 2)
              optimizer/vars/3                  float32 (3, 3, 1, 2)
              optimizer/vars/4                  float32 (2,)
              optimizer/vars/5                  float32 (2,)
              optimizer/vars/6                  float32 (2,)
              optimizer/vars/7                  float32 (2,)
              optimizer/vars/8                  float32 (2,)
              optimizer/vars/9                  float32 (2,)
              optimizer/vars/10                 float32 (2, 3)
              optimizer/vars/11                 float32 (2, 3)
              optimizer/vars/12                 float32 (3,)
              optimizer/vars/13                 float32 (3,)
            """,
        summary);
  }

  @Test
  void aProgramIsToldTheSame() throws IOException {
    JsonObject json = json(keras);
    assertEquals(
        "[path, kind, description, files, keras_version, tensor_count, numbers, bytes, tensors,"
            + " parameters, weights, network, training]",
        json.keySet().toString());
    assertEquals(keras.toString(), json.get("path").getAsString());
    assertEquals("keras", json.get("kind").getAsString());
    assertEquals("a .keras model", json.get("description").getAsString());
    assertEquals(
        "[{\"path\":\"%s\",\"bytes\":%d,\"sha256\":\"%s\"}]"
            .formatted(keras, Files.size(keras), sha256(keras)),
        json.get("files").toString());
    assertEquals("3.15.1", json.get("keras_version").getAsString());
    assertEquals(22, json.get("tensor_count").getAsInt());
    assertEquals(105, json.get("numbers").getAsInt());
    assertEquals(424, json.get("bytes").getAsInt());
    assertEquals(37, json.get("parameters").getAsInt());
    JsonArray tensors = json.getAsJsonArray("tensors");
    assertEquals(22, tensors.size());
    assertEquals(
        "{\"name\":\"layers/conv2d/vars/0\",\"dtype\":\"float32\",\"shape\":[3,3,1,2],\"bytes\":72}",
        tensors.get(0).toString());
    assertEquals(
        "{\"path\":\"conv2d/kernel\",\"shape\":[3,3,1,2]}",
        json.getAsJsonArray("weights").get(0).toString());
    JsonObject config = config(keras);
    assertEquals(config, json.get("network"));
    assertEquals(config.get("compile_config"), json.get("training"));
  }

  private static JsonObject json(Path file) {
    return JsonParser.parseString(Cli.run("inspect", file, "--json").succeeded().out())
        .getAsJsonObject();
  }

  private static JsonObject config(Path file) throws IOException {
    try (ZipFile zip = new ZipFile(file.toFile())) {
      byte[] text = zip.getInputStream(zip.getEntry("config.json")).readAllBytes();
      return JsonParser.parseString(new String(text, StandardCharsets.UTF_8)).getAsJsonObject();
    }
  }

  @Test
  void aProgramIsToldOfSignatures() {
    JsonObject json = json(tiny.write(Kind.SAVED_MODEL, folder));
    assertEquals(
        "[{\"name\":\"serving_default\",\"inputs\":[{\"name\":\"input_layer\",\"dtype\":\"float32\","
            + "\"shape\":[null,4,4,1]}],\"outputs\":[{\"name\":\"softmax\",\"dtype\":\"float32\","
            + "\"shape\":[null,3]}]}]",
        json.get("signatures").toString());
    assertFalse(json.has("network") || json.has("training") || json.has("parameters"));
  }

  @Test
  void aFoldedSavedModelHasNoTensorsButSignatures() {
    Path base = folder.resolve("folded");
    ServingOptions options =
        ServingOptions.defaults().folded().imageBytes().features("features", "conv2d");
    SavedModels.write(base, tiny.model(), tiny.weights(), options);
    String told = Cli.run("inspect", base.resolve("1")).succeeded().out();
    assertEquals(
        """

        Signature features
          in  input_layer float32 (None, 4, 4, 1)
          out conv2d float32 (None, 2, 2, 2)

        Signature serving_bytes
          in  image_bytes string (None,)
          out softmax float32 (None, 3)

        Signature serving_default
          in  input_layer float32 (None, 4, 4, 1)
          out softmax float32 (None, 3)

        0 tensors, 0 numbers, 0 bytes
        """,
        told.substring(told.indexOf("\n\nSignature") + 1));
  }

  @Test
  void anUnpackedFileIsToldWithAllItsFiles() throws IOException {
    Path unpacked = TinyModel.unpacked(keras);
    String told = Cli.run("inspect", unpacked).succeeded().out();
    String expected =
        unpacked
            + ": a .keras model\nKeras 3.15.1\n"
            + hashes("unpacked/config.json", "unpacked/metadata.json", "unpacked/model.weights.h5");
    assertEquals(expected, told.substring(0, expected.length()));
  }

  @Test
  void aNetworkThatCannotBeMadeHereIsToldOf() throws IOException {
    Path other = changed("\"GlobalAveragePooling2D\"", "\"Strange\"");
    String told = Cli.run("inspect", other).succeeded().out();
    assertTrue(told.contains("\nThe network cannot be made here: Keras model: "), told);
    assertTrue(told.contains("\n22 tensors, 105 numbers, 424 bytes\n"), told);
    assertTrue(told.contains("\nOptimizer: Adam {"), told);
  }

  /** What leads a terminal, begins a line or turns its direction. */
  @ParameterizedTest
  @ValueSource(strings = {"\\u001b", "\\u0007", "\\n", "\\r", "\\u009b", "\\u2028", "\\u202e"})
  void whatAFileSaysStaysInItsLine(String control) throws IOException {
    Path other = changed("\"Adam\"", "\"Ad" + control + "SHA-256 0\"");
    String told = Cli.run("inspect", other).succeeded().out();
    assertTrue(told.contains("\nOptimizer: Ad?SHA-256 0 {"), told);
  }

  @Test
  void aLayersNameStaysInItsLine() throws IOException {
    Path other = changed("\"dense\"", "\"de\\nSHA\"");
    String told = Cli.run("inspect", other).succeeded().out();
    assertTrue(told.contains(": Keras model: layer 'de?SHA' (Dense): "), told);
  }

  private Path changed(String part, String by) throws IOException {
    String config = config(keras).toString().replace(part, by);
    Path other = folder.resolve("other.keras");
    try (ZipFile from = new ZipFile(keras.toFile());
        ZipOutputStream to = new ZipOutputStream(Files.newOutputStream(other))) {
      to.putNextEntry(new ZipEntry("config.json"));
      to.write(config.getBytes(StandardCharsets.UTF_8));
      to.putNextEntry(new ZipEntry("model.weights.h5"));
      from.getInputStream(from.getEntry("model.weights.h5")).transferTo(to);
    }
    return other;
  }

  @Test
  void aRunIsToldAsItsSavedModel() throws IOException {
    Path run = Files.createDirectory(folder.resolve("run"));
    Files.writeString(run.resolve("run.json"), "{}");
    SavedModels.write(run.resolve("model"), tiny.model(), tiny.weights());
    String told = Cli.run("inspect", run).succeeded().out();
    assertTrue(told.startsWith(run + ": a SavedModel\nSHA-256 "), told);
  }

  @Test
  void settingsThatAreNoJsonAreRefused() {
    FileContents contents =
        new FileContents(
            FileKind.LEGACY_MODEL,
            ImmutableList.of(),
            ImmutableList.of(),
            ImmutableSet.of(),
            Optional.empty(),
            Optional.of("{\"loss\": "),
            Optional.empty(),
            ImmutableList.of());
    CommandException thrown =
        assertThrows(
            CommandException.class,
            () -> InspectionText.of(Inspection.of(Path.of("net.h5"), contents)));
    assertEquals(
        "net.h5: expected settings in JSON, received other text; the file is damaged",
        thrown.getMessage());
  }

  @ParameterizedTest(name = "{0}")
  @CsvSource(
      delimiter = '|',
      quoteCharacter = '`',
      value = {
        "no.keras | model @/no.keras: expected a file or folder, found none",
        "cut.keras | Keras model @/cut.keras: expected a zip, received what is none: zip END header"
            + " not found",
        "cut.safetensors | model @/cut.safetensors: cannot be read: header: expected tensors of all"
            + " 10 bytes after it, received 148",
        "cut.weights.h5 | weights @/cut.weights.h5 (Keras HDF5): tensor 'layers/conv2d/vars/0':"
            + " expected 18 elements of float32 at byte 3088, received a file of 3102 bytes",
        "cut.index | model @/cut.index: cannot be read: index: expected the table of a checkpoint,"
            + " received other bytes at its end",
        "cut | SavedModel @/cut: saved_model.pb is cut off or damaged",
      })
  void aDamagedFileIsRefused(String name, String message) throws IOException {
    for (Kind kind : Kind.values()) {
      Path file = kind == Kind.KERAS ? keras : tiny.write(kind, folder);
      if (Files.isRegularFile(file)) {
        byte[] all = Files.readAllBytes(file);
        String cut = file.getFileName().toString().replace("tiny", "cut");
        Files.write(folder.resolve(cut), Arrays.copyOf(all, all.length - 138));
      }
    }
    byte[] graph = Files.readAllBytes(folder.resolve("tiny/1/saved_model.pb"));
    Files.createDirectory(folder.resolve("cut"));
    Files.write(folder.resolve("cut/saved_model.pb"), Arrays.copyOf(graph, graph.length - 9));
    Cli.Outcome outcome = Cli.run("inspect", folder.resolve(name));
    assertEquals(
        "tfgraphs inspect: " + message.replace("@", folder.toString()) + "\n", outcome.err());
    assertEquals("", outcome.out());
    assertEquals(Main.REFUSED, outcome.code());
  }
}
