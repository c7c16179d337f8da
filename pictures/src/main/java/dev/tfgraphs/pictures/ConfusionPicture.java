package dev.tfgraphs.pictures;

import java.awt.Color;
import java.awt.Font;
import java.awt.FontMetrics;
import java.awt.Graphics2D;
import java.awt.geom.Rectangle2D;
import java.util.Locale;

/** A {@link Confusion} as a picture: a row for each class, a column for what it was taken for. */
public final class ConfusionPicture {
  private static final int MARGIN = 16;
  private static final int HEADER = 68;
  private static final int LEAST_FOR_NAMES = 40;
  private static final int MOST_FOR_NAMES = 130;
  private static final int LETTER = 9;
  private static final int LEAST_WIDTH = 600;
  private static final int LARGEST_CELL = 48;
  private static final int LEAST_CELL = 13;
  private static final int WISHED = 720;

  /** More classes than that are numbered, here and there. */
  private static final int MOST_NAMED = 160;

  private static final int BETWEEN_NUMBERS = 40;

  /** Smaller cells have no room for a number. */
  private static final int CELL_OF_NUMBER = 24;

  private static final Color FRAME = new Color(0xdddddd);

  private final Confusion confusion;
  private final boolean normalized;
  private final int cell;

  /** The points that names have at most. */
  private final int room;

  private ConfusionPicture(Confusion confusion, boolean normalized) {
    this.confusion = confusion;
    this.normalized = normalized;
    int classes = confusion.names().size();
    this.cell =
        classes > MOST_NAMED
            ? Math.max(1, MOST_NAMED * LEAST_CELL / classes)
            : Math.max(LEAST_CELL, Math.min(LARGEST_CELL, WISHED / classes));
    int longest = confusion.names().stream().mapToInt(String::length).max().orElse(0);
    this.room =
        classes > MOST_NAMED
            ? LEAST_FOR_NAMES
            : Math.max(LEAST_FOR_NAMES, Math.min(MOST_FOR_NAMES, 8 + LETTER * longest));
  }

  /**
   * The picture. What is right is blue and what is wrong orange, the darker the larger a part of
   * the images of its class it is; numbers of images say it in black and white too. More than 160
   * classes have numbers in place of names.
   */
  public static Picture of(String title, Confusion confusion) {
    return of(title, new ConfusionPicture(confusion, false));
  }

  /**
   * The picture with percents of the images of each class in place of their numbers, so that each
   * row adds up to 100.
   */
  public static Picture normalized(String title, Confusion confusion) {
    return of(title, new ConfusionPicture(confusion, true));
  }

  private static Picture of(String title, ConfusionPicture drawn) {
    Confusion confusion = drawn.confusion;
    int side = confusion.names().size() * drawn.cell;
    int width = Math.max(LEAST_WIDTH, 2 * MARGIN + drawn.room + side);
    return Picture.of(
        width, HEADER + drawn.room + side + MARGIN, g -> drawn.paint(g, title, width));
  }

  private void paint(Graphics2D g, String title, int width) {
    g.setColor(Looks.INK);
    g.setFont(Picture.font(Font.BOLD, 16));
    g.drawString(Picture.fitted(g, title, width - 2 * MARGIN), MARGIN, 26);
    g.setFont(Picture.font(Font.PLAIN, 13));
    g.drawString(
        String.format(
            Locale.ROOT,
            "Rows: what images are; columns: what they are taken for%s. %.2f %% right",
            normalized ? ", in percent" : "",
            100 * confusion.accuracy()),
        MARGIN,
        48);
    int classes = confusion.names().size();
    boolean named = cell >= LEAST_CELL;
    g.setFont(Picture.font(Font.PLAIN, named ? Math.min(13, cell - 1) : 12));
    for (int i = 0; i < classes; i++) {
      if (named) {
        paintName(g, i, confusion.names().get(i));
      } else if (i % numbered() == 0) {
        paintName(g, i, Integer.toString(i));
      }
      for (int j = 0; j < classes; j++) {
        if (named || confusion.count(i, j) > 0) {
          paintCell(g, i, j);
        }
      }
    }
    g.setColor(FRAME);
    g.draw(new Rectangle2D.Double(left(), top(), classes * cell, classes * cell));
  }

  /** Every how many classes a number has room. */
  private int numbered() {
    int least = (BETWEEN_NUMBERS + cell - 1) / cell;
    return least <= 10 ? 10 : least <= 50 ? 50 : 100;
  }

  private int left() {
    return MARGIN + room;
  }

  private int top() {
    return HEADER + room;
  }

  private void paintName(Graphics2D g, int label, String text) {
    String name = Picture.fitted(g, text, room - 8);
    FontMetrics metrics = g.getFontMetrics();
    double middle = (cell + metrics.getAscent() - metrics.getDescent()) / 2.0;
    g.setColor(Looks.INK);
    g.drawString(
        name, left() - 6 - metrics.stringWidth(name), (float) (top() + label * cell + middle));
    Picture.paintUpwards(g, name, left() + label * cell + middle, top() - 6.0);
  }

  private void paintCell(Graphics2D g, int truth, int predicted) {
    long count = confusion.count(truth, predicted);
    double share = count == 0 ? 0 : (double) count / confusion.images(truth);
    int x = left() + predicted * cell;
    int y = top() + truth * cell;
    Rectangle2D square = new Rectangle2D.Double(x, y, cell, cell);
    g.setColor(tinted(truth == predicted ? Looks.BLUE : Looks.ORANGE, share));
    g.fill(square);
    if (cell >= LEAST_CELL) {
      g.setColor(FRAME);
      g.draw(square);
    }
    if (count > 0 && cell >= CELL_OF_NUMBER) {
      String text = Picture.fitted(g, written(count, share), cell - 2);
      FontMetrics metrics = g.getFontMetrics();
      g.setColor(share > 0.5 ? Color.WHITE : Looks.INK);
      g.drawString(
          text,
          (float) (x + (cell - metrics.stringWidth(text)) / 2.0),
          (float) (y + (cell + metrics.getAscent() - metrics.getDescent()) / 2.0));
    }
  }

  private String written(long count, double share) {
    double percent = 100 * share;
    return !normalized
        ? Long.toString(count)
        : percent < 1 ? "<1" : Long.toString(Math.round(percent));
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
