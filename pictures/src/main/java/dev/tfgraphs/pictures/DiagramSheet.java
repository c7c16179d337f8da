package dev.tfgraphs.pictures;

import com.google.common.collect.ImmutableList;
import java.awt.Color;
import java.awt.geom.Path2D;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.stream.Stream;

/** Draws a diagram: its title, its legend, and the parts and lines where the layout has them. */
final class DiagramSheet {
  private static final double MARGIN = 16;
  private static final double LEAST_WIDTH = 420;
  private static final double TITLE = 24;
  private static final double LINE = 19;
  private static final double SWATCH = 12;

  private final String title;
  private final String words;
  private final FrameLayout layout;
  private final DiagramStyle style;
  private final ImmutableList<ImmutableList<Legend>> legend;
  private final double width;
  private final double least;
  private final double content;

  /** An entry of the legend. */
  private record Legend(LayerKind kind, String label, Surface.Stroke stroke) {
    double width() {
      return SWATCH + 5 + Lettering.WORDS.width(label) + 12;
    }
  }

  DiagramSheet(String title, String words, Frame frame, DiagramStyle style) {
    this.title = title;
    this.words = words;
    this.style = style;
    this.layout = FrameLayout.of(frame, style);
    double across = layout.left() + layout.right();
    this.content = style.leftToRight() ? layout.length() : across;
    double named = Math.max(Lettering.TITLE.width(title), Lettering.WORDS.width(words));
    this.least = Math.max(LEAST_WIDTH, named) + 2 * MARGIN;
    this.width = Math.max(content + 2 * MARGIN, least);
    this.legend = wrapped(entries(frame));
  }

  private List<Legend> entries(Frame frame) {
    List<LayerKind> kinds = kinds(frame).distinct().sorted().toList();
    List<Legend> entries = new ArrayList<>();
    kinds.forEach(kind -> entries.add(new Legend(kind, kind.label(), Surface.Stroke.PLAIN)));
    if (frame.parts().stream().anyMatch(part -> part.inside().isPresent())) {
      String label =
          style.folding() ? "several layers: open and close by clicks" : "several layers";
      entries.add(new Legend(LayerKind.GROUP, label, Surface.Stroke.STRONG));
    }
    if (style.trainable()) {
      entries.add(new Legend(LayerKind.OTHER, "frozen", Surface.Stroke.DASHED));
    }
    return entries;
  }

  private static Stream<LayerKind> kinds(Frame frame) {
    return frame.parts().stream()
        .flatMap(
            part -> part.inside().map(DiagramSheet::kinds).orElseGet(() -> Stream.of(part.kind())));
  }

  private ImmutableList<ImmutableList<Legend>> wrapped(List<Legend> entries) {
    List<ImmutableList<Legend>> lines = new ArrayList<>();
    List<Legend> line = new ArrayList<>();
    double at = 0;
    for (Legend entry : entries) {
      if (at + entry.width() > width - 2 * MARGIN && !line.isEmpty()) {
        lines.add(ImmutableList.copyOf(line));
        line.clear();
        at = 0;
      }
      line.add(entry);
      at += entry.width();
    }
    lines.add(ImmutableList.copyOf(line));
    return ImmutableList.copyOf(lines);
  }

  /** In points. */
  double width() {
    return width;
  }

  /** What the title needs. */
  double leastWidth() {
    return least;
  }

  double height() {
    double across = layout.left() + layout.right();
    return head() + (style.leftToRight() ? across : layout.length()) + MARGIN;
  }

  /** Points above the frame. */
  double head() {
    return MARGIN + TITLE + LINE + legend.size() * LINE + 8;
  }

  /** Points that are not the frame's, along. */
  double beside() {
    return style.leftToRight() ? 2 * MARGIN : height() - layout.length();
  }

  void drawOn(Surface surface) {
    surface.text(MARGIN, MARGIN + 12, false, Lettering.TITLE, title);
    surface.text(MARGIN, MARGIN + TITLE + 8, false, Lettering.WORDS, words);
    double y = MARGIN + TITLE + LINE;
    for (List<Legend> line : legend) {
      double x = MARGIN;
      for (Legend entry : line) {
        draw(entry, x, y, surface);
        x += entry.width();
      }
      y += LINE;
    }
    surface.begin(
        style.leftToRight() ? MARGIN : (width - content) / 2 + layout.left(),
        style.leftToRight() ? head() + layout.left() : head(),
        true,
        Map.of());
    draw(layout, surface);
    surface.end();
  }

  private static void draw(Legend entry, double x, double y, Surface surface) {
    surface.box(x, y, SWATCH, SWATCH, entry.kind().ground(), entry.stroke());
    if (entry.kind() != LayerKind.GROUP) {
      surface.box(x, y, DiagramStyle.BAR, SWATCH, entry.kind().mark(), Surface.Stroke.NONE);
    }
    surface.text(x + SWATCH + 5, y + 10, false, Lettering.WORDS, entry.label());
  }

  private void draw(FrameLayout frame, Surface surface) {
    double[] tops = frame.tops();
    surface.begin(0, 0, true, FoldData.of(frame));
    for (FrameLayout.Route route : frame.routes()) {
      boolean arrow = route.wire().to().isBox() && !style.isOpen(route.wire().to());
      surface.line(track(frame, route, tops), arrow, FoldData.of(frame, route));
    }
    for (Part part : frame.frame().parts()) {
      draw(frame, part, tops, surface);
    }
    surface.end();
  }

