package dev.tfgraphs.examples;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.awt.geom.Line2D;
import java.awt.geom.Point2D;
import java.awt.geom.Rectangle2D;
import java.util.ArrayList;
import java.util.Comparator;
import java.util.List;

/** What holds for every diagram, whatever the network. */
final class DiagramLaws {
  /** SVGs have hundredths of points. */
  private static final double ROUNDED = 0.03;

  private final boolean right;

  private DiagramLaws(boolean right) {
    this.right = right;
  }

  /** Checks a diagram, whose tensors go to the right or down. */
  static DrawnDiagram.Frame check(String svg, boolean right) {
    DrawnDiagram.Frame root = DrawnDiagram.read(svg);
    assertTrue(root.closed().findAny().isPresent(), "no boxes");
    DiagramLaws laws = new DiagramLaws(right);
    root.all().forEach(laws::check);
    return root;
  }

  private void check(DrawnDiagram.Frame frame) {
    nothingOverlaps(frame);
    for (DrawnDiagram.Box box : frame.boxes()) {
      box.inside().ifPresent(inside -> isInside(box, inside));
    }
    frame.lines().forEach(line -> check(frame, line));
  }

  private static void nothingOverlaps(DrawnDiagram.Frame frame) {
    List<Rectangle2D> places = new ArrayList<>();
    frame.boxes().forEach(box -> places.add(inner(box.place())));
    frame.labels().forEach(label -> places.add(inner(label)));
    // by where they begin, so that only neighbours have to be compared
    places.sort(Comparator.comparingDouble(Rectangle2D::getMinY));
    for (int i = 0; i < places.size(); i++) {
      for (int j = i + 1; j < places.size(); j++) {
        if (places.get(j).getMinY() > places.get(i).getMaxY()) {
          break;
        }
        assertTrue(
            !places.get(i).intersects(places.get(j)), places.get(i) + " and " + places.get(j));
      }
    }
  }

  private static void isInside(DrawnDiagram.Box box, DrawnDiagram.Frame inside) {
    for (DrawnDiagram.Box part : inside.boxes()) {
      Rectangle2D place = part.place();
      assertTrue(
          box.place()
              .contains(
                  place.getX() + box.origin().getX(),
                  place.getY() + box.origin().getY(),
                  place.getWidth(),
                  place.getHeight()),
          part.name() + " is not in " + box.name());
    }
  }

  private void check(DrawnDiagram.Frame frame, DrawnDiagram.Line line) {
    List<Point2D> points = line.points();
    for (int i = 1; i < points.size(); i++) {
      assertTrue(
          along(points.get(i)) >= along(points.get(i - 1)) - ROUNDED, "a line back: " + line);
    }
    if (line.from() >= 0) {
      DrawnDiagram.Box from = frame.boxes().get(line.from());
      touches(from, points.get(0), end(from.place()));
    }
    if (line.to() >= 0) {
      DrawnDiagram.Box to = frame.boxes().get(line.to());
      touches(to, points.get(points.size() - 1), start(to.place()));
      assertEquals(to.inside().isEmpty(), line.arrow());
    }
    for (int i = 1; i < points.size(); i++) {
      Line2D step = new Line2D.Double(points.get(i - 1), points.get(i));
      for (DrawnDiagram.Box box : frame.boxes()) {
        assertTrue(!step.intersects(inner(box.place())), box.name() + " is crossed by " + line);
      }
    }
  }

  private void touches(DrawnDiagram.Box box, Point2D point, double side) {
    Rectangle2D place = box.place();
    double least = right ? place.getMinY() : place.getMinX();
    double most = right ? place.getMaxY() : place.getMaxX();
    assertEquals(side, along(point), ROUNDED, box.name());
    double across = right ? point.getY() : point.getX();
    assertTrue(across >= least - ROUNDED && across <= most + ROUNDED, point + " is not at " + box);
  }

  private double along(Point2D point) {
    return right ? point.getX() : point.getY();
  }

  private double start(Rectangle2D place) {
    return right ? place.getMinX() : place.getMinY();
  }

  private double end(Rectangle2D place) {
    return right ? place.getMaxX() : place.getMaxY();
  }

  private static Rectangle2D inner(Rectangle2D place) {
    return new Rectangle2D.Double(
        place.getX() + ROUNDED,
        place.getY() + ROUNDED,
        place.getWidth() - 2 * ROUNDED,
        place.getHeight() - 2 * ROUNDED);
  }
}
