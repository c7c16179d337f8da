package dev.tfgraphs.graphs;

import static dev.tfgraphs.graphs.Gradients.op;

import com.google.common.collect.ImmutableMap;
import com.google.common.collect.LinkedHashMultimap;
import com.google.common.collect.SetMultimap;
import java.util.ArrayDeque;
import java.util.Arrays;
import java.util.Collection;
import java.util.Deque;
import java.util.HashMap;
import java.util.HashSet;
import java.util.LinkedHashMap;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.function.Function;
import org.tensorflow.GraphOperation;
import org.tensorflow.Operand;
import org.tensorflow.OperationAttributeInspector;
import org.tensorflow.Output;

/**
 * Ops that TensorFlow's C++ library has gradients of which are wrong, fail when they are run, or
 * end the process in native code (tensorflow/cc/gradients); users' layers and losses may bring
 * them.
 */
final class WrongGradients {
  /** What is wrong with an op, and what to use in its place. */
  private record Fault(String words, String instead) {}

  private static final String DILATED =
      "spaceToBatchNd, the op without dilations, and batchToSpaceNd compute the same";

  private static final ImmutableMap<String, Function<GraphOperation, Optional<Fault>>> FAULTS =
      ImmutableMap.<String, Function<GraphOperation, Optional<Fault>>>builder()
          .put("Conv2D", op -> dilated(op).or(() -> padded(op)))
          .put("Conv2DBackpropInput", WrongGradients::dilated)
          .put("DepthwiseConv2dNative", WrongGradients::dilated)
          .put("LogSoftmax", WrongGradients::ranked)
          .put("LRN", WrongGradients::normalized)
          .put("Exit", op -> fault("a loop", "the steps of the loop one after the other do"))
          .buildOrThrow();

  private static final Set<String> REFERENCES = Set.of("Variable", "VariableV2");

  /** Each op before the loss, and the layer that it was found in. */
  private final Map<GraphOperation, String> found = new LinkedHashMap<>();

  private final SetMultimap<GraphOperation, GraphOperation> consumers = LinkedHashMultimap.create();

  private WrongGradients() {}

  /**
   * Fails if such an op lies between weights and the loss.
   *
   * @param layers what layers make, by their names
   */
  static void check(
      Output<?> loss, Collection<? extends Output<?>> weights, Map<String, Output<?>> layers) {
    WrongGradients search = new WrongGradients();
    Set<GraphOperation> reads = new HashSet<>();
    weights.forEach(weight -> reads.add(op(weight)));
    Map<GraphOperation, String> results = new HashMap<>();
    layers.forEach((name, result) -> results.put(op(result), "layer '" + name + "'"));
    search.walkBack(op(loss), reads, results);
    Set<GraphOperation> derived = search.walkOn(reads);
    search.found.keySet().stream().filter(derived::contains).forEach(search::check);
  }

  private void walkBack(
      GraphOperation loss, Set<GraphOperation> reads, Map<GraphOperation, String> results) {
    Deque<GraphOperation> open = new ArrayDeque<>();
    found.put(loss, results.getOrDefault(loss, "the loss"));
    open.add(loss);
    while (!open.isEmpty()) {
      GraphOperation op = open.remove();
      if (reads.contains(op) || op.type().equals("StopGradient")) {
        continue;
      }
      for (Operand<?> input : op.inputs()) {
        GraphOperation before = op(input);
        consumers.put(before, op);
        if (!found.containsKey(before)) {
          found.put(before, results.getOrDefault(before, found.getOrDefault(op, "the loss")));
          open.add(before);
        }
      }
    }
  }

  private Set<GraphOperation> walkOn(Set<GraphOperation> reads) {
    Set<GraphOperation> derived = new HashSet<>();
    Deque<GraphOperation> open = new ArrayDeque<>(reads);
    while (!open.isEmpty()) {
      for (GraphOperation after : consumers.get(open.remove())) {
        if (derived.add(after)) {
          open.add(after);
        }
      }
    }
    return derived;
  }

  private void check(GraphOperation op) {
    fault(op)
        .ifPresent(
            fault -> {
              throw new GraphException(
                  ("gradients: %s: expected ops of which TensorFlow has the right gradient,"
                          + " received %s (%s '%s'); %s")
                      .formatted(found.get(op), fault.words, op.type(), op.name(), fault.instead));
            });
  }

  private static Optional<Fault> fault(GraphOperation op) {
    boolean reference =
        op.inputs().stream().anyMatch(input -> REFERENCES.contains(op(input).type()));
    return reference
        ? fault("a variable by reference", "its identity can be used")
        : FAULTS.getOrDefault(op.type(), any -> Optional.empty()).apply(op);
  }

  private static Optional<Fault> fault(String words, String instead) {
    return Optional.of(new Fault(words, instead));
  }

  private static Optional<Fault> dilated(GraphOperation op) {
    long[] dilations = op.attributes().getAttrIntList("dilations");
    return Arrays.stream(dilations).allMatch(dilation -> dilation == 1)
        ? Optional.empty()
        : fault("dilations " + Arrays.toString(dilations), DILATED);
  }

  private static Optional<Fault> padded(GraphOperation op) {
    return op.attributes().getAttrString("padding").equals("EXPLICIT")
        ? fault("explicit padding", "a pad before it, and VALID padding, compute the same")
        : Optional.empty();
  }

  private static Optional<Fault> ranked(GraphOperation op) {
    int rank = op.input(0).shape().numDimensions();
    return rank == 2
        ? Optional.empty()
        : fault(
            rank < 0 ? "unknown rank" : "rank " + rank,
            "a reshape to (rows, classes) before it and one back compute the same");
  }

  private static Optional<Fault> normalized(GraphOperation op) {
    OperationAttributeInspector settings = op.attributes();
    boolean usual =
        settings.getAttrInt("depth_radius") == 5
            && settings.getAttrFloat("bias") == 1
            && settings.getAttrFloat("alpha") == 1
            && settings.getAttrFloat("beta") == 0.5f;
    return usual
        ? Optional.empty()
        : fault("other than the default settings", "its formula in other ops can be used");
  }
}
