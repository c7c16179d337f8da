package example;

import static dev.tfgraphs.ops.Layers.input;

import dev.tfgraphs.applications.ResNets;
import dev.tfgraphs.graphs.Compile;
import dev.tfgraphs.graphs.FitOptions;
import dev.tfgraphs.graphs.Loss;
import dev.tfgraphs.graphs.Metric;
import dev.tfgraphs.graphs.Optimizer;
import dev.tfgraphs.graphs.Trainer;
import dev.tfgraphs.graphs.data.Dataset;
import dev.tfgraphs.graphs.data.Samples;
import dev.tfgraphs.ops.Model;
import dev.tfgraphs.ops.Node;
import dev.tfgraphs.savedmodel.SavedModels;
import java.nio.file.Path;
import java.util.Random;

/** A ResNet of 8 layers that learns whether an image is brighter at its left or at its right. */
final class Sample {
  private static final int COUNT = 256;
  private static final int SIDE = 8;

  private Sample() {}

  public static void main(String[] args) {
    Node image = input(SIDE, SIDE, 1);
    Model model = Model.of(image, ResNets.cifarResNet(image, 8, 2));
    Compile adam =
        Compile.of(Optimizer.adam(), Loss.sparseCategoricalCrossentropy(), Metric.accuracy());
    try (Trainer trainer = Trainer.of(model, adam)) {
      trainer.fit(images(), FitOptions.epochs(2));
      System.out.println(SavedModels.write(Path.of("target", "model"), model, trainer.weights()));
    }
  }

  private static Dataset images() {
    Random random = new Random(1);
    float[] pixels = new float[COUNT * SIDE * SIDE];
    int[] labels = new int[COUNT];
    for (int i = 0; i < pixels.length; i++) {
      int sample = i / (SIDE * SIDE);
      labels[sample] = sample % 2;
      boolean bright = i % SIDE < SIDE / 2 == (labels[sample] == 0);
      pixels[i] = random.nextFloat() + (bright ? 0.5f : 0);
    }
    return Dataset.of(Samples.of(pixels, SIDE, SIDE, 1), Samples.labels(labels));
  }
}
