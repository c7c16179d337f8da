package dev.tfgraphs.examples.gallery;

import static dev.tfgraphs.ops.Layers.input;
import static dev.tfgraphs.ops.Layers.rescaling;

import com.google.common.collect.ImmutableMap;
import dev.tfgraphs.applications.CifarResNet;
import dev.tfgraphs.applications.Shortcut;
import dev.tfgraphs.examples.Digits;
import dev.tfgraphs.graphs.Compile;
import dev.tfgraphs.graphs.FitOptions;
import dev.tfgraphs.graphs.History;
import dev.tfgraphs.graphs.LearningRateScheduler;
import dev.tfgraphs.graphs.Loss;
import dev.tfgraphs.graphs.Metric;
import dev.tfgraphs.graphs.Optimizer;
import dev.tfgraphs.graphs.Trainer;
import dev.tfgraphs.graphs.data.Dataset;
import dev.tfgraphs.ops.Model;
import dev.tfgraphs.ops.Node;
import dev.tfgraphs.pictures.ClassScores;
import dev.tfgraphs.pictures.ConfusionPicture;
import dev.tfgraphs.pictures.EvaluationPictures;
import dev.tfgraphs.pictures.LearningCurves;
import dev.tfgraphs.pictures.Picture;
import java.nio.file.Path;
import java.util.List;

/** Histories and evaluations of small networks that read digits. */
final class GalleryCurves {
  private static final int DEPTH = 32;
  private static final int EPOCHS = 5;
  private static final double RATE = 2e-3;
  private static final int BINS = 10;
  private static final Dataset TRAINING = Digits.train().dataset();
  private static final Dataset TEST = Digits.test().dataset();

  private static final CifarResNet RESIDUAL = CifarResNet.basic(DEPTH);
  private static final CifarResNet PLAIN = RESIDUAL.shortcut(Shortcut.NONE);

  /** A training, and what its network gives the test digits. */
  private record Learned(History history, ClassScores scores) {}

  private GalleryCurves() {}

  static void write(Path folder) {
    Learned first = learned(RESIDUAL, 1);
    Learned second = learned(RESIDUAL, 2);
    List<History> plain = List.of(learned(PLAIN, 1).history(), learned(PLAIN, 2).history());
    LearningCurves both =
        LearningCurves.of(DEPTH + " layers with shortcuts and without")
            .history("residual", first.history(), second.history())
            .history("plain", "plain", plain)
            .metrics("accuracy", "val_accuracy");
    String title = "ResNet-" + DEPTH + " on digits";
    ClassScores scores = first.scores();
    ImmutableMap.<String, Picture>builder()
        .put("learning-curves", LearningCurves.of(title, first.history()).picture())
        .put("comparison", both.picture())
        .put("classes", EvaluationPictures.classes(title, scores.confusion()))
        .put("confusion", ConfusionPicture.normalized(title, scores.confusion()))
        .put("calibration", EvaluationPictures.calibration(title, scores.calibration(BINS)))
        .put("roc", EvaluationPictures.roc(title, scores))
        .put("precision-recall", EvaluationPictures.precisionRecall(title, scores))
        .buildOrThrow()
        .forEach((name, picture) -> picture.write(folder, name));
  }

  /** The learning rate falls tenfold after half of the epochs, and again before the last. */
  private static double rate(int epoch) {
    return epoch < (EPOCHS + 1) / 2 ? RATE : epoch < EPOCHS - 1 ? RATE / 10 : RATE / 100;
  }

  private static Learned learned(CifarResNet network, long seed) {
    Node image = input(Digits.SIZE, Digits.SIZE, 1);
    Node scaled = image.to(rescaling(1.0 / Digits.INK));
    Model model = Model.of(image, network.on(scaled, Digits.classNames().size()));
    Compile adam =
        Compile.of(Optimizer.adam(RATE), Loss.sparseCategoricalCrossentropy(), Metric.accuracy());
    try (Trainer trainer = Trainer.of(model, adam.seed(seed))) {
      History history =
          trainer.fit(
              TRAINING,
              FitOptions.epochs(EPOCHS)
                  .validation(TEST)
                  .verbose(0)
                  .callback(LearningRateScheduler.of(GalleryCurves::rate)));
      return new Learned(
          history,
          ClassScores.of(trainer.predict(TEST), Digits.test().labels(), Digits.classNames()));
    }
  }
}
