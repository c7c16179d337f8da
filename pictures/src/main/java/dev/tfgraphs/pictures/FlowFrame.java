package dev.tfgraphs.pictures;

import com.google.common.base.Splitter;
import com.google.common.collect.ImmutableList;
import java.awt.BasicStroke;
import java.awt.Color;
import java.awt.Font;
import java.awt.FontMetrics;
import java.awt.Graphics2D;
import java.awt.geom.Line2D;
import java.awt.geom.Rectangle2D;
import java.util.ArrayList;
import java.util.List;

/**
 * What pictures of gradient flow have around their plots: a title, lines that say what to see, and
 * axes.
 */
final class FlowFrame {
  /** What a colour, a marker and, of lines, dashes stand for. */
  record Key(String name, Looks.Look look, boolean line) {}

  static final int MARGIN = 16;
  static final int LEFT = 84;
  private static final int TITLE = 26;
  private static final int LINE = 18;
  private static final int KEY_DASHES = 38;
  private static final int KEY_MARK = 16;
  private static final int KEY_LINE = 22;
  private static final int MARKER = 7;
  private static final int TICK = 4;

  private final int width;
  private final String title;
  private final ImmutableList<String> captions;
  private final ImmutableList<Key> keys;

  FlowFrame(int width, String title, List<String> captions, List<Key> keys) {
    this.width = width;
    this.title = title;
    this.captions = wrapped(captions, width - 2 * MARGIN);
    this.keys = ImmutableList.copyOf(keys);
  }

  /** A line that is too long goes on below; what is sought is among its last words at times. */
  private static ImmutableList<String> wrapped(List<String> lines, int most) {
    ImmutableList.Builder<String> wrapped = ImmutableList.builder();
    for (String line : lines) {
      StringBuilder current = new StringBuilder();
      for (String word : Splitter.on(' ').split(line)) {
        if (current.length() > 0 && Picture.textWidth(caption(), current + " " + word) > most) {
          wrapped.add(current.toString());
          current = new StringBuilder("    ");
        }
        current.append(current.toString().isBlank() ? "" : " ").append(word);
      }
      wrapped.add(current.toString());
    }
    return wrapped.build();
  }

  private static Font caption() {
    return Picture.font(Font.PLAIN, 12);
  }

  int width() {
    return width;
  }

  /** Where plots may begin. */
  int top() {
    return TITLE + LINE * captions.size() + KEY_LINE * keyRows() + 22;
  }

  private int keyRows() {
    return (keys.size() + keyColumns() - 1) / keyColumns();
  }

  private int keyColumns() {
    return Math.max(1, (width - 2 * MARGIN) / keyWidth());
  }

  private int keyMark() {
    return keys.stream().anyMatch(Key::line) ? KEY_DASHES : KEY_MARK;
  }

  private int keyWidth() {
    int names =
        keys.stream()
            .mapToInt(key -> Picture.textWidth(Picture.font(Font.PLAIN, 13), key.name()))
            .max()
            .orElse(1);
    return keyMark() + 6 + names + 22;
  }

  void paint(Graphics2D g) {
    g.setColor(Looks.INK);
    g.setFont(Picture.font(Font.BOLD, 16));
    g.drawString(Picture.fitted(g, title, width - 2 * MARGIN), MARGIN, TITLE);
    g.setFont(caption());
    int y = TITLE;
    for (String line : captions) {
      y += LINE;
      g.drawString(line, MARGIN, y);
    }
    paintKeys(g, y + KEY_LINE);
  }

  private void paintKeys(Graphics2D g, int top) {
    for (int i = 0; i < keys.size(); i++) {
      Key key = keys.get(i);
      int x = MARGIN + i % keyColumns() * keyWidth();
      int y = top + i / keyColumns() * KEY_LINE;
      if (key.line()) {
        g.setColor(key.look().colour());
        g.setStroke(key.look().stroke());
        g.draw(new Line2D.Double(x, y - 4, x + keyMark(), y - 4));
      }
      paintMarker(g, key.look(), x + keyMark() / 2.0, y - 4, MARKER + 1);
      g.setColor(Looks.INK);
      g.setFont(Picture.font(Font.PLAIN, 13));
      g.drawString(key.name(), x + keyMark() + 6, y);
    }
  }

