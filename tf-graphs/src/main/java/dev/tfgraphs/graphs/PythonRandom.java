package dev.tfgraphs.graphs;

import dev.tfgraphs.graphs.random.MersenneTwister;
import java.math.BigInteger;

/**
 * Python's {@code random}, as far as {@code keras.utils.set_random_seed} and {@code
 * random.randint(1, 10**9)} go: seeded by the words of the seed.
 */
final class PythonRandom {
  private static final int LIMIT = 1_000_000_000;

  private final MersenneTwister bits;

  PythonRandom(long seed) {
    this.bits = MersenneTwister.of(words(BigInteger.valueOf(seed).abs()));
  }

  /** The next {@code random.randint(1, 10**9)}. */
  int nextSeed() {
    int draw = bits.nextInt() >>> 2;
    while (draw >= LIMIT) {
      draw = bits.nextInt() >>> 2;
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
}
