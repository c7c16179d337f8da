package dev.tfgraphs.graphs.data;

import static dev.tfgraphs.graphs.data.Reading.assertFails;
import static dev.tfgraphs.graphs.data.Reading.numbers;
import static dev.tfgraphs.graphs.data.Reading.pass;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertNotEquals;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;
import static org.junit.jupiter.api.Assumptions.assumeTrue;

import com.google.common.collect.ImmutableList;
import dev.tfgraphs.graphs.GraphException;
import dev.tfgraphs.ops.Interpolation;
import dev.tfgraphs.ops.Shape;
import java.io.IOException;
import java.io.InputStream;
import java.net.URL;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.Locale;
import java.util.Objects;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.EnumSource;
import org.junit.jupiter.params.provider.ValueSource;
import org.tensorflow.proto.DataType;
import org.tensorflow.proto.NodeDef;
import org.tensorflow.proto.data.DatasetOptions;
import org.tensorflow.types.TUint8;

/** Compares with what Keras reads from the same files; make_images.py made both. */
class ImagesTest {

  private static final List<String> GREYABLE =
      List.of("cats/grey.png", "cats/rgba.png", "cats/a-b/photo.jpg", "cats/a/Loud.JPEG");

  private static final List<String> OTHERS =
      List.of("Dogs/cmyk.jpg", "Dogs/plain.bmp", "Dogs/two.gif");

  @TempDir Path folder;

  @BeforeEach
  void copyFiles() throws IOException {
    Files.createDirectories(folder.resolve("Dogs"));
    for (String name : GREYABLE) {
      copy(name, name);
    }
  }

  private void copyOthers() throws IOException {
    for (String name : OTHERS) {
      copy(name, name);
    }
  }

  private void copy(String from, String to) throws IOException {
    Path target = folder.resolve(to);
    Files.createDirectories(Objects.requireNonNull(target.getParent()));
    try (InputStream in = resource("folder/" + from).openStream()) {
      Files.copy(in, target);
    }
  }

  private static URL resource(String name) {
    return Objects.requireNonNull(ImagesTest.class.getResource(name), name);
  }

  private static List<String> golden(String name) {
    try (InputStream in = resource(name).openStream()) {
      return new String(in.readAllBytes(), StandardCharsets.UTF_8).lines().toList();
    } catch (IOException e) {
      throw new AssertionError(e);
    }
  }

  /** Path, label and values of each image, as the golden files have them. */
  private List<String> lines(Images images, int batchSize) {
    List<String> lines = new ArrayList<>();
    try (Batches batches = images.open(batchSize, false, 0)) {
      pass(
          batches,
          0,
          batch -> {
            List<Number> values = numbers(batch.inputs().get(0));
            List<Number> labels = numbers(batch.targets().get(0));
            int each = values.size() / batch.size();
            for (int i = 0; i < batch.size(); i++) {
              Path path = folder.relativize(images.paths().get(lines.size()));
              String name = path.toString().replace('\\', '/');
              StringBuilder line = new StringBuilder(name + "," + labels.get(i));
              values
                  .subList(i * each, (i + 1) * each)
                  .forEach(value -> line.append(',').append(value.doubleValue()));
              lines.add(line.toString());
            }
            return batch.size();
          });
    }
    return lines;
  }

  @ParameterizedTest
  @EnumSource
  void everyKindOfFileGivesThePixelsOfKeras(Interpolation interpolation) throws IOException {
    copyOthers();
    List<String> expected =
        golden("rgb_%s.csv".formatted(interpolation.name().toLowerCase(Locale.ROOT)));
    assertEquals(7, expected.size());
    Images images = Images.folder(folder, 3, 4).interpolation(interpolation);
    assertEquals(expected, lines(images, 4));
  }

  @Test
  void greyImagesHaveThePixelsOfKeras() {
    List<String> expected = golden("grayscale_bilinear.csv");
    assertEquals(4, expected.size());
    Images images = Images.folder(folder, 3, 4).grayscale();
    assertEquals(Shape.of(3, 4, 1), images.inputs().get(0).shape());
    assertEquals(expected, lines(images, 32));
  }

  @Test
  void theDescriptionSaysWhatAnImageAndALabelAre() {
    Images images = Images.folder(folder, 3, 4);
    assertEquals(
        ImmutableList.of(new TensorSpec(DataType.DT_FLOAT, Shape.of(3, 4, 3))), images.inputs());
    assertEquals(ImmutableList.of(new TensorSpec(DataType.DT_INT32, Shape.of())), images.targets());
    assertEquals(List.of("Dogs", "cats"), images.classNames());
    assertEquals(4, images.samples());
  }

  @ParameterizedTest
  @ValueSource(longs = {0, 7, 123456, 2147483647})
  void aSplitTakesTheFilesThatKerasTakes(long seed) throws IOException {
    copyOthers();
    Split split = Images.folder(folder, 3, 4).split(0.3, seed);
    List<String> expected =
        golden("splits.csv").stream().filter(line -> line.startsWith(seed + ",")).toList();
    assertEquals(2, expected.size());
    assertEquals(expected, List.of(names(seed, split.training()), names(seed, split.validation())));
    assertEquals(
        golden("rgb_bilinear.csv").stream()
            .filter(line -> expected.get(1).contains(line.replaceAll("^.*/|,.*$", "")))
            .sorted()
            .toList(),
        lines((Images) split.validation(), 4).stream().sorted().toList());
  }

