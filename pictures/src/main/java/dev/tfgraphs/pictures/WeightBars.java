package dev.tfgraphs.pictures;

import com.google.common.collect.ImmutableList;
import com.google.common.collect.ImmutableSet;
import dev.tfgraphs.graphs.GradientNorms;
import java.awt.BasicStroke;
import java.awt.Font;
import java.awt.FontMetrics;
import java.awt.Graphics2D;
import java.awt.geom.Line2D;
import java.awt.geom.Path2D;
import java.awt.geom.Rectangle2D;
import java.util.List;

/** A bar for each weight of a network. */
final class WeightBars {
  /** The kinds and weights that have a panel together. */
  private record Panel(String label, ImmutableList<GradientNorms.OfWeight> weights) {}

  private static final int MOST_TOGETHER = 120;
  private static final int LEAST_WIDTH = 560;
  private static final int MOST_WIDTH = 1300;
  private static final int HEIGHT = 280;
  private static final int PANEL_HEIGHT = 150;
  private static final int GAP = 26;
  private static final int MOST_NAME = 150;
  private static final int NAME = 12;
  private static final int MARKER = 6;

  private final GradientNorms norms;
  private final ImmutableList<String> kinds;
  private final ImmutableList<String> layers;
  private final ImmutableSet<String> dead;
  private final ImmutableSet<String> exploding;
  private final List<Panel> panels;
  private final LogAxis axis;
  private final int plotWidth;
  private final List<LayerLabels.Label> labels;
  private final FlowFrame frame;

  WeightBars(String title, List<String> findings, GradientNorms norms) {
    this.norms = norms;
    this.kinds =
        norms.weights().stream()
            .map(GradientNorms.OfWeight::kind)
            .distinct()
            .collect(ImmutableList.toImmutableList());
    this.layers =
        norms.weights().stream()
            .map(GradientNorms.OfWeight::layer)
            .collect(ImmutableList.toImmutableList());
    this.dead = norms.dead().keySet();
    this.exploding = norms.exploding().keySet();
    this.panels = panels();
    this.axis = LogAxis.of(norms.weights().stream().mapToDouble(GradientNorms.OfWeight::norm));
    this.plotWidth =
        Math.max(LEAST_WIDTH, Math.min(MOST_WIDTH, (int) (norms.weights().size() * (NAME + 2.0))));
    this.labels = LayerLabels.of(layers, plotWidth / NAME);
    int width = FlowFrame.LEFT + plotWidth + FlowFrame.MARGIN;
    List<FlowFrame.Key> keys =
        panels.size() > 1 || kinds.size() < 2
            ? List.of()
            : kinds.stream().map(kind -> new FlowFrame.Key(kind, look(kind), false)).toList();
    this.frame = new FlowFrame(width, title, findings, keys);
  }

  /** Of many weights those of one kind alone can be told from each other. */
  private List<Panel> panels() {
    if (norms.weights().size() <= MOST_TOGETHER) {
      return List.of(new Panel("Gradient norm", norms.weights()));
    }
    return kinds.stream().map(kind -> new Panel(kind, norms.only(kind).weights())).toList();
  }

  private Looks.Look look(String kind) {
    return Looks.of(kinds.indexOf(kind));
  }

  Picture picture() {
    int height = panels.size() * (panelHeight() + GAP) - GAP;
    int bottom = nameHeight() + 42;
    return Picture.of(frame.width(), frame.top() + height + bottom, this::paint);
  }

  private static Font nameFont() {
    return Picture.font(Font.PLAIN, 11);
  }

  private int nameHeight() {
    return labels.stream()
        .mapToInt(label -> Picture.textWidth(nameFont(), shown(label)))
        .max()
        .orElse(0);
  }

  /** The end of a name, which is often its number, tells more than its middle. */
  private static String shown(LayerLabels.Label label) {
    String text = label.text();
    for (int kept = text.length() - 1; Picture.textWidth(nameFont(), text) > MOST_NAME; kept--) {
      int end = kept / 3;
      text =
          label.text().substring(0, kept - end)
              + "\u2026"
              + label.text().substring(label.text().length() - end);
    }
    return text;
  }

