package dev.tfgraphs.savedmodel;

import com.google.common.collect.Streams;
import java.util.function.Predicate;
import java.util.stream.Stream;
import org.tensorflow.Graph;
import org.tensorflow.Operation;
import org.tensorflow.Output;

/** The names of ops and tensors in a graph. */
final class OpNames {
  private OpNames() {}

  /** {@code wanted}, or the first of {@code wanted_1}, {@code wanted_2} that is not taken. */
  static String free(String wanted, Predicate<String> taken) {
    String name = wanted;
    for (int i = 1; taken.test(name); i++) {
      name = wanted + "_" + i;
    }
    return name;
  }

  /** A name for an op of {@code graph}. */
  static String free(Graph graph, String wanted) {
    // importGraphDef takes every op whose name starts with Init for an initializer
    String safe = wanted.startsWith("Init") ? "layers/" + wanted : wanted;
    return free(safe, name -> graph.operation(name) != null);
  }

  /** The names of all ops of {@code graph}. */
  static Stream<String> all(Graph graph) {
    return Streams.stream(graph.operations()).map(Operation::name);
  }

  /** The name of a tensor, {@code conv1_conv/Conv2D:0}. */
  static String tensor(Output<?> output) {
    return output.op().name() + ":" + output.index();
  }
}
