package dev.tfgraphs.pictures;

import com.google.common.primitives.ImmutableDoubleArray;
import java.util.Arrays;
import java.util.List;
import java.util.stream.DoubleStream;
import java.util.stream.IntStream;

/**
 * A receiver operating characteristic: which part of the positives is found at the price of which
 * part of the negatives, over all thresholds. As in scikit-learn's {@code roc_curve}, points on a
 * straight line between others are left out.
 *
 * @param falsePositiveRates from 0 to 1, which part of the negatives scores as much or more
 * @param truePositiveRates from 0 to 1, which part of the positives does
 * @param thresholds the score of each point, falling; the first is infinite
 */
public record RocCurve(
    ImmutableDoubleArray falsePositiveRates,
    ImmutableDoubleArray truePositiveRates,
    ImmutableDoubleArray thresholds) {
  private static final String WHO = "ROC curve";

  /**
   * A curve of points that are known.
   *
   * @throws IllegalArgumentException if there is no point, if the lengths differ, or if a rate is
   *     not from 0 to 1
   */
  public RocCurve {
    int points = thresholds.length();
    if (points == 0
        || falsePositiveRates.length() != points
        || truePositiveRates.length() != points) {
      throw new IllegalArgumentException(
          WHO
              + ": expected two rates for each of 1 threshold or more, received %d and %d for %d"
                  .formatted(falsePositiveRates.length(), truePositiveRates.length(), points));
    }
    DoubleStream.concat(falsePositiveRates.stream(), truePositiveRates.stream())
        .filter(rate -> !(rate >= 0 && rate <= 1))
        .findFirst()
        .ifPresent(
            rate -> {
              throw new IllegalArgumentException(
                  WHO + ": expected rates from 0 to 1, received " + rate);
            });
  }

  /**
   * The curve of samples.
   *
   * @param scores of any scale, the larger the likelier a positive
   * @param positive what the samples are
   * @throws IllegalArgumentException if there is no positive or no negative, if the lengths differ,
   *     or if a score is not finite
   */
  public static RocCurve of(double[] scores, boolean[] positive) {
    Ranking ranking = Ranking.of(WHO, scores, positive);
    long positives = ranking.positives();
    long negatives = ranking.negatives();
    if (positives == 0 || negatives == 0) {
      throw new IllegalArgumentException(
          WHO
              + ": expected positives and negatives, received %d and %d"
                  .formatted(positives, negatives));
    }
    int[] corners = IntStream.range(0, ranking.size()).filter(i -> isCorner(ranking, i)).toArray();
    return new RocCurve(
        from(0, IntStream.of(corners).mapToDouble(i -> (double) ranking.wrong()[i] / negatives)),
        from(0, IntStream.of(corners).mapToDouble(i -> (double) ranking.right()[i] / positives)),
        from(
            Double.POSITIVE_INFINITY,
            IntStream.of(corners).mapToDouble(i -> ranking.thresholds()[i])));
  }

  private static boolean isCorner(Ranking ranking, int i) {
    return i == 0
        || i == ranking.size() - 1
        || bends(ranking.right(), i)
        || bends(ranking.wrong(), i);
  }

  private static boolean bends(long[] counts, int i) {
    return counts[i + 1] - counts[i] != counts[i] - counts[i - 1];
  }

  private static ImmutableDoubleArray from(double first, DoubleStream others) {
    return ImmutableDoubleArray.copyOf(DoubleStream.concat(DoubleStream.of(first), others));
  }

  /**
   * The mean of curves, at all their places: that of one class against the others for each class is
   * the macro average, and its area the mean of their areas.
   *
   * @throws IllegalArgumentException if there is no curve
   */
  static RocCurve mean(List<RocCurve> curves) {
    if (curves.isEmpty()) {
      throw new IllegalArgumentException(WHO + ": expected curves to average, received none");
    }
    // each place twice, since curves rise in steps: once below the steps there, once above
    double[] places =
        curves.stream()
            .flatMapToDouble(c -> c.falsePositiveRates.stream())
            .distinct()
            .sorted()
            .toArray();
    double[] twice = Arrays.stream(places).flatMap(x -> DoubleStream.of(x, x)).toArray();
    double[] rates = new double[twice.length];
    for (int i = 0; i < twice.length; i++) {
      double x = twice[i];
      boolean above = i % 2 == 1;
      rates[i] = curves.stream().mapToDouble(c -> c.at(x, above)).average().orElseThrow();
    }
    double[] none = new double[twice.length];
    Arrays.fill(none, Double.NaN);
    return new RocCurve(
        ImmutableDoubleArray.copyOf(twice),
        ImmutableDoubleArray.copyOf(rates),
        ImmutableDoubleArray.copyOf(none));
  }

  /** The true positive rate at a false positive rate: where it jumps, below or above. */
  private double at(double x, boolean above) {
    int first = 0;
    while (falsePositiveRates.get(first) < x) {
      first++;
    }
    if (falsePositiveRates.get(first) > x) {
      double from = falsePositiveRates.get(first - 1);
      double part = (x - from) / (falsePositiveRates.get(first) - from);
      double below = truePositiveRates.get(first - 1);
      return below + part * (truePositiveRates.get(first) - below);
    }
    int last = first;
    while (last + 1 < falsePositiveRates.length() && falsePositiveRates.get(last + 1) == x) {
      last++;
    }
    return truePositiveRates.get(above ? last : first);
  }

  /** {@return the area under the curve, from 0 to 1; 0.5 is that of chance} */
  public double area() {
    double area = 0;
    for (int i = 1; i < thresholds.length(); i++) {
      double width = falsePositiveRates.get(i) - falsePositiveRates.get(i - 1);
      area += width * (truePositiveRates.get(i) + truePositiveRates.get(i - 1)) / 2;
    }
    return area;
  }
}
