package dev.tfgraphs.examples.slides;

import static dev.tfgraphs.applications.KerasResNet.RESNET50;

import dev.tfgraphs.graphs.HostTensor;
import dev.tfgraphs.graphs.Predictor;
import dev.tfgraphs.graphs.Weights;
import dev.tfgraphs.ops.Model;
import dev.tfgraphs.pictures.FeatureMaps;
import dev.tfgraphs.savedmodel.WeightFiles;
import java.nio.file.Path;

/** Slide 7: what the channels of a layer make of a photograph. */
final class VisualizingFeatureMaps {
  public static void main(String[] args) {
    Model model = RESNET50.model();
    Weights weights = WeightFiles.read(ImageNetWeights.file(RESNET50.weights()), model);
    HostTensor image = PreprocessedImage.of(Path.of(args[0]), 224, RESNET50.preprocessing());
    visualize(model, weights, image, "conv2_block3_out", Path.of("feature-maps.png"));
  }

  static void visualize(Model model, Weights weights, HostTensor image, String layer, Path file) {
    Model activations = model.tap(layer);
    try (Predictor predictor = Predictor.of(activations, weights.part(activations))) {
      FeatureMaps.of(layer, predictor.predict(image).get(0)).picture().writePng(file);
    }
  }
}
