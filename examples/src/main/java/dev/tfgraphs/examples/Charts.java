package dev.tfgraphs.examples;

import dev.tfgraphs.graphs.History;
import java.awt.BasicStroke;
import java.awt.Color;
import java.awt.Font;
import java.awt.Graphics2D;
import java.awt.geom.Ellipse2D;
import java.awt.geom.Line2D;
import java.awt.geom.Rectangle2D;
import java.util.Arrays;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.stream.DoubleStream;
import java.util.stream.IntStream;
import org.knowm.xchart.XYChart;
import org.knowm.xchart.XYChartBuilder;
import org.knowm.xchart.XYSeries;
import org.knowm.xchart.style.XYStyler;
import org.knowm.xchart.style.markers.Marker;
import org.knowm.xchart.style.markers.SeriesMarkers;

/** Learning curves: what a history says, as a picture. */
public final class Charts {

  private static final int PANEL_WIDTH = 460;
  private static final int PANEL_HEIGHT = 320;
  private static final int PLOT_WIDTH = 380;
  private static final int HEADER = 64;
  private static final int MARGIN = 16;
  private static final int MOST_MARKERS = 40;

  private static final Color INK = new Color(0x222222);
  private static final Color CLEAR = new Color(0, 0, 0, 0);
  private static final Color GRID = new Color(0xe3e3e3);

  /** Colours that colour-blind readers tell apart; dashes and markers for print in black. */
  private record Curve(
      String name, String prefix, Color colour, BasicStroke stroke, Marker marker) {

    /** A curve of something else that looks like this one. */
    Curve of(String other, String columns) {
      return new Curve(other, columns, colour, stroke, marker);
    }
  }

  private static final Curve TRAINING =
      new Curve("training", "", new Color(0x0072b2), line(), SeriesMarkers.CIRCLE);
  private static final Curve VALIDATION =
      new Curve("validation", "val_", new Color(0xd55e00), line(6, 4), SeriesMarkers.SQUARE);

  private enum Panel {
    ACCURACY("accuracy", "Accuracy (%)", 100),
    LOSS("loss", "Loss", 1);

    private final String column;
    private final String label;
    private final double unit;

    Panel(String column, String label, double unit) {
      this.column = column;
      this.label = label;
      this.unit = unit;
    }
  }

  private Charts() {}

  private static BasicStroke line(float... dashes) {
    return new BasicStroke(
        2, BasicStroke.CAP_BUTT, BasicStroke.JOIN_ROUND, 1, dashes.length == 0 ? null : dashes, 0);
  }

  /**
   * The accuracy and the loss over the epochs, in training and, where the history has it, in
   * validation.
   *
   * @param history values for each epoch by Keras's names: {@code accuracy}, {@code loss}, {@code
   *     val_accuracy}, {@code val_loss}; other columns are left out
   * @throws IllegalArgumentException if there is no epoch, neither accuracy nor loss, or columns of
   *     different lengths
   */
  static Picture learningCurves(String title, Map<String, List<Double>> history) {
    return picture(title, List.of(TRAINING, VALIDATION), history);
  }

  /**
   * The accuracy and the loss in validation of two networks over the epochs.
   *
   * @throws IllegalArgumentException if there is no epoch, neither accuracy nor loss, or one has
   *     more epochs than the other
   */
  public static Picture validation(String one, History first, String another, History second) {
    Map<String, List<Double>> columns = new LinkedHashMap<>();
    first.metrics().forEach((column, values) -> columns.put(one + ": " + column, values));
    second.metrics().forEach((column, values) -> columns.put(another + ": " + column, values));
    List<Curve> curves =
        List.of(TRAINING.of(one, one + ": val_"), VALIDATION.of(another, another + ": val_"));
    return picture("Validation", curves, columns);
  }

  private static Picture picture(
      String title, List<Curve> possible, Map<String, List<Double>> columns) {
    String first = possible.get(0).prefix;
    List<Panel> panels = panels(first, columns);
    List<Curve> curves = curves(panels, possible, columns);
    int epochs = column(columns, first + panels.get(0).column).size();
    return new Picture(
        panels.size() * (PANEL_WIDTH + MARGIN),
        HEADER + PANEL_HEIGHT + MARGIN,
        g -> {
          paintHeader(g, title, curves, epochs <= MOST_MARKERS);
          for (int i = 0; i < panels.size(); i++) {
            Graphics2D at = (Graphics2D) g.create();
            at.translate(i * (PANEL_WIDTH + MARGIN), HEADER);
            chart(panels.get(i), curves, columns).paint(at, PANEL_WIDTH, PANEL_HEIGHT);
            at.dispose();
          }
        });
  }

  private static List<Double> column(Map<String, List<Double>> history, String name) {
    return history.getOrDefault(name, List.of());
  }

