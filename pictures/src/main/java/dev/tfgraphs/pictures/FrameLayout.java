package dev.tfgraphs.pictures;

import com.google.common.collect.ImmutableList;
import com.google.common.collect.ImmutableListMultimap;
import com.google.common.collect.ImmutableMap;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.Comparator;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;

/**
 * Where the parts and lines of a frame are: "along" as tensors flow, from the side at which they
 * enter, and "across", from the axis of the longest way. What is opened or closed moves parts along
 * and never across.
 */
final class FrameLayout {
  private static final double STRAIGHT = 13;
  private static final double CURVED = 22;
  private static final double MOST_CURVED = 48;

  /** A line: its elements, and how far from their axes it begins and ends. */
  record Route(Wiring.Wire wire, ImmutableList<Element> way, End from, End to) {}

  /** How far from a part's axis a line meets it, and how far while the part is closed. */
  record End(double open, double closed) {}

  /** A closed part. */
  record Box(double along, double across) {}

  private final Frame frame;
  private final DiagramStyle style;
  private final Wiring wiring;
  private final ImmutableListMultimap<Part, Integer> into;
  private final ImmutableListMultimap<Wiring.Outlet, Integer> outOf;
  private final Rows rows;
  private final Map<Part, FrameLayout> insides = new HashMap<>();
  private final Map<Part, Box> boxes = new HashMap<>();
  private final Map<Wiring.Outlet, End> outlets = new HashMap<>();
  private final List<Route> routes = new ArrayList<>();
  private final double[] labels;
  private final double[] turns;
  private final double[] heights;
  private double left;
  private double right;

  /** The layout of a whole diagram. */
  static FrameLayout of(Frame frame, DiagramStyle style) {
    FrameLayout layout = new FrameLayout(frame, style, ImmutableMap.of());
    int last = layout.heights.length - 1;
    layout.heights[0] = 0;
    layout.heights[last] = 0;
    layout.turns[0] = 0;
    layout.turns[last - 1] = 0;
    return layout;
  }

  /** With what the labels below the frame take across, by its results. */
  private FrameLayout(Frame frame, DiagramStyle style, Map<Integer, Double> results) {
    this.frame = frame;
    this.style = style;
    this.wiring = Wiring.of(frame, style.shapes());
    this.into = wiring.into();
    this.outOf = wiring.outOf();
    this.rows = new Rows(frame, wiring);
    this.labels = new double[rows.count()];
    this.turns = new double[rows.count()];
    this.heights = new double[rows.count()];
    heights[0] = style.frameStart();
    heights[rows.count() - 1] = style.frameEnd();
    frame.parts().forEach(this::measure);
    results.forEach((number, room) -> widen(rows.port(frame.end(), number), room / 2));
    Chains chains = new Chains(rows);
    place(chains);
    for (int row = 0; row < rows.count() - 1; row++) {
      int turning = chains.transfers(row);
      turns[row] = turning == 0 ? STRAIGHT : Math.min(MOST_CURVED, CURVED + 2 * turning);
    }
    route();
  }

  private void route() {
    frame.all().forEach(this::leave);
    ImmutableMap.Builder<Wiring.Wire, End> ends = ImmutableMap.builder();
    frame.all().forEach(part -> enter(part, ends));
    ImmutableMap<Wiring.Wire, End> entered = ends.buildOrThrow();
    for (int i = 0; i < wiring.wires().size(); i++) {
      Wiring.Wire wire = wiring.wires().get(i);
      routes.add(
          new Route(
              wire,
              ImmutableList.copyOf(rows.ways().get(i)),
              outlets.getOrDefault(wire.from(), new End(0, 0)),
              entered.getOrDefault(wire, new End(0, 0))));
    }
  }

  private static void widen(Optional<Element> element, double half) {
    element.ifPresent(
        found -> {
          found.left = Math.max(found.left, half);
          found.right = Math.max(found.right, half);
        });
  }

