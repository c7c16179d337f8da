package dev.tfgraphs.graphs;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.util.Map;
import java.util.Objects;
import org.junit.jupiter.api.function.Executable;

/** Assertions on numbers that may differ by roundings, and on errors. */
final class Closeness {
  private Closeness() {}

  /** Each element within {@code absolute + relative * |expected|}; fails when there is none. */
  static void assertClose(
      String what, float[] expected, float[] actual, double relative, double absolute) {
    assertTrue(expected.length > 0, () -> what + ": nothing to compare");
    assertEquals(expected.length, actual.length, what);
    for (int i = 0; i < expected.length; i++) {
      double slack = absolute + relative * Math.abs((double) expected[i]);
      int place = i;
      // so written, not a number is never close
      assertTrue(
          Math.abs((double) expected[i] - actual[i]) <= slack,
          () -> what + "[" + place + "]: expected " + expected[place] + ", was " + actual[place]);
    }
  }

  static void assertClose(
      String what, HostTensor expected, HostTensor actual, double relative, double absolute) {
    assertEquals(expected.shape(), actual.shape(), what);
    assertClose(what, expected.values(), actual.values(), relative, absolute);
  }

  /** What a map, such as the report of a step, holds under {@code name}, which is there. */
  static <V> V get(Map<String, V> map, String name) {
    return Objects.requireNonNull(map.get(name), name);
  }

  static void assertFails(String message, Executable action) {
    assertEquals(message, assertThrows(GraphException.class, action).getMessage());
  }
}
