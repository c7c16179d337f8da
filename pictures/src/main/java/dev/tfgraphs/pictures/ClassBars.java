package dev.tfgraphs.pictures;

import com.google.common.collect.ImmutableList;
import com.google.common.collect.ImmutableMap;
import java.awt.BasicStroke;
import java.awt.Color;
import java.awt.Font;
import java.awt.FontMetrics;
import java.awt.Graphics2D;
import java.awt.geom.Line2D;
import java.awt.geom.Rectangle2D;
import java.util.Comparator;
import java.util.DoubleSummaryStatistics;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.function.IntToDoubleFunction;
import java.util.stream.IntStream;

/** A row for each class, with a bar and a number for each of its values. */
final class ClassBars {
  private static final int MOST_KINDS = 4;
  private static final int MOST_CLASSES = 40;
  private static final int MARGIN = 16;
  private static final int NAMES = 130;
  private static final int PLOT = 330;
  private static final int NUMBER = 78;
  private static final int HEADER = 84;
  private static final int FOOTER = 30;
  private static final int BAR = 8;
  private static final int GAP = 10;
  private static final int TICKS = 4;

  /** Values that are all smaller are drawn on a scale of their own. */
  private static final double LEAST_PART = 0.1;

  private final ImmutableList<String> names;
  private final ImmutableMap<String, ImmutableList<Double>> values;
  private final int[] shown;
  private final boolean parts;
  private final double step;
  private final double from;
  private final double to;

  private ClassBars(
      ImmutableList<String> names, ImmutableMap<String, ImmutableList<Double>> values) {
    this.names = names;
    this.values = values;
    this.shown = shown();
    DoubleSummaryStatistics finite =
        values.values().stream()
            .flatMap(List::stream)
            .mapToDouble(value -> value)
            .filter(Double::isFinite)
            .summaryStatistics();
    double least = Math.min(0, finite.getCount() == 0 ? 0 : finite.getMin());
    double most = Math.max(0, finite.getCount() == 0 ? 1 : finite.getMax());
    this.parts = least == 0 && most <= 1 && most > LEAST_PART;
    this.step = parts ? 0.2 : step(most > least ? (most - least) / TICKS : 1);
    this.from = step * Math.floor(least / step);
    this.to = parts ? 1 : step * Math.ceil(most / step);
  }

  /** 1, 2 or 5 times a power of ten, and no less. */
  private static double step(double least) {
    double decade = Math.pow(10, Math.floor(Math.log10(least)));
    double times = least / decade;
    return decade * (times <= 1 ? 1 : times <= 2 ? 2 : times <= 5 ? 5 : 10);
  }

  static Picture of(String title, Confusion confusion) {
    ImmutableMap<String, List<Double>> values =
        ImmutableMap.of(
            "Precision", each(confusion, confusion::precision),
            "Recall", each(confusion, confusion::recall),
            "F1", each(confusion, confusion::f1));
    return of(title, confusion.names(), values);
  }

  private static List<Double> each(Confusion confusion, IntToDoubleFunction value) {
    return IntStream.range(0, confusion.names().size()).mapToDouble(value).boxed().toList();
  }

  static Picture of(String title, List<String> names, Map<String, List<Double>> values) {
    if (names.isEmpty() || values.isEmpty() || values.size() > MOST_KINDS) {
      throw new IllegalArgumentException(
          "class bars: expected 1 class or more and 1 to %d kinds of values, received %d and %d"
              .formatted(MOST_KINDS, names.size(), values.size()));
    }
    ImmutableMap.Builder<String, ImmutableList<Double>> columns = ImmutableMap.builder();
    values.forEach(
        (kind, column) -> {
          if (column.size() != names.size()) {
            throw new IllegalArgumentException(
                "class bars: '%s': expected a value for each of %d classes, received %d"
                    .formatted(kind, names.size(), column.size()));
          }
          columns.put(kind, ImmutableList.copyOf(column));
        });
    ClassBars bars = new ClassBars(ImmutableList.copyOf(names), columns.buildOrThrow());
    int rows = bars.shown.length * bars.rowHeight();
    return Picture.of(bars.width(), HEADER + rows + FOOTER, g -> bars.paint(g, title));
  }

  private int width() {
    return left() + PLOT + values.size() * NUMBER + MARGIN;
  }

  private static int left() {
    return MARGIN + NAMES;
  }

  private int rowHeight() {
    return Math.max(16, values.size() * BAR + GAP);
  }

