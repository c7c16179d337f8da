package dev.tfgraphs.pictures;

import java.util.ArrayList;
import java.util.List;
import java.util.Locale;

/**
 * Which numbers have the first and the last colour of a map.
 *
 * @param signed whether 0 is in the middle
 */
record ColourScale(double low, double high, boolean signed) {
  /** Two numbers beside a bar need so much of it. */
  private static final double APART = 0.08;

  /** From the least to the largest finite number of {@code values}. */
  static ColourScale of(boolean signed, float[] values) {
    return of(signed, List.of(values));
  }

  /** One scale for all of {@code parts}. */
  static ColourScale of(boolean signed, List<float[]> parts) {
    double least = Double.POSITIVE_INFINITY;
    double most = Double.NEGATIVE_INFINITY;
    for (float[] values : parts) {
      for (float value : values) {
        if (Float.isFinite(value)) {
          least = Math.min(least, value);
          most = Math.max(most, value);
        }
      }
    }
    if (least > most) {
      return new ColourScale(0, 0, signed);
    }
    double size = Math.max(Math.abs(least), Math.abs(most));
    return signed ? new ColourScale(-size, size, true) : new ColourScale(least, most, false);
  }

  /** From 0 to 1 for what is finite, otherwise not a number. */
  double part(double value) {
    if (!Double.isFinite(value)) {
      return Double.NaN;
    }
    if (isConstant()) {
      return signed ? 0.5 : 0;
    }
    return (value - low) / (high - low);
  }

  boolean isConstant() {
    return low == high;
  }

  /** Round numbers between both ends, not too near to these. */
  List<Double> ticks() {
    List<Double> ticks = new ArrayList<>();
    double range = high - low;
    if (isConstant() || !Double.isFinite(range)) {
      return ticks;
    }
    double power = Math.pow(10, Math.floor(Math.log10(range / 4)));
    double step = power;
    for (double wider : new double[] {2, 5, 10}) {
      step = range / step > 5 ? wider * power : step;
    }
    for (double i = Math.ceil(low / step); i * step < high; i++) {
      double part = part(i * step);
      if (part > APART && part < 1 - APART) {
        ticks.add(i * step);
      }
    }
    return ticks;
  }

  /** Both ends in words. */
  String range() {
    return isConstant() ? "all " + number(low) : number(low) + " to " + number(high);
  }

  /** With three digits. */
  static String number(double value) {
    return Looks.number(Double.parseDouble(String.format(Locale.ROOT, "%.2e", value)));
  }
}
