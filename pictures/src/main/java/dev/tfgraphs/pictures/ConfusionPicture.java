package dev.tfgraphs.pictures;

import java.awt.Color;
import java.awt.Font;
import java.awt.FontMetrics;
import java.awt.Graphics2D;
import java.awt.geom.AffineTransform;
import java.awt.geom.Rectangle2D;
import java.util.Locale;

/** A {@link Confusion} as a picture: a row for each class, a column for what it was taken for. */
public final class ConfusionPicture {
  private static final int MARGIN = 16;
  private static final int HEADER = 68;
  private static final int NAMES = 130;
  private static final int LEAST_WIDTH = 420;
  private static final int LARGEST_CELL = 48;
  private static final int LEAST_CELL = 13;
  private static final int WISHED = 720;

  /** Smaller cells have no room for a number. */
  private static final int CELL_OF_NUMBER = 24;

  private static final Color INK = new Color(0x222222);
  private static final Color FRAME = new Color(0xdddddd);
  private static final Color RIGHT = new Color(0x0072b2);
  private static final Color WRONG = new Color(0xd55e00);

  private final Confusion confusion;
  private final int cell;

  private ConfusionPicture(Confusion confusion) {
    this.confusion = confusion;
    this.cell = Math.max(LEAST_CELL, Math.min(LARGEST_CELL, WISHED / confusion.names().size()));
  }

  /**
   * The picture. What is right is blue and what is wrong orange, the darker the larger a part of
   * the images of its class it is; numbers of images say it in black and white too.
   */
  public static Picture of(String title, Confusion confusion) {
    ConfusionPicture drawn = new ConfusionPicture(confusion);
    int side = confusion.names().size() * drawn.cell;
    return Picture.of(
        Math.max(LEAST_WIDTH, 2 * MARGIN + NAMES + side),
        HEADER + NAMES + side + MARGIN,
        g -> drawn.paint(g, title));
  }

  private void paint(Graphics2D g, String title) {
    g.setColor(INK);
    g.setFont(Picture.font(Font.BOLD, 16));
    g.drawString(title, MARGIN, 26);
    g.setFont(Picture.font(Font.PLAIN, 13));
    g.drawString(
        String.format(
            Locale.ROOT,
            "Rows: what images are; columns: what they are taken for. %.2f %% right",
            100 * confusion.accuracy()),
        MARGIN,
        48);
    g.setFont(Picture.font(Font.PLAIN, Math.min(13, cell - 1)));
    for (int i = 0; i < confusion.names().size(); i++) {
      paintNames(g, i);
      for (int j = 0; j < confusion.names().size(); j++) {
        paintCell(g, i, j);
      }
    }
  }

  private static int left() {
    return MARGIN + NAMES;
  }

  private static int top() {
    return HEADER + NAMES;
  }

  private void paintNames(Graphics2D g, int label) {
    String name = Picture.fitted(g, confusion.names().get(label), NAMES - 8);
    FontMetrics metrics = g.getFontMetrics();
    double middle = (cell + metrics.getAscent() - metrics.getDescent()) / 2.0;
    g.setColor(INK);
    g.drawString(
        name, left() - 6 - metrics.stringWidth(name), (float) (top() + label * cell + middle));
    AffineTransform before = g.getTransform();
    g.translate(left() + label * cell + middle, top() - 6.0);
    g.rotate(-Math.PI / 2);
    g.drawString(name, 0, 0);
    g.setTransform(before);
  }

  private void paintCell(Graphics2D g, int truth, int predicted) {
    long count = confusion.count(truth, predicted);
    double share = count == 0 ? 0 : (double) count / confusion.images(truth);
    int x = left() + predicted * cell;
    int y = top() + truth * cell;
    Rectangle2D square = new Rectangle2D.Double(x, y, cell, cell);
    g.setColor(tinted(truth == predicted ? RIGHT : WRONG, share));
    g.fill(square);
    g.setColor(FRAME);
    g.draw(square);
    if (count > 0 && cell >= CELL_OF_NUMBER) {
      String text = Picture.fitted(g, Long.toString(count), cell - 2);
      FontMetrics metrics = g.getFontMetrics();
      g.setColor(share > 0.5 ? Color.WHITE : INK);
      g.drawString(
          text,
          (float) (x + (cell - metrics.stringWidth(text)) / 2.0),
          (float) (y + (cell + metrics.getAscent() - metrics.getDescent()) / 2.0));
    }
  }

  /** From white to the whole colour; a single image is still seen. */
  private static Color tinted(Color colour, double share) {
    double part = share == 0 ? 0 : 0.15 + 0.85 * share;
    return new Color(
        faded(colour.getRed(), part),
        faded(colour.getGreen(), part),
        faded(colour.getBlue(), part));
  }

  private static int faded(int value, double part) {
    return (int) Math.round(255 + (value - 255) * part);
  }
}
