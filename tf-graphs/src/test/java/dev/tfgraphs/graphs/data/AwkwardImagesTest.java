package dev.tfgraphs.graphs.data;

import static org.junit.jupiter.api.Assertions.assertArrayEquals;
import static org.junit.jupiter.api.Assertions.assertEquals;

import com.google.gson.JsonArray;
import com.google.gson.JsonElement;
import com.google.gson.JsonObject;
import com.google.gson.JsonParser;
import java.io.IOException;
import java.net.URISyntaxException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Objects;
import java.util.stream.IntStream;
import java.util.stream.Stream;
import org.junit.jupiter.api.Named;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.MethodSource;

/**
 * Every kind of file is what {@code tf.io.decode_image} and {@code tf.image.resize} make of it, and
 * upright as Pillow's {@code exif_transpose} turns it (conformance/makers/images.py).
 */
class AwkwardImagesTest {

  /** A grey level in 255 is much; decoders and kernels are those of TensorFlow in Python. */
  private static final float TOLERANCE = 1e-3f;

  private static final int HEIGHT = 5;
  private static final int WIDTH = 4;

  private static Path file(String name) {
    try {
      return Path.of(
          Objects.requireNonNull(AwkwardImagesTest.class.getResource("awkward/" + name), name)
              .toURI());
    } catch (URISyntaxException e) {
      throw new AssertionError(e);
    }
  }

  private static Stream<Named<JsonObject>> rows(String list, int count) throws IOException {
    JsonObject all =
        JsonParser.parseString(Files.readString(file("awkward.json"))).getAsJsonObject();
    JsonArray rows = all.getAsJsonArray(list);
    assertEquals(count, rows.size());
    return rows.asList().stream()
        .map(JsonElement::getAsJsonObject)
        .map(row -> Named.of(row.get("file").getAsString(), row));
  }

  static Stream<Named<JsonObject>> stored() throws IOException {
    return rows("stored", 24);
  }

  static Stream<Named<JsonObject>> upright() throws IOException {
    return rows("upright", 8);
  }

  private static Images images(List<JsonObject> rows) {
    List<Path> files = rows.stream().map(row -> file(row.get("file").getAsString())).toList();
    return Images.files(files, HEIGHT, WIDTH);
  }

  private static void assertPixels(JsonObject row, List<Number> actual) {
    List<JsonElement> expected = row.getAsJsonObject("pixels").getAsJsonArray("values").asList();
    assertEquals(HEIGHT * WIDTH * 3, expected.size());
    assertArrayEquals(
        floats(expected.stream().map(JsonElement::getAsNumber).toList()),
        floats(actual),
        TOLERANCE,
        row.get("file").getAsString());
  }

  private static float[] floats(List<? extends Number> numbers) {
    float[] values = new float[numbers.size()];
    for (int i = 0; i < values.length; i++) {
      values[i] = numbers.get(i).floatValue();
    }
    return values;
  }

  @ParameterizedTest
  @MethodSource("stored")
  void everyKindOfColoursIsReadAsTensorFlowReadsIt(JsonObject row) {
    assertPixels(row, Reading.inputs(images(List.of(row)), 1).get(0));
  }

  @ParameterizedTest
  @MethodSource("upright")
  void aPhotographIsTurnedAsItsExifSays(JsonObject row) {
    assertPixels(row, Reading.inputs(images(List.of(row)).upright(), 1).get(0));
  }

  /** What has no EXIF is as it is stored, beside what has. */
  @Test
  void oneGraphServesAllOrientations() throws IOException {
    List<JsonObject> rows =
        Stream.concat(upright(), stored().filter(row -> !row.getName().startsWith("orientation")))
            .map(Named::getPayload)
            .toList();
    assertEquals(24, rows.size());
    List<Number> all = new ArrayList<>();
    Reading.inputs(images(rows).upright(), 4).forEach(all::addAll);
    int each = all.size() / rows.size();
    IntStream.range(0, rows.size())
        .forEach(i -> assertPixels(rows.get(i), all.subList(i * each, (i + 1) * each)));
  }

  /** Each photograph keeps its own orientation wherever it comes to stand. */
  @Test
  void partsOfPhotographsAreUprightToo() throws IOException {
    List<JsonObject> rows = upright().map(Named::getPayload).toList();
    Images images = (Images) images(rows).upright().skip(5);
    assertPixels(rows.get(6), Reading.inputs(images, 1).get(1));
    assertPixels(rows.get(7), Reading.inputs(images, 1).get(2));
  }

  @Test
  void aFileThatIsGoneIsNamed(@TempDir Path folder) throws IOException {
    Path gone = Files.copy(file("orientation_6.jpg"), folder.resolve("gone.jpg"));
    Images images = Images.files(List.of(gone), HEIGHT, WIDTH);
    Files.delete(gone);
    Reading.assertFails("image " + gone + ": expected a file that can be read", images::upright);
  }
}
