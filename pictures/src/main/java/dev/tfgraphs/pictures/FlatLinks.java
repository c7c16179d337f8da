package dev.tfgraphs.pictures;

import com.google.common.collect.ImmutableList;
import java.util.ArrayList;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Set;
import java.util.function.Predicate;

/** The links between the boxes that are seen, whatever frames they lead into and out of. */
final class FlatLinks {
  /** A link between boxes that have no open frame. */
  record Flat(Part from, Part to, String shape) {}

  private final Predicate<Part> open;

  private FlatLinks(Predicate<Part> open) {
    this.open = open;
  }

  /** The links of a frame and of all open ones inside of it, none twice. */
  static ImmutableList<Flat> of(Frame frame, Predicate<Part> open) {
    Set<Flat> found = new LinkedHashSet<>();
    new FlatLinks(open).add(frame, found);
    return ImmutableList.copyOf(found);
  }

  private void add(Frame frame, Set<Flat> found) {
    for (Part part : frame.parts()) {
      if (open.test(part)) {
        part.inside().ifPresent(inside -> add(inside, found));
      }
    }
    for (Link link : frame.links()) {
      if (link.from().isBox() && link.to().isBox()) {
        for (Part from : sources(link.from(), link.out())) {
          for (Part to : targets(link.to(), link.in())) {
            found.add(new Flat(from, to, link.shape()));
          }
        }
      }
    }
  }

  /** What makes a result of a part. */
  private List<Part> sources(Part part, int out) {
    if (!open.test(part) || part.inside().isEmpty()) {
      return List.of(part);
    }
    List<Part> sources = new ArrayList<>();
    for (Link link : part.inside().get().links()) {
      if (link.to().role() == Part.Role.END && link.in() == out && link.from().isBox()) {
        sources.addAll(sources(link.from(), link.out()));
      }
    }
    return sources;
  }

  /** What takes an input of a part. */
  private List<Part> targets(Part part, int in) {
    if (!open.test(part) || part.inside().isEmpty()) {
      return List.of(part);
    }
    List<Part> targets = new ArrayList<>();
    for (Link link : part.inside().get().links()) {
      if (link.from().role() == Part.Role.START && link.out() == in && link.to().isBox()) {
        targets.addAll(targets(link.to(), link.in()));
      }
    }
    return targets;
  }
}
