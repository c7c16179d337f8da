package dev.tfgraphs.examples;

import com.google.common.base.Splitter;
import java.awt.geom.Point2D;
import java.awt.geom.Rectangle2D;
import java.io.ByteArrayInputStream;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import java.util.stream.IntStream;
import java.util.stream.Stream;
import javax.xml.parsers.DocumentBuilderFactory;
import javax.xml.parsers.ParserConfigurationException;
import org.w3c.dom.Element;
import org.xml.sax.SAXException;

/** What is seen in the SVG of a diagram. */
final class DrawnDiagram {
  private static final Pattern NUMBER = Pattern.compile("-?\\d+(\\.\\d+)?");

  private static final Splitter STEPS =
      Splitter.on(Pattern.compile("(?=[MLC])")).omitEmptyStrings();

  private DrawnDiagram() {}

  /**
   * What lies side by side; places count from the frame's own origin.
   *
   * @param labels what is written on the lines
   */
  record Frame(List<Box> boxes, List<Line> lines, List<Rectangle2D> labels) {
    /** All boxes that show no frame. */
    Stream<Box> closed() {
      return boxes.stream().flatMap(box -> box.inside().map(Frame::closed).orElse(Stream.of(box)));
    }

    /** This frame and those inside. */
    Stream<Frame> all() {
      return Stream.concat(
          Stream.of(this),
          boxes.stream().flatMap(box -> box.inside().stream().flatMap(Frame::all)));
    }
  }

  /** A part with the place of its origin, and what is seen inside of it. */
  record Box(String name, Point2D origin, Rectangle2D place, Optional<Frame> inside) {}

  /**
   * A line.
   *
   * @param from which box, or -1 for the frame's edge
   * @param points where it goes, control points aside
   * @param arrow whether it ends in one
   */
  record Line(int from, int to, List<Point2D> points, boolean arrow) {}

  static Frame read(String svg) {
    try {
      Element root =
          DocumentBuilderFactory.newInstance()
              .newDocumentBuilder()
              .parse(new ByteArrayInputStream(svg.getBytes(StandardCharsets.UTF_8)))
              .getDocumentElement();
      return frame(find(root, "frame").orElseThrow());
    } catch (IOException | ParserConfigurationException | SAXException e) {
      throw new AssertionError(e);
    }
  }

  private static Optional<Element> find(Element from, String name) {
    return from.getAttribute("class").equals(name)
        ? Optional.of(from)
        : children(from, "g").stream().flatMap(child -> find(child, name).stream()).findFirst();
  }

  private static Frame frame(Element frame) {
    List<Box> boxes = new ArrayList<>();
    List<Rectangle2D> labels = new ArrayList<>();
    for (Element part : children(frame, "g")) {
      Point2D origin = translation(part);
      Element side = children(part, "g").stream().filter(DrawnDiagram::isSeen).findFirst().get();
      Element outline = children(side, "g").get(0);
      Optional<Frame> inside =
          children(side, "g").stream()
              .filter(child -> child.getAttribute("class").equals("frame"))
              .findFirst()
              .map(DrawnDiagram::frame);
      Point2D corner = plus(origin, translation(outline));
      boxes.add(
          new Box(
              part.getAttribute("data-name"),
              origin,
              moved(children(outline, "rect").get(0), corner),
              inside));
      children(side, "rect").forEach(label -> labels.add(moved(label, origin)));
      for (Element under : children(side, "g")) {
        if (under.getAttribute("class").equals("labels")) {
          Point2D place = plus(origin, translation(under));
          children(under, "rect").forEach(label -> labels.add(moved(label, place)));
        }
      }
    }
    return new Frame(
        boxes, children(frame, "path").stream().map(DrawnDiagram::line).toList(), labels);
  }

  private static boolean isSeen(Element element) {
    return !element.hasAttribute("display");
  }

  private static Line line(Element path) {
    List<Point2D> points = new ArrayList<>();
    for (String step : STEPS.split(path.getAttribute("d"))) {
      List<Double> numbers = numbers(step);
      int count = numbers.size();
      points.add(new Point2D.Double(numbers.get(count - 2), numbers.get(count - 1)));
    }
    return new Line(
        Integer.parseInt(path.getAttribute("data-from")),
        Integer.parseInt(path.getAttribute("data-to")),
        points,
        path.hasAttribute("marker-end"));
  }

  private static Rectangle2D moved(Element rect, Point2D by) {
    return new Rectangle2D.Double(
        Double.parseDouble(rect.getAttribute("x")) + by.getX(),
        Double.parseDouble(rect.getAttribute("y")) + by.getY(),
        Double.parseDouble(rect.getAttribute("width")),
        Double.parseDouble(rect.getAttribute("height")));
  }

  private static Point2D translation(Element element) {
    List<Double> numbers = numbers(element.getAttribute("transform"));
    return numbers.isEmpty()
        ? new Point2D.Double()
        : new Point2D.Double(numbers.get(0), numbers.get(1));
  }

  private static List<Double> numbers(String text) {
    List<Double> numbers = new ArrayList<>();
    Matcher matcher = NUMBER.matcher(text);
    while (matcher.find()) {
      numbers.add(Double.parseDouble(matcher.group()));
    }
    return numbers;
  }

  private static Point2D plus(Point2D a, Point2D b) {
    return new Point2D.Double(a.getX() + b.getX(), a.getY() + b.getY());
  }

  private static List<Element> children(Element parent, String name) {
    return IntStream.range(0, parent.getChildNodes().getLength())
        .mapToObj(i -> parent.getChildNodes().item(i))
        .filter(node -> node.getNodeName().equals(name))
        .map(Element.class::cast)
        .toList();
  }
}
