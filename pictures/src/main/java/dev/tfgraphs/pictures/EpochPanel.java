package dev.tfgraphs.pictures;

import com.google.common.collect.ImmutableList;
import java.util.Arrays;
import java.util.List;
import java.util.Locale;
import java.util.function.ToDoubleFunction;
import java.util.stream.DoubleStream;
import java.util.stream.Stream;

/**
 * A metric over the epochs.
 *
 * @param metric in Keras's name without {@code val_}; panels of one metric have one scale
 */
record EpochPanel(String metric, String label, List<Line> lines) {
  private static final int PLOT_WIDTH = 380;
  private static final String VALIDATION = "val_";
  private static final Looks.Look IN_TRAINING = Looks.of(0);
  private static final Looks.Look IN_VALIDATION = Looks.of(1);

  /** From which quotient of the largest and the least on a learning rate has decades. */
  private static final double DECADES = 99.9;

  /** A training's values. */
  record Line(Looks.Look look, Training.Column column) {}

  static boolean isValidation(String column) {
    return column.startsWith(VALIDATION);
  }

  static String metric(String column) {
    return isValidation(column) ? column.substring(VALIDATION.length()) : column;
  }

  /** Keras 2 says {@code lr}. */
  static boolean isRate(String metric) {
    return metric.equals("learning_rate") || metric.equals("lr");
  }

  private static boolean isPercent(String metric) {
    return metric.equals("acc") || metric.endsWith("accuracy");
  }

  private static boolean isLoss(String metric) {
    return metric.equals("loss") || metric.endsWith("_loss");
  }

  /** {@code Top 5 accuracy (%)}. */
  static String label(String metric) {
    String words = isRate(metric) ? "learning rate" : metric.replace('_', ' ');
    String unit = isPercent(metric) ? " (%)" : "";
    return words.substring(0, 1).toUpperCase(Locale.ROOT) + words.substring(1) + unit;
  }

  /** {@code Validation loss}. */
  static String partLabel(String column) {
    String label = label(metric(column));
    return isRate(column)
        ? label
        : (isValidation(column) ? "Validation " : "Training ")
            + label.substring(0, 1).toLowerCase(Locale.ROOT)
            + label.substring(1);
  }

  static Looks.Look partLook(String column) {
    return isValidation(column) ? IN_VALIDATION : IN_TRAINING;
  }

  /** What tells training from validation. */
  static List<CurvePanels.Entry> partsKey(Iterable<String> columns) {
    ImmutableList<String> all = ImmutableList.copyOf(columns);
    Stream.Builder<CurvePanels.Entry> key = Stream.builder();
    if (all.stream().anyMatch(column -> !isValidation(column))) {
      key.add(new CurvePanels.Entry("training", IN_TRAINING));
    }
    if (all.stream().anyMatch(EpochPanel::isValidation)) {
      key.add(new CurvePanels.Entry("validation", IN_VALIDATION));
    }
    return key.build().toList();
  }

  /**
   * The panel.
   *
   * @param all of the picture, those of the same scale included
   * @param logarithmicLosses whether losses have decades where they can
   */
  CurvePanels.Panel drawn(List<EpochPanel> all, boolean logarithmicLosses) {
    Scale scale = scale(all, logarithmicLosses);
    ImmutableList.Builder<CurvePanels.Area> bands = ImmutableList.builder();
    ImmutableList.Builder<CurvePanels.Curve> curves = ImmutableList.builder();
    for (Line line : lines) {
      Training.Column column = line.column();
      double[] least = scale.drawn(column.least());
      double[] most = scale.drawn(column.most());
      if (!Arrays.equals(least, most)) {
        bands.addAll(CurvePanels.band(line.look().colour(), column.epochs(), least, most));
      }
      double[] mean = scale.drawn(column.mean());
      curves.add(new CurvePanels.Curve(line.look(), column.epochs(), mean, true));
    }
    return new CurvePanels.Panel(
        CurvePanels.PANEL_HEIGHT,
        epochs(all),
        scale.axis(label),
        bands.build(),
        curves.build(),
        note());
  }

  private String note() {
    long gaps = lines.stream().mapToLong(line -> line.column().gaps()).sum();
    return gaps == 0 ? "" : gaps == 1 ? "1 value is not finite" : gaps + " values are not finite";
  }

  private static CurvePanels.Axis epochs(List<EpochPanel> all) {
    double first = extreme(all, column -> -column.epochs()[0]);
    double last = extreme(all, column -> column.epochs()[column.epochs().length - 1]);
    int spacing = (int) Math.max(CurvePanels.Axis.SPACING, PLOT_WIDTH / (last + first + 1));
    return new CurvePanels.Axis("Epoch", -first - 0.5, last + 0.5, spacing, Looks::number);
  }

  private static double extreme(List<EpochPanel> all, ToDoubleFunction<Training.Column> of) {
    return all.stream()
        .flatMap(panel -> panel.lines().stream())
        .mapToDouble(line -> of.applyAsDouble(line.column()))
        .max()
        .orElse(1);
  }

  /** Panels of percents have one scale, and so have those of one metric. */
  private Scale scale(List<EpochPanel> all, boolean logarithmicLosses) {
    double[] values =
        all.stream()
            .filter(o -> isPercent(metric) ? isPercent(o.metric) : o.metric.equals(metric))
            .flatMap(other -> other.lines().stream())
            .flatMapToDouble(line -> line.column().all())
            .filter(Double::isFinite)
            .toArray();
    double least = DoubleStream.of(values).min().orElse(0);
    double most = DoubleStream.of(values).max().orElse(1);
    boolean decades = isRate(metric) ? most / least > DECADES : logarithmicLosses && isLoss(metric);
    if (isPercent(metric)) {
      return Scale.percent(least);
    }
    return decades && least > 0 ? Scale.decades(least, most) : Scale.even(least, most);
  }
}
