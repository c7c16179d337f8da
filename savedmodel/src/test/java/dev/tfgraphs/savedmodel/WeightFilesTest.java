package dev.tfgraphs.savedmodel;

import static org.junit.jupiter.api.Assertions.assertArrayEquals;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertThrows;

import com.google.common.collect.ImmutableList;
import com.google.common.collect.ImmutableMap;
import com.google.common.collect.ImmutableSet;
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
import java.util.List;
import java.util.Locale;
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
import org.tensorflow.proto.BundleHeaderProto;

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

  private static String message(Runnable call) {
    return WeightFixture.message(fixtures, call::run);
  }

  @ParameterizedTest
  @MethodSource("files")
  void whatKerasHasWrittenIsRead(String file) {
    WeightFixture.assertSame(
        WeightFixture.weightsIn(file),
        WeightFiles.read(fixtures.resolve(file), WeightFixture.modelIn(file)));
  }

  @ParameterizedTest
  @MethodSource("files")
  void whatIsWrittenIsReadAgain(String file) {
    Weights weights = WeightFixture.weightsIn(file);
    for (String ending : List.of(".weights.h5", ".h5", ".hdf5", ".weights.json")) {
      Path written = folder.resolve("new/written" + ending);
      WeightFiles.write(written, WeightFixture.modelIn(file), weights);
      WeightFixture.assertSame(weights, WeightFiles.read(written, WeightFixture.modelIn(file)));
    }
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
    WeightFixture.assertSame(weights, WeightFiles.read(file, model));
    try (Hdf5File hdf5 = KerasHdf5.open(file)) {
      assertEquals(301, hdf5.root().texts("layer_names").size());
      assertEquals(Optional.empty(), hdf5.root().text("layer_names"));
      assertEquals(Optional.of("input"), hdf5.root().text("layer_names0"));
    }
  }

  @Test
  void theVariablesOfAnOptimizerAreInTheirOrder() throws IOException {
    try (Hdf5File file = KerasHdf5.open(fixtures.resolve("plain_trained.weights.h5"))) {
      OptimizerVariables stored =
          KerasWeights.optimizer("f", MergedGroup.of(List.of(file.root()))).orElseThrow();
      ImmutableList<HostTensor> expected = WeightFixture.optimizer();
      assertEquals(8, expected.size());
      assertEquals(expected.subList(1, expected.size()), stored.others());
      assertEquals(1, stored.iteration());
      assertEquals(Optional.empty(), stored.scaling());
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
    WeightFixture.assertSame(weights, WeightFiles.read(index, WeightFixture.plain()));
    assertEquals(
        "weights small.weights.json: expected tensors of at most 100 bytes, as large as a shard may"
            + " be, received layers/conv2d/vars/0 float32 (3, 3, 3, 2) of 216",
        message(() -> WeightFiles.writeShards(index, WeightFixture.plain(), weights, 100)));
  }

  @Test
  void namesOfFilesHaveTheDigitsOfKerasInEveryLanguage() throws IOException {
    Weights weights = WeightFixture.weights("plain");
    Locale before = Locale.getDefault();
    try {
      Locale.setDefault(Locale.forLanguageTag("ar-EG-u-nu-arab"));
      for (String name : List.of("shards.weights.json", "ckpt.index")) {
        Path file = folder.resolve(name);
        WeightFiles.write(file, WeightFixture.plain(), weights);
        WeightFixture.assertSame(weights, WeightFiles.read(file, WeightFixture.plain()));
      }
    } finally {
      Locale.setDefault(before);
    }
    assertEquals(
        Set.of(
            "ckpt.data-00000-of-00001",
            "ckpt.index",
            "shards.weights.json",
            "shards_00000.weights.h5"),
        names(folder));
  }

  @Test
  void aShardHasTheSignatureOfHdf5() throws IOException {
    Path index = folder.resolve("w.weights.json");
    WeightFiles.write(index, WeightFixture.plain(), WeightFixture.weights("plain"));
    Path shard = folder.resolve("w_00000.weights.h5");
    byte[] bytes = Files.readAllBytes(shard);
    bytes[1] = 'h';
    Files.write(shard, bytes);
    assertEquals(
        "weights "
            + shard
            + " (Keras HDF5 shards): expected an undamaged HDF5 file that Keras wrote, received one"
            + " that fails at '/': expected the signature of HDF5, received other bytes",
        message(() -> WeightFiles.read(index, WeightFixture.plain())));
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
    Weights others =
        new Weights(
            ImmutableMap.copyOf(
                Maps.transformValues(
                    weights.tensors(),
                    tensor -> new HostTensor(tensor.shape(), new float[tensor.values().length]))));
    WeightFiles.write(file, WeightFixture.plain(), others);
    WeightFixture.assertSame(others, WeightFiles.read(file, WeightFixture.plain()));
    Files.createDirectories(folder.resolve("x.h5/y"));
    String failure =
        message(() -> WeightFiles.write(folder.resolve("x.h5"), WeightFixture.plain(), weights));
    assertEquals(
        "weights %1$s: cannot be written: %1$s: there is a folder of this name"
            .formatted(folder.resolve("x.h5")),
        failure);
    assertEquals(Set.of("w.weights.h5", "x.h5"), names(folder));
  }

  @Test
  void aWriteThatFailsLeavesWhatWasThere() throws IOException {
    Path file = folder.resolve("w.weights.h5");
    Weights weights = WeightFixture.weights("plain");
    WeightFiles.write(file, WeightFixture.plain(), weights);
    WeightFormat failing =
        new WritingOnly(
            new NewFile("other.h5", fresh -> Files.writeString(fresh, "whole")),
            new NewFile(
                "w.weights.h5",
                fresh -> {
                  Files.writeString(fresh, "half");
                  throw new IOException("the disk is full");
                }));
    assertEquals(
        "weights " + file + ": cannot be written: the disk is full",
        message(() -> WeightFiles.write(file, WeightFixture.plain(), weights, failing)));
    assertEquals(Set.of("w.weights.h5"), names(folder));
    WeightFixture.assertSame(weights, WeightFiles.read(file, WeightFixture.plain()));
  }

  @Test
  void filesThatCannotAllBeReplacedStayWhole() throws IOException {
    Path index = folder.resolve("w.weights.json");
    Weights weights = WeightFixture.weights("plain");
    WeightFiles.writeShards(index, WeightFixture.plain(), weights, 1000);
    byte[] before = Files.readAllBytes(folder.resolve("w_00000.weights.h5"));
    Path second = Files.createDirectory(folder.resolve("w_00001.weights.h5"));
    assertEquals(
        "weights %s: cannot be written: %s: there is a folder of this name"
            .formatted(index, second),
        message(() -> WeightFiles.writeShards(index, WeightFixture.plain(), weights, 240)));
    assertArrayEquals(before, Files.readAllBytes(folder.resolve("w_00000.weights.h5")));
    WeightFixture.assertSame(weights, WeightFiles.read(index, WeightFixture.plain()));
  }

  /** The second is in the way of the first only when both are written. */
  @Test
  void anIndexDoesNotLeadToFilesOfWhichSomeAreNew() throws IOException {
    Path index = Files.writeString(folder.resolve("w.index"), "old");
    Path data = Files.writeString(folder.resolve("w.data"), "old");
    WeightFormat failing =
        new WritingOnly(
            new NewFile("w.data", fresh -> Files.writeString(fresh, "new")),
            new NewFile(
                "w.other",
                fresh -> {
                  Files.writeString(fresh, "new");
                  Files.createDirectory(folder.resolve("w.other"));
                }),
            new NewFile("w.index", fresh -> Files.writeString(fresh, "new")));
    String failure =
        message(
            () ->
                WeightFiles.write(
                    index, WeightFixture.plain(), WeightFixture.weights("plain"), failing));
    String start =
        "weights %s: cannot be written: %s: ".formatted(index, folder.resolve("w.other"));
    assertEquals(start, failure.substring(0, Math.min(failure.length(), start.length())));
    assertEquals("new", Files.readString(data));
    assertFalse(Files.exists(index));
  }

  @Test
  void whatAnOldIndexHadIsDeleted() throws IOException {
    Path index = folder.resolve("w.weights.json");
    Weights weights = WeightFixture.weights("plain");
    WeightFiles.writeShards(index, WeightFixture.plain(), weights, 240);
    Path others = Files.writeString(folder.resolve("w_00007.weights.h5"), "another's");
    assertEquals(4, names(folder).size());
    WeightFiles.writeShards(index, WeightFixture.plain(), weights, 1000);
    assertEquals(
        Set.of("w.weights.json", "w_00000.weights.h5", "w_00007.weights.h5"), names(folder));
    assertEquals("another's", Files.readString(others));
    WeightFixture.assertSame(weights, WeightFiles.read(index, WeightFixture.plain()));
  }

  /** An index that was made to harm has no say over other files. */
  @Test
  void anOldIndexIsNotBelievedToHaveFilesOfOtherNames() throws IOException {
    Path precious = Files.writeString(folder.resolve("precious.h5"), "another's");
    Path index =
        Files.writeString(folder.resolve("w.weights.json"), "{'weight_map': {'a': 'precious.h5'}}");
    WeightFiles.write(index, WeightFixture.plain(), WeightFixture.weights("plain"));
    assertEquals("another's", Files.readString(precious));
  }

  @ParameterizedTest
  @CsvSource({
    "w.weights.json, w_00001.weights.h5, ''",
    "w.weights.json, w_00000.weights.h5, 'no index'",
    "w.index, w.data-00000-of-00001, ''",
    "w.index, w.data-00000-of-00001, 'no index'"
  })
  void anothersFilesAreNotReplaced(String name, String part, String there) throws IOException {
    Path index = folder.resolve(name);
    if (!there.isEmpty()) {
      Files.writeString(index, there);
    }
    Path others = Files.writeString(folder.resolve(part), "another's");
    Set<String> before = names(folder);
    Weights weights = WeightFixture.weights("plain");
    assertEquals(
        "weights %s: cannot be written: %s: there is a file that %s does not name; move it away"
            .formatted(index, others, name),
        message(
            () -> {
              if (name.endsWith(".json")) {
                WeightFiles.writeShards(index, WeightFixture.plain(), weights, 240);
              } else {
                WeightFiles.write(index, WeightFixture.plain(), weights);
              }
            }));
    assertEquals("another's", Files.readString(others));
    assertEquals(before, names(folder));
  }

  /** Of two data files the index is one of two. */
  @Test
  void theDataOfAnOldCheckpointAreDeleted() throws IOException {
    Path index = folder.resolve("w.index");
    Weights weights = WeightFixture.weights("plain");
    WeightFiles.write(index, WeightFixture.plain(), weights);
    byte[] header = BundleHeaderProto.newBuilder().setNumShards(2).build().toByteArray();
    byte[] ofTwo =
        Tables.rewritten(
            Files.readAllBytes(index), (key, value) -> key.length > 0 ? value : header);
    Files.write(index, ofTwo);
    Files.delete(folder.resolve("w.data-00000-of-00001"));
    Files.writeString(folder.resolve("w.data-00000-of-00002"), "first");
    Files.writeString(folder.resolve("w.data-00001-of-00002"), "second");
    WeightFiles.write(index, WeightFixture.plain(), weights);
    assertEquals(Set.of("w.data-00000-of-00001", "w.index"), names(folder));
    WeightFixture.assertSame(weights, WeightFiles.read(index, WeightFixture.plain()));
  }

  /** A format that only writes, the same whatever it is given. */
  private record WritingOnly(ImmutableList<NewFile> written) implements WeightFormat {
    WritingOnly(NewFile... written) {
      this(ImmutableList.copyOf(written));
    }

    @Override
    public ImmutableList<NewFile> files(Path target, Model model, Weights weights) {
      return written;
    }

    @Override
    public ImmutableSet<String> parts(Path target) {
      return ImmutableSet.of("w.data");
    }

    @Override
    public ImmutableList<String> endings() {
      return ImmutableList.of();
    }

    @Override
    public boolean isIn(Path file, byte[] head) {
      return false;
    }

    @Override
    public FileKind kind(Path file) {
      throw new AssertionError(file);
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
        "weights w.bin: expected a file of weights (.weights.h5, .h5, .hdf5, .weights.json,"
            + " .safetensors, .index), received a name that ends otherwise",
        message(() -> WeightFiles.write(Path.of("w.bin"), WeightFixture.plain(), weights)));
    assertEquals(
        "weights w.keras: expected a name of weights alone, received that of a whole model, which"
            + " KerasModels.save writes",
        message(() -> WeightFiles.write(Path.of("w.keras"), WeightFixture.plain(), weights)));
    assertEquals(
        "weights w.h5: expected a name that ends with .weights.json for an index of shards",
        message(() -> WeightFiles.writeShards(Path.of("w.h5"), WeightFixture.plain(), weights, 1)));
    Path renamed = Files.copy(fixtures.resolve("plain.h5"), folder.resolve("renamed"));
    WeightFixture.assertSame(weights, WeightFiles.read(renamed, WeightFixture.plain()));
  }

  @ParameterizedTest
  @CsvSource({
    "'', 'expected a file of weights (.keras, .weights.h5, .h5, .hdf5, .weights.json,"
        + " .safetensors, .index), received one that begins with nothing'",
    "'<!DOCTYPE', 'expected a file of weights (.keras, .weights.h5, .h5, .hdf5, .weights.json,"
        + " .safetensors, .index), received one that begins with 3c 21 44 4f 43 54 59 50 45'",
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
        "weights " + file + ": expected a file, received nothing",
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
  @ValueSource(strings = {"../w.h5", "/w.h5", "a/w.h5", "..", "C:w.h5", ""})
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
