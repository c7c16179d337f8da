package dev.tfgraphs.ops;

import com.google.common.collect.ImmutableList;
import java.util.ArrayList;
import java.util.Comparator;
import java.util.HashMap;
import java.util.HashSet;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Set;

/**
 * The calls between inputs and outputs in an order in which they can run, and their layers in
 * Keras's order: by falling distance to the outputs, equals by first visit of a walk from the
 * outputs back (keras/src/ops/function.py, map_graph).
 */
record Topology(ImmutableList<Call> calls, ImmutableList<Layer> layers) {

  static Topology of(List<Node> inputs, List<Node> outputs) {
    Walk walk = new Walk();
    outputs.forEach(output -> walk.visit(output.call()));
    Map<Layer, Integer> depths = depths(walk.finished);
    Map<Layer, Integer> indices = new HashMap<>(walk.indices);
    for (Node input : inputs) {
      // an input that no output needs still belongs to the model, and comes first among equals
      if (depths.putIfAbsent(input.layer(), 0) == null) {
        indices.put(input.layer(), -1);
        walk.finished.add(input.call());
      }
    }
    List<Layer> layers = new ArrayList<>(depths.keySet());
    layers.sort(
        Comparator.<Layer>comparingInt(depths::get).reversed().thenComparingInt(indices::get));
    return new Topology(ImmutableList.copyOf(walk.finished), ImmutableList.copyOf(layers));
  }

  private static Map<Layer, Integer> depths(List<Call> calls) {
    Map<Call, Integer> ofCall = new HashMap<>();
    Map<Layer, Integer> ofLayer = new LinkedHashMap<>();
    for (int i = calls.size() - 1; i >= 0; i--) {
      Call call = calls.get(i);
      int depth = Math.max(ofCall.getOrDefault(call, 0), ofLayer.getOrDefault(call.layer(), 0));
      ofLayer.put(call.layer(), depth);
      call.inputs().forEach(input -> ofCall.merge(input.call(), depth + 1, Math::max));
    }
    return ofLayer;
  }

  /**
   * A depth-first walk against the arrows, without recursion: the deepest CIFAR network has
   * thousands of layers.
   */
  private static final class Walk {
    final List<Call> finished = new ArrayList<>();
    final Map<Layer, Integer> indices = new HashMap<>();
    private final Set<Call> seen = new HashSet<>();

    void visit(Call root) {
      List<Call> path = new ArrayList<>();
      List<Integer> next = new ArrayList<>();
      enter(root, path, next);
      while (!path.isEmpty()) {
        int top = path.size() - 1;
        Call call = path.get(top);
        int input = next.get(top);
        if (input < call.inputs().size()) {
          next.set(top, input + 1);
          enter(call.inputs().get(input).call(), path, next);
        } else {
          finished.add(call);
          path.remove(top);
          next.remove(top);
        }
      }
    }

    private void enter(Call call, List<Call> path, List<Integer> next) {
      if (seen.add(call)) {
        indices.putIfAbsent(call.layer(), indices.size());
        path.add(call);
        next.add(0);
      }
    }
  }
}
