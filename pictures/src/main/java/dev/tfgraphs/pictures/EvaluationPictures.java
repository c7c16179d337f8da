package dev.tfgraphs.pictures;

import java.util.List;
import java.util.Map;

/** How good a classifier is, as pictures. */
public final class EvaluationPictures {
  private EvaluationPictures() {}

  /**
   * Receiver operating characteristics: of two classes that of the second, of more that of each
   * class against the others with their macro and micro averages. The key says the areas under
   * them. Of more than ten classes the five with the least areas are named, and the others grey;
   * classes without samples have no curve.
   *
   * @throws IllegalArgumentException if all samples are of one class, or a score is not finite
   */
  public static Picture roc(String title, ClassScores scores) {
    return RankingPicture.roc(title, scores);
  }

  /**
   * Precision against recall: of two classes that of the second, of more that of each class against
   * the others with their micro average. The key says the average precisions. Of more than ten
   * classes the five with the least are named, and the others grey; classes without samples have no
   * curve.
   *
   * @throws IllegalArgumentException if none of two classes' samples is of the second, or a score
   *     is not finite
   */
  public static Picture precisionRecall(String title, ClassScores scores) {
    return RankingPicture.precisionRecall(title, scores);
  }

  /**
   * A reliability diagram: how often samples were right over the probability with which they were
   * said, above a histogram of these probabilities. Bars below the diagonal are overconfident.
   */
  public static Picture calibration(String title, Calibration calibration) {
    return CalibrationPicture.of(title, calibration);
  }

  /**
   * Precision, recall and F1 of each class, as bars with their numbers. Of more than forty classes
   * those with the least F1 are drawn.
   */
  public static Picture classes(String title, Confusion confusion) {
    return ClassBars.of(title, confusion);
  }

  /**
   * Values of each class, as bars with their numbers. Of more than forty classes those with the
   * least of the last value are drawn.
   *
   * @param values of one kind or up to four: by name, one for each class; those that are not finite
   *     have no bar
   * @throws IllegalArgumentException if there is no class, no kind, or more than four of these, or
   *     not one value for each class
   */
  public static Picture classes(
      String title, List<String> classNames, Map<String, List<Double>> values) {
    return ClassBars.of(title, classNames, values);
  }
}
