package dev.tfgraphs.savedmodel;

import static org.junit.jupiter.api.Assertions.assertArrayEquals;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertThrows;

import com.google.common.collect.ImmutableList;
import com.google.common.collect.ImmutableMap;
import com.google.common.collect.Maps;
import dev.tfgraphs.graphs.GraphException;
import dev.tfgraphs.graphs.HostTensor;
import dev.tfgraphs.graphs.Weights;
import dev.tfgraphs.ops.Model;
import dev.tfgraphs.ops.Shape;
import dev.tfgraphs.ops.Weight;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardCopyOption;
import java.util.ArrayList;
import java.util.List;
import java.util.Objects;
import java.util.Optional;
import java.util.Set;
import java.util.TreeSet;
import java.util.stream.Collectors;
import java.util.stream.Stream;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.MethodSource;
import org.junit.jupiter.params.provider.ValueSource;

class WeightFilesTest {
  @TempDir static Path fixtures;

  @TempDir Path folder;

  @BeforeAll
  static void unpack() throws IOException {
    WeightFixture.unpack(fixtures);
  }

  static Set<String> files() {
    return WeightFixture.files().keySet();
  }

  private static Model modelIn(String file) {
    return WeightFixture.model(Objects.requireNonNull(WeightFixture.files().get(file)));
  }

  private static Weights weightsIn(String file) {
    return WeightFixture.weights(Objects.requireNonNull(WeightFixture.files().get(file)));
  }

  private static void assertSame(Weights expected, Weights actual) {
    assertFalse(expected.tensors().isEmpty());
    assertEquals(List.copyOf(expected.tensors().keySet()), List.copyOf(actual.tensors().keySet()));
    expected
        .tensors()
        .forEach(
            (name, tensor) -> {
              assertEquals(tensor.shape(), actual.get(name).shape(), name);
              assertArrayEquals(tensor.values(), actual.get(name).values(), name);
            });
  }

  private static String message(Runnable call) {
    return String.valueOf(assertThrows(SavedModelException.class, call::run).getMessage())
        .replace(fixtures.toString(), "");
  }

  private static String failure(String file, Model model, ReadOptions options) {
    return message(() -> WeightFiles.read(fixtures.resolve(file), model, options));
  }

  @ParameterizedTest
  @MethodSource("files")
  void whatKerasHasWrittenIsRead(String file) {
    assertSame(weightsIn(file), WeightFiles.read(fixtures.resolve(file), modelIn(file)));
  }

  @ParameterizedTest
  @MethodSource("files")
  void whatIsWrittenIsReadAgain(String file) {
    Weights weights = weightsIn(file);
    for (String ending : List.of(".weights.h5", ".h5", ".hdf5", ".weights.json")) {
      Path written = folder.resolve("new/written" + ending);
      WeightFiles.write(written, modelIn(file), weights);
      assertSame(weights, WeightFiles.read(written, modelIn(file)));
    }
  }

  @ParameterizedTest
  @ValueSource(
      strings = {
        "plain.h5",
        "plain_whole.h5",
        "plain.weights.h5",
        "plain.weights.json",
        "nested.h5",
        "frozen.weights.h5",
        "shared.h5",
        "shared.weights.h5",
        "twins.weights.h5",
        "eleven.weights.h5"
      })
  void layersAreFoundByTheirNames(String file) {
    assertSame(
        weightsIn(file),
        WeightFiles.read(fixtures.resolve(file), modelIn(file), ReadOptions.defaults().byName()));
  }

  @ParameterizedTest
  @ValueSource(strings = {"twins.h5", "twins.weights.h5"})
  void layersInEachOthersPlacesAreAnError(String file) {
    Model swapped = WeightFixture.chain(4, "first", "third", "second");
    String reason =
        "expected the weights of the model, received others:\n"
            + "  third: received 'second' in its place (ReadOptions.byName takes layers by their"
            + " names, byOrder by their places)\n"
            + "  second: received 'third' in its place (ReadOptions.byName takes layers by their"
            + " names, byOrder by their places)";
    assertEquals(
        "weights /" + file + " (Keras HDF5): " + reason,
        failure(file, swapped, ReadOptions.defaults()));
    Weights twins = WeightFixture.weights("twins");
    Path path = fixtures.resolve(file);
    Weights named = WeightFiles.read(path, swapped, ReadOptions.defaults().byName());
    assertEquals(twins.get("second/kernel"), named.get("second/kernel"));
    Weights ordered = WeightFiles.read(path, swapped, ReadOptions.defaults().byOrder());
    assertEquals(twins.get("second/kernel"), ordered.get("third/kernel"));
  }

