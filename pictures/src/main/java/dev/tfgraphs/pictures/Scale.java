package dev.tfgraphs.pictures;

import java.util.Arrays;
import java.util.function.DoubleFunction;
import java.util.function.DoubleUnaryOperator;

/**
 * Where on an axis values are drawn.
 *
 * @param place where a value is
 * @param labels how the value at a place is written
 * @param spacing the least points between two ticks
 */
record Scale(
    double from, double to, DoubleUnaryOperator place, DoubleFunction<String> labels, int spacing) {
  private static final int PLOT_HEIGHT = 250;

  /** Parts of 1 as percents, from {@code least} or less to 100. */
  static Scale percent(double least) {
    double from = Math.min(90, 10 * Math.floor(10 * least));
    return new Scale(from, 100, v -> 100 * v, Looks::number, CurvePanels.Axis.SPACING);
  }

  /** With 0. */
  static Scale even(double least, double most) {
    double top = most > 0 ? most * 1.05 : least < 0 ? 0 : 1;
    return new Scale(Math.min(0, least), top, v -> v, Looks::number, CurvePanels.Axis.SPACING);
  }

  /** Whole decades, each as high as the others. */
  static Scale decades(double least, double most) {
    double from = Math.floor(Math.log10(least));
    double to = Math.max(Math.ceil(Math.log10(most)), from + 1);
    int spacing = (int) Math.max(30, PLOT_HEIGHT / (to - from));
    return new Scale(from, to, Math::log10, place -> Looks.number(Math.pow(10, place)), spacing);
  }

  double[] drawn(double[] values) {
    return Arrays.stream(values).map(place).toArray();
  }

  /** The edges lie a little further out, or they would cut the markers on them in half. */
  CurvePanels.Axis axis(String label) {
    double little = (to - from) / 40;
    return new CurvePanels.Axis(label, from - little, to + little, spacing, labels);
  }
}
