package dev.tfgraphs.pictures;

import java.util.Arrays;
import java.util.Comparator;
import java.util.stream.IntStream;

/**
 * Samples in the order of their scores, the largest first, counted at each score that there is.
 *
 * @param thresholds the scores, each once
 * @param right how many positives have a score of that much or more
 * @param wrong how many negatives have
 */
@SuppressWarnings("ArrayRecordComponent") // neither changed nor compared
record Ranking(double[] thresholds, long[] right, long[] wrong) {
  static Ranking of(String who, double[] scores, boolean[] positive) {
    if (scores.length != positive.length) {
      throw new IllegalArgumentException(
          "%s: expected a score for each of %d samples, received %d"
              .formatted(who, positive.length, scores.length));
    }
    if (Arrays.stream(scores).anyMatch(score -> !Double.isFinite(score))) {
      throw new IllegalArgumentException(
          who + ": expected finite scores, received NaN or infinity");
    }
    int[] order =
        IntStream.range(0, scores.length)
            .boxed()
            .sorted(Comparator.comparingDouble(i -> -scores[i]))
            .mapToInt(i -> i)
            .toArray();
    int[] last =
        IntStream.range(0, order.length)
            .filter(i -> i == order.length - 1 || scores[order[i]] != scores[order[i + 1]])
            .toArray();
    return counted(last, order, scores, positive);
  }

  private static Ranking counted(int[] last, int[] order, double[] scores, boolean[] positive) {
    double[] thresholds = new double[last.length];
    long[] right = new long[last.length];
    long[] wrong = new long[last.length];
    long positives = 0;
    int next = 0;
    for (int i = 0; i < last.length; i++) {
      for (; next <= last[i]; next++) {
        positives += positive[order[next]] ? 1 : 0;
      }
      thresholds[i] = scores[order[last[i]]];
      right[i] = positives;
      wrong[i] = next - positives;
    }
    return new Ranking(thresholds, right, wrong);
  }

  int size() {
    return thresholds.length;
  }

  long positives() {
    return size() == 0 ? 0 : right[size() - 1];
  }

  long negatives() {
    return size() == 0 ? 0 : wrong[size() - 1];
  }
}
