package dev.tfgraphs.pictures;

import com.google.common.collect.ImmutableList;
import com.google.common.collect.ImmutableSet;
import com.google.common.collect.LinkedHashMultimap;
import com.google.common.collect.SetMultimap;
import dev.tfgraphs.ops.Layer;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.function.Function;
import java.util.stream.Stream;

/**
 * What lies side by side in a diagram: the whole, or what is inside of one part.
 *
 * @param start where tensors come from, one port for each
 * @param end where tensors go to, one port for each
 * @param parts the boxes, each after those that it needs
 * @param links none of them twice
 */
record Frame(Part start, Part end, ImmutableList<Part> parts, ImmutableList<Link> links) {
  /** A result of a part. */
  private record Port(Part part, int number) {}

  /** The frame whose edges {@link #startOf} and {@link #endOf} give for {@code id}. */
  static Frame sorted(String id, List<Part> parts, List<Link> links) {
    ImmutableList<Link> once = ImmutableSet.copyOf(links).asList();
    return new Frame(startOf(id), endOf(id), sorted(parts, once), once);
  }

  static Part startOf(String id) {
    return Part.edge(Part.Role.START, id + "/start");
  }

  static Part endOf(String id) {
    return Part.edge(Part.Role.END, id + "/end");
  }

  /** The part of this id, which is there. */
  Part part(String id) {
    return parts.stream().filter(part -> part.id().equals(id)).findFirst().orElseThrow();
  }

  /** The boxes and the edges of the frame. */
  Stream<Part> all() {
    return Stream.concat(Stream.concat(Stream.of(start), parts.stream()), Stream.of(end));
  }

  /** All layers in here, nested ones too, each once. */
  ImmutableSet<Layer> layers() {
    return parts.stream()
        .flatMap(part -> part.layers().stream())
        .collect(ImmutableSet.toImmutableSet());
  }

  /**
   * This frame with {@code members} in one box, in the place of the last of them, where others may
   * be before it that need it; see {@link #inOrder}.
   *
   * @param box made of what is inside
   */
  Frame grouped(String id, Set<Part> members, Function<Frame, Part> box) {
    Map<Port, Integer> entries = new LinkedHashMap<>();
    Map<Port, Integer> exits = new LinkedHashMap<>();
    Part start = startOf(id);
    Part end = endOf(id);
    Set<Link> within = new LinkedHashSet<>();
    for (Link link : links) {
      Port from = new Port(link.from(), link.out());
      boolean begins = members.contains(link.from());
      boolean ends = members.contains(link.to());
      if (begins && ends) {
        within.add(link);
      } else if (ends) {
        int entry = number(entries, from);
        within.add(new Link(start, entry, link.to(), link.in(), link.shape()));
      } else if (begins) {
        within.add(new Link(link.from(), link.out(), end, number(exits, from), link.shape()));
      }
    }
    List<Part> inner = parts.stream().filter(members::contains).toList();
    Part made =
        box.apply(new Frame(start, end, ImmutableList.copyOf(inner), ImmutableList.copyOf(within)));
    ImmutableList<Link> outer = around(members, made, entries, exits);
    return new Frame(this.start, this.end, around(members, made), outer);
  }

  /** This frame with each part after those that it needs. */
  Frame inOrder() {
    return new Frame(start, end, sorted(parts, links), links);
  }

  /** In the same order as far as each is after those that it needs. */
  private static ImmutableList<Part> sorted(List<Part> parts, List<Link> links) {
    SetMultimap<Part, Part> needed = LinkedHashMultimap.create();
    links.stream()
        .filter(link -> link.from().isBox())
        .forEach(link -> needed.put(link.to(), link.from()));
    Set<Part> sorted = new LinkedHashSet<>();
    parts.forEach(part -> addAfterNeeded(part, needed, sorted));
    return ImmutableList.copyOf(sorted);
  }

  private static void addAfterNeeded(Part part, SetMultimap<Part, Part> needed, Set<Part> sorted) {
    if (!sorted.contains(part)) {
      needed.get(part).forEach(other -> addAfterNeeded(other, needed, sorted));
      sorted.add(part);
    }
  }

  private static int number(Map<Port, Integer> numbers, Port port) {
    Integer known = numbers.putIfAbsent(port, numbers.size());
    return known == null ? numbers.size() - 1 : known;
  }

  private ImmutableList<Part> around(Set<Part> members, Part made) {
    List<Part> outer = new ArrayList<>();
    int left = members.size();
    for (Part part : parts) {
      if (!members.contains(part)) {
        outer.add(part);
      } else if (--left == 0) {
        outer.add(made);
      }
    }
    return ImmutableList.copyOf(outer);
  }

  private ImmutableList<Link> around(
      Set<Part> members, Part made, Map<Port, Integer> entries, Map<Port, Integer> exits) {
    Set<Link> outer = new LinkedHashSet<>();
    for (Link link : links) {
      Optional<Integer> entry = Optional.ofNullable(entries.get(new Port(link.from(), link.out())));
      Optional<Integer> exit = Optional.ofNullable(exits.get(new Port(link.from(), link.out())));
      boolean begins = members.contains(link.from());
      boolean ends = members.contains(link.to());
      if (!begins && !ends) {
        outer.add(link);
      } else if (!begins) {
        outer.add(new Link(link.from(), link.out(), made, entry.orElseThrow(), link.shape()));
      } else if (!ends) {
        outer.add(new Link(made, exit.orElseThrow(), link.to(), link.in(), link.shape()));
      }
    }
    return ImmutableList.copyOf(outer);
  }
}
