package dev.tfgraphs.pictures;

import java.awt.Color;
import java.awt.geom.Path2D;
import java.awt.geom.PathIterator;
import java.util.List;
import java.util.Map;

/** Writes what is drawn as the elements of an SVG. */
final class SvgSurface implements Surface {
  private final StringBuilder svg = new StringBuilder();

  @Override
  public boolean keepsHidden() {
    return true;
  }

  @Override
  public void begin(double x, double y, boolean shown, Map<String, String> attributes) {
    svg.append("<g").append(SvgText.attributes(attributes));
    if (x != 0 || y != 0) {
      svg.append(" transform=\"translate(").append(SvgText.number(x)).append(',');
      svg.append(SvgText.number(y)).append(")\"");
    }
    svg.append(shown ? ">\n" : " display=\"none\">\n");
  }

  @Override
  public void end() {
    svg.append("</g>\n");
  }

  @Override
  public void tip(List<String> lines) {
    svg.append("<title>").append(SvgText.escaped(String.join("\n", lines))).append("</title>\n");
  }

  @Override
  public void box(double x, double y, double width, double height, Color ground, Stroke stroke) {
    svg.append("<rect");
    attribute("x", x);
    attribute("y", y);
    attribute("width", width);
    attribute("height", height);
    svg.append(" fill=\"").append(SvgText.colour(ground)).append('"');
    if (stroke != Stroke.NONE) {
      svg.append(" stroke=\"").append(SvgText.colour(stroke.colour())).append('"');
    }
    if (stroke == Stroke.DASHED) {
      svg.append(" stroke-dasharray=\"5 3\"");
    }
    svg.append("/>\n");
  }

  private void attribute(String name, double value) {
    svg.append(' ').append(name).append("=\"").append(SvgText.number(value)).append('"');
  }

  @Override
  public void line(Path2D path, boolean arrow, Map<String, String> attributes) {
    svg.append("<path stroke=\"").append(SvgText.colour(Stroke.STRONG.colour())).append('"');
    svg.append(SvgText.attributes(attributes));
    svg.append(" d=\"").append(data(path)).append('"');
    svg.append(arrow ? " marker-end=\"url(#arrow)\"/>\n" : "/>\n");
  }

  private static String data(Path2D path) {
    StringBuilder data = new StringBuilder();
    double[] points = new double[6];
    for (PathIterator parts = path.getPathIterator(null); !parts.isDone(); parts.next()) {
      int kind = parts.currentSegment(points);
      data.append(
          kind == PathIterator.SEG_MOVETO ? 'M' : kind == PathIterator.SEG_LINETO ? 'L' : 'C');
      int count = kind == PathIterator.SEG_CUBICTO ? 6 : 2;
      for (int i = 0; i < count; i++) {
        data.append(i == 0 ? "" : i % 2 == 0 ? " " : ",").append(SvgText.number(points[i]));
      }
    }
    return data.toString();
  }

  @Override
  public void text(double x, double y, boolean middle, Lettering lettering, String text) {
    svg.append("<text");
    attribute("x", x);
    attribute("y", y);
    attribute("font-size", lettering.size());
    svg.append(lettering.isBold() ? " font-weight=\"bold\"" : "");
    svg.append(middle ? " text-anchor=\"middle\"" : "");
    svg.append(" fill=\"").append(SvgText.colour(lettering.colour())).append("\">");
    svg.append(SvgText.escaped(text)).append("</text>\n");
  }

  /** What was drawn. */
  @Override
  public String toString() {
    return svg.toString();
  }
}
