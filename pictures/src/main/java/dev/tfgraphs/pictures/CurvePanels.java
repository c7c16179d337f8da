package dev.tfgraphs.pictures;

import com.google.common.collect.ImmutableList;
import java.awt.BasicStroke;
import java.awt.Color;
import java.awt.Font;
import java.awt.Graphics2D;
import java.awt.geom.Line2D;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.function.DoubleFunction;
import java.util.stream.IntStream;
import org.knowm.xchart.XYChart;
import org.knowm.xchart.XYChartBuilder;
import org.knowm.xchart.XYSeries;
import org.knowm.xchart.XYSeries.XYSeriesRenderStyle;
import org.knowm.xchart.style.XYStyler;
import org.knowm.xchart.style.lines.SeriesLines;
import org.knowm.xchart.style.markers.SeriesMarkers;

/**
 * Curves in panels, which stand in rows below a title and one key.
 *
 * @param caption in one line below the title; empty for none
 * @param key what the curves are
 * @param columns how many panels are in a row
 */
record CurvePanels(
    String title, String caption, List<Entry> key, int columns, ImmutableList<Panel> panels) {
  static final int PANEL_WIDTH = 460;
  static final int PANEL_HEIGHT = 320;
  private static final int TITLE = 36;
  private static final int LINE = 20;
  private static final int BELOW_KEY = 8;
  private static final int MARGIN = 16;
  private static final int KEY_LINE = 38;
  private static final int KEY_GAP = 8;
  private static final int MARKER = 7;
  private static final int MOST_MARKERS = 40;
  private static final int FEW_MARKERS = 20;

  private static final Color CLEAR = new Color(0, 0, 0, 0);

  /** How opaque bands are, of 255. */
  private static final int SHADE = 0x24;

  /** What a curve of this look is. */
  record Entry(String name, Looks.Look look) {}

  /** An area without an outline, such as a band around a curve. */
  @SuppressWarnings("ArrayRecordComponent") // neither changed nor compared
  record Area(Color colour, double[] x, double[] y) {}

  /**
   * A line through points; where {@code y} is not finite it has a gap.
   *
   * @param marked whether points have markers
   */
  @SuppressWarnings("ArrayRecordComponent") // neither changed nor compared
  record Curve(Looks.Look look, double[] x, double[] y, boolean marked) {
    static Curve unmarked(Looks.Look look, double[] x, double[] y) {
      return new Curve(look, x, y, false);
    }
  }

  /**
   * @param spacing the least points between two ticks
   * @param labels how ticks are written
   */
  record Axis(String label, double from, double to, int spacing, DoubleFunction<String> labels) {
    static final int SPACING = 50;

    /** From 0 to 1, with a little more, so that lines on the edges are not cut in half. */
    static Axis part(String label) {
      return new Axis(label, -0.025, 1.025, SPACING, Looks::number);
    }
  }

  /**
   * @param note in small letters at the right above the plot; empty for none
   */
  record Panel(
      int height,
      Axis x,
      Axis y,
      ImmutableList<Area> areas,
      ImmutableList<Curve> curves,
      String note) {}

  /** The picture. */
  Picture picture() {
    int width = columns * (PANEL_WIDTH + MARGIN);
    int top = keyTop() + keyRows() * LINE + BELOW_KEY;
    int rows = (panels.size() + columns - 1) / columns;
    int height = IntStream.range(0, rows).map(this::rowHeight).sum();
    return Picture.of(width, top + height + MARGIN, g -> paint(g, width, top));
  }

  private int rowHeight(int row) {
    return panels.stream()
        .skip((long) row * columns)
        .limit(columns)
        .mapToInt(Panel::height)
        .max()
        .orElse(0);
  }

  private int keyTop() {
    return caption.isEmpty() ? TITLE : TITLE + LINE;
  }

  private int keyRows() {
    int each = keyColumns();
    return key.isEmpty() ? 0 : (key.size() + each - 1) / each;
  }

  private int keyColumns() {
    int width = columns * (PANEL_WIDTH + MARGIN) - MARGIN;
    return Math.max(1, Math.min(Math.max(1, key.size()), width / keyColumn()));
  }

  /** Texts of a key are measured before there is a picture to draw them on. */
  private int keyColumn() {
    int widest =
        key.stream().mapToInt(each -> Picture.textWidth(keyFont(), each.name())).max().orElse(0);
    return KEY_LINE + KEY_GAP + widest + 2 * MARGIN;
  }

  private static Font keyFont() {
    return Picture.font(Font.PLAIN, 13);
  }

  private void paint(Graphics2D g, int width, int top) {
    g.setColor(Looks.INK);
    g.setFont(Picture.font(Font.BOLD, 16));
    g.drawString(Picture.fitted(g, title, width - 2 * MARGIN), MARGIN, 26);
    g.setFont(keyFont());
    g.drawString(Picture.fitted(g, caption, width - 2 * MARGIN), MARGIN, TITLE + 12);
    int each = keyColumns();
    int column = keyColumn();
    for (int i = 0; i < key.size(); i++) {
      paintKey(g, key.get(i), MARGIN + i % each * column, keyTop() + 10 + i / each * LINE);
    }
    int y = top;
    for (int i = 0; i < panels.size(); i++) {
      int at = i % columns;
      y += at == 0 && i > 0 ? rowHeight(i / columns - 1) : 0;
      paintPanel((Graphics2D) g.create(), panels.get(i), at * (PANEL_WIDTH + MARGIN), y);
    }
  }

  private static void paintKey(Graphics2D g, Entry entry, int x, int y) {
    g.setColor(entry.look().colour());
    g.setStroke(entry.look().stroke());
    g.draw(new Line2D.Double(x, y, x + KEY_LINE, y));
    entry.look().marker().paint(g, x + KEY_LINE / 2.0, y, MARKER);
    g.setColor(Looks.INK);
    g.setFont(keyFont());
    g.drawString(entry.name(), x + KEY_LINE + KEY_GAP, y + 5);
  }

  private static void paintPanel(Graphics2D g, Panel panel, int x, int y) {
    g.translate(x, y);
    chart(panel).paint(g, PANEL_WIDTH, panel.height());
    g.setColor(Looks.INK);
    g.setFont(Picture.font(Font.PLAIN, 11));
    int width = g.getFontMetrics().stringWidth(panel.note());
    g.drawString(panel.note(), PANEL_WIDTH - width - MARGIN, 7);
    g.dispose();
  }

  private static XYChart chart(Panel panel) {
    XYChart chart =
        new XYChartBuilder()
            .width(PANEL_WIDTH)
            .height(panel.height())
            .xAxisTitle(panel.x().label())
            .yAxisTitle(panel.y().label())
            .build();
    style(chart.getStyler());
    panel.areas().forEach(area -> addArea(chart, area));
    List<Curve> curves =
        panel.curves().stream().filter(c -> Arrays.stream(c.y).anyMatch(Double::isFinite)).toList();
    curves.forEach(curve -> addLine(chart, curve));
    curves.stream().filter(Curve::marked).forEach(curve -> addMarkers(chart, curve));
    scale(chart.getStyler(), panel);
    return chart;
  }

  private static String name(XYChart chart) {
    return "series " + chart.getSeriesMap().size();
  }

  private static void addArea(XYChart chart, Area area) {
    XYSeries series = chart.addSeries(name(chart), area.x(), area.y());
    series.setXYSeriesRenderStyle(XYSeriesRenderStyle.PolygonArea);
    series.setFillColor(area.colour());
    series.setLineColor(CLEAR);
    series.setMarker(SeriesMarkers.NONE);
  }

  private static void addLine(XYChart chart, Curve curve) {
    XYSeries series = chart.addSeries(name(chart), curve.x(), withGaps(curve));
    series.setLineColor(curve.look().colour());
    series.setLineStyle(curve.look().stroke());
    series.setMarker(SeriesMarkers.NONE);
  }

  /** On every point, or, where these are many, on some, and on those that stand alone. */
  private static void addMarkers(XYChart chart, Curve curve) {
    double[] y = withGaps(curve);
    int step = y.length > MOST_MARKERS ? (y.length + FEW_MARKERS - 1) / FEW_MARKERS : 1;
    int[] marked =
        IntStream.range(0, y.length)
            .filter(i -> !Double.isNaN(y[i]) && (i % step == 0 || isAlone(y, i)))
            .toArray();
    if (marked.length == 0) {
      return;
    }
    XYSeries series =
        chart.addSeries(
            name(chart),
            IntStream.of(marked).mapToDouble(i -> curve.x()[i]).toArray(),
            IntStream.of(marked).mapToDouble(i -> y[i]).toArray());
    series.setLineStyle(SeriesLines.NONE);
    series.setMarkerColor(curve.look().colour());
    series.setMarker(curve.look().marker());
  }

  private static boolean isAlone(double[] y, int i) {
    return (i == 0 || Double.isNaN(y[i - 1])) && (i == y.length - 1 || Double.isNaN(y[i + 1]));
  }

  /** A value that is infinite has no place on the axis: the curve has a gap there. */
  private static double[] withGaps(Curve curve) {
    return Arrays.stream(curve.y()).map(v -> Double.isFinite(v) ? v : Double.NaN).toArray();
  }

  private static void style(XYStyler style) {
    style.setChartBackgroundColor(Color.WHITE);
    // XChart rounds where its x axis is, and paints the plot's background after it
    style.setPlotBackgroundColor(CLEAR);
    style.setPlotBorderVisible(false);
    style.setPlotGridLinesColor(Looks.GRID);
    style.setPlotGridLinesStroke(new BasicStroke(1));
    style.setPlotContentSize(1);
    style.setPlotMargin(0);
    style.setLegendVisible(false);
    style.setChartFontColor(Looks.INK);
    style.setAxisTickLabelsColor(Looks.INK);
    style.setAxisTickMarksColor(Looks.INK);
    style.setAxisTickMarksStroke(new BasicStroke(1));
    style.setAxisTickLabelsFont(Picture.font(Font.PLAIN, 12));
    style.setAxisTitleFont(Picture.font(Font.PLAIN, 13));
    style.setMarkerSize(MARKER);
  }

  private static void scale(XYStyler style, Panel panel) {
    Axis x = panel.x();
    Axis y = panel.y();
    style.setXAxisMin(x.from()).setXAxisMax(x.to());
    style.setXAxisTickMarkSpacingHint(x.spacing());
    style.setxAxisTickLabelsFormattingFunction(x.labels()::apply);
    style.setYAxisMin(y.from()).setYAxisMax(y.to());
    style.setYAxisTickMarkSpacingHint(y.spacing());
    style.setyAxisTickLabelsFormattingFunction(y.labels()::apply);
  }

  /** The area between two curves over the same places; where one is not finite there is none. */
  static ImmutableList<Area> band(Color colour, double[] x, double[] least, double[] most) {
    List<Integer> places = new ArrayList<>();
    ImmutableList.Builder<Area> areas = ImmutableList.builder();
    for (int i = 0; i <= x.length; i++) {
      if (i < x.length && Double.isFinite(least[i]) && Double.isFinite(most[i])) {
        places.add(i);
      } else if (!places.isEmpty()) {
        areas.add(between(colour, places, x, least, most));
        places.clear();
      }
    }
    return areas.build();
  }

  private static Area between(
      Color colour, List<Integer> places, double[] x, double[] least, double[] most) {
    int count = places.size();
    double[] around = new double[2 * count];
    double[] edge = new double[2 * count];
    for (int i = 0; i < count; i++) {
      int place = places.get(i);
      around[i] = x[place];
      edge[i] = least[place];
      around[2 * count - 1 - i] = x[place];
      edge[2 * count - 1 - i] = most[place];
    }
    return new Area(Looks.faint(colour, SHADE), around, edge);
  }
}
