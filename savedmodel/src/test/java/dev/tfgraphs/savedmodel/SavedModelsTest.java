package dev.tfgraphs.savedmodel;

import static org.junit.jupiter.api.Assertions.assertArrayEquals;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import com.google.common.collect.ImmutableList;
import com.google.common.collect.ImmutableMap;
import dev.tfgraphs.graphs.GraphException;
import dev.tfgraphs.graphs.HostTensor;
import dev.tfgraphs.graphs.Weights;
import dev.tfgraphs.ops.Model;
import dev.tfgraphs.ops.Shape;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.Set;
import java.util.TreeSet;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.concurrent.Future;
import java.util.stream.Collectors;
import java.util.stream.Stream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.MethodSource;

class SavedModelsTest {
  private static final Specimen RESNET = Specimen.named("resnet");
  private static final Specimen TINY = Specimen.named("no_weights");

  @TempDir Path base;

  static List<Specimen> specimens() {
    return Specimen.all();
  }

  private Path write(Specimen specimen) {
    return SavedModels.write(base, specimen.model(), specimen.weights());
  }

  private static Set<String> entries(Path folder) throws IOException {
    try (Stream<Path> entries = Files.list(folder)) {
      return entries
          .map(entry -> folder.relativize(entry).toString())
          .collect(Collectors.toCollection(TreeSet::new));
    }
  }

  private static String message(Class<? extends RuntimeException> type, Runnable call) {
    return String.valueOf(assertThrows(type, call::run).getMessage());
  }

  @ParameterizedTest
  @MethodSource("specimens")
  void aLoadedModelPredictsWhatTheModelDoes(Specimen specimen) throws IOException {
    ImmutableList<HostTensor> expected =
        Reference.outputs(specimen.model(), specimen.weights(), specimen.batch());
    assertFalse(expected.isEmpty());
    try (LoadedModel loaded = SavedModels.load(write(specimen))) {
      ImmutableMap<String, HostTensor> actual = loaded.predict(specimen.batch());
      assertEquals(expected.size(), actual.size());
      List<String> names = OutputNames.of(specimen.model());
      for (int i = 0; i < expected.size(); i++) {
        HostTensor output = Objects.requireNonNull(actual.get(names.get(i)));
        assertEquals(expected.get(i).shape(), output.shape());
        // threads may share the sums of a convolution in another way
        assertArrayEquals(expected.get(i).values(), output.values(), 1e-6f, names.get(i));
      }
    }
  }

  @Test
  void outputsAreCalledLikeTheLayersThatMakeThem() {
    try (LoadedModel loaded = SavedModels.load(write(Specimen.named("inputs_and_outputs")))) {
      assertEquals(
          List.of("left (None, 4)", "right (None, 6)"),
          loaded.inputs().stream().map(SavedModelsTest::described).toList());
      assertEquals(
          List.of("both (None, 5)", "left (None, 4)", "shared (None, 2)", "shared_1 (None, 2)"),
          loaded.outputs().stream().map(SavedModelsTest::described).toList());
    }
  }

  private static String described(SignatureTensor tensor) {
    return tensor.name() + " " + tensor.shape().orElseThrow();
  }

  @Test
  void anyBatchAndImageSizeIsTakenWhereTheModelLeavesItOpen() {
    try (LoadedModel loaded = SavedModels.load(write(Specimen.named("unknown_sizes")))) {
      for (int size : new int[] {1, 4, 9}) {
        HostTensor batch =
            new HostTensor(Shape.of(size, size, 8, 3), new float[size * size * 8 * 3]);
        assertEquals(
            Shape.of(size, (size + 3) / 4, 2, 4), loaded.predict(batch).shape(), "size " + size);
      }
    }
  }

  @Test
  void versionsCountUp() throws IOException {
    assertEquals(base.resolve("1"), write(TINY));
    assertEquals(base.resolve("2"), write(TINY));
    Files.createDirectory(base.resolve("9"));
    assertEquals(base.resolve("10"), write(TINY));
    Files.createFile(base.resolve("12"));
    assertEquals(base.resolve("13"), write(TINY));
  }

