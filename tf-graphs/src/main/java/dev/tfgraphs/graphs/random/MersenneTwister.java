package dev.tfgraphs.graphs.random;

/**
 * MT19937 with both of its seedings (Matsumoto and Nishimura, 1998): the generator of Python's
 * {@code random} and of NumPy's {@code RandomState}.
 */
public final class MersenneTwister {
  private static final int N = 624;
  private static final int M = 397;

  private final int[] state = new int[N];
  private int next = N;

  private MersenneTwister(int seed) {
    state[0] = seed;
    for (int i = 1; i < N; i++) {
      state[i] = 1812433253 * mixed(i) + i;
    }
  }

  /** {@return a generator seeded by one number} */
  public static MersenneTwister of(int seed) {
    return new MersenneTwister(seed);
  }

  /** {@return a generator seeded by several numbers, at least one} */
  public static MersenneTwister of(int[] key) {
    MersenneTwister twister = new MersenneTwister(19650218);
    twister.mix(key);
    return twister;
  }

  private void mix(int[] key) {
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

  /** {@return the next 32 random bits} */
  public int nextInt() {
    if (next == N) {
      twist();
    }
    int y = state[next++];
    y ^= y >>> 11;
    y ^= (y << 7) & 0x9d2c5680;
    y ^= (y << 15) & 0xefc60000;
    return y ^ (y >>> 18);
  }

  private void twist() {
    for (int i = 0; i < N; i++) {
      int y = (state[i] & 0x80000000) | (state[(i + 1) % N] & 0x7fffffff);
      state[i] = state[(i + M) % N] ^ (y >>> 1) ^ ((y & 1) == 0 ? 0 : 0x9908b0df);
    }
    next = 0;
  }
}
