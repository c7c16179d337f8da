package dev.tfgraphs.graphs;

import java.math.BigDecimal;
import java.math.MathContext;
import java.math.RoundingMode;
import java.util.List;

/** Numbers as Python writes them. */
final class PythonNumbers {
  private PythonNumbers() {}

  /** The shortest digits that give {@code value} again, as {@code repr} has them. */
  static String of(double value) {
    if (Double.isNaN(value)) {
      return "nan";
    }
    String sign = Double.doubleToRawLongBits(value) < 0 ? "-" : "";
    if (Double.isInfinite(value)) {
      return sign + "inf";
    }
    return value == 0 ? sign + "0.0" : sign + positive(shortest(Math.abs(value)));
  }

  /**
   * Double.toString does not always find the shortest before Java 19. Beside a power of two the
   * nearest digits may give another double where those above give this one.
   */
  private static BigDecimal shortest(double value) {
    BigDecimal exact = new BigDecimal(value);
    for (int digits = 1; ; digits++) {
      for (RoundingMode mode : List.of(RoundingMode.HALF_EVEN, RoundingMode.CEILING)) {
        BigDecimal rounded = exact.round(new MathContext(digits, mode));
        if (rounded.doubleValue() == value) {
          return rounded.stripTrailingZeros();
        }
      }
    }
  }

  private static String positive(BigDecimal value) {
    int exponent = value.precision() - value.scale() - 1;
    if (exponent >= -4 && exponent < 16) {
      return (value.scale() < 1 ? value.setScale(1) : value).toPlainString();
    }
    String digits = value.unscaledValue().toString();
    String rest = digits.length() > 1 ? "." + digits.substring(1) : "";
    return "%c%se%s%02d"
        .formatted(digits.charAt(0), rest, exponent < 0 ? "-" : "+", Math.abs(exponent));
  }

  /** So many digits behind the point, as {@code .4f} writes them. */
  static String fixed(double value, int digits) {
    return Double.isFinite(value)
        ? new BigDecimal(value).setScale(digits, RoundingMode.HALF_EVEN).toPlainString()
        : of(value);
  }
}
