package dev.tfgraphs.pictures;

import java.awt.BasicStroke;
import java.awt.Color;
import java.awt.Font;
import java.awt.Graphics2D;
import java.awt.Shape;
import java.awt.Stroke;
import java.awt.geom.Line2D;
import java.awt.image.BufferedImage;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;

/** Which colour is which number. */
record ColourBar(Colormap colours, ColourScale scale, List<Mark> marks) {
  /** Room for the bar and its numbers. */
  static final int WIDTH = 78;

  private static final int BAR = 16;
  private static final int TICK = 4;

  /** A number, and the line that it has in the picture. */
  record Mark(double value, Optional<Stroke> line) {}

  /** With a number at each end and round ones between. */
  static ColourBar of(Colormap colours, ColourScale scale) {
    List<Mark> marks = new ArrayList<>();
    marks.add(new Mark(scale.low(), Optional.empty()));
    if (!scale.isConstant()) {
      scale.ticks().forEach(tick -> marks.add(new Mark(tick, Optional.empty())));
      marks.add(new Mark(scale.high(), Optional.empty()));
    }
    return new ColourBar(colours, scale, marks);
  }

  void paint(Graphics2D g, double left, double top, int height) {
    Tiles.paintImage(g, bar(height * Picture.SCALE), left, top);
    g.setFont(Picture.font(Font.PLAIN, 11));
    for (Mark mark : marks) {
      double part = scale.isConstant() ? 0 : scale.part(mark.value());
      double y = top + height * (1 - part);
      g.setColor(Looks.INK);
      g.setStroke(new BasicStroke(1));
      g.draw(new Line2D.Double(left + BAR, y, left + BAR + TICK, y));
      g.drawString(
          ColourScale.number(mark.value()), (float) (left + BAR + TICK + 4), (float) (y + 4));
      mark.line()
          .ifPresent(stroke -> paintLine(g, stroke, new Line2D.Double(left, y, left + BAR, y)));
    }
  }

  /** Black on white, so that a line is seen on any colour. */
  static void paintLine(Graphics2D g, Stroke stroke, Shape line) {
    g.setColor(Color.WHITE);
    g.setStroke(new BasicStroke(2.4f));
    g.draw(line);
    g.setColor(Color.BLACK);
    g.setStroke(stroke);
    g.draw(line);
  }

  private BufferedImage bar(int height) {
    BufferedImage image =
        new BufferedImage(BAR * Picture.SCALE, height, BufferedImage.TYPE_INT_RGB);
    for (int y = 0; y < height; y++) {
      double part = scale.isConstant() ? scale.part(scale.low()) : 1 - (y + 0.5) / height;
      for (int x = 0; x < image.getWidth(); x++) {
        image.setRGB(x, y, colours.rgb(part));
      }
    }
    return image;
  }
}