  private double room(Wiring.Outlet outlet) {
    return Math.max(style.port(), style.labelAcross(outlet.label()) + 10);
  }

  /** How far a part reaches to both sides of its axis, open or closed. */
  private void measure(Part part) {
    Element element = rows.of(part);
    ImmutableList<Wiring.Outlet> leaving = wiring.outlets().get(part);
    double named = leaving.stream().mapToDouble(this::room).sum();
    int entering = into.get(part).size();
    double width = style.boxWidth(part);
    double across =
        Math.max(
            Math.max(style.boxAcross(width), 2 * entering * style.port()),
            leaving.size() > 1 ? named : 0);
    boxes.put(part, new Box(style.boxAlong(width), across));
    double half = Math.max(across, named) / 2;
    element.left = half;
    element.right = half;
    part.inside().ifPresent(inside -> measureInside(part, element, inside));
    heights[element.row] = Math.max(heights[element.row], along(part));
    for (Wiring.Outlet outlet : leaving) {
      labels[element.row] = Math.max(labels[element.row], style.labelAlong(outlet.label()));
    }
  }

  private void measureInside(Part part, Element element, Frame frame) {
    Map<Integer, Double> results = new HashMap<>();
    wiring.outlets().get(part).forEach(outlet -> results.put(outlet.number(), room(outlet)));
    FrameLayout inside = new FrameLayout(frame, style, results);
    inside.left = Math.max(inside.left + style.frameLeft(), style.headerAcross(part));
    inside.right += style.frameRight();
    insides.put(part, inside);
    if (style.isOpen(part) || style.folding()) {
      double closed = style.folding() ? element.left : 0;
      element.left = Math.max(closed, inside.left);
      element.right = Math.max(closed, inside.right);
    }
  }

  /** Puts each chain as near to the longest as what is between them lets it. */
  private void place(Chains chains) {
    double[] reached = new double[rows.count()];
    Arrays.fill(reached, Double.NEGATIVE_INFINITY);
    int main = chains.order().indexOf(0);
    for (int i = main; i >= 0 && i < chains.order().size(); i++) {
      putRight(chains.chains().get(chains.order().get(i)), i == main, reached);
    }
    Arrays.fill(reached, Double.POSITIVE_INFINITY);
    for (int i = main; i >= 0; i--) {
      putLeft(chains.chains().get(chains.order().get(i)), i == main, reached);
    }
    for (Element element : rows.all()) {
      left = Math.max(left, element.left - element.across);
      right = Math.max(right, element.across + element.right);
    }
  }

  private static void putRight(List<Element> chain, boolean main, double[] reached) {
    double across = 0;
    for (Element element : chain) {
      double least = reached[element.row] + DiagramStyle.GAP + element.left;
      across = main ? 0 : Math.max(across, least);
    }
    for (Element element : chain) {
      element.across = across;
      reached[element.row] = across + element.right;
    }
  }

  private static void putLeft(List<Element> chain, boolean main, double[] reached) {
    double across = 0;
    for (Element element : chain) {
      double most = reached[element.row] - DiagramStyle.GAP - element.right;
      across = main ? 0 : Math.min(across, most);
    }
    for (Element element : chain) {
      element.across = across;
      reached[element.row] = across - element.left;
    }
  }

  /** Says where the lines leave a part: those to the left at the left. */
  private void leave(Part part) {
    List<Wiring.Outlet> leaving = new ArrayList<>(wiring.outlets().get(part));
    if (part.role() == Part.Role.LAYER) {
      leaving.sort(Comparator.comparingDouble(this::aim));
    } else {
      leaving.sort(Comparator.comparingDouble(outlet -> open(part, outlet)));
    }
    double total = leaving.stream().mapToDouble(this::room).sum();
    double at = -total / 2;
    for (Wiring.Outlet outlet : leaving) {
      double middle = at + room(outlet) / 2;
      at += room(outlet);
      boolean layer = part.role() == Part.Role.LAYER;
      double closed = part.isBox() ? middle : 0;
      outlets.put(outlet, new End(layer ? middle : open(part, outlet), closed));
    }
  }

