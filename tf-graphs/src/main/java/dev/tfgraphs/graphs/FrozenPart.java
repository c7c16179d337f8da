package dev.tfgraphs.graphs;

import com.google.common.collect.ImmutableList;
import com.google.common.collect.ImmutableSet;
import dev.tfgraphs.ops.BatchNormalization;
import dev.tfgraphs.ops.Call;
import dev.tfgraphs.ops.CustomLayer;
import dev.tfgraphs.ops.Input;
import dev.tfgraphs.ops.Layer;
import dev.tfgraphs.ops.Model;
import dev.tfgraphs.ops.Node;
import dev.tfgraphs.ops.WeightSpec;
import java.util.HashSet;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.stream.Collectors;
import java.util.stream.Stream;
import org.tensorflow.Output;

/**
 * What of a model makes the same of a sample whatever is learned: the frozen layers from the inputs
 * on, and those without weights between and behind them, as long as nothing random stands before.
 * Where it ends, what it makes can be fed in its stead. Users' own layers do not belong to it, as
 * nobody knows what they do; of a nested model all layers do or none.
 */
final class FrozenPart {
  private final Model model;
  private final ImmutableList<Call> calls;
  private final ImmutableSet<Node> ends;
  private final Map<Node, Slot> slots = new LinkedHashMap<>();

  private FrozenPart(Model model, ImmutableList<Call> calls, ImmutableSet<Node> ends) {
    this.model = model;
    this.calls = calls;
    this.ends = ends;
  }

  /** Finds it in {@code model}. */
  static FrozenPart of(Model model) {
    Set<Node> settled = new HashSet<>();
    ImmutableList.Builder<Call> calls = ImmutableList.builder();
    Set<Node> needed = new HashSet<>();
    for (Call call : model.calls()) {
      if (settled.containsAll(call.inputs()) && settles(call, model.frozen())) {
        settled.addAll(call.outputs());
        calls.add(call);
      } else {
        needed.addAll(call.inputs());
      }
    }
    needed.retainAll(settled);
    boolean none = needed.stream().allMatch(node -> node.layer() instanceof Input);
    // a loss looks behind the output that it judges
    boolean judged = model.outputs().stream().anyMatch(settled::contains);
    return new FrozenPart(
        model, calls.build(), none || judged ? ImmutableSet.of() : inOrder(model, needed));
  }

  private static ImmutableSet<Node> inOrder(Model model, Set<Node> nodes) {
    return model.calls().stream()
        .flatMap(call -> call.outputs().stream())
        .filter(nodes::contains)
        .collect(ImmutableSet.toImmutableSet());
  }

  private static boolean settles(Call call, Set<Layer> frozen) {
    Layer layer = call.layer();
    if (layer instanceof Model nested) {
      return nested.calls().stream().allMatch(inner -> settles(inner, frozen));
    }
    return !(layer instanceof CustomLayer)
        && !layer.isRandom()
        && layer.activityRegularizer().isEmpty()
        && (frozen.contains(layer) || isFixed(call));
  }

  private static boolean isFixed(Call call) {
    return !(call.layer() instanceof BatchNormalization)
        && call.weights().stream().noneMatch(WeightSpec::trainable);
  }

  /** Whether {@code layer} belongs to it. */
  boolean has(Layer layer) {
    return calls.stream()
        .map(Call::layer)
        .anyMatch(
            its ->
                its == layer
                    || (its instanceof Model nested && nested.allLayers().contains(layer)));
  }

  /** Its layers, their settings, what they are applied to and where it ends, as text. */
  String described() {
    Stream<String> layers =
        calls.stream().map(call -> call.layer().config() + " on " + names(call.inputs()));
    return Stream.concat(layers, Stream.of("to " + names(ends.asList())))
        .collect(Collectors.joining("\n"));
  }

  /** A layer may be called several times, and a model may have several outputs. */
  private String names(List<Node> nodes) {
    return nodes.stream()
        .map(
            node ->
                "%s, call %d, result %d"
                    .formatted(
                        model.nameOf(node.layer()),
                        calls.indexOf(node.call()),
                        node.call().outputs().indexOf(node)))
        .toList()
        .toString();
  }

  /** Where its results can be fed, in the order of the model; there once the model was lowered. */
  ImmutableList<Slot> slots() {
    return ImmutableList.copyOf(slots.values());
  }

  /**
   * What stands for {@code node} in a lowering that has made {@code result} of it: where the part
   * ends, float32 that may be fed. All lowerings take what the first of them has made, since they
   * make the same.
   */
  Output<?> at(Node node, Output<?> result, Emitter e) {
    if (!ends.contains(node)) {
      return result;
    }
    return slots
        .computeIfAbsent(
            node, key -> Slot.between(e.under("frozen"), model.nameOf(node.layer()), result))
        .value();
  }
}
