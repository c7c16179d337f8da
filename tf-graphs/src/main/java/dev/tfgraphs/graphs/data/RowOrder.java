package dev.tfgraphs.graphs.data;

import dev.tfgraphs.graphs.GraphException;
import java.util.Arrays;

/**
 * Which rows each batch of each pass has.
 *
 * <p>A shuffled pass is a full permutation: Fisher and Yates's, from the last row down, on numbers
 * of SplitMix64. Its state starts at the {@code epoch}-th number (from 0) of the SplitMix64 that
 * starts at the seed; a number {@code r} picks row {@code ((r >>> 32) * (i + 1)) >>> 32} to change
 * places with row {@code i}. The same seed and pass give the same order on every machine.
 */
final class RowOrder {

  /** What a pass does to the stored order. */
  enum Shuffle {
    NONE,
    ALL,
    WITHIN_BATCHES;

    static Shuffle of(boolean all) {
      return all ? ALL : NONE;
    }
  }

  private static final long GAMMA = 0x9E3779B97F4A7C15L;

  private final int from;
  private final int samples;
  private final int batchSize;
  private final Shuffle shuffle;
  private final long seed;

  private int[] rows = {};
  private int next = -1;

  /** The rows {@code from} to {@code from + samples}, in order or shuffled. */
  RowOrder(int from, int samples, int batchSize, Shuffle shuffle, long seed) {
    checkBatchSize(batchSize);
    this.from = from;
    this.samples = samples;
    this.batchSize = batchSize;
    this.shuffle = shuffle;
    this.seed = seed;
  }

  static void checkBatchSize(int batchSize) {
    if (batchSize < 1) {
      throw new GraphException("batch size: expected at least 1, received " + batchSize);
    }
  }

  /** {@return all rows of the pass that now begins, in its order} */
  int[] begin(int epoch) {
    rows =
        switch (shuffle) {
          case NONE -> identity(samples);
          case ALL -> permutation(samples, seed, epoch);
          case WITHIN_BATCHES -> withinBatches(epoch);
        };
    for (int i = 0; i < samples; i++) {
      rows[i] += from;
    }
    next = 0;
    return rows.clone();
  }

  private int[] withinBatches(int epoch) {
    int[] order = identity(samples);
    long state = mix(seed + (epoch + 1L) * GAMMA);
    for (int first = 0; first < samples; first += batchSize) {
      int size = Math.min(batchSize, samples - first);
      int[] within = permutation(size, state + first, epoch);
      for (int i = 0; i < size; i++) {
        order[first + i] = first + within[i];
      }
    }
    return order;
  }

  /** {@return the rows of the next batch; none at the end of the pass} */
  int[] next() {
    if (next < 0) {
      throw new GraphException("batches: expected begin(epoch) before next()");
    }
    int end = (int) Math.min((long) next + batchSize, samples);
    int[] batch = Arrays.copyOfRange(rows, next, end);
    next = end;
    return batch;
  }

  long steps() {
    return ((long) samples + batchSize - 1) / batchSize;
  }

  static int[] permutation(int size, long seed, int epoch) {
    int[] order = identity(size);
    long state = mix(seed + (epoch + 1L) * GAMMA);
    for (int i = size - 1; i > 0; i--) {
      state += GAMMA;
      int j = (int) (((mix(state) >>> 32) * (i + 1L)) >>> 32);
      int moved = order[i];
      order[i] = order[j];
      order[j] = moved;
    }
    return order;
  }

  private static int[] identity(int size) {
    int[] order = new int[size];
    Arrays.setAll(order, i -> i);
    return order;
  }

  private static long mix(long z) {
    long a = (z ^ (z >>> 30)) * 0xBF58476D1CE4E5B9L;
    long b = (a ^ (a >>> 27)) * 0x94D049BB133111EBL;
    return b ^ (b >>> 31);
  }
}
