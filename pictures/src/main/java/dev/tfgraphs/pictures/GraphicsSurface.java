package dev.tfgraphs.pictures;

import java.awt.BasicStroke;
import java.awt.Color;
import java.awt.Font;
import java.awt.Graphics2D;
import java.awt.geom.AffineTransform;
import java.awt.geom.Path2D;
import java.awt.geom.Point2D;
import java.awt.geom.Rectangle2D;
import java.util.ArrayDeque;
import java.util.Deque;
import java.util.List;
import java.util.Map;

/** Draws on Java's graphics. */
final class GraphicsSurface implements Surface {
  private static final float[] DASHES = {5, 3};

  private final Graphics2D g;
  private final boolean leftToRight;
  private final Deque<AffineTransform> outer = new ArrayDeque<>();

  GraphicsSurface(Graphics2D g, boolean leftToRight) {
    this.g = g;
    this.leftToRight = leftToRight;
  }

  @Override
  public boolean keepsHidden() {
    return false;
  }

  @Override
  public void begin(double x, double y, boolean shown, Map<String, String> attributes) {
    outer.push(g.getTransform());
    g.translate(x, y);
  }

  @Override
  public void end() {
    g.setTransform(outer.pop());
  }

  @Override
  public void tip(List<String> lines) {
    // nobody can point at what is on paper
  }

  @Override
  public void box(double x, double y, double width, double height, Color ground, Stroke stroke) {
    Rectangle2D box = new Rectangle2D.Double(x, y, width, height);
    g.setColor(ground);
    g.fill(box);
    if (stroke != Stroke.NONE) {
      g.setColor(stroke.colour());
      g.setStroke(
          stroke == Stroke.DASHED
              ? new BasicStroke(1, BasicStroke.CAP_BUTT, BasicStroke.JOIN_MITER, 10, DASHES, 0)
              : new BasicStroke(1));
      g.draw(box);
    }
  }

  @Override
  public void line(Path2D path, boolean arrow, Map<String, String> attributes) {
    g.setColor(Stroke.STRONG.colour());
    g.setStroke(new BasicStroke(1.2f));
    g.draw(path);
    if (arrow) {
      Point2D end = path.getCurrentPoint();
      Path2D head = new Path2D.Double();
      head.moveTo(end.getX(), end.getY());
      double back = DiagramStyle.ARROW;
      double side = DiagramStyle.ARROW / 2;
      if (leftToRight) {
        head.lineTo(end.getX() - back, end.getY() - side);
        head.lineTo(end.getX() - back, end.getY() + side);
      } else {
        head.lineTo(end.getX() - side, end.getY() - back);
        head.lineTo(end.getX() + side, end.getY() - back);
      }
      head.closePath();
      g.fill(head);
    }
  }

  @Override
  public void text(double x, double y, boolean middle, Lettering lettering, String text) {
    Font font = Picture.font(lettering.isBold() ? Font.BOLD : Font.PLAIN, 1);
    g.setFont(font.deriveFont((float) lettering.size()));
    g.setColor(lettering.colour());
    double most = lettering.width(text);
    String shown = Picture.fitted(g, text, (int) Math.ceil(most));
    double width = g.getFontMetrics().stringWidth(shown);
    g.drawString(shown, (float) (middle ? x - width / 2 : x), (float) y);
  }
}
