package dev.tfgraphs.examples.slides;

import static dev.tfgraphs.ops.Layers.input;

import dev.tfgraphs.applications.ImagePreprocessing;
import dev.tfgraphs.examples.Reading;
import dev.tfgraphs.graphs.HostTensor;
import dev.tfgraphs.graphs.Predictor;
import dev.tfgraphs.graphs.Weights;
import dev.tfgraphs.graphs.data.Images;
import dev.tfgraphs.ops.Model;
import dev.tfgraphs.ops.Node;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;

/** A photograph as the weights of ImageNet expect it. */
final class PreprocessedImage {
  private PreprocessedImage() {}

  /** The image {@code (1, size, size, 3)} in a file. */
  static HostTensor of(Path file, int size, ImagePreprocessing preprocessing) {
    List<HostTensor> images = new ArrayList<>();
    Reading.batches(
        Images.files(List.of(file), size, size).upright(), (pixels, labels) -> images.add(pixels));
    Node pixels = input(size, size, 3);
    Model model = Model.of(pixels, preprocessing.on(pixels));
    try (Predictor predictor = Predictor.of(model, Weights.of(Map.of()))) {
      return predictor.predict(images.get(0)).get(0);
    }
  }
}
