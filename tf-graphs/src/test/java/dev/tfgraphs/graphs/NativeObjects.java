package dev.tfgraphs.graphs;

import static org.junit.jupiter.api.Assertions.assertEquals;

import org.bytedeco.javacpp.Pointer;

/** How many native objects Java code holds: tensors, graphs, sessions and what belongs to them. */
public final class NativeObjects {
  private NativeObjects() {}

  /**
   * Fails if work, done again, holds more afterwards than before: then not all that it has made is
   * closed. The garbage collector frees such things too, but at a time of its own, which is why the
   * least of several rounds would hide what this finds.
   */
  public static void assertNoneLeft(Runnable work) {
    work.run();
    long before = Pointer.totalCount();
    for (int i = 0; i < 5; i++) {
      work.run();
    }
    assertEquals(0, Pointer.totalCount() - before, "native objects left");
  }
}
