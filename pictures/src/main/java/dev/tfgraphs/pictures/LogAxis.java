package dev.tfgraphs.pictures;

import java.util.ArrayList;
import java.util.List;
import java.util.stream.DoubleStream;

/**
 * An axis of numbers greater than 0 on which a step is a factor.
 *
 * @param low the logarithm, to the base 10, of its least number
 * @param high that of its largest
 */
record LogAxis(double low, double high) {
  private static final int MOST_TICKS = 8;

  /** From whole powers of 10 to others, around the numbers that have a place on it. */
  static LogAxis of(DoubleStream values) {
    double[] logarithms =
        values.filter(value -> value > 0 && Double.isFinite(value)).map(Math::log10).toArray();
    double least = DoubleStream.of(logarithms).min().orElse(-1);
    double most = DoubleStream.of(logarithms).max().orElse(1);
    double low = Math.floor(least);
    // a number on the edge would have no bar
    return new LogAxis(least == low ? low - 1 : low, Math.max(low + 1, Math.ceil(most)));
  }

  /** The same numbers, but no wider than they are. */
  static LogAxis tight(DoubleStream values) {
    double[] some = values.filter(value -> value > 0 && Double.isFinite(value)).toArray();
    if (some.length == 0) {
      return new LogAxis(-1, 1);
    }
    double least = Math.log10(DoubleStream.of(some).min().orElseThrow());
    double most = Math.log10(DoubleStream.of(some).max().orElseThrow());
    return most - least < 0.01 ? new LogAxis(least - 0.5, most + 0.5) : new LogAxis(least, most);
  }

  /** From 0 to 1 on the axis, beyond that off it; what is 0 or no number has no place. */
  double part(double value) {
    return (Math.log10(value) - low) / (high - low);
  }

  /** Powers of 10, not too many, or, where there are too few, 2 and 5 times these as well. */
  List<Double> ticks() {
    List<Double> ticks = new ArrayList<>();
    int step = Math.max(1, (int) Math.ceil((high - low) / MOST_TICKS));
    double[] factors = high - low < 2 ? new double[] {1, 2, 5} : new double[] {1};
    for (int power = (int) Math.floor(low); power <= high; power++) {
      for (double factor : factors) {
        double tick = Double.parseDouble(factor + "e" + power);
        double part = part(tick);
        if (Math.floorMod(power, step) == 0 && part > -1e-9 && part < 1 + 1e-9) {
          ticks.add(tick);
        }
      }
    }
    return ticks;
  }
}