  @Test
  void whatIsNotANumberIsNoVersion() throws IOException {
    for (String name : List.of("latest", "-3", "007", ".writing-8", "99999999999999999999")) {
      Files.createDirectory(base.resolve(name));
    }
    assertEquals(base.resolve("1"), write(TINY));
    try (LoadedModel loaded = SavedModels.load(base)) {
      assertEquals(1, loaded.inputs().size());
    }
  }

  @Test
  void theBaseFolderIsMadeAndMayHaveAnyName() {
    Path deep = base.resolve("runs of März").resolve("模型");
    assertEquals(deep.resolve("1"), SavedModels.write(deep, RESNET.model(), RESNET.weights()));
    try (LoadedModel loaded = SavedModels.load(deep)) {
      assertEquals(1, loaded.predict(RESNET.batch()).size());
    }
  }

  @Test
  void aVersionHoldsTheModelAndItsVariablesAndNothingElse() throws IOException {
    Path version = write(RESNET);
    assertEquals(Set.of("saved_model.pb", "variables"), entries(version));
    assertEquals(
        Set.of("variables.data-00000-of-00001", "variables.index"),
        entries(version.resolve("variables")));
    assertEquals(Set.of("1"), entries(base));
    assertEquals(Set.of("saved_model.pb"), entries(write(TINY)));
  }

  @Test
  void theHighestVersionOfABaseFolderIsLoaded() {
    Path first = write(TINY);
    write(RESNET);
    try (LoadedModel highest = SavedModels.load(base);
        LoadedModel chosen = SavedModels.load(first)) {
      assertEquals("predictions", highest.outputs().get(0).name());
      assertEquals("pool", chosen.outputs().get(0).name());
    }
  }

  @Test
  void writersAtOnceGetNumbersOfTheirOwn() throws Exception {
    ExecutorService threads = Executors.newFixedThreadPool(8);
    List<Future<Path>> writing = new ArrayList<>();
    for (int i = 0; i < 24; i++) {
      writing.add(threads.submit(() -> write(TINY)));
    }
    Set<String> numbers = new TreeSet<>();
    for (Future<Path> version : writing) {
      numbers.add(base.relativize(version.get()).toString());
    }
    threads.shutdown();
    assertEquals(24, numbers.size());
    assertEquals(numbers, entries(base));
  }

  @Test
  void nothingIsLeftOfAVersionThatCouldNotBeWritten() throws IOException {
    write(TINY);
    IOException failure =
        assertThrows(
            IOException.class,
            () ->
                VersionFolders.of(base)
                    .add(
                        folder -> {
                          Files.createDirectory(folder.resolve("variables"));
                          Files.writeString(folder.resolve("variables/variables.index"), "half");
                          throw new IOException("disk full");
                        }));
    assertEquals("disk full", failure.getMessage());
    assertEquals(Set.of("1"), entries(base));
  }

  @Test
  void whileItIsWrittenAVersionHasNoNumber() throws IOException {
    VersionFolders.of(base)
        .add(
            folder -> {
              Files.writeString(folder.resolve("saved_model.pb"), "half");
              String name = String.join(", ", entries(base));
              assertTrue(name.startsWith(".writing-"), name);
            });
    assertEquals(Set.of("1"), entries(base));
  }

  @Test
  void whatAKilledWriterHasLeftIsDeletedByTheNext() throws IOException {
    Path left = Files.createDirectory(base.resolve(".writing-17"));
    Files.createFile(left.resolve("lock"));
    Files.createDirectory(left.resolve("new"));
    VersionFolders.of(base)
        .add(
            folder -> {
              Files.writeString(folder.resolve("saved_model.pb"), "outer");
              assertEquals(base.resolve("1"), write(TINY));
              assertFalse(Files.exists(left));
            });
    assertEquals(Set.of("1", "2"), entries(base));
    assertEquals("outer", Files.readString(base.resolve("2").resolve("saved_model.pb")));
  }

