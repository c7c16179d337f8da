package dev.tfgraphs.pictures;

import com.google.common.collect.ImmutableListMultimap;
import com.google.common.collect.Multimaps;
import java.util.ArrayDeque;
import java.util.ArrayList;
import java.util.Deque;
import java.util.HashMap;
import java.util.HashSet;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;

/**
 * Residual blocks by their form: what lies between the layer at which ways part and the merge at
 * which they join again, that merge and the activation behind it included.
 */
final class Joins {
  /** Blocks hold about a dozen layers; what is larger is a network. */
  private static final int MOST = 24;

  private final Frame frame;
  private final ImmutableListMultimap<Part, Link> into;
  private final ImmutableListMultimap<Part, Link> from;
  private final Map<Part, Integer> places = new HashMap<>();
  private final Map<Part, Part> gates = new HashMap<>();

  private Joins(Frame frame) {
    this.frame = frame;
    this.into = Multimaps.index(frame.links(), Link::to);
    this.from = Multimaps.index(frame.links(), Link::from);
    frame.all().forEach(part -> places.put(part, places.size()));
  }

  /** The blocks, the first of them first; no part is in two of them. */
  static List<Set<Part>> in(Frame frame) {
    return new Joins(frame).find();
  }

  private List<Set<Part>> find() {
    List<Set<Part>> found = new ArrayList<>();
    Set<Part> taken = new HashSet<>();
    for (Part part : frame.parts()) {
      Part gate = gate(part);
      gates.put(part, gate);
      if (part.kind() == LayerKind.MERGE) {
        block(part, gate)
            .filter(block -> block.stream().noneMatch(taken::contains))
            .ifPresent(
                block -> {
                  found.add(block);
                  taken.addAll(block);
                });
      }
    }
    return found;
  }

  /** The last part that all ways to {@code part} lead through. */
  private Part gate(Part part) {
    Part gate = frame.start();
    boolean first = true;
    for (Link link : into.get(part)) {
      gate = first ? link.from() : common(gate, link.from());
      first = false;
    }
    return gate;
  }

  private Part common(Part one, Part other) {
    Part a = one;
    Part b = other;
    while (!a.equals(b)) {
      if (place(a) > place(b)) {
        a = gates.getOrDefault(a, frame.start());
      } else {
        b = gates.getOrDefault(b, frame.start());
      }
    }
    return a;
  }

  private int place(Part part) {
    return places.getOrDefault(part, 0);
  }

  /** What lies behind {@code gate} and before {@code merge}, if it is a block. */
  private Optional<Set<Part>> block(Part merge, Part gate) {
    Set<Part> block = new LinkedHashSet<>(Set.of(merge));
    Deque<Part> open = new ArrayDeque<>(block);
    while (!open.isEmpty() && block.size() <= MOST) {
      for (Link link : into.get(open.remove())) {
        if (!link.from().equals(gate) && block.add(link.from())) {
          open.add(link.from());
        }
      }
    }
    boolean plain = block.stream().allMatch(part -> part.role() == Part.Role.LAYER);
    boolean learns =
        block.stream()
            .map(Part::kind)
            .anyMatch(kind -> kind == LayerKind.CONVOLUTION || kind == LayerKind.DENSE);
    boolean closed =
        block.stream()
            .filter(part -> !part.equals(merge))
            .flatMap(part -> from.get(part).stream())
            .allMatch(link -> block.contains(link.to()));
    if (!plain || !learns || !closed || block.size() < 3 || block.size() > MOST) {
      return Optional.empty();
    }
    activation(merge).ifPresent(block::add);
    return Optional.of(block);
  }

  /** The activation that alone sees what {@code merge} makes. */
  private Optional<Part> activation(Part merge) {
    if (from.get(merge).size() != 1) {
      return Optional.empty();
    }
    Part next = from.get(merge).get(0).to();
    return next.kind() == LayerKind.ACTIVATION && into.get(next).size() == 1
        ? Optional.of(next)
        : Optional.empty();
  }
}
