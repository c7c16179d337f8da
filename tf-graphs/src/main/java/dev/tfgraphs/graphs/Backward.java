package dev.tfgraphs.graphs;

import static dev.tfgraphs.graphs.Gradients.op;

import com.google.common.collect.ArrayListMultimap;
import com.google.common.collect.ListMultimap;
import com.google.common.collect.Lists;
import java.util.ArrayDeque;
import java.util.ArrayList;
import java.util.Collection;
import java.util.Deque;
import java.util.HashMap;
import java.util.HashSet;
import java.util.LinkedHashMap;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Map;
import java.util.Set;
import org.tensorflow.GraphOperation;
import org.tensorflow.Operand;
import org.tensorflow.Output;

/**
 * The way back from a loss to values of the forward pass, in parts: from the loss to where the pass
 * was cut, and from cut to cut through ops that are made a second time for it. A gradient is the
 * sum over all ways, and each way passes the cuts one after the other; so the parts add up to it
 * wherever the cuts are.
 */
final class Backward {
  /**
   * Where a forward pass was cut: what was made there, and the same value behind, which gradients
   * do not pass by themselves.
   */
  record Cut(Output<?> made, Output<?> kept) {}

  private final Emitter e;

  /** Where the parts end, and what the gradient there belongs to. */
  private final Map<GraphOperation, Output<?>> ends = new LinkedHashMap<>();

  private final Set<GraphOperation> kept = new HashSet<>();
  private final ListMultimap<Output<?>, Output<?>> gradients = ArrayListMultimap.create();

  private Backward(Emitter e, Collection<? extends Output<?>> values, List<Cut> cuts) {
    this.e = e;
    values.forEach(value -> ends.put(op(value), value));
    for (Cut cut : cuts) {
      ends.put(op(cut.kept), cut.kept);
      kept.add(op(cut.kept));
    }
  }

  /**
   * The gradients of {@code loss} with respect to {@code values}, those that it has.
   *
   * @param start what is multiplied back through the loss
   * @param cuts of the forward pass, the first first
   */
  static Map<Output<?>, Output<?>> of(
      Emitter e,
      Output<?> loss,
      Output<?> start,
      Collection<? extends Output<?>> values,
      List<Cut> cuts) {
    Backward backward = new Backward(e, values, cuts);
    List<Output<?>> last = backward.through(loss, start);
    for (Cut cut : Lists.reverse(cuts)) {
      List<Output<?>> arrived = backward.gradients.get(cut.kept);
      if (!arrived.isEmpty()) {
        Output<?> gradient = sum(e, arrived);
        last = backward.through(backward.again(cut.made, last), gradient);
      }
    }
    Map<Output<?>, Output<?>> gradients = new HashMap<>();
    for (Output<?> value : values) {
      List<Output<?>> parts = backward.gradients.get(value);
      if (!parts.isEmpty()) {
        gradients.put(value, sum(e, parts));
      }
    }
    return gradients;
  }

  private static Output<?> sum(Emitter e, List<Output<?>> parts) {
    return parts.size() == 1 ? parts.get(0) : e.op("AddN").list(parts).out();
  }

  /** Carries {@code gradient} from {@code result} to the ends before it; what arrives there. */
  private List<Output<?>> through(Output<?> result, Output<?> gradient) {
    Set<GraphOperation> before = before(op(result));
    List<GraphOperation> reached = ends.keySet().stream().filter(before::contains).toList();
    if (reached.isEmpty()) {
      return List.of();
    }
    Output<?>[] values = reached.stream().map(op -> op.output(0)).toArray(Output<?>[]::new);
    Output<?>[] parts =
        e.graph().addGradients(null, new Output<?>[] {result}, values, new Output<?>[] {gradient});
    List<Output<?>> arrived = new ArrayList<>();
    for (int i = 0; i < parts.length; i++) {
      if (Gradients.exists(parts[i])) {
        gradients.put(ends.get(reached.get(i)), parts[i]);
        arrived.add(parts[i]);
      }
    }
    return arrived;
  }

  /** All ops from the ends to {@code last}, each behind those that it uses. */
  private Set<GraphOperation> before(GraphOperation last) {
    Set<GraphOperation> seen = new HashSet<>();
    Set<GraphOperation> done = new LinkedHashSet<>();
    Deque<GraphOperation> open = new ArrayDeque<>(List.of(last));
    while (!open.isEmpty()) {
      GraphOperation op = open.element();
      if (!seen.add(op)) {
        done.add(open.remove());
      } else if (!ends.containsKey(op)) {
        for (Operand<?> input : op.inputs()) {
          if (!seen.contains(op(input))) {
            open.push(op(input));
          }
        }
      }
    }
    return done;
  }

  /** Makes {@code made} a second time from the cuts before it, once {@code arrived} is there. */
  private Output<?> again(Output<?> made, List<Output<?>> arrived) {
    Recomputation copy = new Recomputation(e.under("again"), ends.keySet(), kept, arrived);
    Output<?> result = copy.of(made, before(op(made)));
    copy.late()
        .forEach(
            (value, late) -> {
              if (kept.contains(op(value))) {
                ends.put(op(late), value);
              }
            });
    return result;
  }
}
