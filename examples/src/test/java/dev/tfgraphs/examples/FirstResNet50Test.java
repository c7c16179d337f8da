package dev.tfgraphs.examples;

import static dev.tfgraphs.ops.Layers.add;
import static dev.tfgraphs.ops.Layers.batchNormalization;
import static dev.tfgraphs.ops.Layers.conv2D;
import static dev.tfgraphs.ops.Layers.input;
import static dev.tfgraphs.ops.Layers.maxPooling2D;
import static dev.tfgraphs.ops.Layers.relu;
import static dev.tfgraphs.ops.Layers.zeroPadding2D;
import static dev.tfgraphs.ops.Padding.SAME;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import com.google.common.collect.ImmutableMap;
import dev.tfgraphs.applications.KerasResNet;
import dev.tfgraphs.applications.PublishedWeights;
import dev.tfgraphs.graphs.HostTensor;
import dev.tfgraphs.graphs.Weights;
import dev.tfgraphs.ops.Conv2D;
import dev.tfgraphs.ops.Model;
import dev.tfgraphs.ops.Node;
import dev.tfgraphs.ops.Shape;
import dev.tfgraphs.ops.Weight;
import dev.tfgraphs.savedmodel.KerasModels;
import dev.tfgraphs.savedmodel.ModelFileException;
import dev.tfgraphs.savedmodel.ReadOptions;
import dev.tfgraphs.savedmodel.WeightFiles;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Map;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/**
 * A file of the layout of Keras's first ResNet50 (keras_applications/resnet50.py): other names, and
 * the main branch before the shortcut, so that the layers come in another order.
 */
class FirstResNet50Test {
  private static final PublishedWeights FIRST =
      PublishedWeights.recognize("a268eb855778b3df3c7506639542a6af").orElseThrow();

  private static final Model TODAY = KerasResNet.RESNET50.backbone(32, 32, 3);

  /** The first number of each weight is its place. */
  private static final ImmutableMap.Builder<String, HostTensor> NUMBERS = ImmutableMap.builder();

  @TempDir private static Path folder;

  private static Node normalized(Node x, Conv2D convolution, String name) {
    return x.to(convolution.name(name))
        .to(
            batchNormalization()
                .name(name.startsWith("res") ? name.replace("res", "bn") : "bn_" + name));
  }

  private static Node block(Node x, String place, int filters, int stride, boolean projected) {
    String name = "res" + place + "_branch";
    Node y = normalized(x, conv2D(filters, 1).strides(stride), name + "2a").to(relu());
    y = normalized(y, conv2D(filters, 3).padding(SAME), name + "2b").to(relu());
    y = normalized(y, conv2D(4 * filters, 1), name + "2c");
    Node shortcut =
        projected ? normalized(x, conv2D(4 * filters, 1).strides(stride), name + "1") : x;
    return add(y, shortcut).to(relu());
  }

  private static Model first() {
    Node images = input(32, 32, 3);
    Node x = normalized(images.to(zeroPadding2D(3)), conv2D(64, 7).strides(2), "conv1").to(relu());
    x = x.to(zeroPadding2D(1)).to(maxPooling2D(3).strides(2));
    for (int stage = 0; stage < 4; stage++) {
      for (int block = 0; block < KerasResNet.RESNET50.blocks().get(stage); block++) {
        String place = (stage + 2) + Character.toString('a' + block);
        x = block(x, place, 64 << stage, stage > 0 && block == 0 ? 2 : 1, block == 0);
      }
    }
    return Model.of(images, x);
  }

  private static Path file() {
    return folder.resolve(FIRST.fileName());
  }

  @BeforeAll
  static void write() {
    Model model = first();
    int place = 0;
    for (Weight weight : model.weights()) {
      Shape shape = weight.spec().shape();
      float[] values = new float[Math.toIntExact(shape.elements())];
      values[0] = ++place;
      NUMBERS.put(weight.path(), new HostTensor(shape, values));
    }
    WeightFiles.write(file(), model, new Weights(NUMBERS.buildOrThrow()));
  }

  private static void assertNumbers(Weights read) {
    Map<String, HostTensor> numbers = NUMBERS.buildOrThrow();
    assertEquals(318, numbers.size());
    assertEquals(numbers.size(), read.tensors().size());
    numbers.forEach(
        (path, tensor) -> {
          int slash = path.lastIndexOf('/');
          String layer = FIRST.layerNames().get(path.substring(0, slash));
          assertEquals(tensor, read.get(layer + path.substring(slash)), path);
        });
  }

  @Test
  void itsLayersAreTakenByTheirNames() {
    ReadOptions renamed = ReadOptions.defaults().renamed(FIRST.layerNames());
    assertNumbers(WeightFiles.read(file(), TODAY, renamed));
  }

  /** Written by others, a file has another hash. */
  @ParameterizedTest
  @ValueSource(strings = {"first.h5", "first.weights.h5", "first.safetensors", "first.index"})
  void theCommandLineTellsItByItsLayers(String name) throws IOException {
    Path file = folder.resolve(name);
    WeightFiles.write(file, first(), new Weights(NUMBERS.buildOrThrow()));
    Path network = Files.writeString(folder.resolve("net.json"), KerasModels.toJson(TODAY));
    Path out = folder.resolve("today.safetensors");
    Cli.Outcome outcome = Cli.run("convert", file, out, "--model", network);
    assertEquals(0, outcome.code());
    assertEquals(
        "tfgraphs convert: note: %s has the layers of Keras's first ResNet50 (release v0.2 of deep-learning-models), which are taken by their names\n"
            .formatted(file),
        outcome.err());
    assertNumbers(WeightFiles.read(out, TODAY));
  }

  @ParameterizedTest
  @ValueSource(strings = {"predict", "evaluate"})
  void whoPredictsOrMeasuresIsToldToo(String command) throws IOException {
    Path network = Files.writeString(folder.resolve("net.json"), KerasModels.toJson(TODAY));
    Path none = folder.resolve("none.npz");
    Cli.Outcome outcome = Cli.run(command, file(), none, "--model", network);
    assertTrue(
        outcome
            .err()
            .startsWith("tfgraphs " + command + ": note: " + file() + " has the layers of Keras's"),
        outcome.err());
  }

  @Test
  void inspectSaysWhatItIs() {
    String told = Cli.run("inspect", file()).succeeded().out();
    assertTrue(
        told.contains(
            "\nThe layers are those of Keras's first ResNet50 (release v0.2 of"
                + " deep-learning-models)\n"),
        told);
  }

  @Test
  void aNetworkOfTheOldNamesIsReadAsItIs() throws IOException {
    Path network = Files.writeString(folder.resolve("old.json"), KerasModels.toJson(first()));
    Path out = folder.resolve("old.safetensors");
    assertEquals("", Cli.run("convert", file(), out, "--model", network).succeeded().err());
    assertEquals(NUMBERS.buildOrThrow(), WeightFiles.read(out, first()).tensors());
  }

  @Test
  void withoutNamesTheErrorSaysWhatItIs() {
    assertEquals(
        "weights "
            + file()
            + " (Keras HDF5): expected the weights of Keras's ResNet50, received those of its first"
            + " version (release v0.2 of deep-learning-models) with other names in another order;"
            + " ReadOptions.renamed takes them with the layerNames() of"
            + " PublishedWeights.recognize(FileContents.of(file).layers())",
        assertThrows(ModelFileException.class, () -> WeightFiles.read(file(), TODAY)).getMessage());
  }
}
