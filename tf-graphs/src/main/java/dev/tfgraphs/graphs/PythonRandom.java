package dev.tfgraphs.graphs;

import java.math.BigInteger;

/**
 * Python's {@code random}, as far as {@code keras.utils.set_random_seed} and {@code
 * random.randint(1, 10**9)} go: MT19937 seeded by the words of the seed (Matsumoto and Nishimura,
 * 1998).
 */
final class PythonRandom {
  private static final int N = 624;
  private static final int M = 397;
  private static final int LIMIT = 1_000_000_000;

  private final int[] state = new int[N];
  private int next = N;

  PythonRandom(long seed) {
    seedByArray(words(BigInteger.valueOf(seed).abs()));
  }

  /** The next {@code random.randint(1, 10**9)}. */
  int nextSeed() {
    int draw = nextInt() >>> 2;
    while (draw >= LIMIT) {
      draw = nextInt() >>> 2;
    }
    return draw + 1;
  }

  private static int[] words(BigInteger seed) {
    int[] words = new int[Math.max(1, (seed.bitLength() + 31) / 32)];
    for (int i = 0; i < words.length; i++) {
      words[i] = seed.shiftRight(32 * i).intValue();
    }
    return words;
  }

  private void seedByArray(int[] key) {
    state[0] = 19650218;
    for (int i = 1; i < N; i++) {
      state[i] = 1812433253 * mixed(i) + i;
    }
    int i = 1;
    for (int k = 0; k < Math.max(N, key.length); k++) {
      state[i] = (state[i] ^ (mixed(i) * 1664525)) + key[k % key.length] + k % key.length;
      i = advance(i);
    }
    for (int k = 0; k < N - 1; k++) {
      state[i] = (state[i] ^ (mixed(i) * 1566083941)) - i;
      i = advance(i);
    }
    state[0] = 0x80000000;
  }

  private int mixed(int i) {
    return state[i - 1] ^ (state[i - 1] >>> 30);
  }

  private int advance(int i) {
    if (i + 1 < N) {
      return i + 1;
    }
    state[0] = state[N - 1];
    return 1;
  }

  private int nextInt() {
    if (next == N) {
      refill();
    }
    int y = state[next++];
    y ^= y >>> 11;
    y ^= (y << 7) & 0x9d2c5680;
    y ^= (y << 15) & 0xefc60000;
    return y ^ (y >>> 18);
  }

  private void refill() {
    for (int i = 0; i < N; i++) {
      int y = (state[i] & 0x80000000) | (state[(i + 1) % N] & 0x7fffffff);
      state[i] = state[(i + M) % N] ^ (y >>> 1) ^ ((y & 1) == 0 ? 0 : 0x9908b0df);
    }
    next = 0;
  }
}
