package dev.tfgraphs.pictures;

import com.google.common.collect.ImmutableList;
import dev.tfgraphs.graphs.GradientHistory;
import java.awt.BasicStroke;
import java.awt.Font;
import java.awt.FontMetrics;
import java.awt.Graphics2D;
import java.awt.geom.Line2D;
import java.awt.geom.Rectangle2D;
import java.awt.image.BufferedImage;
import java.util.List;
import java.util.function.IntUnaryOperator;

/** Norms of each depth over a training as colours. */
final class FlowHeatMap {
  private static final int WIDTH = 480;
  private static final int LEAST_HEIGHT = 220;
  private static final int MOST_HEIGHT = 360;
  private static final int ROW = 12;
  private static final int BOTTOM = 52;
  private static final int BAR_GAP = 22;
  private static final int BAR = 16;
  private static final int BAR_NUMBERS = 76;
  private static final int TICK = 4;

  private final ImmutableList<Integer> depths;
  private final List<ImmutableList<Double>> rows;
  private final ImmutableList<Long> steps;
  private final LogAxis colours;
  private final Rectangle2D plot;
  private final FlowFrame frame;

  FlowHeatMap(String title, List<String> findings, GradientHistory history) {
    this.depths = history.byDepth().keySet().asList();
    this.rows = history.byDepth().values().asList();
    this.steps = history.steps();
    this.colours = LogAxis.tight(rows.stream().flatMap(List::stream).mapToDouble(norm -> norm));
    this.frame =
        new FlowFrame(
            FlowFrame.LEFT + WIDTH + BAR_GAP + BAR + BAR_NUMBERS, title, findings, List.of());
    int height = Math.max(LEAST_HEIGHT, Math.min(MOST_HEIGHT, ROW * depths.size()));
    this.plot = new Rectangle2D.Double(FlowFrame.LEFT, frame.top(), WIDTH, height);
  }

  Picture picture() {
    return Picture.of(frame.width(), (int) plot.getMaxY() + BOTTOM, this::paint);
  }

  private void paint(Graphics2D g) {
    frame.paint(g);
    Picture.paintPixels(g, cells(), plot.getX(), plot.getY());
    FlowFrame.paintNumbers(g, plot, steps, 0);
    FlowFrame.paintBelow(g, "Step", plot.getCenterX(), plot.getMaxY() + 38);
    paintDepths(g);
    FlowFrame.paintUpwards(g, "Depth, from the input up", FlowFrame.MARGIN + 8, plot.getCenterY());
    paintBar(g);
  }

  /** A pixel of the PNG for each; where places are more, some are left out. */
  private BufferedImage cells() {
    BufferedImage image = image((int) plot.getWidth(), (int) plot.getHeight());
    IntUnaryOperator column = x -> x * steps.size() / image.getWidth();
    IntUnaryOperator row = y -> (image.getHeight() - 1 - y) * depths.size() / image.getHeight();
    for (int y = 0; y < image.getHeight(); y++) {
      ImmutableList<Double> norms = rows.get(row.applyAsInt(y));
      for (int x = 0; x < image.getWidth(); x++) {
        image.setRGB(x, y, colour(norms.get(column.applyAsInt(x))));
      }
    }
    return image;
  }

  /** 0 is the least of all; what is no number is grey. */
  private int colour(double norm) {
    return Colormap.VIRIDIS.rgb(Double.isFinite(norm) ? colours.part(norm) : Double.NaN);
  }

  private static BufferedImage image(int width, int height) {
    return new BufferedImage(
        width * Picture.SCALE, height * Picture.SCALE, BufferedImage.TYPE_INT_RGB);
  }

  private void paintDepths(Graphics2D g) {
    g.setFont(Picture.font(Font.PLAIN, 12));
    FontMetrics metrics = g.getFontMetrics();
    double pitch = plot.getHeight() / depths.size();
    int step = FlowFrame.round((int) Math.ceil(metrics.getHeight() / pitch));
    for (int i : FlowFrame.places(depths.size(), step, depths.get(0))) {
      double y = plot.getMaxY() - (i + 0.5) * pitch;
      FlowFrame.paintTick(g, plot, y, depths.get(i).toString());
    }
  }

  private void paintBar(Graphics2D g) {
    double x = plot.getMaxX() + BAR_GAP;
    BufferedImage image = image(BAR, (int) plot.getHeight());
    for (int y = 0; y < image.getHeight(); y++) {
      int rgb = Colormap.VIRIDIS.rgb(1 - (y + 0.5) / image.getHeight());
      for (int i = 0; i < image.getWidth(); i++) {
        image.setRGB(i, y, rgb);
      }
    }
    Picture.paintPixels(g, image, x, plot.getY());
    g.setFont(Picture.font(Font.PLAIN, 12));
    FontMetrics metrics = g.getFontMetrics();
    for (double tick : colours.ticks()) {
      double y = plot.getMaxY() - colours.part(tick) * plot.getHeight();
      g.setColor(Looks.INK);
      g.setStroke(new BasicStroke(1));
      g.draw(new Line2D.Double(x + BAR, y, x + BAR + TICK, y));
      g.drawString(
          Looks.number(tick),
          (float) (x + BAR + TICK + 4),
          (float) (y + metrics.getAscent() / 2.0 - 1));
    }
    FlowFrame.paintUpwards(
        g, "Gradient norm", frame.width() - FlowFrame.MARGIN + 4, plot.getCenterY());
  }
}