  private int panelHeight() {
    return panels.size() == 1 ? HEIGHT : PANEL_HEIGHT;
  }

  private void paint(Graphics2D g) {
    frame.paint(g);
    double y = frame.top();
    Rectangle2D plot = new Rectangle2D.Double();
    for (Panel panel : panels) {
      plot = new Rectangle2D.Double(FlowFrame.LEFT, y, plotWidth, panelHeight());
      paintMarks(g, plot);
      FlowFrame.paintAxis(g, plot, axis, panel.label());
      paintBars(g, plot, panel);
      y += panelHeight() + GAP;
    }
    paintNames(g, plot);
  }

  private double pitch() {
    return (double) plotWidth / layers.size();
  }

  /** What is dead or explodes lies on another ground, below or above a triangle. */
  private void paintMarks(Graphics2D g, Rectangle2D plot) {
    for (int i = 0; i < layers.size(); i++) {
      boolean up = exploding.contains(layers.get(i));
      if (up || dead.contains(layers.get(i))) {
        double x = plot.getX() + i * pitch();
        g.setColor(FlowFrame.tint());
        g.fill(new Rectangle2D.Double(x, plot.getY(), pitch(), plot.getHeight()));
        g.setColor(Looks.ORANGE);
        paintTriangle(g, x + pitch() / 2, plot.getY() - 3, up);
      }
    }
  }

  private static void paintTriangle(Graphics2D g, double x, double y, boolean up) {
    Path2D triangle = new Path2D.Double();
    triangle.moveTo(x - 4, up ? y : y - 7);
    triangle.lineTo(x + 4, up ? y : y - 7);
    triangle.lineTo(x, up ? y - 7 : y);
    triangle.closePath();
    g.fill(triangle);
  }

  private void paintBars(Graphics2D g, Rectangle2D plot, Panel panel) {
    double bar = Math.max(1, pitch() * (panels.size() > 1 ? 0.9 * kinds.size() : 0.66));
    for (GradientNorms.OfWeight weight : panel.weights()) {
      int i = norms.weights().indexOf(weight);
      double x = plot.getX() + (i + 0.5) * pitch();
      double part = Double.isFinite(weight.norm()) ? Math.max(0, axis.part(weight.norm())) : 1;
      double height = part * plot.getHeight();
      g.setColor(Looks.faint(look(weight.kind()).colour(), panels.size() > 1 ? 0xff : 0xb0));
      Rectangle2D whole = new Rectangle2D.Double(x - bar / 2, plot.getMaxY() - height, bar, height);
      g.fill(whole.createIntersection(plot));
      if (panels.size() == 1 && kinds.size() > 1) {
        int size = (int) Math.max(4, Math.min(MARKER, pitch()));
        FlowFrame.paintMarker(g, look(weight.kind()), x, plot.getMaxY() - height, size);
      }
    }
  }

  private void paintNames(Graphics2D g, Rectangle2D plot) {
    g.setFont(nameFont());
    FontMetrics metrics = g.getFontMetrics();
    for (LayerLabels.Label label : labels) {
      double x = plot.getX() + label.middle() * pitch();
      String text = shown(label);
      g.setColor(Looks.INK);
      g.setStroke(new BasicStroke(1));
      double first = plot.getX() + label.first() * pitch() + 1.5;
      double last = plot.getX() + (label.last() + 1) * pitch() - 1.5;
      g.draw(new Line2D.Double(first, plot.getMaxY() + 5, last, plot.getMaxY() + 5));
      Picture.paintUpwards(
          g,
          text,
          x + (metrics.getAscent() - metrics.getDescent()) / 2.0,
          plot.getMaxY() + 10 + metrics.stringWidth(text));
    }
    FlowFrame.paintBelow(g, "Layer", plot.getCenterX(), plot.getMaxY() + nameHeight() + 32);
  }
}
