package dev.tfgraphs.graphs;

/** Ranges of numbers that users set. */
final class Checks {
  private Checks() {}

  static void fraction(String what, double value) {
    check(value >= 0 && value <= 1, what, "0 to 1", value);
  }

  static void positive(String what, double value) {
    check(value > 0 && value < Double.POSITIVE_INFINITY, what, "a positive number", value);
  }

  static void notNegative(String what, double value) {
    check(value >= 0 && value < Double.POSITIVE_INFINITY, what, "0 or more", value);
  }

  static void notPositive(String what, double value) {
    check(value <= 0 && value > Double.NEGATIVE_INFINITY, what, "0 or less", value);
  }

  private static void check(boolean fits, String what, String expected, double value) {
    if (!fits) {
      throw new GraphException(what + ": expected " + expected + ", received " + value);
    }
  }
}