  /** Those of which the first curve has values. */
  private static List<Panel> panels(String first, Map<String, List<Double>> history) {
    List<Panel> panels =
        Arrays.stream(Panel.values()).filter(p -> history.containsKey(first + p.column)).toList();
    if (history.isEmpty()
        || panels.stream().anyMatch(p -> column(history, first + p.column).isEmpty())) {
      throw new IllegalArgumentException(
          "learning curves: expected at least one epoch, received an empty history");
    }
    if (panels.isEmpty()) {
      throw new IllegalArgumentException(
          "learning curves: expected a column '%saccuracy' or '%sloss', received %s"
              .formatted(first, first, history.keySet()));
    }
    return panels;
  }

  private static List<Curve> curves(
      List<Panel> panels, List<Curve> possible, Map<String, List<Double>> history) {
    String first = possible.get(0).prefix + panels.get(0).column;
    int epochs = column(history, first).size();
    for (Panel panel : panels) {
      for (Curve curve : possible) {
        String column = curve.prefix + panel.column;
        int received = history.containsKey(column) ? column(history, column).size() : epochs;
        if (received != epochs) {
          throw new IllegalArgumentException(
              "learning curves: column '%s': expected %d values as in '%s', received %d"
                  .formatted(column, epochs, first, received));
        }
      }
    }
    return possible.stream()
        .filter(c -> panels.stream().anyMatch(p -> history.containsKey(c.prefix + p.column)))
        .toList();
  }

  private static void paintHeader(Graphics2D g, String title, List<Curve> curves, boolean markers) {
    g.setColor(INK);
    g.setFont(Picture.font(Font.BOLD, 16));
    g.drawString(title, MARGIN, 26);
    g.setFont(Picture.font(Font.PLAIN, 13));
    int x = MARGIN;
    for (Curve curve : curves) {
      paintKey(g, curve, markers, x, 46);
      g.setColor(INK);
      g.drawString(curve.name, x + 46, 51);
      x += 46 + g.getFontMetrics().stringWidth(curve.name) + 24;
    }
  }

  private static void paintKey(Graphics2D g, Curve curve, boolean marker, int x, int y) {
    g.setColor(curve.colour);
    g.setStroke(curve.stroke);
    g.draw(new Line2D.Double(x, y, x + 38, y));
    if (marker) {
      g.fill(
          curve.marker == SeriesMarkers.CIRCLE
              ? new Ellipse2D.Double(x + 15, y - 4, 8, 8)
              : new Rectangle2D.Double(x + 15, y - 4, 8, 8));
    }
  }

  private static XYChart chart(Panel panel, List<Curve> curves, Map<String, List<Double>> history) {
    XYChart chart =
        new XYChartBuilder()
            .width(PANEL_WIDTH)
            .height(PANEL_HEIGHT)
            .xAxisTitle("Epoch")
            .yAxisTitle(panel.label)
            .build();
    style(chart.getStyler());
    for (Curve curve : curves) {
      if (history.containsKey(curve.prefix + panel.column)) {
        add(chart, curve, values(column(history, curve.prefix + panel.column), panel.unit));
      }
    }
    scale(chart, panel);
    return chart;
  }

  /** A value that is infinite has no place on the axis: the curve has a gap there. */
  private static double[] values(List<Double> column, double unit) {
    return column.stream().mapToDouble(v -> Double.isFinite(v) ? v * unit : Double.NaN).toArray();
  }

  private static void add(XYChart chart, Curve curve, double[] values) {
    double[] epochs = IntStream.rangeClosed(1, values.length).asDoubleStream().toArray();
    XYSeries series = chart.addSeries(curve.name(), epochs, values);
    series.setLineColor(curve.colour);
    series.setLineStyle(curve.stroke);
    series.setMarkerColor(curve.colour);
    series.setMarker(values.length > MOST_MARKERS ? SeriesMarkers.NONE : curve.marker);
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
    style.setMarkerSize(7);
  }

  private static void scale(XYChart chart, Panel panel) {
    XYStyler style = chart.getStyler();
    int epochs = chart.getSeriesMap().values().iterator().next().getXData().length;
    style.setXAxisMin(0.5).setXAxisMax(epochs + 0.5);
    style.setXAxisDecimalPattern("0");
    style.setXAxisTickMarkSpacingHint(Math.max(50, PLOT_WIDTH / epochs));
    double[] finite =
        chart.getSeriesMap().values().stream()
            .flatMapToDouble(s -> DoubleStream.of(s.getYData()))
            .filter(Double::isFinite)
            .toArray();
    double least = DoubleStream.of(finite).min().orElse(0);
    double most = DoubleStream.of(finite).max().orElse(1);
    if (panel == Panel.ACCURACY) {
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
