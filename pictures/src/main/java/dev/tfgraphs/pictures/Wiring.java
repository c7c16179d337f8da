package dev.tfgraphs.pictures;

import com.google.common.collect.ImmutableList;
import com.google.common.collect.ImmutableListMultimap;
import com.google.common.collect.ImmutableSet;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.function.Function;

/**
 * The lines of a frame: results of one part that go to the same places are one line.
 *
 * @param outlets where lines leave each part, with what is written there
 * @param wires the lines
 */
record Wiring(ImmutableListMultimap<Part, Outlet> outlets, ImmutableList<Wire> wires) {
  /**
   * Where lines leave a part.
   *
   * @param number which of the part's
   * @param label the shape, or the first of them; empty where another outlet says it
   */
  record Outlet(Part part, int number, String label) {}

  /** A line. */
  record Wire(Outlet from, Part to, int in) {}

  private record Target(Part part, int in) {}

  static Wiring of(Frame frame, boolean shapes) {
    Map<Part, List<Link>> links = new LinkedHashMap<>();
    frame.all().forEach(part -> links.put(part, new ArrayList<>()));
    frame.links().forEach(link -> links.computeIfPresent(link.from(), (part, of) -> and(of, link)));
    ImmutableListMultimap.Builder<Part, Outlet> outlets = ImmutableListMultimap.builder();
    ImmutableList.Builder<Wire> wires = ImmutableList.builder();
    links.forEach(
        (part, of) -> {
          int number = 0;
          for (List<Link> together : bundles(part, of)) {
            int result = part.role() == Part.Role.LAYER ? number++ : together.get(0).out();
            Outlet outlet = new Outlet(part, result, shapes ? label(together) : "");
            outlets.put(part, outlet);
            for (Target target : targets(together)) {
              wires.add(new Wire(outlet, target.part(), target.in()));
            }
          }
        });
    return new Wiring(outlets.build(), wires.build());
  }

  /** Which of the wires lead to each part. */
  ImmutableListMultimap<Part, Integer> into() {
    return numbered(Wire::to);
  }

  /** Which of the wires begin at each outlet. */
  ImmutableListMultimap<Outlet, Integer> outOf() {
    return numbered(Wire::from);
  }

  private <T> ImmutableListMultimap<T, Integer> numbered(Function<Wire, T> of) {
    ImmutableListMultimap.Builder<T, Integer> numbers = ImmutableListMultimap.builder();
    for (int i = 0; i < wires.size(); i++) {
      numbers.put(of.apply(wires.get(i)), i);
    }
    return numbers.build();
  }

  private static List<Link> and(List<Link> links, Link more) {
    links.add(more);
    return links;
  }

  /** The links of each result, and of a layer's results with the same targets together. */
  private static List<List<Link>> bundles(Part part, List<Link> links) {
    Map<Integer, List<Link>> byResult = new LinkedHashMap<>();
    links.forEach(link -> byResult.computeIfAbsent(link.out(), key -> new ArrayList<>()).add(link));
    if (part.role() != Part.Role.LAYER) {
      return new ArrayList<>(byResult.values());
    }
    Map<Set<Target>, List<Link>> byTargets = new LinkedHashMap<>();
    byResult
        .values()
        .forEach(of -> byTargets.computeIfAbsent(targets(of), key -> new ArrayList<>()).addAll(of));
    return new ArrayList<>(byTargets.values());
  }

  private static Set<Target> targets(List<Link> links) {
    Set<Target> targets = new LinkedHashSet<>();
    links.forEach(link -> targets.add(new Target(link.to(), link.in())));
    return targets;
  }

  private static String label(List<Link> links) {
    boolean elsewhere =
        links.get(0).from().role() == Part.Role.START
            || links.stream().allMatch(link -> link.to().role() == Part.Role.END);
    if (elsewhere) {
      return "";
    }
    ImmutableSet<String> shapes =
        links.stream().map(Link::shape).collect(ImmutableSet.toImmutableSet());
    int results = (int) links.stream().map(Link::out).distinct().count();
    String more = results == 1 ? "" : " and " + (results - 1) + " more";
    return shapes.asList().get(0) + more;
  }
}
