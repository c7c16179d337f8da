package dev.tfgraphs.pictures;

import java.awt.BasicStroke;
import java.awt.Color;
import java.awt.Font;
import java.awt.Graphics2D;
import java.awt.geom.Line2D;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.stream.DoubleStream;
import java.util.stream.IntStream;
import java.util.stream.Stream;
import org.knowm.xchart.XYChart;
import org.knowm.xchart.XYChartBuilder;
import org.knowm.xchart.XYSeries;
import org.knowm.xchart.XYSeries.XYSeriesRenderStyle;
import org.knowm.xchart.style.XYStyler;
import org.knowm.xchart.style.lines.SeriesLines;
import org.knowm.xchart.style.markers.Marker;
import org.knowm.xchart.style.markers.SeriesMarkers;

/** Curves over the epochs of trainings, in panels beside each other below one key. */
public final class EpochChart {
  private static final int PANEL_WIDTH = 460;
  private static final int PANEL_HEIGHT = 320;
  private static final int PLOT_WIDTH = 380;
  private static final int HEADER = 64;
  private static final int MARGIN = 16;
  private static final int KEY_HEIGHT = 20;
  private static final int KEY_LINE = 38;
  private static final int LETTER_WIDTH = 8;
  private static final int MARKER = 7;
  private static final int MOST_MARKERS = 40;

  private static final Color INK = new Color(0x222222);
  private static final Color CLEAR = new Color(0, 0, 0, 0);
  private static final Color GRID = new Color(0xe3e3e3);

  /** How opaque bands are, of 255. */
  private static final int SHADE = 0x24;

  /** Colours that colour-blind readers tell apart; dashes and markers for print in black. */
  public record Look(String name, Color colour, BasicStroke stroke, Marker marker) {}

  /** Between which values a curve's values lie, for each epoch. */
  public record Band(List<Double> least, List<Double> most) {}

  /**
   * Values for each epoch.
   *
   * @param values those that are not finite are gaps
   */
  public record Curve(Look look, List<Double> values, Optional<Band> band) {
    private Stream<Double> all() {
      return Stream.concat(
          values.stream(),
          band.stream().flatMap(b -> Stream.concat(b.least().stream(), b.most().stream())));
    }
  }

  /**
   * Curves over the same epochs.
   *
   * @param percent whether the values are parts of 1, drawn as percents
   */
  public record Panel(String label, boolean percent, List<Curve> curves) {
    private double unit() {
      return percent ? 100 : 1;
    }
  }

  private EpochChart() {}

  public static BasicStroke line(float... dashes) {
    return new BasicStroke(
        2, BasicStroke.CAP_BUTT, BasicStroke.JOIN_ROUND, 1, dashes.length == 0 ? null : dashes, 0);
  }

  /** The panels; those of percents have one scale, and so have the others. */
  public static Picture picture(String title, List<Look> key, List<Panel> panels) {
    int width = panels.size() * (PANEL_WIDTH + MARGIN);
    int letters = key.stream().mapToInt(look -> look.name().length()).max().orElse(0);
    int column = KEY_LINE + MARGIN + LETTER_WIDTH * letters;
    int columns = Math.max(1, (width - MARGIN) / column);
    int rows = (key.size() + columns - 1) / columns;
    int header = HEADER + (rows - 1) * KEY_HEIGHT;
    return Picture.of(
        width,
        header + PANEL_HEIGHT + MARGIN,
        g -> {
          g.setColor(INK);
          g.setFont(Picture.font(Font.BOLD, 16));
          g.drawString(title, MARGIN, 26);
          for (int i = 0; i < key.size(); i++) {
            int x = MARGIN + i % columns * column;
            paintKey(g, key.get(i), x, 46 + i / columns * KEY_HEIGHT);
          }
          for (int i = 0; i < panels.size(); i++) {
            Graphics2D at = (Graphics2D) g.create();
            at.translate(i * (PANEL_WIDTH + MARGIN), header);
            chart(panels.get(i), panels).paint(at, PANEL_WIDTH, PANEL_HEIGHT);
            at.dispose();
          }
        });
  }

  private static void paintKey(Graphics2D g, Look look, int x, int y) {
    g.setColor(look.colour());
    g.setStroke(look.stroke());
    g.draw(new Line2D.Double(x, y, x + KEY_LINE, y));
    look.marker().paint(g, x + KEY_LINE / 2.0, y, MARKER);
    g.setColor(INK);
    g.setFont(Picture.font(Font.PLAIN, 13));
    g.drawString(look.name(), x + KEY_LINE + 8, y + 5);
  }

  private static XYChart chart(Panel panel, List<Panel> all) {
    XYChart chart =
        new XYChartBuilder()
            .width(PANEL_WIDTH)
            .height(PANEL_HEIGHT)
            .xAxisTitle("Epoch")
            .yAxisTitle(panel.label())
            .build();
    style(chart.getStyler());
    panel.curves().forEach(curve -> addBand(chart, curve, panel.unit()));
    panel.curves().forEach(curve -> addLine(chart, curve, panel.unit()));
    panel.curves().forEach(curve -> addMarkers(chart, curve, panel.unit()));
    scale(chart.getStyler(), panel, all);
    return chart;
  }

