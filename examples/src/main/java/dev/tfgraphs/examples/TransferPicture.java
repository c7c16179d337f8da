package dev.tfgraphs.examples;

import dev.tfgraphs.examples.TransferTable.Way;
import dev.tfgraphs.pictures.Picture;
import java.awt.BasicStroke;
import java.awt.Color;
import java.awt.Font;
import java.awt.Graphics2D;
import java.awt.geom.Ellipse2D;
import java.awt.geom.Line2D;
import java.util.Arrays;
import java.util.Locale;

/** A {@link TransferTable} as a picture: a dot for each seed, a bar at the mean. */
final class TransferPicture {
  private static final int WIDTH = 850;
  private static final int LEFT = 220;
  private static final int RIGHT = 660;
  private static final int TOP = 76;
  private static final int ROW = 46;
  private static final int BOTTOM = 44;
  private static final int MARGIN = 16;
  private static final double DOT = 9;

  private static final Color INK = new Color(0x222222);
  private static final Color GRID = new Color(0xe3e3e3);
  private static final Color SCRATCH = new Color(0xd55e00);
  private static final Color TRANSFER = new Color(0x0072b2);

  private final TransferTable table;
  private final double from;

  private TransferPicture(TransferTable table) {
    this.table = table;
    double least =
        table.ways().stream()
            .mapToDouble(way -> Arrays.stream(table.values(way)).min().orElse(0))
            .min()
            .orElse(0);
    this.from = Math.min(0.9, Math.floor(10 * least) / 10);
  }

  static Picture of(TransferTable table) {
    TransferPicture drawn = new TransferPicture(table);
    int height = TOP + table.ways().size() * ROW + BOTTOM;
    return Picture.of(WIDTH, height, drawn::paint);
  }

  private void paint(Graphics2D g) {
    g.setColor(INK);
    g.setFont(Picture.font(Font.BOLD, 16));
    g.drawString(table.title(), MARGIN, 26);
    g.setFont(Picture.font(Font.PLAIN, 13));
    g.drawString("A dot for each seed, a bar at the mean. " + table.brought(), MARGIN, 48);
    paintGrid(g);
    for (int i = 0; i < table.ways().size(); i++) {
      paintWay(g, table.ways().get(i), TOP + i * ROW + ROW / 2);
    }
  }

  /** The mean, and how much more that is than without transfer. */
  private String result(Way way) {
    String mean = String.format(Locale.ROOT, "%.1f %%", 100 * table.mean(way));
    return way == Way.FROM_SCRATCH ? mean : mean + " (" + table.gain(way) + ")";
  }

  private double x(double accuracy) {
    return LEFT + (RIGHT - LEFT) * (accuracy - from) / (1 - from);
  }

  private void paintGrid(Graphics2D g) {
    int bottom = TOP + table.ways().size() * ROW;
    g.setFont(Picture.font(Font.PLAIN, 12));
    g.setStroke(new BasicStroke(1));
    int step = 1 - from > 0.5 ? 20 : 1 - from > 0.15 ? 10 : 2;
    for (int percent = 100; percent >= Math.round(100 * from); percent -= step) {
      double x = x(percent / 100.0);
      g.setColor(GRID);
      g.draw(new Line2D.Double(x, TOP, x, bottom));
      g.setColor(INK);
      String text = percent + " %";
      g.drawString(text, (float) (x - g.getFontMetrics().stringWidth(text) / 2.0), bottom + 20);
    }
  }

  private void paintWay(Graphics2D g, Way way, int y) {
    g.setColor(INK);
    g.setFont(Picture.font(Font.PLAIN, 13));
    g.drawString(way.title(), MARGIN, y + 5);
    g.drawString(result(way), RIGHT + 16, y + 5);
    g.setColor(way == Way.FROM_SCRATCH ? SCRATCH : TRANSFER);
    g.setStroke(new BasicStroke(3));
    double mean = x(table.mean(way));
    g.draw(new Line2D.Double(mean, y - 14.0, mean, y + 14.0));
    g.setStroke(new BasicStroke(1.5f));
    for (double value : table.values(way)) {
      g.draw(new Ellipse2D.Double(x(value) - DOT / 2, y - DOT / 2, DOT, DOT));
    }
  }
}