  @ParameterizedTest
  @ValueSource(strings = {"twins.h5", "twins.weights.h5"})
  void layersOfOtherNamesAreReadInTheirOrder(String file) {
    Model renamed = WeightFixture.chain(4, "one", "two", "three");
    Weights weights = WeightFiles.read(fixtures.resolve(file), renamed);
    Weights twins = WeightFixture.weights("twins");
    assertEquals(twins.get("second/kernel"), weights.get("two/kernel"));
    assertEquals(twins.get("third/bias"), weights.get("three/bias"));
  }

  @ParameterizedTest
  @ValueSource(strings = {"nested.h5", "nested.weights.h5"})
  void layersOfOtherNamesInsideAModelAreReadInTheirOrderIfSaidSo(String file) {
    Model renamed = WeightFixture.nested(WeightFixture.inner("c1", "n1", "c2", "n2"));
    Weights weights =
        WeightFiles.read(fixtures.resolve(file), renamed, ReadOptions.defaults().byOrder());
    Weights nested = WeightFixture.weights("nested");
    assertEquals(nested.get("inner/conv_b/kernel"), weights.get("inner/c2/kernel"));
    assertEquals(nested.get("inner/norm_a/beta"), weights.get("inner/n1/beta"));
    assertEquals(nested.get("head/bias"), weights.get("head/bias"));
  }

  @ParameterizedTest
  @ValueSource(strings = {"nested.h5", "nested.weights.h5"})
  void layersInEachOthersPlacesInsideAModelAreToldApart(String file) {
    Model swapped =
        WeightFixture.nested(WeightFixture.inner("conv_a", "norm_b", "conv_b", "norm_a"));
    Weights nested = WeightFixture.weights("nested");
    if (file.equals("nested.h5")) {
      Weights weights = WeightFiles.read(fixtures.resolve(file), swapped);
      assertEquals(nested.get("inner/norm_a/beta"), weights.get("inner/norm_a/beta"));
    } else {
      assertEquals(
          "weights /nested.weights.h5 (Keras HDF5): expected the weights of the model, received"
              + " others:",
          failure(file, swapped, ReadOptions.defaults()).lines().findFirst().orElseThrow());
    }
  }

  @Test
  void aFileWithoutNamesIsNotReadByThem() {
    assertEquals(
        "weights /plain_nameless.weights.h5 (Keras HDF5): expected layers with their names,"
            + " received a file without; it can be read by order",
        failure(
            "plain_nameless.weights.h5", WeightFixture.plain(), ReadOptions.defaults().byName()));
  }

  @Test
  void weightsOfAnotherModelAreNotWritten() {
    Path file = folder.resolve("w.h5");
    assertThrows(
        GraphException.class,
        () -> WeightFiles.write(file, WeightFixture.plain(), WeightFixture.weights("twins")));
    assertFalse(Files.exists(file));
  }

  @Test
  void namesThatAreTooLongForAnAttributeAreSplit() throws IOException {
    String[] names = new String[300];
    for (int i = 0; i < names.length; i++) {
      names[i] = "x".repeat(250) + i;
    }
    Model model = WeightFixture.chain(1, names);
    ImmutableMap.Builder<String, HostTensor> tensors = ImmutableMap.builder();
    for (Weight weight : model.weights()) {
      Shape shape = weight.spec().shape();
      tensors.put(weight.path(), new HostTensor(shape, new float[(int) shape.elements()]));
    }
    Weights weights = new Weights(tensors.buildOrThrow());
    Path file = folder.resolve("long.h5");
    WeightFiles.write(file, model, weights);
    assertSame(weights, WeightFiles.read(file, model));
    try (Hdf5File hdf5 = Hdf5File.open(file, KerasFormat.KIND)) {
      assertEquals(301, hdf5.root().texts("layer_names").size());
      assertEquals(Optional.empty(), hdf5.root().text("layer_names"));
      assertEquals(Optional.of("input"), hdf5.root().text("layer_names0"));
    }
  }

