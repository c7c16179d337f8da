package dev.tfgraphs.pictures;

import com.google.common.collect.ImmutableList;
import com.google.common.collect.ImmutableListMultimap;
import com.google.common.collect.ImmutableMap;
import com.google.common.collect.ImmutableSet;
import com.google.common.collect.Multimaps;
import dev.tfgraphs.ops.Call;
import dev.tfgraphs.ops.Layer;
import dev.tfgraphs.ops.Model;
import dev.tfgraphs.ops.Node;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.Optional;
import java.util.stream.Collectors;

/**
 * Reads a model as boxes and links. A layer is one box however often it is used, unless its result
 * comes back to it: then each use is a box.
 */
final class FrameReader {
  private final Model root;
  private final ImmutableMap<Layer, Long> parameters;

  private FrameReader(Model root) {
    this.root = root;
    Map<Layer, Long> held = new LinkedHashMap<>();
    root.weights()
        .forEach(weight -> held.merge(weight.layer(), weight.spec().shape().elements(), Long::sum));
    this.parameters = ImmutableMap.copyOf(held);
  }

  static Frame read(Model model) {
    FrameReader reader = new FrameReader(model);
    return new Blocks(reader::size, reader::isFrozen).in(reader.frame(model, ""));
  }

  /** How often so many layers and what they hold are said. */
  static String size(long layers, long parameters) {
    return String.format(
        Locale.ROOT,
        "%,d %s, %,d parameters",
        layers,
        layers == 1 ? "layer" : "layers",
        parameters);
  }

  private String size(ImmutableSet<Layer> layers) {
    return size(layers.size(), count(layers));
  }

  private long count(ImmutableSet<Layer> layers) {
    return layers.stream().mapToLong(layer -> parameters.getOrDefault(layer, 0L)).sum();
  }

  /** What {@code model} holds; its parts' ids begin with {@code prefix}. */
  private Frame frame(Model model, String prefix) {
    Map<Call, Part> parts = new LinkedHashMap<>();
    Map<Call, Integer> numbers = new HashMap<>();
    for (List<Call> uses : uses(model)) {
      Part part = part(model, uses, prefix);
      for (int use = 0; use < uses.size(); use++) {
        parts.put(uses.get(use), part);
        numbers.put(uses.get(use), use);
      }
    }
    Ends ends = new Ends(parts, numbers);
    Part start = Frame.startOf(prefix);
    Part end = Frame.endOf(prefix);
    List<Link> links = new ArrayList<>();
    model.calls().forEach(call -> ends.addInto(call, links));
    for (int i = 0; i < model.inputs().size() && !prefix.isEmpty(); i++) {
      Node input = model.inputs().get(i);
      links.add(new Link(start, i, ends.part(input), 0, input.shape().toString()));
    }
    for (int i = 0; i < model.outputs().size() && !prefix.isEmpty(); i++) {
      Node output = model.outputs().get(i);
      links.add(new Link(ends.part(output), ends.out(output), end, i, output.shape().toString()));
    }
    List<Part> ordered =
        model.calls().stream().map(parts::get).distinct().collect(Collectors.toList());
    return Frame.sorted(prefix, ordered, links);
  }

  /** Where links begin and end. */
  private record Ends(Map<Call, Part> parts, Map<Call, Integer> numbers) {
    Part part(Node node) {
      return part(node.call());
    }

    private Part part(Call call) {
      return Optional.ofNullable(parts.get(call)).orElseThrow();
    }

    /** The results of a first use count before those of a second. */
    int out(Node node) {
      int use = numbers.getOrDefault(node.call(), 0);
      return use * node.call().outputs().size() + node.index();
    }

    void addInto(Call call, List<Link> links) {
      for (int i = 0; i < call.inputs().size(); i++) {
        Node input = call.inputs().get(i);
        int in = call.layer() instanceof Model ? i : 0;
        links.add(new Link(part(input), out(input), part(call), in, input.shape().toString()));
      }
    }
  }

  /** The calls of each box. */
  private static List<List<Call>> uses(Model model) {
    ImmutableListMultimap<Layer, Call> calls = Multimaps.index(model.calls(), Call::layer);
    Convexity<Object> graph = new Convexity<>();
    for (Call call : model.calls()) {
      call.inputs().forEach(input -> graph.add(input.call(), call));
    }
    List<List<Call>> uses = new ArrayList<>();
    for (Layer layer : calls.keySet()) {
      List<Call> all = calls.get(layer);
      if (all.size() > 1 && !graph.hasArrowWithin(all) && graph.isConvex(all)) {
        graph.join(all, layer);
        uses.add(all);
      } else {
        all.forEach(call -> uses.add(List.of(call)));
      }
    }
    return uses;
  }

  private Part part(Model model, List<Call> uses, String prefix) {
    Layer layer = uses.get(0).layer();
    String name = model.nameOf(layer);
    List<Call> all = model.calls().stream().filter(call -> call.layer() == layer).toList();
    int use = all.indexOf(uses.get(0));
    String id = prefix + name + (use == 0 ? "" : ":" + use);
    String words = words(layer) + shared(all.size(), uses.size(), use);
    return layer instanceof Model nested
        ? nested(nested, id, name, words)
        : new Part(
            Part.Role.LAYER,
            id,
            name,
            words,
            LayerKind.of(layer),
            tip(layer, uses.get(0)),
            ImmutableSet.of(layer),
            isFrozen(ImmutableSet.of(layer)),
            Optional.empty());
  }

  private static String shared(int all, int here, int use) {
    if (all == 1) {
      return "";
    }
    return here == all ? ", used " + all + " times" : ", use " + (use + 1) + " of " + all;
  }

  private String words(Layer layer) {
    return layer instanceof Model model
        ? model.className() + ", " + size(model.allLayers())
        : LayerWords.line(layer);
  }

  private Part nested(Model model, String id, String name, String words) {
    return new Part(
        Part.Role.NESTED,
        id,
        name,
        words,
        LayerKind.GROUP,
        ImmutableList.of(name, words),
        model.allLayers(),
        isFrozen(model.allLayers()),
        Optional.of(frame(model, id + "/")));
  }

  private ImmutableList<String> tip(Layer layer, Call call) {
    ImmutableList.Builder<String> tip = ImmutableList.builder();
    tip.add(layer.className());
    tip.addAll(LayerWords.settingLines(layer));
    call.outputs().forEach(output -> tip.add("output: " + output.shape()));
    long held = parameters.getOrDefault(layer, 0L);
    if (held > 0) {
      tip.add(
          String.format(
              Locale.ROOT,
              "parameters: %,d%s",
              held,
              root.frozen().contains(layer) ? ", frozen" : ""));
    }
    return tip.build();
  }

  /** Whether there are weights, and none of them trains. */
  private boolean isFrozen(ImmutableSet<Layer> layers) {
    ImmutableSet<Layer> weighted =
        layers.stream().filter(parameters::containsKey).collect(ImmutableSet.toImmutableSet());
    return !weighted.isEmpty() && root.frozen().containsAll(weighted);
  }
}