  /** As Keras's image_dataset_from_directory does. */
  @Test
  void aSingleFolderIsASingleClass() throws IOException {
    copy("cats/grey.png", "single/one/a.png");
    copy("cats/rgba.png", "single/one/deeper/b.png");
    Images images = Images.folder(folder.resolve("single"), 3, 4);
    assertEquals(List.of("one"), images.classNames());
    try (Batches batches = images.open(2, false, 0)) {
      pass(
          batches,
          0,
          batch -> {
            assertEquals(List.of(0, 0), numbers(batch.targets().get(0)));
            return batch.size();
          });
    }
  }

  private static String names(long seed, Dataset images) {
    StringBuilder line = new StringBuilder().append(seed);
    for (Path path : ((Images) images).paths()) {
      line.append(',').append(path.getFileName());
    }
    return line.toString();
  }

  @Test
  void aShuffledPassPutsEachImageBesideItsLabel() throws IOException {
    copyOthers();
    Images images = Images.folder(folder, 1, 1);
    List<String> stored = lines(images, 1).stream().map(ImagesTest::withoutPath).toList();
    try (Batches batches = images.open(1, true, 5)) {
      List<List<String>> passes = new ArrayList<>();
      for (int epoch = 0; epoch < 3; epoch++) {
        passes.add(
            pass(
                batches,
                epoch,
                batch ->
                    withoutPath(
                        "," + numbers(batch.targets().get(0)) + numbers(batch.inputs().get(0)))));
      }
      assertNotEquals(passes.get(0), passes.get(1));
      for (List<String> pass : passes) {
        assertEquals(stored.stream().sorted().toList(), pass.stream().sorted().toList());
      }
    }
  }

  private static String withoutPath(String line) {
    return line.replaceAll("^[^,]*,", "").replaceAll("[\\[\\], ]+", " ").strip();
  }

  @Test
  void filesWithoutLabelsAreToPredictFor() {
    List<Path> files = List.of(folder.resolve("cats/rgba.png"), folder.resolve("cats/grey.png"));
    Images images = Images.files(files, 3, 4);
    assertEquals(List.of(), images.targets());
    assertEquals(List.of(), images.classNames());
    assertEquals(List.of(72), Reading.inputs(images, 2).stream().map(List::size).toList());
    assertEquals(files.subList(1, 2), ((Images) images.skip(1)).paths());
    assertEquals(1, images.split(0.5).validation().samples());
  }

  @Test
  void aFolderIsListedAsAClassIs() throws IOException {
    Path cats = folder.resolve("cats");
    assertEquals(
        List.of("cats/grey.png", "cats/rgba.png", "cats/a/Loud.JPEG", "cats/a-b/photo.jpg"),
        Images.paths(cats).stream().map(folder::relativize).map(Path::toString).toList());
    Path empty = Files.createDirectory(folder.resolve("empty"));
    assertFails(
        "images: expected .bmp, .gif, .jpeg, .jpg or .png files below " + empty + ", received none",
        () -> Images.paths(empty));
  }

  @Test
  void wrongFoldersAreRefusedBeforeAnythingIsTrained() throws IOException {
    Path none = folder.resolve("none");
    assertFails(
        "images: expected a folder at " + none + ", received nothing",
        () -> Images.folder(none, 3, 4));
    Path file = folder.resolve("cats/grey.png");
    assertFails(
        "images: expected a folder at " + file + ", received a file",
        () -> Images.folder(file, 3, 4));
    Path flat = folder.resolve("cats/a");
    assertFails(
        "images: expected a subfolder for each class in "
            + flat
            + ", received images without subfolders",
        () -> Images.folder(flat, 3, 4));
    Path bare = Files.createDirectories(folder.resolve("bare/.hidden")).resolveSibling("");
    assertFails(
        "images: expected a subfolder for each class in " + bare + ", received none",
        () -> Images.folder(bare, 3, 4));
    Path text = Files.createDirectories(folder.resolve("text/one")).resolveSibling("");
    Files.createDirectories(text.resolve("two"));
    assertFails(
        "images: expected .bmp, .gif, .jpeg, .jpg or .png files below " + text + ", received none",
        () -> Images.folder(text, 3, 4));
  }

  @Test
  void wrongFilesAreRefusedByNameBeforeAnythingIsTrained() throws IOException {
    Path webp = Files.writeString(folder.resolve("Dogs/a.jpg"), "RIFF1234WEBP");
    assertFails(
        "image " + webp + ": expected a BMP, GIF, JPEG or PNG, received other bytes",
        () -> Images.folder(folder, 3, 4));
    Files.write(webp, new byte[0]);
    assertFails(
        "image " + webp + ": expected a BMP, GIF, JPEG or PNG, received an empty file",
        () -> Images.folder(folder, 3, 4));
    Path missing = folder.resolve("missing.png");
    assertFails(
        "image " + missing + ": expected a file, received nothing",
        () -> Images.files(List.of(missing), 3, 4));
    assertFails(
        "images: expected at least one file, received none", () -> Images.files(List.of(), 3, 4));
    assertFails(
        "images: expected a height and a width of 1 or more, received (0, 4)",
        () -> Images.files(List.of(folder.resolve("cats/grey.png")), 0, 4));
  }