  private double open(Part part, Wiring.Outlet outlet) {
    FrameLayout inside = insides.get(part);
    return inside == null ? 0 : inside.port(inside.frame.end(), outlet.number());
  }

  private double port(Part edge, int number) {
    return rows.port(edge, number).map(element -> element.across).orElse(0.0);
  }

  /** Where the lines of an outlet go, on average. */
  private double aim(Wiring.Outlet outlet) {
    return outOf.get(outlet).stream()
        .mapToDouble(wire -> rows.ways().get(wire).get(1).across)
        .average()
        .orElse(0);
  }

  /** Says where the lines enter a part: the straight one in the middle, the others beside it. */
  private void enter(Part part, ImmutableMap.Builder<Wiring.Wire, End> ends) {
    List<Integer> entering = new ArrayList<>(into.get(part));
    entering.sort(Comparator.comparingDouble(this::origin));
    FrameLayout inside = insides.get(part);
    for (int i = 0; i < entering.size(); i++) {
      Wiring.Wire wire = wiring.wires().get(entering.get(i));
      double beside = part.isBox() ? (i - middle(part, entering)) * style.port() : 0;
      double open = inside == null ? beside : inside.port(inside.frame.start(), wire.in());
      ends.put(wire, new End(open, beside));
    }
  }

  /** Where a wire comes from in its last row. */
  private double origin(int wire) {
    List<Element> way = rows.ways().get(wire);
    return way.get(way.size() - 2).across;
  }

  private double middle(Part part, List<Integer> entering) {
    double axis = rows.of(part).across;
    for (int i = 0; i < entering.size(); i++) {
      if (Math.abs(origin(entering.get(i)) - axis) < 0.5) {
        return i;
      }
    }
    return (entering.size() - 1) / 2.0;
  }

  Frame frame() {
    return frame;
  }

  /** What is inside of a part that has something inside. */
  Optional<FrameLayout> inside(Part part) {
    return Optional.ofNullable(insides.get(part));
  }

  /** Which of the frame's parts it is; of its edges -1. */
  int number(Part part) {
    return frame.parts().indexOf(part);
  }

  Element element(Part part) {
    return rows.of(part);
  }

  Box box(Part part) {
    return boxes.getOrDefault(part, new Box(0, 0));
  }

  List<Route> routes() {
    return routes;
  }

  /** Where lines leave a part, and what is written there. */
  ImmutableList<Wiring.Outlet> outlets(Part part) {
    return wiring.outlets().get(part);
  }

  End end(Wiring.Outlet outlet) {
    return outlets.getOrDefault(outlet, new End(0, 0));
  }

  /** How far the frame reaches from its axis to the left, or up where tensors go to the right. */
  double left() {
    return left;
  }

  double right() {
    return right;
  }

  /** What a part takes along, as open as it is. */
  double along(Part part) {
    FrameLayout inside = insides.get(part);
    return style.isOpen(part) && inside != null ? inside.length() : box(part).along();
  }

  /** Where rows begin. */
  double[] tops() {
    double[] tops = new double[heights.length];
    for (int row = 1; row < heights.length; row++) {
      tops[row] = tops[row - 1] + heights[row - 1] + labels[row - 1] + turns[row - 1];
    }
    return tops;
  }

  /** What the parts of a row take along. */
  double height(int row) {
    return heights[row];
  }

  /** Points below each row for labels, in which lines go straight. */
  double label(int row) {
    return labels[row];
  }

  /** Points below each row's labels, in which lines turn. */
  double turn(int row) {
    return turns[row];
  }

  int rows() {
    return heights.length;
  }

  /** What the frame takes along. */
  double length() {
    return tops()[heights.length - 1] + heights[heights.length - 1];
  }
}
