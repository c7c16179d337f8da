package dev.tfgraphs.applications;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertThrows;

import com.google.gson.JsonArray;
import com.google.gson.JsonObject;
import dev.tfgraphs.ops.ModelException;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.stream.Collectors;
import java.util.stream.IntStream;
import java.util.stream.Stream;
import org.junit.jupiter.api.Named;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.function.Executable;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.MethodSource;

/** Compares with Keras's decode_predictions (conformance/makers/class_index.py). */
class ClassIndexTest {
  private static final JsonObject FILE = Fixture.file("class_index.json");

  @TempDir Path folder;

  static Stream<Named<JsonObject>> cases() {
    JsonArray cases = FILE.getAsJsonArray("cases");
    assertEquals(4, cases.size());
    return Fixture.objects(cases).map(row -> Named.of(row.get("name").getAsString(), row));
  }

  /** As the maker has it. */
  private ClassIndex index(int classes) throws IOException {
    return read(
        IntStream.range(0, classes)
            .mapToObj(i -> "\"%d\": [\"n%d\", \"class_%d\"]".formatted(i, 10_000_000 + 7 * i, i))
            .collect(Collectors.joining(", ", "{", "}")));
  }

  private ClassIndex read(String text) throws IOException {
    return ClassIndex.read(Files.writeString(folder.resolve("index.json"), text));
  }

  private static float[] scores(JsonObject row) {
    int factor = row.get("factor").getAsInt();
    int offset = row.get("offset").getAsInt();
    float[] scores = new float[1000];
    for (int i = 0; i < scores.length; i++) {
      scores[i] = ((factor * i + 13) % 1000 + offset) / 1024f;
    }
    return scores;
  }

  @ParameterizedTest
  @MethodSource("cases")
  void predictionsAreDecodedAsInKeras(JsonObject row) throws IOException {
    int top = row.get("top").getAsInt();
    List<DecodedPrediction> decoded = index(1000).decodePredictions(scores(row), top);
    List<List<Object>> expected =
        row.getAsJsonArray("decoded").asList().stream()
            .map(each -> each.getAsJsonArray())
            .map(
                each ->
                    List.<Object>of(
                        each.get(0).getAsString(),
                        each.get(1).getAsString(),
                        each.get(2).getAsFloat()))
            .toList();
    assertEquals(top, expected.size());
    assertEquals(
        expected,
        decoded.stream()
            .map(each -> List.<Object>of(each.id(), each.name(), each.score()))
            .toList());
    decoded.forEach(each -> assertEquals("class_" + each.index(), each.name()));
  }

  @Test
  void ofEqualScoresTheLaterClassComesFirst() throws IOException {
    List<DecodedPrediction> decoded =
        index(5).decodePredictions(new float[] {0.1f, 0.3f, 0.3f, 0, 0.3f}, 4);
    assertEquals(List.of(4, 2, 1, 0), decoded.stream().map(DecodedPrediction::index).toList());
  }

  @Test
  void theNamesAreThoseOfTheModelsOutput() throws IOException {
    ClassIndex index =
        read(
            "\n"
                + "{\"1\" : [\"n2\",\r\n"
                + "\t\"jack-o'-lantern\"],\"0\":[\"\",\"\\u00e9t\\u00C9 \\\"x\\\\\\n"
                + "\"]} ");
    assertEquals(List.of("étÉ \"x\\\n", "jack-o'-lantern"), index.names());
    assertEquals(2, index.size());
    assertEquals(
        List.of(new DecodedPrediction(1, "n2", "jack-o'-lantern", 0.75f)),
        index.decodePredictions(new float[] {0.25f, 0.75f}, 1));
  }

  @Test
  void predictionsOfAnotherModelAreRefused() throws IOException {
    ClassIndex index = index(1000);
    assertRefused(
        "class index: expected 1000 values, received 10",
        () -> index.decodePredictions(new float[10], 5));
    for (int top : new int[] {0, 1001}) {
      assertRefused(
          "class index: expected to tell from 1 to 1000 classes, received " + top,
          () -> index.decodePredictions(new float[1000], top));
    }
    float[] broken = new float[1000];
    broken[7] = Float.NaN;
    assertRefused(
        "class index: expected numbers, received NaN for class_7",
        () -> index.decodePredictions(broken, 5));
  }

  private static void assertRefused(String message, Executable call) {
    assertEquals(message, assertThrows(ModelException.class, call).getMessage());
  }

  @ParameterizedTest
  @CsvSource(
      quoteCharacter = '`',
      delimiter = '|',
      value = {
        "``| '{' at character 0, received the end",
        "<html>| '{' at character 0, received '<'",
        "{}| '\"' at character 1, received '}'",
        "{\"0\": [\"a\", \"b\"]| '}' at character 16, received the end",
        "{\"0\": [\"a\", \"b\"],}| '\"' at character 17, received '}'",
        "{\"0\": [\"a\", \"b\"]} x| the end at character 18, received 'x'",
        "{\"0\": \"a\"}| '[' at character 6, received '\"'",
        "{\"0\": [\"a\"]}| ',' at character 10, received ']'",
        "{\"0\": [\"a\", \"b\", \"c\"]}| ']' at character 15, received ','",
        "{0: [\"a\", \"b\"]}| '\"' at character 1, received '0'",
        "{\"0\": [\"a\", \"b| '\"' at character 14, received the end",
        "{\"0\": [\"a\", \"\\x\"]}| an escape of JSON at character 14, received 'x'",
        "{\"0\": [\"a\", \"\\u00g0\"]}| an escape of JSON at character 14, received 'u'",
        "{\"0\": [\"a\", \"\\u00| an escape of JSON at character 14, received 'u'",
        "{\"1\": [\"a\", \"b\"]}| every class from 0 to 0, received none for 0",
        "{\"00\": [\"a\", \"b\"]}| every class from 0 to 0, received none for 0",
        "{\"0\": [\"a\", \"b\"], \"0\": [\"a\", \"b\"]}| every class once, received the class 0"
            + " twice",
      })
  void aDamagedFileIsRefused(String text, String expected) {
    assertRefused(
        "class index " + folder.resolve("index.json") + ": expected " + expected, () -> read(text));
  }

  @Test
  void aFileThatIsNotThereIsNamed() {
    Path none = folder.resolve("none.json");
    assertEquals(
        "class index " + none + ": cannot be read",
        assertThrows(UncheckedIOException.class, () -> ClassIndex.read(none)).getMessage());
  }

  @Test
  void theFileIsThatOfKeras() {
    assertEquals(
        List.of(ClassIndex.FILE_NAME, ClassIndex.ADDRESS, "models", ClassIndex.MD5),
        Stream.of("file", "address", "folder", "md5")
            .map(key -> FILE.get(key).getAsString())
            .toList());
  }
}
