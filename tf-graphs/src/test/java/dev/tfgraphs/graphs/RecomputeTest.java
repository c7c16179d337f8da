package dev.tfgraphs.graphs;

import static dev.tfgraphs.graphs.Closeness.assertClose;
import static dev.tfgraphs.ops.Layers.*;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import dev.tfgraphs.graphs.data.ArrayDataset;
import dev.tfgraphs.graphs.data.Dataset;
import dev.tfgraphs.graphs.data.Samples;
import dev.tfgraphs.ops.ActivationFunction;
import dev.tfgraphs.ops.Conv2D;
import dev.tfgraphs.ops.Dense;
import dev.tfgraphs.ops.Model;
import dev.tfgraphs.ops.Node;
import dev.tfgraphs.ops.Padding;
import dev.tfgraphs.ops.Regularizer;
import java.util.ArrayList;
import java.util.List;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.EnumSource;
import org.tensorflow.Graph;

class RecomputeTest {
  private static final Samples IMAGES = Samples.of(SmallNet.images(16), 8, 8, 3);
  private static final ArrayDataset DATA = SmallNet.data(16, "class");

  /** Blocks with random layers, penalties and layers of one instance, between two heads. */
  private static Model rich() {
    Node image = input("image", 8, 8, 3);
    Node extra = input("extra", 8, 8, 3);
    Conv2D shared = conv2D(8, 3).padding(Padding.SAME).kernelRegularizer(Regularizer.l2(0.01));
    Node x = add(conv(image), conv(extra)).to(relu());
    Model backbone = block(8, 8, 8);
    for (int i = 0; i < 3; i++) {
      x = Networks.residualBlock(x, 8, 1).to(dropout(0.25));
      x = x.to(backbone);
      x = add(x, x.to(shared).to(batchNormalization())).to(relu());
    }
    x = x.to(conv2D(8, 1).activityRegularizer(Regularizer.l2(0.0001))).to(gaussianNoise(0.1));
    for (int i = 0; i < 2; i++) {
      x = Networks.residualBlock(x, 16, 1 + i);
    }
    Node top = x.to(globalAveragePooling2D());
    Dense kind = dense(4).activation(ActivationFunction.SOFTMAX).name("kind");
    Node size = top.to(dropout(0.1)).to(dense(2).name("size"));
    return Model.of(List.of(image, extra), List.of(top.to(kind), size));
  }

  private static Node conv(Node image) {
    return image.to(conv2D(8, 3).padding(Padding.SAME)).to(batchNormalization());
  }

  private static Model block(int height, int width, int channels) {
    Node input = input(height, width, channels);
    return Model.of(input, Networks.residualBlock(input, channels, 1).to(spatialDropout2D(0.1)));
  }

  private static Dataset data() {
    Samples sizes = Samples.of(SmallNet.values(16), 2);
    Samples kinds = Samples.labels(0, 1, 2, 3, 0, 1, 2, 3, 0, 1, 2, 3, 0, 1, 2, 3);
    return Dataset.of(List.of(IMAGES, IMAGES), List.of(kinds, sizes));
  }

  private record Trained(List<Double> losses, Weights weights, List<Double> norms) {}

  private static Trained train(
      Model model, Dataset data, Compile compile, Recompute recompute) {
    List<Double> losses = new ArrayList<>();
    try (Trainer trainer = Trainer.of(model, compile.seed(3).recompute(recompute));
        var batches = data.open(16, false, 0)) {
      batches.begin(0);
      try (var batch = batches.next().orElseThrow()) {
        for (int i = 0; i < Integer.getInteger("n",1); i++) {
          losses.add(trainer.step(batch));
        }
      }
      return new Trained(losses, trainer.weights(), List.of());
    }
  }

  private static Compile compile() {
    return Compile.of(Optimizer.sgd(0.001).momentum(0.9))
        .loss("kind", Loss.sparseCategoricalCrossentropy())
        .loss("size", Loss.meanSquaredError());
  }

  @ParameterizedTest
  @EnumSource
  void lossesAndWeightsAreThoseOfATrainingThatKeepsEverything(Precision precision) {
    System.out.println(Cuts.of(rich()));
    Trained kept = train(rich(), data(), compile().precision(precision), Recompute.NONE);
    Trained again = train(rich(), data(), compile().precision(precision), Recompute.BLOCKS);
    System.out.println(kept.losses + "\n" + again.losses);
    double worst = 0; int same=0,other=0;
    for (String name : kept.weights.tensors().keySet()) {
      double off = 0;
      float[] a = kept.weights.get(name).values();
      float[] b = again.weights.get(name).values();
      double largest = 0;
      for (int i = 0; i < a.length; i++) {
        off = Math.max(off, Math.abs(a[i] - b[i]));
        largest = Math.max(largest, Math.abs(a[i]));
      }
      if (off==0) same++; else other++; if (largest>0) worst = Math.max(worst, off/largest);if (off > 0) System.out.println(name + " " + off + " of " + largest);
    }
 System.out.println(worst+" same "+same+" other "+other);
  }
}
