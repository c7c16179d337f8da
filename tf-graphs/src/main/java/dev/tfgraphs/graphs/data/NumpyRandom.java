package dev.tfgraphs.graphs.data;

/**
 * NumPy's {@code RandomState}: the Mersenne Twister MT19937, seeded by one number.
 *
 * <p>Keras shuffles the files of a folder by it before it cuts off the validation part; the same
 * files must end up there.
 */
final class NumpyRandom {

  private static final int SIZE = 624;
  private static final int SHIFT = 397;

  private final int[] state = new int[SIZE];
  private int position = SIZE;

  /** A generator seeded by the lower 32 bits of {@code seed}. */
  NumpyRandom(long seed) {
    state[0] = (int) seed;
    for (int i = 1; i < SIZE; i++) {
      state[i] = 1812433253 * (state[i - 1] ^ (state[i - 1] >>> 30)) + i;
    }
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
    int drawn = nextInt() & mask;
    while (drawn > max) {
      drawn = nextInt() & mask;
    }
    return drawn;
  }

  private int nextInt() {
    if (position == SIZE) {
      twist();
    }
    int y = state[position++];
    y ^= y >>> 11;
    y ^= (y << 7) & 0x9d2c5680;
    y ^= (y << 15) & 0xefc60000;
    return y ^ (y >>> 18);
  }

  private void twist() {
    for (int i = 0; i < SIZE; i++) {
      int y = (state[i] & 0x80000000) | (state[(i + 1) % SIZE] & 0x7fffffff);
      state[i] = state[(i + SHIFT) % SIZE] ^ (y >>> 1) ^ ((y & 1) == 0 ? 0 : 0x9908b0df);
    }
    position = 0;
  }
}