  @Test
  void aFileThatCannotBeDecodedIsNamedWhenItIsRead() throws IOException {
    Path broken = folder.resolve("Dogs/broken.png");
    Files.write(broken, Arrays.copyOf(Files.readAllBytes(folder.resolve("cats/grey.png")), 60));
    Images images = Images.folder(folder, 3, 4);
    assertFails(
        "image " + broken + ": cannot be decoded: Invalid PNG data, size 60",
        () -> lines(images, 2));
  }

  @ParameterizedTest
  @CsvSource({"cmyk.jpg, a CMYK JPEG", "plain.bmp, a BMP", "two.gif, a GIF"})
  void whatHasNoGreyIsRefusedBeforeAnythingIsRead(String name, String received) throws IOException {
    copy("Dogs/" + name, "Dogs/" + name);
    Images images = Images.folder(folder, 3, 4);
    assertFails(
        "image %s: expected a JPEG but CMYK or a PNG, to be read in grey, received %s;"
                .formatted(folder.resolve("Dogs/" + name), received)
            + " store it as PNG",
        images::grayscale);
    // what is refused is what TensorFlow cannot do
    Images.Decoding grey = new Images.Decoding(3, 4, 1, Interpolation.BILINEAR);
    try (ImageGraph graph = new ImageGraph(grey, 1)) {
      assertThrows(
          GraphException.class,
          () -> graph.check(ImageFile.asStored(folder.resolve("Dogs/" + name))));
    }
  }

  /** Else the end of an epoch waits, by chance as long as that took, for the thread that tunes. */
  @Test
  void tensorFlowTunesNoNumbersOfThreadsBehindAFolder() throws IOException {
    NodeDef untuned;
    NodeDef iterated;
    try (ImageGraph graph =
        new ImageGraph(new Images.Decoding(3, 4, 1, Interpolation.BILINEAR), 1)) {
      untuned = only(graph, "OptionsDataset");
      iterated = only(graph, "MakeIterator");
    }
    assertEquals(untuned.getName(), iterated.getInput(0));
    DatasetOptions.Options options =
        DatasetOptions.Options.parseFrom(untuned.getAttrOrThrow("serialized_options").getS());
    assertTrue(options.getAutotuneOptions().hasEnabled());
    assertFalse(options.getAutotuneOptions().getEnabled());
  }

  private static NodeDef only(ImageGraph graph, String type) {
    List<NodeDef> found =
        graph.definition().getNodeList().stream()
            .filter(node -> node.getOp().equals(type))
            .toList();
    assertEquals(1, found.size(), type);
    return found.get(0);
  }

  @Test
  void otherBatchesOfAPassWithABrokenFileAreRead() throws IOException {
    Path late = folder.resolve("late/broken.gif");
    Files.createDirectories(folder.resolve("late"));
    Files.writeString(late, "GIF89a");
    try (Batches batches = Images.folder(folder, 3, 4).open(4, false, 0)) {
      batches.begin(0);
      batches.next().orElseThrow().close();
      assertFails(
          "image "
              + late
              + ": cannot be decoded: Invalid GIF data (size 6), failed to open gif file: No screen"
              + " descriptor detected",
          batches::next);
    }
  }

  @Test
  void wrongSplitsAreRefused() {
    Images images = Images.folder(folder, 3, 4);
    assertFails(
        "split: expected split(validationSplit, seed) for a folder of images, since its files are"
            + " sorted by class",
        () -> images.batch(2).split(0.5));
    assertFails(
        "split: expected a seed from 0 to 4294967295, received -1", () -> images.split(0.5, -1));
    assertFails(
        "split: expected a sample or more in each part, received a validation split of 0.1 and 4"
            + " samples",
        () -> images.split(0.1, 1));
  }

  @Test
  void imagesCanBeMappedAndCut() {
    Dataset mapped =
        Images.folder(folder, 1, 1).map((tf, x) -> tf.dtypes.cast(x, TUint8.class)).skip(3);
    assertEquals(1, mapped.samples());
    assertEquals(
        ImmutableList.of(new TensorSpec(DataType.DT_UINT8, Shape.of(1, 1, 3))), mapped.inputs());
    assertEquals(List.of(3), Reading.inputs(mapped, 2).stream().map(List::size).toList());
  }

  @Test
  void aSubfolderThatIsALinkIsAClass() throws IOException {
    Path linked = folder.resolve("linked");
    try {
      Files.createSymbolicLink(linked, folder.resolve("cats/a"));
    } catch (IOException | UnsupportedOperationException e) {
      assumeTrue(false, "this system lets nobody make links");
    }
    assertEquals(5, Images.folder(folder, 3, 4).samples());
  }
}