  @Test
  void moreOrFewerLayersAreAnErrorWhereOrderCounts() {
    assertEquals(
        "weights /twins.h5 (Keras HDF5): expected the 2 layers with weights of the model in their"
            + " order, received 3: first, second, third; the model has first, second"
            + " (ReadOptions.byName takes them by their names)",
        failure("twins.h5", WeightFixture.chain(4, "first", "second"), ReadOptions.defaults()));
  }

  @ParameterizedTest
  @CsvSource({
    "twins.h5, 'third/third/bias float32 (4,)', 'third/third/kernel float32 (4, 4)'",
    "twins.weights.h5, 'layers/dense_2/vars/0 float32 (4, 4)', 'layers/dense_2/vars/1 float32"
        + " (4,)'",
  })
  void allThatDoesNotFitIsListed(String file, String first, String second) {
    Model model = WeightFixture.chain(4, "first", "other");
    assertEquals(
        """
        weights /%s (Keras HDF5): expected the weights of the model, received others:
          missing other/kernel (4, 4)
          missing other/bias (4,)
          unused %s
          unused %s
          unused %s
          unused %s\
        """
            .formatted(
                file,
                first.replace("third", "second").replace("_2", "_1"),
                second.replace("third", "second").replace("_2", "_1"),
                first,
                second)
            .stripIndent(),
        failure(file, model, ReadOptions.defaults().byName()));
  }

  @ParameterizedTest
  @ValueSource(strings = {"twins.h5", "twins.weights.h5"})
  void shapesThatDifferAreNamedWithBoth(String file) {
    Model model = WeightFixture.chain(5, "first", "second", "third");
    List<String> lines = failure(file, model, ReadOptions.defaults()).lines().toList();
    assertEquals(7, lines.size());
    String place = file.equals("twins.h5") ? "first/first/kernel" : "layers/dense/vars/0";
    assertEquals("  first/kernel: expected (5, 5), received (4, 4) from " + place, lines.get(1));
  }

  @Test
  void aHeadOfAnotherSizeStaysAsItIsIfSaidSo() {
    Model model = WeightFixture.plain();
    ImmutableMap<String, HostTensor> zeros =
        ImmutableMap.copyOf(
            Maps.transformValues(
                WeightFixture.weights("plain").tensors(),
                tensor -> new HostTensor(tensor.shape(), new float[tensor.values().length])));
    List<String> skipped = new ArrayList<>();
    ReadOptions options =
        ReadOptions.defaults().byName().skipMismatch(new Weights(zeros), skipped::add);
    Weights weights = WeightFiles.read(fixtures.resolve("nested.weights.h5"), model, options);
    assertEquals(WeightFixture.weights("nested").get("head/kernel").shape(), Shape.of(2, 3));
    assertEquals(WeightFixture.weights("nested").get("head/kernel"), weights.get("head/kernel"));
    assertEquals(zeros.get("conv/kernel"), weights.get("conv/kernel"));
    assertEquals(
        List.of("missing conv/kernel (3, 3, 3, 2)", "missing conv/bias (2,)"),
        skipped.subList(0, 2));
    assertEquals(6 + 12, skipped.size());
  }

  @Test
  void theVariablesOfAnOptimizerAreInTheirOrder() throws IOException {
    try (Hdf5File file =
        Hdf5File.open(fixtures.resolve("plain_trained.weights.h5"), KerasFormat.KIND)) {
      ImmutableList<StoredTensor> stored =
          KerasWeights.optimizer(MergedGroup.of(List.of(file.root())));
      ImmutableList<HostTensor> expected = WeightFixture.optimizer();
      assertEquals(8, expected.size());
      assertEquals(expected.size(), stored.size());
      for (int i = 0; i < expected.size(); i++) {
        assertEquals("optimizer/vars/" + i, stored.get(i).name());
        assertEquals(expected.get(i), stored.get(i).read());
      }
      assertEquals(1, stored.get(0).readInteger());
    }
  }

