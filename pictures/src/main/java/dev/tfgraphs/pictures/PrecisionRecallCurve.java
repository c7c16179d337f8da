package dev.tfgraphs.pictures;

import com.google.common.primitives.ImmutableDoubleArray;
import java.util.stream.DoubleStream;
import java.util.stream.IntStream;

/**
 * Which part of what is found is positive, and which part of the positives is found, over all
 * thresholds, as scikit-learn's {@code precision_recall_curve} has it: thresholds rise, and the
 * last point, of recall 0 and precision 1, has none.
 *
 * @param precisions from 0 to 1, one more than thresholds
 * @param recalls from 1 to 0, one more than thresholds
 * @param thresholds the score from which on a sample is found
 */
public record PrecisionRecallCurve(
    ImmutableDoubleArray precisions,
    ImmutableDoubleArray recalls,
    ImmutableDoubleArray thresholds) {
  private static final String WHO = "precision-recall curve";

  /**
   * The curve of samples.
   *
   * @param scores of any scale, the larger the likelier a positive
   * @param positive what the samples are
   * @throws IllegalArgumentException if there is no positive, if the lengths differ, or if a score
   *     is not finite
   */
  public static PrecisionRecallCurve of(double[] scores, boolean[] positive) {
    Ranking ranking = Ranking.of(WHO, scores, positive);
    long positives = ranking.positives();
    if (positives == 0) {
      throw new IllegalArgumentException(WHO + ": expected positives, received none");
    }
    int[] rising = IntStream.rangeClosed(1, ranking.size()).map(i -> ranking.size() - i).toArray();
    return new PrecisionRecallCurve(
        with(1, IntStream.of(rising).mapToDouble(i -> precision(ranking, i))),
        with(0, IntStream.of(rising).mapToDouble(i -> (double) ranking.right()[i] / positives)),
        ImmutableDoubleArray.copyOf(
            IntStream.of(rising).mapToDouble(i -> ranking.thresholds()[i])));
  }

  private static double precision(Ranking ranking, int i) {
    return (double) ranking.right()[i] / (ranking.right()[i] + ranking.wrong()[i]);
  }

  private static ImmutableDoubleArray with(double last, DoubleStream others) {
    return ImmutableDoubleArray.copyOf(DoubleStream.concat(others, DoubleStream.of(last)));
  }

  /**
   * {@return the mean of the precisions, each weighted by how much recall it adds}
   *
   * <p>It is the area below the steps of the curve, without interpolation.
   */
  public double averagePrecision() {
    double sum = 0;
    for (int i = 0; i < thresholds.length(); i++) {
      sum += (recalls.get(i) - recalls.get(i + 1)) * precisions.get(i);
    }
    return sum;
  }
}
