package dev.tfgraphs.applications;

import dev.tfgraphs.ops.ModelException;
import dev.tfgraphs.ops.Shape;

/** What networks that go from level to level ask of images. */
final class Levels {
  private static final int COARSEST = 32;

  private Levels() {}

  /** Where 32 does not divide a size, doubling the coarsest level does not make the next one's. */
  static void checkDivisible(String network, int... sizes) {
    if (sizes.length == 3 && !(isDivisible(sizes[0]) && isDivisible(sizes[1]))) {
      throw new ModelException(
          network
              + ": expected a height and width that 32 divides, received "
              + Shape.of(sizes[0], sizes[1]));
    }
  }

  private static boolean isDivisible(int size) {
    return size == Shape.UNKNOWN || size % COARSEST == 0;
  }
}
