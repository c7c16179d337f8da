package dev.tfgraphs.graphs;

import java.util.regex.Pattern;

/** Ranges of numbers that users set. */
final class Checks {
  private static final Pattern NAME = Pattern.compile("[A-Za-z0-9.][A-Za-z0-9_.\\-]*");

  private Checks() {}

  /** Fails unless TensorFlow can call an op so. */
  static void name(String what, String name) {
    if (!NAME.matcher(name).matches()) {
      throw new GraphException(
          "%s: expected a name of letters, digits, '_', '.' and '-', not starting with '_' or '-',"
                  .formatted(what)
              + " received '%s'".formatted(name));
    }
  }

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

  static void finite(String what, double value) {
    check(Double.isFinite(value), what, "a finite number", value);
  }

  /** Fails unless there are one or more of {@code counted}, such as epochs. */
  static void positive(String who, String counted, long value) {
    if (value < 1) {
      throw new GraphException(
          "%s: expected positive %s, received %d".formatted(who, counted, value));
    }
  }

  /** Fails unless there are no fewer than none of {@code counted}. */
  static void notNegative(String who, String counted, long value) {
    if (value < 0) {
      throw new GraphException(
          "%s: expected 0 or more %s, received %d".formatted(who, counted, value));
    }
  }

  private static void check(boolean fits, String what, String expected, double value) {
    if (!fits) {
      throw new GraphException(what + ": expected " + expected + ", received " + value);
    }
  }
}
