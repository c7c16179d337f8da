package dev.tfgraphs.graphs.rewriting;

import com.google.common.collect.ImmutableMap;
import com.google.common.collect.Maps;
import java.util.ArrayDeque;
import java.util.Collection;
import java.util.Deque;
import java.util.HashSet;
import java.util.Objects;
import java.util.Set;
import org.tensorflow.proto.GraphDef;
import org.tensorflow.proto.NodeDef;

/** Leaves out of a graph what nobody asks for: the first values of weights, for example. */
public final class Pruning {
  private Pruning() {}

  /**
   * {@return the nodes called {@code names} and all that they need, in the order of {@code graph}}
   */
  public static GraphDef keep(GraphDef graph, Collection<String> names) {
    ImmutableMap<String, NodeDef> nodes = Maps.uniqueIndex(graph.getNodeList(), NodeDef::getName);
    Set<String> kept = new HashSet<>(names);
    Deque<String> open = new ArrayDeque<>(kept);
    while (!open.isEmpty()) {
      for (String input : Objects.requireNonNull(nodes.get(open.pop())).getInputList()) {
        String name = node(input);
        if (kept.add(name)) {
          open.push(name);
        }
      }
    }
    GraphDef.Builder pruned = graph.toBuilder().clearNode();
    graph.getNodeList().stream()
        .filter(node -> kept.contains(node.getName()))
        .forEach(pruned::addNode);
    return pruned.build();
  }

  /** {@return the node of an input {@code node}, {@code node:1} or {@code ^node}} */
  public static String node(String input) {
    int start = input.startsWith("^") ? 1 : 0;
    int end = input.indexOf(':');
    return input.substring(start, end < 0 ? input.length() : end);
  }
}
