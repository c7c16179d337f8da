package dev.tfgraphs.pictures;

import java.util.ArrayList;
import java.util.List;
import java.util.Optional;

/** What has a place in a row: a part, a port of the frame's edge, or a line on its way. */
final class Element {
  /** Half of what a line that passes takes. */
  private static final double LINE = 5;

  final int index;
  final int row;
  final Optional<Part> part;
  final List<Element> previous = new ArrayList<>();
  final List<Element> next = new ArrayList<>();

  /** How far it reaches from its axis. */
  double left = LINE;

  double right = LINE;

  /** The place of its axis. */
  double across;

  Element(int index, int row, Optional<Part> part) {
    this.index = index;
    this.row = row;
    this.part = part;
  }

  /** Whether there is something to see other than a line. */
  boolean isBox() {
    return part.isPresent() && part.get().isBox();
  }

  void leadTo(Element other) {
    if (!next.contains(other)) {
      next.add(other);
      other.previous.add(this);
    }
  }
}
