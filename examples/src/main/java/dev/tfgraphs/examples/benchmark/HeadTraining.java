package dev.tfgraphs.examples.benchmark;

import static dev.tfgraphs.applications.KerasResNet.RESNET50;
import static dev.tfgraphs.ops.ActivationFunction.SOFTMAX;
import static dev.tfgraphs.ops.Layers.dense;
import static dev.tfgraphs.ops.Layers.input;

import dev.tfgraphs.applications.Heads;
import dev.tfgraphs.graphs.Callback;
import dev.tfgraphs.graphs.Compile;
import dev.tfgraphs.graphs.FeatureCache;
import dev.tfgraphs.graphs.Fit;
import dev.tfgraphs.graphs.FitOptions;
import dev.tfgraphs.graphs.History;
import dev.tfgraphs.graphs.Loss;
import dev.tfgraphs.graphs.Optimizer;
import dev.tfgraphs.graphs.Trainer;
import dev.tfgraphs.graphs.data.Dataset;
import dev.tfgraphs.graphs.data.Samples;
import dev.tfgraphs.ops.Model;
import dev.tfgraphs.ops.Node;
import java.util.ArrayList;
import java.util.List;
import java.util.Locale;
import java.util.Random;

/**
 * A new head behind a frozen ResNet50, trained with features that are made once and without: what
 * an epoch takes, and how far the losses are apart.
 */
final class HeadTraining {
  private static final int IMAGES = 160;
  private static final int SIZE = 224;
  private static final int BATCH = 16;
  private static final int CLASSES = 10;
  private static final int EPOCHS = 4;
  private static final double RATE = 1e-3;

  /** When epochs end. */
  private static final class Clock implements Callback {
    private final List<Double> seconds = new ArrayList<>();
    private long last = System.nanoTime();

    @Override
    public void epochEnd(Fit fit, int epoch) {
      long now = System.nanoTime();
      seconds.add((now - last) / 1e9);
      last = now;
    }
  }

  /** The seconds of every epoch, the first with all that comes before it, and its loss. */
  private record Course(List<Double> seconds, List<Double> losses) {
    static Course of(FitOptions options) {
      try (Trainer trainer = Trainer.of(model(), compile())) {
        Clock clock = new Clock();
        History history = trainer.fit(data(), options.callback(clock));
        return new Course(clock.seconds, history.get("loss"));
      }
    }

    double furthest(Course other) {
      double furthest = 0;
      for (int i = 0; i < losses.size(); i++) {
        furthest = Math.max(furthest, Math.abs(losses.get(i) - other.losses.get(i)));
      }
      return furthest;
    }
  }

  private HeadTraining() {}

  private static Model model() {
    Node images = input(SIZE, SIZE, 3);
    Model backbone = Model.of(images, RESNET50.features(RESNET50.preprocessing().on(images)));
    Node classes =
        Heads.averagePooling(backbone.output()).to(dense(CLASSES).activation(SOFTMAX).name("head"));
    return Model.of(images, classes).freeze(backbone);
  }

  private static Compile compile() {
    return Compile.of(Optimizer.adam(RATE), Loss.sparseCategoricalCrossentropy()).seed(1);
  }

  private static Dataset data() {
    Random random = new Random(0);
    byte[] pixels = new byte[IMAGES * SIZE * SIZE * 3];
    random.nextBytes(pixels);
    int[] labels = random.ints(IMAGES, 0, CLASSES).toArray();
    return Dataset.of(Samples.of(pixels, SIZE, SIZE, 3), Samples.labels(labels));
  }

  /** Trains both ways, the one with features first if {@code featuresFirst} says so. */
  static String measure(boolean featuresFirst) {
    FitOptions options = FitOptions.epochs(EPOCHS).batchSize(BATCH).verbose(0);
    FitOptions once = options.features(FeatureCache.memory());
    Course first = Course.of(featuresFirst ? once : options);
    Course second = Course.of(featuresFirst ? options : once);
    return String.format(
        Locale.ROOT,
        "{\"features\": %s, \"every-epoch\": %s, \"furthest\": %.3g, \"loss\": %.6f}",
        featuresFirst ? first.seconds : second.seconds,
        featuresFirst ? second.seconds : first.seconds,
        first.furthest(second),
        first.losses.get(EPOCHS - 1));
  }
}
