package dev.tfgraphs.savedmodel;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertThrows;

import dev.tfgraphs.graphs.HostTensor;
import dev.tfgraphs.ops.Model;
import dev.tfgraphs.ops.Shape;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Arrays;
import java.util.Collections;
import java.util.List;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

class DamagedWeightFilesTest {
  @TempDir static Path fixtures;

  @TempDir Path folder;

  @BeforeAll
  static void makeFiles() throws IOException {
    WeightFixture.unpack(fixtures);
  }

  @Test
  void aFileThatEndsAnywhereIsRefused() throws IOException {
    byte[] bytes = Files.readAllBytes(fixtures.resolve("twins.h5"));
    Model model = WeightFixture.model("twins");
    for (int length = 0; length < bytes.length; length += 97) {
      Path file = Files.write(folder.resolve("short" + length), Arrays.copyOf(bytes, length));
      assertThrows(ModelFileException.class, () -> WeightFiles.read(file, model));
    }
  }

  private String failure(Hdf5Writer.Group root, Model model) throws IOException {
    Path file = folder.resolve("made.weights.h5");
    Hdf5Writer.write(file, root);
    return String.valueOf(
            assertThrows(ModelFileException.class, () -> WeightFiles.read(file, model))
                .getMessage())
        .replace(folder.toString(), "");
  }

  @Test
  void groupsInGroupsHaveAnEnd() throws IOException {
    Hdf5Writer.Group root = new Hdf5Writer.Group();
    root.group(String.join("/", Collections.nCopies(200, "layers/functional")));
    assertEquals(
        "weights /made.weights.h5 (Keras HDF5): expected models nested less than 100 times",
        failure(root, WeightFixture.plain()));
  }

  @Test
  void namesThatRepeatHaveAnEnd() throws IOException {
    Hdf5Writer.Group root = new Hdf5Writer.Group();
    List<String> names = Collections.nCopies(60_000, "a");
    root.attribute("layer_names", names).group("a").attribute("weight_names", names);
    root.dataset("a/a", StoredTensor.of("a", new HostTensor(Shape.of(1), new float[1])));
    assertEquals(
        "weights /made.weights.h5 (Keras HDF5): expected an undamaged HDF5 file that Keras wrote,"
            + " received one that fails at '/a': expected names and attributes of at most"
            + " 67108864 bytes, received more, or in circles",
        failure(root, WeightFixture.plain()));
  }

  @ParameterizedTest
  @CsvSource(
      quoteCharacter = '"',
      value = {
        "soft.weights.h5, \"expected what the file itself holds at '/layers/dense/vars/0', received"
            + " a link\"",
        "external.weights.h5, \"expected what the file itself holds at '/layers/dense', received a"
            + " link\"",
        "chunks.h5, \"expected numbers in one piece, as Keras writes them at '/head/head/bias',"
            + " received them in chunks (h5repack -l CONTI -f NONE writes them so)\"",
        "text.h5, \"expected numbers at '/head/head/bias', received text\"",
        "huge.h5, \"expected an undamaged HDF5 file that Keras wrote, received one that fails at"
            + " '/head/head/bias': expected less than 2^31 elements, received (1048576, 1048576)\"",
        "absent.h5, \"tensor 'head/head/bias': expected 3 elements of float32 at byte -1, received"
            + " a file of 19864 bytes\"",
        "gone.h5, \"expected a tensor at '/head/head/bias', received nothing\"",
        "heap.h5, \"expected an undamaged HDF5 file that Keras wrote, received one that fails at"
            + " '/': expected links in the header of a group, received links in a heap (h5py writes"
            + " none unless libver is 'latest')\"",
      })
  void aFileThatKerasDoesNotWriteIsRefused(String name, String problem) {
    Path file = fixtures.resolve("odd_" + name);
    assertEquals(
        "weights " + file + " (Keras HDF5): " + problem,
        String.valueOf(
            assertThrows(
                    ModelFileException.class, () -> WeightFiles.read(file, WeightFixture.plain()))
                .getMessage()));
  }

  @Test
  void aCircleIsWalkedOnce() {
    WeightFiles.read(fixtures.resolve("odd_circle.weights.h5"), WeightFixture.plain());
  }
}
