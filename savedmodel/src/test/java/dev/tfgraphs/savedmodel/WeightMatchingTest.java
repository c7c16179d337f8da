package dev.tfgraphs.savedmodel;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertThrows;

import com.google.common.collect.ImmutableMap;
import com.google.common.collect.Maps;
import dev.tfgraphs.graphs.HostTensor;
import dev.tfgraphs.graphs.Weights;
import dev.tfgraphs.ops.Model;
import dev.tfgraphs.ops.Shape;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardCopyOption;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;

class WeightMatchingTest {
  @TempDir static Path fixtures;

  @TempDir Path folder;

  @BeforeAll
  static void unpack() throws IOException {
    WeightFixture.unpack(fixtures);
  }

  private static String message(Runnable call) {
    return WeightFixture.message(fixtures, call::run);
  }

  private static String failure(String file, Model model, ReadOptions options) {
    return message(() -> WeightFiles.read(fixtures.resolve(file), model, options));
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
    WeightFixture.assertSame(
        WeightFixture.weightsIn(file),
        WeightFiles.read(
            fixtures.resolve(file), WeightFixture.modelIn(file), ReadOptions.defaults().byName()));
  }

  @ParameterizedTest
  @ValueSource(strings = {"t.h5", "t.weights.h5", "t.weights.json", "t.safetensors", "t.index"})
  void layersThatTheFileCallsOtherwiseAreRenamed(String name) {
    Path file = folder.resolve(name);
    Weights twins = WeightFixture.weights("twins");
    WeightFiles.write(file, WeightFixture.model("twins"), twins);
    Model swapped = WeightFixture.chain(4, "second", "new", "third");
    Weights read =
        WeightFiles.read(
            file,
            swapped,
            ReadOptions.defaults().renamed(Map.of("second", "new", "first", "second")));
    assertEquals(twins.get("first/kernel"), read.get("second/kernel"));
    assertEquals(twins.get("second/kernel"), read.get("new/kernel"));
    assertEquals(twins.get("third/bias"), read.get("third/bias"));
  }

  @ParameterizedTest
  @CsvSource({
    "t.h5, Keras HDF5",
    "t.weights.h5, Keras HDF5",
    "t.weights.json, Keras HDF5 shards",
    "t.safetensors, safetensors",
    "t.index, TensorFlow checkpoint"
  })
  void aNameThatTheFileDoesNotHaveIsAnError(String name, String kind) {
    Path file = folder.resolve(name);
    WeightFiles.write(file, WeightFixture.model("twins"), WeightFixture.weights("twins"));
    Model model = WeightFixture.chain(4, "one", "second", "third");
    ReadOptions renamed =
        ReadOptions.defaults().renamed(Map.of("first", "one", "sceond", "second"));
    assertEquals(
        "weights %s (%s): expected the weights of the model, received others:\n  no layer 'sceond' that is 'second' here"
            .formatted(file, kind),
        message(() -> WeightFiles.read(file, model, renamed)));
  }

  @ParameterizedTest
  @ValueSource(strings = {"t.h5", "t.weights.h5"})
  void layersInsideModelsAreRenamed(String name) {
    Path file = folder.resolve(name);
    Weights nested = WeightFixture.weights("nested");
    WeightFiles.write(file, WeightFixture.model("nested"), nested);
    Model other = WeightFixture.nested(WeightFixture.inner("conv_b", "norm_a", "conv_a", "norm_b"));
    Weights read =
        WeightFiles.read(
            file,
            other,
            ReadOptions.defaults().renamed(Map.of("conv_a", "conv_b", "conv_b", "conv_a")));
    assertEquals(nested.get("inner/conv_a/kernel"), read.get("inner/conv_b/kernel"));
    assertEquals(nested.get("inner/norm_a/gamma"), read.get("inner/norm_a/gamma"));
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

  @Test
  void namesAreNotForgottenForAnOrder() {
    ReadOptions renamed = ReadOptions.defaults().renamed(Map.of("a", "b"));
    assertEquals(
        "read options: expected layers by their order or by other names, received both, {a=b}",
        assertThrows(ModelFileException.class, renamed::byOrder).getMessage());
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
  void ofManyProblemsTheFirstAreListed() {
    String[] names = new String[30];
    for (int i = 0; i < names.length; i++) {
      names[i] = "layer_" + i;
    }
    Model model = WeightFixture.chain(4, names);
    List<String> lines =
        failure("twins.h5", model, ReadOptions.defaults().byName()).lines().toList();
    assertEquals(1 + 50 + 1, lines.size());
    assertEquals("  missing layer_24/bias (4,)", lines.get(50));
    assertEquals("  ... and 16 more", lines.get(51));
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
}