  /** The line of a route: straight in rows and beside labels, and turning between them. */
  private Path2D track(FrameLayout frame, FrameLayout.Route route, double[] tops) {
    Path2D.Double path = new Path2D.Double();
    int last = route.way().size() - 1;
    Element first = route.way().get(0);
    Part from = route.wire().from().part();
    Part to = route.wire().to();
    double across = first.across + end(route.from(), from);
    double along = tops[first.row] + (from.isBox() ? frame.along(from) : 0);
    path.moveTo(x(across, along), y(across, along));
    for (int i = 1; i <= last; i++) {
      Element next = route.way().get(i);
      double target = next.across + (i == last ? end(route.to(), to) : 0);
      double turning = tops[next.row] - frame.turn(next.row - 1);
      turn(path, across, target, turning, tops[next.row]);
      across = target;
    }
    if (!to.isBox()) {
      double bottom = tops[frame.rows() - 1] + frame.height(frame.rows() - 1);
      path.lineTo(x(across, bottom), y(across, bottom));
    }
    return path;
  }

  /** Straight on to where lines turn, and to another place across where the arrow begins. */
  private void turn(Path2D path, double from, double to, double turning, double reached) {
    path.lineTo(x(from, turning), y(from, turning));
    if (Math.abs(to - from) >= 0.01) {
      double end = reached - DiagramStyle.ARROW;
      double half = (turning + end) / 2;
      path.curveTo(x(from, half), y(from, half), x(to, half), y(to, half), x(to, end), y(to, end));
    }
    path.lineTo(x(to, reached), y(to, reached));
  }

  private double end(FrameLayout.End end, Part part) {
    return style.isOpen(part) ? end.open() : end.closed();
  }

  private double x(double across, double along) {
    return style.leftToRight() ? along : across;
  }

  private double y(double across, double along) {
    return style.leftToRight() ? across : along;
  }

  private void draw(FrameLayout frame, Part part, double[] tops, Surface surface) {
    Element element = frame.element(part);
    double along = tops[element.row];
    surface.begin(
        x(element.across, along), y(element.across, along), true, FoldData.of(frame, part));
    surface.tip(part.tip());
    boolean open = style.isOpen(part);
    Optional<FrameLayout> inside = frame.inside(part);
    if (!open || surface.keepsHidden()) {
      surface.begin(0, 0, !open, FoldData.side(part, "closed"));
      drawClosed(frame, part, surface);
      surface.end();
    }
    if (inside.isPresent() && (open || surface.keepsHidden())) {
      surface.begin(0, 0, open, FoldData.side(part, "open"));
      drawOpen(frame, part, inside.get(), surface);
      surface.end();
    }
    surface.end();
  }

  private void drawClosed(FrameLayout frame, Part part, Surface surface) {
    FrameLayout.Box box = frame.box(part);
    double boxWidth = style.leftToRight() ? box.along() : box.across();
    double boxHeight = style.leftToRight() ? box.across() : box.along();
    double left = x(-box.across() / 2, 0);
    double top = y(-box.across() / 2, 0);
    boolean opens = part.inside().isPresent();
    surface.begin(left, top, true, FoldData.toggle(part));
    surface.box(0, 0, boxWidth, boxHeight, part.kind().ground(), stroke(part));
    if (!opens) {
      surface.box(0, 0, DiagramStyle.BAR, boxHeight, part.kind().mark(), Surface.Stroke.NONE);
    }
    double middle = boxHeight / 2;
    double indent = DiagramStyle.indent();
    surface.text(indent, middle - 3, false, Lettering.NAME, DiagramStyle.heading(part));
    surface.text(indent, middle + 12, false, Lettering.WORDS, style.words(part));
    surface.end();
    for (Wiring.Outlet outlet : frame.outlets(part)) {
      drawLabel(outlet, frame.end(outlet).closed(), box.along(), surface);
    }
  }

  private Surface.Stroke stroke(Part part) {
    if (style.trainable() && part.frozen()) {
      return Surface.Stroke.DASHED;
    }
    return part.inside().isPresent() ? Surface.Stroke.STRONG : Surface.Stroke.PLAIN;
  }

  private void drawOpen(FrameLayout frame, Part part, FrameLayout inside, Surface surface) {
    double across = inside.left() + inside.right();
    double along = inside.length();
    double left = x(-inside.left(), 0);
    double top = y(-inside.left(), 0);
    surface.begin(left, top, true, FoldData.toggle(part));
    surface.box(0, 0, x(across, along), y(across, along), LayerKind.GROUP.ground(), stroke(part));
    surface.text(7, 15, false, Lettering.NAME, "\u2212 " + part.name());
    surface.end();
    draw(inside, surface);
    surface.begin(x(0, along), y(0, along), true, FoldData.labels());
    for (Wiring.Outlet outlet : frame.outlets(part)) {
      drawLabel(outlet, frame.end(outlet).open(), 0, surface);
    }
    surface.end();
  }

  private void drawLabel(Wiring.Outlet outlet, double across, double along, Surface surface) {
    if (outlet.label().isEmpty()) {
      return;
    }
    double room = Lettering.LABEL.width(outlet.label());
    double middle = style.leftToRight() ? along + 4 + style.labelWidth(outlet.label()) / 2 : across;
    double base = style.leftToRight() ? across + 3.5 : along + 13;
    surface.box(middle - room / 2, base - 9, room, 11, Color.WHITE, Surface.Stroke.NONE);
    surface.text(middle, base, true, Lettering.LABEL, outlet.label());
  }
}
