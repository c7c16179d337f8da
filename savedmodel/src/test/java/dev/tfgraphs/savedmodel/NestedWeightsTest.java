package dev.tfgraphs.savedmodel;

import static dev.tfgraphs.ops.Layers.dense;
import static dev.tfgraphs.ops.Layers.input;
import static org.junit.jupiter.api.Assertions.assertArrayEquals;
import static org.junit.jupiter.api.Assertions.assertEquals;

import dev.tfgraphs.graphs.HostTensor;
import dev.tfgraphs.graphs.Weights;
import dev.tfgraphs.ops.Model;
import dev.tfgraphs.ops.Node;
import dev.tfgraphs.ops.Shape;
import java.io.IOException;
import java.nio.file.Path;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/** Models in models, and groups of a file that no layer of the model is for. */
class NestedWeightsTest {
  private static final String REFUSED =
      "weights /w.weights.h5 (Keras HDF5): expected 'second' among the models by its name, received"
          + " 1 functional and 1 sequential ones whose order is not known; name it as in the file,"
          + " or read the model from Keras's config";

  private static final String SEQUENTIAL =
      """
      {"class_name": "Sequential", "config": {"name": "first", "layers": [
        {"class_name": "InputLayer", "config": {"name": "i", "batch_shape": [null, 1]}},
        {"class_name": "Dense",
         "config": {"name": "kernel_of_first", "units": 1, "use_bias": false}}]}}
      """;

  @TempDir Path folder;

  private static Model part(String name) {
    Node x = input("input_of_" + name, 1);
    return Model.of(x, x.to(dense(1).useBias(false).name("kernel_of_" + name))).name(name);
  }

  private static Model two(Model first, Model second) {
    Node x = input("input", 1);
    return Model.of(x, x.to(first).to(second));
  }

  private static void put(Hdf5Writer.Group root, String path, String name, float value) {
    root.group(path + "/vars").attribute("name", name);
    String inner = path + "/layers/dense/vars";
    root.group(inner)
        .attribute("name", "kernel_of_" + name)
        .dataset("0", tensor(inner + "/0", value));
  }

  private static StoredTensor tensor(String name, float value) {
    return StoredTensor.of(name, new HostTensor(Shape.of(1, 1), new float[] {value}));
  }

  private static Hdf5Writer.Group firstSequentialThenFunctional() {
    Hdf5Writer.Group root = new Hdf5Writer.Group();
    put(root, "layers/sequential", "first", 1);
    put(root, "layers/functional", "second", 2);
    return root;
  }

  private Path written(Hdf5Writer.Group root) throws IOException {
    Path file = folder.resolve("w.weights.h5");
    Hdf5Writer.write(file, root);
    return file;
  }

  private static void assertValues(Weights weights) {
    assertArrayEquals(new float[] {1}, weights.get("first/kernel_of_first/kernel").values());
    assertArrayEquals(new float[] {2}, weights.get("second/kernel_of_second/kernel").values());
  }

  private String failure(Path file, Model model, ReadOptions options) {
    return WeightFixture.message(folder, () -> WeightFiles.read(file, model, options));
  }

  @Test
  void modelsOfBothClassesAreToldByTheirNames() throws IOException {
    Path file = written(firstSequentialThenFunctional());
    Model model = two(part("first"), part("second"));
    assertValues(WeightFiles.read(file, model));
    assertValues(WeightFiles.read(file, model, ReadOptions.defaults().byName()));
  }

  @Test
  void modelsOfBothClassesAreNotToldByTheirOrder() throws IOException {
    Path file = written(firstSequentialThenFunctional());
    Model renamed = two(part("one"), part("two"));
    assertEquals(REFUSED.replace("second", "one"), failure(file, renamed, ReadOptions.defaults()));
    Model model = two(part("first"), part("second"));
    assertEquals(
        REFUSED.replace("second", "first"), failure(file, model, ReadOptions.defaults().byOrder()));
  }

  @Test
  void modelsAreToldByTheirClassesIfTheseAreKnown() throws IOException {
    Path file = written(firstSequentialThenFunctional());
    Model first = KerasModels.fromJson(SEQUENTIAL);
    assertEquals("Sequential", first.className());
    Model model = two(first, part("second"));
    assertValues(WeightFiles.read(file, model, ReadOptions.defaults().byOrder()));
  }

  @Test
  void aModelWithoutWeightsDoesNotCount() throws IOException {
    Hdf5Writer.Group root = new Hdf5Writer.Group();
    root.group("layers/sequential/vars").attribute("name", "augmentation");
    root.group("layers/sequential/layers/random_flip/seed_generator/vars")
        .dataset("0", tensor("seed", 0));
    put(root, "layers/functional", "second", 2);
    Node x = input("input", 1);
    Weights weights = WeightFiles.read(written(root), Model.of(x, x.to(part("other"))));
    assertArrayEquals(new float[] {2}, weights.get("other/kernel_of_other/kernel").values());
  }

  @Test
  void modelsOfOtherNamesAreInTheirOrderWhereAllAreSequential() throws IOException {
    Hdf5Writer.Group root = new Hdf5Writer.Group();
    put(root, "layers/sequential", "one", 1);
    put(root, "layers/sequential_1", "two", 2);
    assertValues(WeightFiles.read(written(root), two(part("first"), part("second"))));
  }

  @Test
  void aModelIsNotTakenByItsPlaceWhereNamesCount() throws IOException {
    Hdf5Writer.Group root = new Hdf5Writer.Group();
    put(root, "layers/sequential", "one", 1);
    put(root, "layers/sequential_1", "two", 2);
    assertEquals(
        """
        weights /w.weights.h5 (Keras HDF5): expected the weights of the model, received others:
          missing first/kernel_of_first/kernel (1, 1)
          missing second/kernel_of_second/kernel (1, 1)
          unused layers/sequential/layers/dense/vars/0 float32 (1, 1)
          unused layers/sequential_1/layers/dense/vars/0 float32 (1, 1)\
        """,
        failure(
            written(root), two(part("first"), part("second")), ReadOptions.defaults().byName()));
  }

  @ParameterizedTest
  @ValueSource(
      strings = {
        "layers/my_block/conv",
        "layers/time_distributed/layer",
        "layers/dense/lora",
        "extra"
      })
  void weightsOfLayersThatAreNotKnownAreUnused(String group) throws IOException {
    Hdf5Writer.Group root = new Hdf5Writer.Group();
    root.group("layers/dense/vars").dataset("0", tensor("0", 1));
    root.group(group + "/vars").dataset("0", tensor("0", 2));
    assertEquals(
        """
        weights /w.weights.h5 (Keras HDF5): expected the weights of the model, received others:
          unused %s/vars/0 float32 (1, 1)\
        """
            .formatted(group),
        failure(written(root), part("model"), ReadOptions.defaults()));
  }

  @ParameterizedTest
  @ValueSource(
      strings = {
        "optimizer",
        "layers/dropout/seed_generator",
        "layers/flip/generator",
        "metrics/mean"
      })
  void whatKerasKeepsBesideWeightsIsNotUnused(String group) throws IOException {
    Hdf5Writer.Group root = new Hdf5Writer.Group();
    root.group("layers/dense/vars").dataset("0", tensor("0", 1));
    root.group(group + "/vars").dataset("0", tensor("0", 2));
    Weights weights = WeightFiles.read(written(root), part("model"));
    assertArrayEquals(new float[] {1}, weights.get("kernel_of_model/kernel").values());
  }
}