  static void paintMarker(Graphics2D g, Looks.Look look, double x, double y, int size) {
    g.setColor(look.colour());
    look.marker().paint(g, x, y, size);
  }

  /** The lines of a grid, what their numbers are, and what these measure. */
  static void paintAxis(Graphics2D g, Rectangle2D plot, LogAxis axis, String label) {
    g.setFont(caption());
    for (double tick : axis.ticks()) {
      double y = plot.getMaxY() - axis.part(tick) * plot.getHeight();
      g.setColor(Looks.GRID);
      g.setStroke(new BasicStroke(1));
      g.draw(new Line2D.Double(plot.getX(), y, plot.getMaxX(), y));
      paintTick(g, plot, y, Looks.number(tick));
    }
    g.setStroke(new BasicStroke(1));
    g.draw(new Line2D.Double(plot.getX(), plot.getMaxY(), plot.getMaxX(), plot.getMaxY()));
    g.draw(new Line2D.Double(plot.getX(), plot.getY(), plot.getX(), plot.getMaxY()));
    paintUpwards(g, label, MARGIN + 8, plot.getCenterY());
  }

  /** A short line beside a plot, and on its left what it stands for. */
  static void paintTick(Graphics2D g, Rectangle2D plot, double y, String text) {
    FontMetrics metrics = g.getFontMetrics();
    g.setColor(Looks.INK);
    g.setStroke(new BasicStroke(1));
    g.draw(new Line2D.Double(plot.getX() - TICK, y, plot.getX(), y));
    g.drawString(
        text,
        (float) (plot.getX() - TICK - 4 - metrics.stringWidth(text)),
        (float) (y + metrics.getAscent() / 2.0 - 1));
  }

  /** A text from below to above, its middle at {@code y}. */
  static void paintUpwards(Graphics2D g, String text, double x, double y) {
    g.setColor(Looks.INK);
    g.setFont(Picture.font(Font.PLAIN, 13));
    Picture.paintUpwards(g, text, x, y + g.getFontMetrics().stringWidth(text) / 2.0);
  }

  /** A text below, its middle at {@code x}. */
  static void paintBelow(Graphics2D g, String text, double x, double y) {
    g.setColor(Looks.INK);
    g.setFont(Picture.font(Font.PLAIN, 13));
    g.drawString(text, (float) (x - g.getFontMetrics().stringWidth(text) / 2.0), (float) y);
  }

  /**
   * Whole numbers below an axis, as many as fit: the first, and round ones.
   *
   * @param numbers what stands at each of so many places of equal width
   * @param offset which place the first number would have if places were counted from 0
   */
  static void paintNumbers(
      Graphics2D g, Rectangle2D plot, List<? extends Number> numbers, int offset) {
    g.setFont(caption());
    FontMetrics metrics = g.getFontMetrics();
    double pitch = plot.getWidth() / numbers.size();
    int widest = numbers.stream().mapToInt(n -> metrics.stringWidth(n.toString())).max().orElse(0);
    int step = round((int) Math.ceil((widest + 14) / pitch));
    for (int i : places(numbers.size(), step, offset)) {
      double x = plot.getX() + (i + 0.5) * pitch;
      String text = numbers.get(i).toString();
      g.setColor(Looks.INK);
      g.setStroke(new BasicStroke(1));
      g.draw(new Line2D.Double(x, plot.getMaxY(), x, plot.getMaxY() + TICK));
      g.drawString(
          text,
          (float) (x - metrics.stringWidth(text) / 2.0),
          (float) (plot.getMaxY() + TICK + metrics.getAscent()));
    }
  }

  /** 1, 2 or 5 times a power of 10, not less than {@code step}. */
  static int round(int step) {
    int power = 1;
    while (true) {
      for (int factor : new int[] {1, 2, 5}) {
        if (factor * power >= step) {
          return factor * power;
        }
      }
      power *= 10;
    }
  }

  /** The first place, unless it is too near to the next, and each that {@code step} divides. */
  static List<Integer> places(int size, int step, int offset) {
    List<Integer> places = new ArrayList<>();
    for (int i = 0; i < size; i++) {
      int toNext = Math.floorMod(-(i + offset), step);
      if (toNext == 0 || (i == 0 && toNext > step / 2)) {
        places.add(i);
      }
    }
    return places;
  }

  static Color tint() {
    return new Color(0xf6e3d7);
  }
}
