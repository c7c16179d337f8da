package dev.tfgraphs.pictures;

import com.google.common.collect.ImmutableList;
import java.awt.BasicStroke;
import java.awt.Font;
import java.awt.FontMetrics;
import java.awt.Graphics2D;
import java.awt.geom.Line2D;
import java.awt.geom.Path2D;
import java.awt.geom.Rectangle2D;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.function.ToDoubleFunction;
import java.util.stream.DoubleStream;
import org.knowm.xchart.style.markers.SeriesMarkers;

/**
 * How values grow over a quantity, on axes where a step is a factor, and beside each curve the one
 * that it would be if it grew as something else does: seconds and arithmetic, for example. A curve
 * that grows no faster stays below its other one, and a power of the quantity is a straight line.
 */
public final class GrowthChart {
  private static final int PLOT_WIDTH = 560;
  private static final int PLOT_HEIGHT = 340;
  private static final int BOTTOM = 52;
  private static final int MARKER = 8;
  private static final int TICK = 4;
  private static final double EDGE = 0.04;
  private static final int LABEL_GAP = 8;
  private static final Looks.Look REFERENCE =
      new Looks.Look(Looks.GREY, dashes(), SeriesMarkers.NONE);

  /**
   * A value.
   *
   * @param at the quantity, greater than 0
   * @param value greater than 0
   * @param reference what is asked whether the value grows as it does, greater than 0 and in any
   *     unit
   */
  public record Place(double at, double value, double reference) {
    /**
     * Checks the numbers.
     *
     * @throws IllegalArgumentException if one is not finite or not greater than 0
     */
    public Place {
      for (double number : new double[] {at, value, reference}) {
        if (!(number > 0 && Double.isFinite(number))) {
          throw new IllegalArgumentException(
              "growth: expected finite numbers greater than 0, received %s of %s at %s"
                  .formatted(value, reference, at));
        }
      }
    }
  }

  private final ImmutableList<ImmutableList<Place>> curves;
  private final ImmutableList<Double> quantities;
  private final LogAxis across;
  private final LogAxis up;
  private final String acrossLabel;
  private final String upLabel;
  private final Rectangle2D plot;

  private GrowthChart(
      String acrossLabel, String upLabel, ImmutableList<ImmutableList<Place>> curves, int top) {
    this.curves = curves;
    this.acrossLabel = acrossLabel;
    this.upLabel = upLabel;
    this.quantities =
        curves.stream()
            .flatMap(List::stream)
            .map(Place::at)
            .distinct()
            .sorted()
            .collect(ImmutableList.toImmutableList());
    this.across = LogAxis.tight(quantities.stream().mapToDouble(at -> at));
    this.up =
        LogAxis.of(
            curves.stream()
                .flatMapToDouble(
                    curve ->
                        DoubleStream.concat(
                            curve.stream().mapToDouble(Place::value),
                            curve.stream().mapToDouble(place -> expected(curve, place)))));
    this.plot = new Rectangle2D.Double(FlowFrame.LEFT, top, PLOT_WIDTH, PLOT_HEIGHT);
  }

  /**
   * A picture of curves, each with a dashed one that begins where it does.
   *
   * @param across what {@link Place#at} is, with its unit
   * @param up what {@link Place#value} is, with its unit
   * @param reference what the dashed curves are
   * @param curves by name, each in the order of its quantities
   * @throws IllegalArgumentException if there is no curve, or one without places
   */
  public static Picture of(
      String title, String across, String up, String reference, Map<String, List<Place>> curves) {
    if (curves.isEmpty() || curves.containsValue(List.<Place>of())) {
      throw new IllegalArgumentException(
          "growth: expected curves of one place or more, received " + curves);
    }
    List<FlowFrame.Key> keys = new ArrayList<>();
    for (String name : curves.keySet()) {
      keys.add(new FlowFrame.Key(name, Looks.of(keys.size()), true));
    }
    keys.add(new FlowFrame.Key(reference, REFERENCE, true));
    int width = FlowFrame.LEFT + PLOT_WIDTH + FlowFrame.MARGIN;
    FlowFrame frame = new FlowFrame(width, title, List.of(), keys);
    ImmutableList<ImmutableList<Place>> places =
        curves.values().stream()
            .map(ImmutableList::copyOf)
            .collect(ImmutableList.toImmutableList());
    GrowthChart chart = new GrowthChart(across, up, places, frame.top());
    return Picture.of(
        width,
        frame.top() + PLOT_HEIGHT + BOTTOM,
        g -> {
          frame.paint(g);
          chart.paint(g);
        });
  }

  private static BasicStroke dashes() {
    return new BasicStroke(
        1, BasicStroke.CAP_BUTT, BasicStroke.JOIN_ROUND, 1, new float[] {4, 3}, 0);
  }

  /** What a value would be if it had grown from the first one as its reference has. */
  private static double expected(List<Place> curve, Place place) {
    Place first = curve.get(0);
    return first.value() * place.reference() / first.reference();
  }

  private void paint(Graphics2D g) {
    FlowFrame.paintAxis(g, plot, up, upLabel);
    paintQuantities(g);
    FlowFrame.paintBelow(g, acrossLabel, plot.getCenterX(), plot.getMaxY() + 38);
    for (List<Place> curve : curves) {
      paintLine(g, curve, REFERENCE, place -> expected(curve, place));
    }
    for (int i = 0; i < curves.size(); i++) {
      Looks.Look look = Looks.of(i);
      paintLine(g, curves.get(i), look, Place::value);
      for (Place place : curves.get(i)) {
        FlowFrame.paintMarker(g, look, x(place.at()), y(place.value()), MARKER);
      }
    }
  }

  /** A tick for each quantity that there is, and its number where there is room for it. */
  private void paintQuantities(Graphics2D g) {
    g.setFont(Picture.font(Font.PLAIN, 12));
    g.setStroke(new BasicStroke(1));
    g.setColor(Looks.INK);
    FontMetrics metrics = g.getFontMetrics();
    double free = Double.NEGATIVE_INFINITY;
    for (double at : quantities) {
      double x = x(at);
      g.draw(new Line2D.Double(x, plot.getMaxY(), x, plot.getMaxY() + TICK));
      String text = Looks.number(at);
      double left = x - metrics.stringWidth(text) / 2.0;
      if (left >= free) {
        float base = (float) (plot.getMaxY() + TICK + metrics.getAscent());
        g.drawString(text, (float) left, base);
        free = left + metrics.stringWidth(text) + LABEL_GAP;
      }
    }
  }

  private void paintLine(
      Graphics2D g, List<Place> curve, Looks.Look look, ToDoubleFunction<Place> value) {
    Path2D line = new Path2D.Double();
    for (Place place : curve) {
      double x = x(place.at());
      double y = y(value.applyAsDouble(place));
      if (line.getCurrentPoint() == null) {
        line.moveTo(x, y);
      } else {
        line.lineTo(x, y);
      }
    }
    g.setColor(look.colour());
    g.setStroke(look.stroke());
    g.draw(line);
  }

  private double x(double at) {
    double part = EDGE + (1 - 2 * EDGE) * across.part(at);
    return plot.getX() + part * plot.getWidth();
  }

  private double y(double value) {
    return plot.getMaxY() - up.part(value) * plot.getHeight();
  }
}
