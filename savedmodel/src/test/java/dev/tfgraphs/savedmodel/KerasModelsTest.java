package dev.tfgraphs.savedmodel;

import static dev.tfgraphs.ops.Layers.batchNormalization;
import static dev.tfgraphs.ops.Layers.conv2D;
import static dev.tfgraphs.ops.Layers.dense;
import static dev.tfgraphs.ops.Layers.globalAveragePooling2D;
import static dev.tfgraphs.ops.Layers.input;
import static dev.tfgraphs.ops.Layers.relu;
import static org.junit.jupiter.api.Assertions.assertArrayEquals;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import dev.tfgraphs.ops.Model;
import dev.tfgraphs.ops.Node;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Arrays;
import java.util.LinkedHashMap;
import java.util.Map;
import java.util.Optional;
import java.util.Random;
import java.util.stream.Stream;
import java.util.zip.ZipEntry;
import java.util.zip.ZipOutputStream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.function.Executable;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.Arguments;
import org.junit.jupiter.params.provider.MethodSource;
import org.junit.jupiter.params.provider.ValueSource;

/** Models come out of JSON and of {@code .keras} files, and whatever is no such file is refused. */
class KerasModelsTest {
  private static final int ROUNDS = 600;

  @TempDir private Path folder;

  private static Model network() {
    Node image = input("image", 8, 8, 3);
    Node x = image.to(conv2D(4, 3).name("conv")).to(batchNormalization()).to(relu());
    return Model.of(image, x.to(globalAveragePooling2D()).to(dense(2))).name("net").freeze("conv");
  }

  private static String config() {
    return KerasModels.toJson(network());
  }

  private Path zip(Map<String, String> members) throws IOException {
    Path path = folder.resolve("net.keras");
    try (ZipOutputStream out = new ZipOutputStream(Files.newOutputStream(path))) {
      for (Map.Entry<String, String> member : members.entrySet()) {
        out.putNextEntry(new ZipEntry(member.getKey()));
        out.write(member.getValue().getBytes(StandardCharsets.UTF_8));
        out.closeEntry();
      }
    }
    return path;
  }

  private static void assertFails(String message, Executable run) {
    ModelFileException e = assertThrows(ModelFileException.class, run);
    assertEquals(message, e.getMessage());
  }

  @Test
  void aModelIsTheSameAfterItsText() {
    Model read = KerasModels.fromJson(config());
    assertEquals(network().summary(), read.summary());
    assertEquals(config(), KerasModels.toJson(read));
  }

  @Test
  void numbersKeepEveryBit() {
    String text =
        "{\"a\":[0.1,1.0E-300,0.010000000474974513,6,6.0,-7,9223372036854775807,null,true]}";
    assertEquals(text, Json.text(Json.object("text", text)));
  }

  @Test
  void whatJsonHasNoNumberForIsRefused() {
    assertFails(
        "JSON: expected finite numbers, received NaN", () -> Json.text(Map.of("a", Double.NaN)));
  }

  static Stream<Arguments> texts() {
    return Stream.of(
        Arguments.of("[]", "text: expected a JSON object, received another value"),
        Arguments.of(
            "{} {}", "text: expected JSON, received what is none at line 1 column 5 path $"),
        Arguments.of(
            "{\"a\": 1, \"a\": 2}",
            "text: expected JSON, received what is none: the key 'a' is there twice at $.a"),
        Arguments.of(
            "{\"a\": 1e999}",
            "text: expected JSON, received what is none: the number 1e999 is too large"),
        Arguments.of(
            "{\"a\": 99999999999999999999}",
            "text: expected JSON, received what is none: the number 99999999999999999999 is too"
                + " large"));
  }

  @ParameterizedTest
  @MethodSource("texts")
  void whatIsNoJsonIsRefused(String text, String message) {
    assertFails(message, () -> Json.object("text", text));
  }

  @ParameterizedTest
  @ValueSource(strings = {"", "{", "{\"a\"", "{a: 1}", "{\"a\": NaN}", "{\"a\": 'b'}", "nul"})
  void whatIsAlmostJsonIsRefused(String text) {
    ModelFileException e = assertThrows(ModelFileException.class, () -> Json.object("text", text));
    assertTrue(
        String.valueOf(e.getMessage())
            .startsWith("text: expected JSON, received what is none at line 1 column "),
        e::getMessage);
  }

  @Test
  void textThatIsTooDeepIsRefused() {
    String deep = "{\"a\":" + "[".repeat(100_000) + "]".repeat(100_000) + "}";
    ModelFileException e = assertThrows(ModelFileException.class, () -> Json.object("text", deep));
    assertTrue(String.valueOf(e.getMessage()).startsWith("text: expected JSON"), e::getMessage);
  }

  @Test
  void aZipAndAFolderHoldTheSameModel() throws IOException {
    Path zip =
        zip(Map.of("config.json", config(), "metadata.json", "{\"keras_version\": \"3.15.1\"}"));
    assertEquals(network().summary(), KerasModels.read(zip).summary());
    Path unpacked = Files.createDirectory(folder.resolve("net"));
    Files.writeString(unpacked.resolve("config.json"), config());
    assertEquals(network().summary(), KerasModels.read(unpacked).summary());
    try (KerasArchive archive = KerasArchive.open(zip)) {
      assertEquals(Optional.of("3.15.1"), archive.kerasVersion());
      assertFalse(archive.hasWeights());
    }
  }