  @Test
  void aShardHoldsWhatFitsAndTheIndexSaysWhere() throws IOException {
    Weights weights = WeightFixture.weights("plain");
    Path index = folder.resolve("small.weights.json");
    WeightFiles.writeShards(index, WeightFixture.plain(), weights, 240);
    assertEquals(
        Set.of("small.weights.json", "small_00000.weights.h5", "small_00001.weights.h5"),
        names(folder));
    assertEquals(
        """
        {
          "metadata": {
            "total_size": 292
          },
          "weight_map": {
            "/layers/conv2d/vars": [
              "small_00000.weights.h5"
            ],
            "/layers/batch_normalization/vars": [
              "small_00000.weights.h5",
              "small_00001.weights.h5"
            ],
            "/layers/dense/vars": [
              "small_00001.weights.h5"
            ]
          }
        }\
        """
            .stripIndent(),
        Files.readString(index));
    assertSame(weights, WeightFiles.read(index, WeightFixture.plain()));
    assertEquals(
        "weights small.weights.json: expected tensors of at most 100 bytes, as large as a shard may"
            + " be, received layers/conv2d/vars/0 float32 (3, 3, 3, 2) of 216",
        message(() -> WeightFiles.writeShards(index, WeightFixture.plain(), weights, 100)));
  }

  private static Set<String> names(Path folder) throws IOException {
    try (Stream<Path> entries = Files.list(folder)) {
      return entries
          .map(entry -> folder.relativize(entry).toString())
          .collect(Collectors.toCollection(TreeSet::new));
    }
  }

  @Test
  void aFileThatIsThereIsReplacedOrStays() throws IOException {
    Path file = folder.resolve("w.weights.h5");
    Weights weights = WeightFixture.weights("plain");
    WeightFiles.write(file, WeightFixture.plain(), weights);
    byte[] before = Files.readAllBytes(file);
    WeightFiles.write(file, WeightFixture.plain(), weights);
    assertArrayEquals(before, Files.readAllBytes(file));
    Files.createDirectories(folder.resolve("x.h5/y"));
    String failure =
        message(() -> WeightFiles.write(folder.resolve("x.h5"), WeightFixture.plain(), weights));
    assertEquals(
        "weights " + folder.resolve("x.h5") + ": cannot be written: ",
        failure.substring(0, failure.indexOf("written: ") + "written: ".length()));
    assertEquals(Set.of("w.weights.h5", "x.h5"), names(folder));
  }

  @ParameterizedTest
  @ValueSource(strings = {"automatic.h5", "automatic_later.h5", "automatic_later.weights.h5"})
  void numbersOfNamesCountByTheirOrder(String file) {
    Model otherOrder = WeightFixture.automatic(true);
    List<String> lines = failure(file, otherOrder, ReadOptions.defaults()).lines().toList();
    String first = file.equals("automatic.h5") ? "conv2d" : "conv2d_9";
    String here = file.equals("automatic.h5") ? "" : ", which is 'conv2d' here";
    assertEquals(4, lines.size());
    assertEquals(
        "  conv2d_1: received '%s' in its place%s (ReadOptions.byName takes layers by their names,"
                .formatted(first, here)
            + " byOrder by their places)",
        lines.get(1));
    Path path = fixtures.resolve(file);
    Weights weights = WeightFiles.read(path, otherOrder, ReadOptions.defaults().byOrder());
    assertEquals(
        WeightFixture.weights("automatic").get("conv2d_2/kernel"), weights.get("conv2d/kernel"));
  }

  @Test
  void whatIsInTwoShardsIsAnError() throws IOException {
    Path index = folder.resolve("two.weights.json");
    Weights weights = WeightFixture.weights("plain");
    WeightFiles.writeShards(index, WeightFixture.plain(), weights, 240);
    Files.copy(
        fixtures.resolve("plain.weights.h5"),
        folder.resolve("two_00001.weights.h5"),
        StandardCopyOption.REPLACE_EXISTING);
    List<String> lines =
        message(() -> WeightFiles.read(index, WeightFixture.plain())).lines().toList();
    assertEquals(1 + 4, lines.size());
    assertEquals(
        "  twice norm/gamma: layers/batch_normalization/vars/0 and"
            + " layers/batch_normalization/vars/0",
        lines.get(3));
  }