  private static void addBand(XYChart chart, Curve curve, double unit) {
    if (curve.band().isEmpty()) {
      return;
    }
    List<Double> least = curve.band().get().least();
    List<Double> most = curve.band().get().most();
    List<Double> epochs = new ArrayList<>();
    List<Double> edge = new ArrayList<>();
    for (int i = 0; i < least.size(); i++) {
      add(epochs, edge, i, least.get(i) * unit);
    }
    for (int i = most.size() - 1; i >= 0; i--) {
      add(epochs, edge, i, most.get(i) * unit);
    }
    XYSeries series = chart.addSeries(curve.look().name() + " band", epochs, edge);
    series.setXYSeriesRenderStyle(XYSeriesRenderStyle.PolygonArea);
    Color colour = curve.look().colour();
    series.setFillColor(new Color(colour.getRed(), colour.getGreen(), colour.getBlue(), SHADE));
    series.setLineColor(CLEAR);
    series.setMarker(SeriesMarkers.NONE);
  }

  /** A polygon has no gaps. */
  private static void add(List<Double> epochs, List<Double> edge, int epoch, double value) {
    if (Double.isFinite(value)) {
      epochs.add(epoch + 1.0);
      edge.add(value);
    }
  }

  private static void addLine(XYChart chart, Curve curve, double unit) {
    double[] values = values(curve, unit);
    double[] epochs = IntStream.rangeClosed(1, values.length).asDoubleStream().toArray();
    XYSeries series = chart.addSeries(curve.look().name(), epochs, values);
    series.setLineColor(curve.look().colour());
    series.setLineStyle(curve.look().stroke());
    series.setMarker(SeriesMarkers.NONE);
  }

  /** On every epoch, or, where these are many, on some. */
  private static void addMarkers(XYChart chart, Curve curve, double unit) {
    double[] values = values(curve, unit);
    int step = values.length > MOST_MARKERS ? (values.length + 19) / 20 : 1;
    int[] marked = IntStream.range(0, values.length).filter(i -> i % step == 0).toArray();
    XYSeries series =
        chart.addSeries(
            curve.look().name() + " markers",
            IntStream.of(marked).mapToDouble(i -> i + 1).toArray(),
            IntStream.of(marked).mapToDouble(i -> values[i]).toArray());
    series.setLineStyle(SeriesLines.NONE);
    series.setMarkerColor(curve.look().colour());
    series.setMarker(curve.look().marker());
  }

  /** A value that is infinite has no place on the axis: the curve has a gap there. */
  private static double[] values(Curve curve, double unit) {
    return curve.values().stream()
        .mapToDouble(v -> Double.isFinite(v) ? v * unit : Double.NaN)
        .toArray();
  }

  private static void style(XYStyler style) {
    style.setChartBackgroundColor(Color.WHITE);
    // XChart rounds where its x axis is, and paints the plot's background after it
    style.setPlotBackgroundColor(CLEAR);
    style.setPlotBorderVisible(false);
    style.setPlotGridLinesColor(GRID);
    style.setPlotGridLinesStroke(new BasicStroke(1));
    style.setPlotContentSize(1);
    style.setPlotMargin(0);
    style.setLegendVisible(false);
    style.setChartFontColor(INK);
    style.setAxisTickLabelsColor(INK);
    style.setAxisTickMarksColor(INK);
    style.setAxisTickMarksStroke(new BasicStroke(1));
    style.setAxisTickLabelsFont(Picture.font(Font.PLAIN, 12));
    style.setAxisTitleFont(Picture.font(Font.PLAIN, 13));
    style.setMarkerSize(MARKER);
  }

  private static void scale(XYStyler style, Panel panel, List<Panel> all) {
    int epochs = panel.curves().stream().mapToInt(curve -> curve.values().size()).max().orElse(1);
    style.setXAxisMin(0.5).setXAxisMax(epochs + 0.5);
    style.setXAxisDecimalPattern("0");
    style.setXAxisTickMarkSpacingHint(Math.max(50, PLOT_WIDTH / epochs));
    double[] finite =
        all.stream()
            .filter(other -> other.percent() == panel.percent())
            .flatMap(other -> other.curves().stream())
            .flatMap(Curve::all)
            .mapToDouble(value -> value * panel.unit())
            .filter(Double::isFinite)
            .toArray();
    double least = DoubleStream.of(finite).min().orElse(0);
    double most = DoubleStream.of(finite).max().orElse(1);
    if (panel.percent()) {
      range(style, Math.min(90, 10 * Math.floor(least / 10)), 100);
      style.setYAxisDecimalPattern("0");
    } else {
      double top = most > 0 ? most * 1.05 : least < 0 ? 0 : 1;
      range(style, Math.min(0, least), top);
      style.setYAxisDecimalPattern(top > 10 ? "0" : top > 0.5 ? "0.0" : "0.000");
    }
  }

  /** The edges lie a little further out, or they would cut the markers on them in half. */
  private static void range(XYStyler style, double from, double to) {
    double little = (to - from) / 40;
    style.setYAxisMin(from - little).setYAxisMax(to + little);
  }
}