  @Test
  void weightsAreCopiedOutOfAZip() throws IOException {
    String weights = "not quite HDF5";
    Path zip = zip(Map.of("config.json", config(), "model.weights.h5", weights));
    try (KerasArchive archive = KerasArchive.open(zip)) {
      archive.copyWeights(folder.resolve("weights"));
    }
    assertArrayEquals(
        weights.getBytes(StandardCharsets.UTF_8), Files.readAllBytes(folder.resolve("weights")));
  }

  @ParameterizedTest
  @ValueSource(strings = {"../config.json", "/config.json", "assets/../../x", "C:/x", "a\\b"})
  void entriesThatLeadElsewhereAreRefused(String name) throws IOException {
    Map<String, String> members = new LinkedHashMap<>();
    members.put("config.json", config());
    members.put(name, "x");
    Path zip = zip(members);
    assertFails(
        "Keras model " + zip + ": expected entries below the model, received '" + name + "'",
        () -> KerasModels.read(zip));
  }

  @Test
  void anEntryThatIsThereTwiceIsRefused() throws IOException {
    Path zip = zip(Map.of("config.json", config(), "confix.json", "{}"));
    byte[] bytes = Files.readAllBytes(zip);
    byte[] other = "confix.json".getBytes(StandardCharsets.UTF_8);
    for (int i = 0; i + other.length <= bytes.length; i++) {
      if (Arrays.equals(Arrays.copyOfRange(bytes, i, i + other.length), other)) {
        bytes[i + 5] = 'g';
      }
    }
    Files.write(zip, bytes);
    assertFails(
        "Keras model " + zip + ": expected every entry once, received 'config.json' twice",
        () -> KerasModels.read(zip));
  }

  @Test
  void whatIsNoModelOfKerasIsRefused() throws IOException {
    Path nothing = folder.resolve("nothing.keras");
    assertFails(
        "Keras model " + nothing + ": expected a file or folder, found none",
        () -> KerasModels.read(nothing));
    Path zip = zip(Map.of("metadata.json", "{}"));
    assertFails(
        "Keras model " + zip + ": expected a config.json, received a zip without",
        () -> KerasModels.read(zip));
    Path text = Files.writeString(folder.resolve("text.keras"), "text");
    ModelFileException e = assertThrows(ModelFileException.class, () -> KerasModels.read(text));
    assertTrue(
        String.valueOf(e.getMessage())
            .startsWith("Keras model " + text + ": expected a zip, received what is none: "),
        e::getMessage);
    Path mine = zip(Map.of("config.json", "{\"class_name\": \"Mine\", \"config\": {}}"));
    assertFails(
        "Keras model "
            + mine
            + ": config.json: model: expected a model of the class Functional or Sequential,"
            + " received 'Mine'",
        () -> KerasModels.read(mine));
  }

  @Test
  void changedTextsAreReadOrRefusedInWords() {
    String text = config();
    int refused = 0;
    for (int seed = 0; seed < ROUNDS; seed++) {
      try {
        assertEquals("Functional", KerasModels.fromJson(changed(text, seed)).className());
      } catch (ModelFileException e) {
        refused++;
        assertTrue(String.valueOf(e.getMessage()).startsWith("Keras model: "), e::getMessage);
      }
    }
    assertTrue(refused > ROUNDS / 4, refused + " refused");
  }

  private static String changed(String text, int seed) {
    Random random = new Random(seed);
    StringBuilder changed = new StringBuilder(text);
    for (int i = 0; i <= random.nextInt(3); i++) {
      int at = random.nextInt(changed.length() - 1);
      switch (random.nextInt(3)) {
        case 0 -> changed.deleteCharAt(at);
        case 1 -> changed.setCharAt(at, (char) (32 + random.nextInt(96)));
        default -> changed.insert(at, text, 0, random.nextInt(40));
      }
    }
    return changed.toString();
  }

  @Test
  void changedZipsAreReadOrRefusedInWords() throws IOException {
    byte[] bytes = Files.readAllBytes(zip(Map.of("config.json", config(), "metadata.json", "{}")));
    Path path = folder.resolve("changed.keras");
    int refused = 0;
    for (int seed = 0; seed < ROUNDS; seed++) {
      Random random = new Random(seed);
      byte[] changed =
          Arrays.copyOf(
              bytes, random.nextInt(8) == 0 ? random.nextInt(bytes.length) : bytes.length);
      for (int i = 0; i < 4 && changed.length > 0; i++) {
        changed[random.nextInt(changed.length)] = (byte) random.nextInt(256);
      }
      Files.write(path, changed);
      try {
        assertEquals("Functional", KerasModels.read(path).className());
      } catch (ModelFileException e) {
        refused++;
        assertTrue(String.valueOf(e.getMessage()).startsWith("Keras model "), e::getMessage);
      }
    }
    assertTrue(refused > ROUNDS / 4, refused + " refused");
  }
}