  @Test
  void aWriteThatFailsLeavesWhatWasThere() throws IOException {
    Path file = folder.resolve("w.weights.h5");
    Weights weights = WeightFixture.weights("plain");
    WeightFiles.write(file, WeightFixture.plain(), weights);
    WeightFormat failing =
        new WritingOnly() {
          @Override
          public ImmutableList<NewFile> files(Path target, Model model, Weights values) {
            return ImmutableList.of(
                new NewFile("other.h5", fresh -> Files.writeString(fresh, "whole")),
                new NewFile(
                    "w.weights.h5",
                    fresh -> {
                      Files.writeString(fresh, "half");
                      throw new IOException("the disk is full");
                    }));
          }
        };
    assertEquals(
        "weights " + file + ": cannot be written: the disk is full",
        message(() -> WeightFiles.write(file, WeightFixture.plain(), weights, failing)));
    assertEquals(Set.of("w.weights.h5"), names(folder));
    assertSame(weights, WeightFiles.read(file, WeightFixture.plain()));
  }

  /** A format that only writes. */
  private abstract static class WritingOnly implements WeightFormat {
    @Override
    public ImmutableList<String> endings() {
      return ImmutableList.of();
    }

    @Override
    public boolean begins(byte[] head) {
      return false;
    }

    @Override
    public Weights read(Path file, Model model, ReadOptions options) {
      throw new AssertionError(file);
    }
  }

  @Test
  void namesThatSayNothingAreRefused() throws IOException {
    Weights weights = WeightFixture.weights("plain");
    assertEquals(
        "weights w.bin: expected a file of weights (.weights.h5, .weights.json, .h5, .hdf5),"
            + " received a name that ends otherwise",
        message(() -> WeightFiles.write(Path.of("w.bin"), WeightFixture.plain(), weights)));
    assertEquals(
        "weights w.h5: expected a name that ends with .weights.json for an index of shards",
        message(() -> WeightFiles.writeShards(Path.of("w.h5"), WeightFixture.plain(), weights, 1)));
    Path renamed = Files.copy(fixtures.resolve("plain.h5"), folder.resolve("renamed"));
    assertSame(weights, WeightFiles.read(renamed, WeightFixture.plain()));
  }

  @ParameterizedTest
  @CsvSource({
    "'', 'expected a file of weights (.weights.h5, .weights.json, .h5, .hdf5), received one that"
        + " begins with nothing'",
    "'<!DOCTYPE', 'expected a file of weights (.weights.h5, .weights.json, .h5, .hdf5), received"
        + " one that begins with 3c 21 44 4f 43 54 59 50 45'",
  })
  void whatIsNoFileOfWeightsIsRefused(String content, String problem) throws IOException {
    Path file = Files.writeString(folder.resolve("page.h5"), content);
    assertEquals(
        "weights " + file + ": " + problem,
        message(() -> WeightFiles.read(file, WeightFixture.plain())));
  }

  @Test
  void aFileThatIsNotThereIsNamed() {
    Path file = folder.resolve("none.h5");
    assertEquals(
        "weights " + file + ": cannot be read: " + file + ": NoSuchFileException",
        message(() -> WeightFiles.read(file, WeightFixture.plain())));
  }

  @ParameterizedTest
  @ValueSource(strings = {"[]", "{}", "{", "{\"weight_map\": 3}", "{\"weight_map\": {\"/a\": {}}}"})
  void anIndexThatIsNoneIsRefused(String json) throws IOException {
    Path file = Files.writeString(folder.resolve("w.weights.json"), json);
    assertEquals(
        "weights "
            + file
            + " (Keras HDF5 shards): expected a JSON object with a 'weight_map' of file names",
        message(() -> WeightFiles.read(file, WeightFixture.plain())));
  }

  @ParameterizedTest
  @ValueSource(strings = {"../w.h5", "/w.h5", "a/w.h5", "..", ""})
  void anIndexLeadsNowhereElse(String name) throws IOException {
    Path file =
        Files.writeString(
            folder.resolve("w.weights.json"), "{\"weight_map\": {\"/a\": \"" + name + "\"}}");
    assertEquals(
        "weights "
            + file
            + " (Keras HDF5 shards): expected names of files beside it, received '"
            + name
            + "'",
        message(() -> WeightFiles.read(file, WeightFixture.plain())));
  }
}
