package dev.tfgraphs.graphs.data;

import dev.tfgraphs.graphs.random.MersenneTwister;

/**
 * NumPy's {@code RandomState}, seeded by one number.
 *
 * <p>Keras shuffles the files of a folder by it before it cuts off the validation part; the same
 * files must end up there.
 */
final class NumpyRandom {
  private final MersenneTwister bits;

  /** A generator seeded by the lower 32 bits of {@code seed}. */
  NumpyRandom(long seed) {
    this.bits = MersenneTwister.of((int) seed);
  }

  /** {@return the order in which {@code shuffle} would leave a list of {@code size} elements} */
  int[] shuffled(int size) {
    int[] order = new int[size];
    for (int i = 0; i < size; i++) {
      order[i] = i;
    }
    for (int i = size - 1; i > 0; i--) {
      int j = upTo(i);
      int moved = order[i];
      order[i] = order[j];
      order[j] = moved;
    }
    return order;
  }

  /** A number from 0 to {@code max}, both included: draws are cut to its bits until one fits. */
  private int upTo(int max) {
    int mask = Integer.highestOneBit(max) * 2 - 1;
    int drawn = bits.nextInt() & mask;
    while (drawn > max) {
      drawn = bits.nextInt() & mask;
    }
    return drawn;
  }
}
