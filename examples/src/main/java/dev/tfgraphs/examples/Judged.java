package dev.tfgraphs.examples;

import com.google.common.collect.ImmutableSet;
import com.google.common.io.MoreFiles;
import com.google.common.io.RecursiveDeleteOption;
import com.google.common.primitives.Ints;
import dev.tfgraphs.graphs.HostTensor;
import dev.tfgraphs.pictures.ClassScores;
import dev.tfgraphs.pictures.ConfusionPicture;
import dev.tfgraphs.pictures.EvaluationPictures;
import dev.tfgraphs.pictures.Picture;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;

/** What a network gave the classes of samples, and the pictures that show how good that is. */
final class Judged {
  static final String PICTURES = "pictures";

  /** Of more classes, curves over thresholds say little. */
  private static final int MOST_RANKED = 20;

  private static final int BINS = 15;

  private final List<HostTensor> predicted = new ArrayList<>();
  private final List<Integer> labels = new ArrayList<>();

  /**
   * Adds samples.
   *
   * @param rows {@code (samples, classes)}
   */
  void add(HostTensor rows, int[] truths) {
    predicted.add(rows);
    labels.addAll(Ints.asList(truths));
  }

  /** Writes all pictures that such samples have, unless there is but one class. */
  void draw(RunFiles files, String title, List<String> classNames) throws IOException {
    if (classNames.size() < 2 || labels.isEmpty()) {
      return;
    }
    ClassScores scores =
        ClassScores.of(Tensors.joined(predicted), Ints.toArray(labels), classNames);
    Path folder = Files.createDirectory(files.folder().resolve(PICTURES));
    ImmutableSet<String> names = files.drawAll(folder, () -> pictures(title, scores));
    if (names.isEmpty()) {
      MoreFiles.deleteRecursively(folder, RecursiveDeleteOption.ALLOW_INSECURE);
    } else {
      files.add(PICTURES + "/", "how good it is: " + String.join(", ", names));
    }
  }

  private Map<String, Picture> pictures(String title, ClassScores scores) {
    Map<String, Picture> pictures = new LinkedHashMap<>();
    pictures.put("classes", EvaluationPictures.classes(title, scores.confusion()));
    pictures.put("confusion", ConfusionPicture.normalized(title, scores.confusion()));
    if (scores.areProbabilities()) {
      pictures.put("calibration", EvaluationPictures.calibration(title, scores.calibration(BINS)));
    }
    boolean several = labels.stream().distinct().count() > 1;
    if (scores.areFinite() && several && scores.names().size() <= MOST_RANKED) {
      pictures.put("roc", EvaluationPictures.roc(title, scores));
      pictures.put("precision-recall", EvaluationPictures.precisionRecall(title, scores));
    }
    return pictures;
  }
}