  /** All in their order, or those with the least of the last kind. */
  private int[] shown() {
    if (names.size() <= MOST_CLASSES) {
      return IntStream.range(0, names.size()).toArray();
    }
    ImmutableList<Double> last = values.values().asList().get(values.size() - 1);
    return IntStream.range(0, names.size())
        .boxed()
        .sorted(Comparator.comparingDouble(last::get))
        .limit(MOST_CLASSES)
        .mapToInt(i -> i)
        .toArray();
  }

  private String caption() {
    String last = values.keySet().asList().get(values.size() - 1);
    return shown.length == names.size()
        ? names.size() == 1 ? "1 class" : names.size() + " classes"
        : "The %d of %,d classes with the least %s".formatted(shown.length, names.size(), last);
  }

  private void paint(Graphics2D g, String title) {
    g.setColor(Looks.INK);
    g.setFont(Picture.font(Font.BOLD, 16));
    g.drawString(Picture.fitted(g, title, width() - 2 * MARGIN), MARGIN, 26);
    g.setFont(Picture.font(Font.PLAIN, 13));
    g.drawString(caption(), MARGIN, 48);
    paintGrid(g);
    for (int kind = 0; kind < values.size(); kind++) {
      paintHead(g, kind);
    }
    for (int row = 0; row < shown.length; row++) {
      paintRow(g, shown[row], HEADER + row * rowHeight());
    }
  }

  private double x(double value) {
    return left() + PLOT * (value - from) / (to - from);
  }

  private void paintGrid(Graphics2D g) {
    int bottom = HEADER + shown.length * rowHeight();
    g.setFont(Picture.font(Font.PLAIN, 12));
    g.setStroke(new BasicStroke(1));
    for (int i = 0; i <= Math.round((to - from) / step); i++) {
      double value = from + i * step;
      g.setColor(Looks.GRID);
      g.draw(new Line2D.Double(x(value), HEADER - 4.0, x(value), bottom));
      g.setColor(Looks.INK);
      String text = Looks.number(Math.abs(value) < step / 2 ? 0 : value);
      g.drawString(
          text, (float) (x(value) - g.getFontMetrics().stringWidth(text) / 2.0), bottom + 18);
    }
  }

  private int numbersRight(int kind) {
    return left() + PLOT + (kind + 1) * NUMBER;
  }

  /** Above its numbers, a kind with the colour of its bars. */
  private void paintHead(Graphics2D g, int kind) {
    g.setFont(Picture.font(Font.PLAIN, 12));
    String name = Picture.fitted(g, values.keySet().asList().get(kind), NUMBER - BAR - 10);
    int right = numbersRight(kind);
    int start = right - g.getFontMetrics().stringWidth(name);
    g.setColor(Looks.INK);
    g.drawString(name, start, HEADER - 12);
    paintBar(g, kind, new Rectangle2D.Double(start - BAR - 4.0, HEADER - 20.0, BAR, BAR));
  }

  private void paintRow(Graphics2D g, int label, int top) {
    g.setFont(Picture.font(Font.PLAIN, 13));
    FontMetrics metrics = g.getFontMetrics();
    float base = (float) (top + (rowHeight() + metrics.getAscent() - metrics.getDescent()) / 2.0);
    String name = Picture.fitted(g, names.get(label), NAMES - 10);
    g.setColor(Looks.INK);
    g.drawString(name, left() - 8 - metrics.stringWidth(name), base);
    double first = top + (rowHeight() - values.size() * BAR) / 2.0;
    for (int kind = 0; kind < values.size(); kind++) {
      double value = values.values().asList().get(kind).get(label);
      String text = Double.isFinite(value) ? written(value) : "-";
      g.setColor(Looks.INK);
      g.drawString(text, numbersRight(kind) - metrics.stringWidth(text), base);
      if (Double.isFinite(value)) {
        double start = Math.min(x(0), x(value));
        double length = Math.abs(x(value) - x(0));
        paintBar(g, kind, new Rectangle2D.Double(start, first + kind * BAR, length, BAR - 1.0));
      }
    }
  }

  private String written(double value) {
    return parts
        ? String.format(Locale.ROOT, "%.3f", value)
        : Looks.number(Double.parseDouble(String.format(Locale.ROOT, "%.3e", value)));
  }

  /** Kinds are full, empty, and in between: print in black tells them apart. */
  private static void paintBar(Graphics2D g, int kind, Rectangle2D bar) {
    Color colour = Looks.COLOURS.get(kind);
    g.setStroke(new BasicStroke(1));
    g.setColor(kind == 1 ? Color.WHITE : kind == 0 ? colour : Looks.faint(colour, 0x80));
    g.fill(bar);
    g.setColor(colour);
    g.draw(bar);
  }
}
