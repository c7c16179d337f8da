package dev.tfgraphs.pictures;

import com.google.common.collect.ImmutableList;
import com.google.common.collect.ImmutableSortedMap;
import dev.tfgraphs.graphs.GradientNorms;
import java.awt.Graphics2D;
import java.awt.geom.Path2D;
import java.awt.geom.Rectangle2D;
import java.util.List;
import java.util.Map;
import java.util.stream.IntStream;

/** Norms of several networks at each depth. */
final class DepthChart {
  private static final int LEAST_WIDTH = 560;
  private static final int MOST_WIDTH = 1300;
  private static final int HEIGHT = 300;
  private static final int BOTTOM = 52;
  private static final int MARKER = 7;
  private static final int MOST_MARKERS = 40;
  private static final int BAR = 9;
  private static final int LINE_PITCH = 6;

  private final List<ImmutableSortedMap<Integer, Double>> networks;
  private final int first;
  private final int depths;
  private final LogAxis axis;
  private final List<Looks.Look> looks;
  private final String title;
  private final List<String> findings;
  private final ImmutableList<String> names;

  DepthChart(String title, List<String> findings, Map<String, GradientNorms> networks) {
    this.title = title;
    this.findings = findings;
    this.networks = networks.values().stream().map(GradientNorms::byDepth).toList();
    this.first = this.networks.stream().mapToInt(ImmutableSortedMap::firstKey).min().orElse(0);
    int last = this.networks.stream().mapToInt(ImmutableSortedMap::lastKey).max().orElse(0);
    this.depths = last - first + 1;
    this.axis =
        LogAxis.of(
            this.networks.stream().flatMap(n -> n.values().stream()).mapToDouble(norm -> norm));
    this.names = ImmutableList.copyOf(networks.keySet());
    this.looks = IntStream.range(0, names.size()).mapToObj(Looks::of).toList();
  }

  Picture lines() {
    return picture(LINE_PITCH, true, this::paintLines);
  }

  Picture bars() {
    return picture(BAR * networks.size() + 6, false, this::paintBars);
  }

  private interface Painting {
    void paint(Graphics2D g, Rectangle2D plot);
  }

  private Picture picture(int wanted, boolean line, Painting painting) {
    int plotWidth = Math.max(LEAST_WIDTH, Math.min(MOST_WIDTH, wanted * depths));
    List<FlowFrame.Key> keys =
        IntStream.range(0, names.size())
            .mapToObj(i -> new FlowFrame.Key(names.get(i), looks.get(i), line))
            .toList();
    FlowFrame frame =
        new FlowFrame(FlowFrame.LEFT + plotWidth + FlowFrame.MARGIN, title, findings, keys);
    Rectangle2D plot = new Rectangle2D.Double(FlowFrame.LEFT, frame.top(), plotWidth, HEIGHT);
    return Picture.of(
        frame.width(),
        frame.top() + HEIGHT + BOTTOM,
        g -> {
          frame.paint(g);
          FlowFrame.paintAxis(g, plot, axis, "Gradient norm");
          FlowFrame.paintNumbers(
              g, plot, IntStream.range(first, first + depths).boxed().toList(), first);
          FlowFrame.paintBelow(
              g,
              "Depth: layers with kernels on the longest way from the input",
              plot.getCenterX(),
              plot.getMaxY() + 38);
          painting.paint(g, plot);
        });
  }

  private double x(Rectangle2D plot, int depth) {
    return plot.getX() + (depth - first + 0.5) * plot.getWidth() / depths;
  }

  /** What is no number has no place, and what is 0 lies at the bottom. */
  private double y(Rectangle2D plot, double norm) {
    return plot.getMaxY() - Math.max(0, axis.part(norm)) * plot.getHeight();
  }

  private void paintLines(Graphics2D g, Rectangle2D plot) {
    for (int i = 0; i < networks.size(); i++) {
      Path2D line = new Path2D.Double();
      boolean gap = true;
      for (Map.Entry<Integer, Double> norm : networks.get(i).entrySet()) {
        if (!Double.isFinite(norm.getValue())) {
          gap = true;
          continue;
        }
        double x = x(plot, norm.getKey());
        double y = y(plot, norm.getValue());
        if (gap) {
          line.moveTo(x, y);
        } else {
          line.lineTo(x, y);
        }
        gap = false;
      }
      g.setColor(looks.get(i).colour());
      g.setStroke(looks.get(i).stroke());
      g.draw(line);
      paintMarkers(g, plot, i);
    }
  }

  private void paintMarkers(Graphics2D g, Rectangle2D plot, int network) {
    int step = (depths + MOST_MARKERS - 1) / MOST_MARKERS;
    networks
        .get(network)
        .forEach(
            (depth, norm) -> {
              boolean end = depth.equals(networks.get(network).lastKey());
              if (Double.isFinite(norm) && (end || (depth - first) % step == 0)) {
                Looks.Look look = looks.get(network);
                FlowFrame.paintMarker(g, look, x(plot, depth), y(plot, norm), MARKER);
              }
            });
  }

  private void paintBars(Graphics2D g, Rectangle2D plot) {
    double slot = plot.getWidth() / depths;
    double bar = slot * 0.8 / networks.size();
    for (int i = 0; i < networks.size(); i++) {
      double offset = (i - networks.size() / 2.0) * bar;
      Looks.Look look = looks.get(i);
      networks
          .get(i)
          .forEach(
              (depth, norm) -> {
                double x = x(plot, depth) + offset;
                double y = Double.isFinite(norm) ? y(plot, norm) : plot.getY();
                g.setColor(Looks.faint(look.colour(), 0xb0));
                g.fill(new Rectangle2D.Double(x, y, bar * 0.92, plot.getMaxY() - y));
                int size = (int) Math.max(3, Math.min(MARKER, bar));
                FlowFrame.paintMarker(g, look, x + bar * 0.46, y, size);
              });
    }
  }
}
