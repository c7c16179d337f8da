package dev.tfgraphs.pictures;

import com.google.common.collect.ImmutableList;
import java.util.Arrays;
import java.util.stream.IntStream;

/**
 * Whether what is said with a probability comes true as often: samples in bins of their
 * probabilities. A probability on the edge of two bins belongs to the lower one, as in
 * scikit-learn's {@code calibration_curve}; bins without samples are left out.
 *
 * @param bins those that have samples, rising
 */
public record Calibration(ImmutableList<Bin> bins) {
  private static final String WHO = "calibration";

  /**
   * Samples with probabilities that lie near each other.
   *
   * @param from the edges of the bin
   * @param count how many samples, 1 or more
   * @param probability the mean of what they were said with
   * @param frequency how many of them came true, from 0 to 1
   */
  public record Bin(double from, double to, long count, double probability, double frequency) {
    /**
     * A bin.
     *
     * @throws IllegalArgumentException if there is no sample, or if {@code probability} or {@code
     *     frequency} is not from 0 to 1
     */
    public Bin {
      boolean isMean = probability >= 0 && probability <= 1;
      boolean isPart = frequency >= 0 && frequency <= 1;
      if (count < 1 || !isMean || !isPart) {
        throw new IllegalArgumentException(
            WHO
                + ": expected 1 sample or more, and a probability and a frequency from 0 to 1,"
                + " received %d, %s and %s".formatted(count, probability, frequency));
      }
    }
  }

  /**
   * Bins that are known.
   *
   * @throws IllegalArgumentException if there is none
   */
  public Calibration {
    if (bins.isEmpty()) {
      throw new IllegalArgumentException(WHO + ": expected a bin or more, received none");
    }
  }

  /**
   * Bins of equal width from 0 to 1.
   *
   * @param probabilities what each sample was said with: of a classifier's largest class, or of the
   *     positive one
   * @param came whether it came true
   * @throws IllegalArgumentException if there is no sample or no bin, if the lengths differ, or if
   *     a probability is not from 0 to 1
   */
  public static Calibration equalWidth(double[] probabilities, boolean[] came, int bins) {
    check(probabilities, came, bins);
    return of(
        probabilities,
        came,
        IntStream.rangeClosed(0, bins).mapToDouble(i -> i * (1.0 / bins)).toArray());
  }

  /**
   * Bins of equally many samples, as far as ties let them.
   *
   * @throws IllegalArgumentException as {@link #equalWidth}
   */
  public static Calibration equalMass(double[] probabilities, boolean[] came, int bins) {
    check(probabilities, came, bins);
    double[] sorted = probabilities.clone();
    Arrays.sort(sorted);
    return of(
        probabilities,
        came,
        IntStream.rangeClosed(0, bins)
            .mapToDouble(i -> quantile(sorted, Math.min(1, i * (1.0 / bins))))
            .toArray());
  }

  private static void check(double[] probabilities, boolean[] came, int bins) {
    if (bins < 1) {
      throw new IllegalArgumentException(WHO + ": expected at least 1 bin, received " + bins);
    }
    if (came.length == 0 || probabilities.length != came.length) {
      throw new IllegalArgumentException(
          WHO
              + ": expected a probability for each of 1 sample or more, received %d for %d"
                  .formatted(probabilities.length, came.length));
    }
    for (double probability : probabilities) {
      if (!(probability >= 0 && probability <= 1)) {
        throw new IllegalArgumentException(
            WHO + ": expected probabilities from 0 to 1, received " + probability);
      }
    }
  }

  /** As NumPy interpolates it. */
  private static double quantile(double[] sorted, double part) {
    double place = part * (sorted.length - 1);
    int below = (int) Math.min(Math.floor(place), sorted.length - 1);
    double least = sorted[below];
    double most = sorted[Math.min(below + 1, sorted.length - 1)];
    double rest = place - below;
    return rest >= 0.5 ? most - (most - least) * (1 - rest) : least + (most - least) * rest;
  }

  private static Calibration of(double[] probabilities, boolean[] came, double[] edges) {
    int bins = edges.length - 1;
    long[] counts = new long[bins];
    double[] sums = new double[bins];
    long[] hits = new long[bins];
    for (int i = 0; i < probabilities.length; i++) {
      int bin = bin(probabilities[i], edges);
      counts[bin]++;
      sums[bin] += probabilities[i];
      hits[bin] += came[i] ? 1 : 0;
    }
    return new Calibration(
        IntStream.range(0, bins)
            .filter(i -> counts[i] > 0)
            .mapToObj(
                i ->
                    new Bin(
                        edges[i],
                        edges[i + 1],
                        counts[i],
                        sums[i] / counts[i],
                        (double) hits[i] / counts[i]))
            .collect(ImmutableList.toImmutableList()));
  }

  /** How many of the edges within lie below. */
  private static int bin(double probability, double[] edges) {
    int bin = 0;
    while (bin < edges.length - 2 && edges[bin + 1] < probability) {
      bin++;
    }
    return bin;
  }

  /** {@return how many samples there are} */
  public long samples() {
    return bins.stream().mapToLong(Bin::count).sum();
  }

  /**
   * {@return the expected calibration error: by how much probability and frequency differ, over all
   * samples (Naeini et al., 2015)}
   */
  public double error() {
    double sum = 0;
    for (Bin bin : bins) {
      sum += bin.count() * Math.abs(bin.probability() - bin.frequency());
    }
    return sum / samples();
  }
}
