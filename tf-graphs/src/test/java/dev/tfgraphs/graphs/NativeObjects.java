package dev.tfgraphs.graphs;

import static org.junit.jupiter.api.Assertions.fail;

import org.bytedeco.javacpp.Pointer;

/** How many native objects Java code holds: tensors, graphs, sessions and what belongs to them. */
public final class NativeObjects {
  private static final int TIMES = 5;

  private NativeObjects() {}

  /**
   * Fails if work, done once more and more, holds more afterwards than before: then not all that it
   * makes is closed. What others have left to the garbage collector goes first, since it would hide
   * that; between the two counts nothing is left to it.
   */
  public static void assertNoneLeft(Runnable work) {
    work.run();
    long before = settled();
    for (int i = 0; i < TIMES; i++) {
      work.run();
    }
    long left = Pointer.totalCount() - before;
    if (left > 0) {
      fail(left + " native objects left by " + TIMES + " times");
    }
  }

  /** The count once collections change it no more. */
  private static long settled() {
    long count = Pointer.totalCount();
    for (int unchanged = 0; unchanged < 2; ) {
      System.gc();
      try {
        Thread.sleep(20); // JavaCPP frees what is collected in a thread of its own
      } catch (InterruptedException e) {
        Thread.currentThread().interrupt();
        return count;
      }
      long now = Pointer.totalCount();
      unchanged = now == count ? unchanged + 1 : 0;
      count = now;
    }
    return count;
  }
}
