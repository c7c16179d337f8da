package dev.tfgraphs.pictures;

import java.awt.BasicStroke;
import java.awt.Font;
import java.awt.Graphics2D;
import java.awt.geom.Rectangle2D;
import java.awt.image.BufferedImage;
import java.util.List;

/** Small images in rows, each with a label, and perhaps a second one, below it. */
final class Tiles {
  private static final int GAP = 10;
  private static final int LABEL = 14;
  private static final int SECOND = 13;

  /** A label of numbers needs so much, whatever the image is. */
  private static final int LEAST_WIDTH = 62;

  /** An image with twice as many pixels as points. */
  record Tile(BufferedImage image, String label, String second) {}

  private final List<Tile> tiles;
  private final int columns;
  private final double width;
  private final double height;
  private final boolean seconds;

  /** So many tiles in a row, all images of one size. */
  Tiles(List<Tile> tiles, int columns) {
    this.tiles = List.copyOf(tiles);
    this.columns = Math.min(columns, tiles.size());
    BufferedImage first = tiles.get(0).image();
    this.width = (double) first.getWidth() / Picture.SCALE;
    this.height = (double) first.getHeight() / Picture.SCALE;
    this.seconds = tiles.stream().anyMatch(tile -> !tile.second().isEmpty());
  }

  int width() {
    return (int) Math.ceil(columns * step() - GAP);
  }

  int height() {
    return (int) Math.ceil(rows() * row() - GAP);
  }

  private int rows() {
    return (tiles.size() + columns - 1) / columns;
  }

  private double step() {
    return Math.max(LEAST_WIDTH, width) + GAP;
  }

  private double row() {
    return height + LABEL + (seconds ? SECOND : 0) + GAP;
  }

  void paint(Graphics2D g, double left, double top) {
    for (int i = 0; i < tiles.size(); i++) {
      Tile tile = tiles.get(i);
      double cell = left + i % columns * step();
      double x = cell + (step() - GAP - width) / 2;
      int line = i / columns;
      double y = top + line * row();
      paintImage(g, tile.image(), x, y);
      int middle = (int) Math.round(cell + (step() - GAP) / 2);
      g.setColor(Looks.INK);
      g.setFont(Picture.font(Font.BOLD, 11));
      centred(g, tile.label(), middle, (float) (y + height + LABEL - 1));
      g.setFont(Picture.font(Font.PLAIN, 10));
      centred(g, tile.second(), middle, (float) (y + height + LABEL + SECOND - 2));
    }
  }

  private void centred(Graphics2D g, String text, int middle, float y) {
    if (!text.isEmpty()) {
      String shown = Picture.fitted(g, text, (int) step() - 2);
      g.drawString(shown, middle - g.getFontMetrics().stringWidth(shown) / 2f, y);
    }
  }

  /** Draws an image of twice as many pixels as points, in a thin frame. */
  static void paintImage(Graphics2D g, BufferedImage image, double x, double y) {
    Picture.paintPixels(g, image, x, y);
    g.setColor(Looks.FRAME);
    g.setStroke(new BasicStroke(1));
    g.draw(
        new Rectangle2D.Double(
            x - 0.5,
            y - 0.5,
            (double) image.getWidth() / Picture.SCALE + 1,
            (double) image.getHeight() / Picture.SCALE + 1));
  }
}