  /** As a process leaves it that is killed while a checkpoint takes the place of another. */
  @Test
  void whatAKilledCheckpointHasNotPutInPlaceIsThere() throws IOException {
    Path model = base.resolve("model");
    for (int version = 1; version <= 2; version++) {
      assertEquals(
          model.resolve(Integer.toString(version)),
          SavedModels.write(model, TINY.model(), TINY.weights()));
      Path left = Files.createDirectory(base.resolve(".model-17"));
      Files.createFile(left.resolve("lock"));
      Files.createDirectory(left.resolve("old"));
      Files.move(model, Files.createDirectory(left.resolve("new")).resolve("model"));
    }
    SavedModels.load(model).close();
    assertEquals(Set.of("model"), entries(base));
    assertEquals(Set.of("1", "2"), entries(model));
  }

  @Test
  void theBaseFolderMayBeALink() throws IOException {
    Path real = Files.createDirectory(base.resolve("real"));
    Path link = Files.createSymbolicLink(base.resolve("link"), real);
    assertEquals(link.resolve("1"), SavedModels.write(link, TINY.model(), TINY.weights()));
    assertEquals(Set.of("1"), entries(real));
  }

  @Test
  void aVersionCanBeReadByWhoeverCanReadItsBase() throws IOException {
    if (base.getFileSystem().supportedFileAttributeViews().contains("posix")) {
      Path ordinary = Files.createDirectory(base.resolve("ordinary"));
      assertEquals(
          Files.getPosixFilePermissions(ordinary), Files.getPosixFilePermissions(write(TINY)));
    }
  }

  @Test
  void aFileIsNoBaseFolder() throws IOException {
    Path file = Files.createFile(base.resolve("file"));
    assertEquals(
        "SavedModel " + file + ": expected a folder, received a file",
        message(
            ModelFileException.class, () -> SavedModels.write(file, TINY.model(), TINY.weights())));
    assertEquals(
        "SavedModel "
            + file.resolve("x")
            + ": cannot be written: "
            + file.resolve("x")
            + ": Not a directory",
        message(
            ModelFileException.class,
            () -> SavedModels.write(file.resolve("x"), TINY.model(), TINY.weights())));
    assertEquals(Set.of("file"), entries(base));
  }

  @Test
  void weightsOfAnotherModelAreRefusedBeforeAnythingIsWritten() throws IOException {
    Map<String, HostTensor> tensors = new HashMap<>(RESNET.weights().tensors());
    tensors.remove("stem/bias");
    tensors.put("block_2/bias", new HostTensor(Shape.of(3), new float[3]));
    tensors.put("head/kernel", new HostTensor(Shape.of(1), new float[1]));
    assertEquals(
        """
        weights: expected those of the model, received others:
          missing stem/bias (4,)
          block_2/bias: expected (4,), received (3,)
          unused head/kernel\
        """,
        message(
            GraphException.class,
            () -> SavedModels.write(base, RESNET.model(), Weights.of(tensors))));
    assertEquals(Set.of(), entries(base));
  }

  @Test
  void classNamesComeBackInOrder() throws IOException {
    List<String> names = List.of("Füchse", "-", " seven \t");
    ServingOptions options = ServingOptions.defaults().classNames(names);
    Path version = SavedModels.write(base, RESNET.model(), RESNET.weights(), options);
    assertEquals(Set.of("assets", "saved_model.pb", "variables"), entries(version));
    try (LoadedModel loaded = SavedModels.load(version)) {
      assertEquals(names, loaded.classNames());
    }
    try (LoadedModel without = SavedModels.load(write(TINY))) {
      assertEquals(List.of(), without.classNames());
    }
  }

  @Test
  void classNamesThatDoNotFitAreRefused() throws IOException {
    Model model = RESNET.model();
    assertEquals(
        "class names: expected 3 for the output (None, 3), received 2",
        message(
            ModelFileException.class,
            () -> SavedModels.write(base, model, RESNET.weights(), options("a", "b"))));
    assertEquals(
        "class names: expected one line each, received 'b\\nc'",
        message(
            ModelFileException.class,
            () -> SavedModels.write(base, model, RESNET.weights(), options("a", "b\nc", "d"))));
    assertEquals(
        "class names: expected a name for each class, received none for the class 1",
        message(
            ModelFileException.class,
            () -> SavedModels.write(base, model, RESNET.weights(), options("a", "", "d"))));
    assertEquals(Set.of(), entries(base));
  }

  private static ServingOptions options(String... classNames) {
    return ServingOptions.defaults().classNames(List.of(classNames));
  }
}
