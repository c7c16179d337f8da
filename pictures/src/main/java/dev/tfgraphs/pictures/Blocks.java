package dev.tfgraphs.pictures;

import com.google.common.collect.ImmutableList;
import com.google.common.collect.ImmutableSet;
import dev.tfgraphs.ops.Layer;
import java.util.LinkedHashMap;
import java.util.LinkedHashSet;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.function.Function;
import java.util.function.Predicate;
import java.util.regex.Matcher;
import java.util.regex.Pattern;

/**
 * Finds the blocks of a network, and the stages that they make: by names such as {@code
 * conv3_block4_1_conv} and {@code layer2.3.conv1}, and where names say nothing by where ways part
 * and join again.
 */
final class Blocks {
  private static final Pattern IN_BLOCK =
      Pattern.compile("(.*?block_?\\d+[a-z]?|.*?layer\\d+\\.\\d+)[_.].+");
  private static final Pattern IN_STAGE =
      Pattern.compile("(.+)_block_?\\d+[a-z]?|(.*layer\\d+)\\.\\d+|(.*block_?\\d+)[a-z]");

  private final Function<ImmutableSet<Layer>, String> size;
  private final Predicate<ImmutableSet<Layer>> frozen;

  /** With the words for what layers hold, and whether none of that trains. */
  Blocks(Function<ImmutableSet<Layer>, String> size, Predicate<ImmutableSet<Layer>> frozen) {
    this.size = size;
    this.frozen = frozen;
  }

  /** The same frame with blocks and stages as parts, in nested models, too. */
  Frame in(Frame frame) {
    Frame found = new Frame(frame.start(), frame.end(), nested(frame), frame.links());
    found = byName(found, Part.Role.BLOCK, part -> named(IN_BLOCK, part));
    found = joined(found);
    return byName(
        found,
        Part.Role.STAGE,
        part -> part.role() == Part.Role.BLOCK ? named(IN_STAGE, part) : Optional.empty());
  }

  private ImmutableList<Part> nested(Frame frame) {
    return frame.parts().stream()
        .map(
            part ->
                part.inside().isEmpty()
                    ? part
                    : new Part(
                        part.role(),
                        part.id(),
                        part.name(),
                        part.words(),
                        part.kind(),
                        part.tip(),
                        part.layers(),
                        part.frozen(),
                        part.inside().map(this::in)))
        .collect(ImmutableList.toImmutableList());
  }

  private static Optional<String> named(Pattern pattern, Part part) {
    Matcher matcher = pattern.matcher(part.name());
    if (!matcher.matches()) {
      return Optional.empty();
    }
    for (int group = 1; group <= matcher.groupCount(); group++) {
      if (matcher.group(group) != null) {
        return Optional.of(matcher.group(group));
      }
    }
    return Optional.empty();
  }

  private Frame byName(Frame frame, Part.Role role, Function<Part, Optional<String>> nameOf) {
    Map<String, Set<Part>> members = new LinkedHashMap<>();
    for (Part part : frame.parts()) {
      nameOf
          .apply(part)
          .ifPresent(name -> members.computeIfAbsent(name, key -> new LinkedHashSet<>()).add(part));
    }
    Convexity<Part> graph = new Convexity<>();
    frame.links().forEach(link -> graph.add(link.from(), link.to()));
    Frame found = frame;
    for (Map.Entry<String, Set<Part>> group : members.entrySet()) {
      if (group.getValue().size() > 1 && graph.isConvex(group.getValue())) {
        found = grouped(found, role, group.getKey(), group.getValue());
        graph.join(group.getValue(), found.part(id(frame, role, group.getKey())));
      }
    }
    return found.inOrder();
  }

  /** Blocks that names do not tell. */
  private Frame joined(Frame frame) {
    Frame found = frame;
    int number = 1;
    for (Set<Part> block : Joins.in(frame)) {
      found = grouped(found, Part.Role.BLOCK, "block " + number, block);
      number++;
    }
    return found.inOrder();
  }

  private Frame grouped(Frame frame, Part.Role role, String name, Set<Part> members) {
    String id = id(frame, role, name);
    return frame.grouped(id, members, inside -> box(role, id, name, inside));
  }

  private static String id(Frame frame, Part.Role role, String name) {
    return frame.start().id() + "/" + role + "/" + name;
  }

  private Part box(Part.Role role, String id, String name, Frame inside) {
    ImmutableSet<Layer> layers = inside.layers();
    long blocks = inside.parts().stream().filter(part -> part.role() == Part.Role.BLOCK).count();
    String words = (blocks == 0 ? "" : blocks + " blocks, ") + size.apply(layers);
    return new Part(
        role,
        id,
        name,
        words,
        LayerKind.GROUP,
        ImmutableList.of(name, words),
        layers,
        frozen.test(layers),
        Optional.of(inside));
  }
}
