package dev.tfgraphs.graphs.random;

/** Seeds as Keras takes them. */
public final class Seeding {
  private Seeding() {}

  /**
   * {@return what Keras draws with for any seed: it takes those that an int32 cannot hold modulo}
   */
  public static long folded(long seed) {
    return Math.floorMod(seed, (long) Integer.MAX_VALUE - 1);
  }
}
