package dev.tfgraphs.graphs;

import com.google.common.collect.ImmutableList;
import com.google.common.collect.Streams;
import org.tensorflow.Graph;
import org.tensorflow.GraphOperation;

/** What a graph consists of. */
final class Operations {
  private Operations() {}

  /** All ops of a type, such as {@code Conv2D}. */
  static ImmutableList<GraphOperation> ofType(Graph graph, String type) {
    return Streams.stream(graph.operations())
        .filter(op -> op.type().equals(type))
        .collect(ImmutableList.toImmutableList());
  }
}
