package dev.tfgraphs.examples;

import static dev.tfgraphs.ops.Layers.conv2D;
import static dev.tfgraphs.ops.Layers.dense;
import static dev.tfgraphs.ops.Layers.globalAveragePooling2D;
import static dev.tfgraphs.ops.Layers.input;
import static org.junit.jupiter.api.Assertions.assertArrayEquals;
import static org.junit.jupiter.api.Assertions.assertEquals;

import dev.tfgraphs.applications.ImagePreprocessing;
import dev.tfgraphs.graphs.Compile;
import dev.tfgraphs.graphs.HostTensor;
import dev.tfgraphs.graphs.Loss;
import dev.tfgraphs.graphs.Optimizer;
import dev.tfgraphs.graphs.Preprocessing;
import dev.tfgraphs.graphs.Trainer;
import dev.tfgraphs.graphs.Weights;
import dev.tfgraphs.graphs.data.Images;
import dev.tfgraphs.ops.Layer;
import dev.tfgraphs.ops.Model;
import dev.tfgraphs.ops.Node;
import dev.tfgraphs.savedmodel.LoadedModel;
import dev.tfgraphs.savedmodel.SavedModels;
import dev.tfgraphs.savedmodel.ServingOptions;
import java.awt.image.BufferedImage;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Random;
import javax.imageio.ImageIO;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.EnumSource;
import org.tensorflow.ndarray.NdArrays;
import org.tensorflow.types.TFloat32;
import org.tensorflow.types.TString;

/**
 * One preparation of images, before batches, in a model, and in a SavedModel, is one and the same.
 */
class PreprocessingInFrontTest {
  private static final int SIDE = 6;

  /** Sums in another order. */
  private static final float ROUNDING = 2e-5f;

  @TempDir private Path folder;

  private List<Path> photographs() throws IOException {
    Random random = new Random(3);
    List<Path> files = new ArrayList<>();
    for (int i = 0; i < 3; i++) {
      BufferedImage image = new BufferedImage(9, 7, BufferedImage.TYPE_INT_RGB);
      for (int pixel = 0; pixel < 63; pixel++) {
        image.setRGB(pixel % 9, pixel / 9, random.nextInt(1 << 24));
      }
      Path file = folder.resolve(i + ".png");
      ImageIO.write(image, "png", file.toFile());
      files.add(file);
    }
    return files;
  }

  private static HostTensor ofPixels(Path saved, Images images) {
    List<HostTensor> pixels = new ArrayList<>();
    Reading.batches(images, (batch, labels) -> pixels.add(batch));
    try (LoadedModel loaded = SavedModels.load(saved)) {
      return loaded.predict(Tensors.joined(pixels));
    }
  }

  private static float[] ofBytes(Path saved, List<Path> files) throws IOException {
    byte[][] encoded = new byte[files.size()][];
    for (int i = 0; i < encoded.length; i++) {
      encoded[i] = Files.readAllBytes(files.get(i));
    }
    try (LoadedModel loaded = SavedModels.load(saved);
        TString bytes = TString.tensorOfBytes(NdArrays.vectorOfObjects(encoded))) {
      return loaded.run(
          "serving_bytes",
          Map.of("image_bytes", bytes),
          outputs -> {
            TFloat32 only = (TFloat32) outputs.values().asList().get(0);
            float[] values = new float[Math.toIntExact(only.size())];
            only.asRawTensor().data().asFloats().read(values);
            return values;
          });
    }
  }

  @ParameterizedTest
  @EnumSource
  void aSavedModelWithItInFrontIsAsTheModelBehindIt(ImagePreprocessing mode) throws IOException {
    List<Path> files = photographs();
    Images images = Images.files(files, SIDE, SIDE);
    List<Layer> network = List.of(conv2D(4, 3), globalAveragePooling2D(), dense(3));
    Node prepared = input(SIDE, SIDE, 3);
    Model behind = Model.of(prepared, applied(network, prepared));
    Node pixels = input(SIDE, SIDE, 3);
    Model whole = Model.of(pixels, applied(network, mode.on(pixels)));
    HostTensor expected;
    Weights weights;
    try (Trainer trainer =
        Trainer.of(behind, Compile.of(Optimizer.sgd(0.01), Loss.meanSquaredError()))) {
      expected = trainer.predict(images.map(Preprocessing.of(0, mode::on)));
      weights = trainer.weights();
    }
    assertEquals(3 * files.size(), expected.values().length);
    Path first = SavedModels.write(folder.resolve("whole"), whole, weights);
    assertArrayEquals(expected.values(), ofPixels(first, images).values(), slack(expected));
    ServingOptions options = ServingOptions.defaults().imageBytes(SIDE, SIDE, mode::on);
    Path second = SavedModels.write(folder.resolve("behind"), behind, weights, options);
    assertArrayEquals(expected.values(), ofBytes(second, files), slack(expected));
  }

  private static Node applied(List<Layer> layers, Node images) {
    Node node = images;
    for (Layer layer : layers) {
      node = node.to(layer);
    }
    return node;
  }

  private static float slack(HostTensor expected) {
    float largest = 0;
    for (float value : expected.values()) {
      largest = Math.max(largest, Math.abs(value));
    }
    return ROUNDING * largest;
  }
}
