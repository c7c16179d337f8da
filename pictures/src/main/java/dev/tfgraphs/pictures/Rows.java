package dev.tfgraphs.pictures;

import com.google.common.collect.ImmutableListMultimap;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;

/**
 * The rows of a frame: every part is below those that it needs, as near as they let it, and a line
 * that is longer than a row has an element in each row that it passes.
 */
final class Rows {
  private record Port(Part part, int number) {}

  private record Passing(Wiring.Outlet outlet, int row) {}

  private final Wiring wiring;
  private final Map<Part, Integer> rows = new HashMap<>();
  private final Map<Port, Element> elements = new HashMap<>();
  private final Map<Passing, Element> passing = new HashMap<>();
  private final List<Element> all = new ArrayList<>();
  private final List<List<Element>> ways = new ArrayList<>();
  private final int count;

  Rows(Frame frame, Wiring wiring) {
    this.wiring = wiring;
    ImmutableListMultimap<Part, Integer> into = wiring.into();
    for (Part part : frame.parts()) {
      int row = 1;
      for (int wire : into.get(part)) {
        row = Math.max(row, 1 + row(wiring.wires().get(wire).from().part()));
      }
      rows.put(part, row);
    }
    lowerSources(frame, into);
    count = 2 + rows.values().stream().mapToInt(row -> row).max().orElse(0);
    rows.put(frame.end(), count - 1);
    frame.parts().forEach(part -> element(part, 0));
    wiring.wires().forEach(wire -> ways.add(way(wire)));
  }

  private int row(Part part) {
    return rows.getOrDefault(part, 0);
  }

  /** What needs nothing goes next to what needs it. */
  private void lowerSources(Frame frame, ImmutableListMultimap<Part, Integer> into) {
    ImmutableListMultimap<Wiring.Outlet, Integer> outOf = wiring.outOf();
    for (Part part : frame.parts()) {
      if (into.get(part).isEmpty()) {
        wiring.outlets().get(part).stream()
            .flatMap(outlet -> outOf.get(outlet).stream())
            .map(wire -> wiring.wires().get(wire).to())
            .filter(Part::isBox)
            .mapToInt(to -> row(to) - 1)
            .min()
            .ifPresent(row -> rows.put(part, row));
      }
    }
  }

  private Element element(Part part, int port) {
    return elements.computeIfAbsent(
        new Port(part, part.isBox() ? 0 : port), key -> made(row(part), Optional.of(part)));
  }

  private Element made(int row, Optional<Part> part) {
    Element element = new Element(all.size(), row, part);
    all.add(element);
    return element;
  }

  private List<Element> way(Wiring.Wire wire) {
    List<Element> way = new ArrayList<>();
    way.add(element(wire.from().part(), wire.from().number()));
    Element target = element(wire.to(), wire.in());
    for (int row = way.get(0).row + 1; row < target.row; row++) {
      way.add(
          passing.computeIfAbsent(
              new Passing(wire.from(), row), key -> made(key.row(), Optional.empty())));
    }
    way.add(target);
    for (int i = 1; i < way.size(); i++) {
      way.get(i - 1).leadTo(way.get(i));
    }
    return way;
  }

  /** How many rows there are; the first and the last are the frame's edges. */
  int count() {
    return count;
  }

  List<Element> all() {
    return all;
  }

  /** The elements of each of the wires, in their order. */
  List<List<Element>> ways() {
    return ways;
  }

  Element of(Part part) {
    return element(part, 0);
  }

  /** The element of a port of the frame's edge, if a line has it. */
  Optional<Element> port(Part edge, int number) {
    return Optional.ofNullable(elements.get(new Port(edge, number)));
  }
}
