package dev.tfgraphs.graphs;

import static dev.tfgraphs.graphs.Gradients.op;

import com.google.common.base.Suppliers;
import com.google.common.collect.ImmutableMap;
import com.google.common.collect.Maps;
import java.util.Arrays;
import java.util.Collection;
import java.util.HashMap;
import java.util.HashSet;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.Set;
import java.util.function.Supplier;
import org.tensorflow.GraphOperation;
import org.tensorflow.Output;
import org.tensorflow.TensorFlow;
import org.tensorflow.proto.OpDef;

/**
 * Ops of a forward pass made a second time. What depends on the weights alone or on the batch alone
 * is shared with the first, and so is what another run of an op would make otherwise: what reads
 * variables or draws without a seed.
 */
final class Recomputation {
  private static final Supplier<ImmutableMap<String, OpDef>> DEFINITIONS =
      Suppliers.memoize(
          () -> Maps.uniqueIndex(TensorFlow.registeredOpList().getOpList(), OpDef::getName));

  private final Emitter e;
  private final Emitter after;
  private final Set<GraphOperation> ends;
  private final Set<GraphOperation> kept;
  private final Set<GraphOperation> fed = new HashSet<>();
  private final Set<GraphOperation> learned = new HashSet<>();
  private final Map<Output<?>, Output<?>> copies = new HashMap<>();
  private final Map<Output<?>, Output<?>> late = new LinkedHashMap<>();

  /**
   * Ops that run once {@code arrived} is there; otherwise TensorFlow would run them at once, or
   * find that they have been run.
   *
   * @param ends where what is learned begins: the weights that train, and {@code kept}
   * @param kept values of the forward pass
   */
  Recomputation(
      Emitter e, Set<GraphOperation> ends, Set<GraphOperation> kept, List<Output<?>> arrived) {
    this.e = e;
    this.after = e.after(arrived.stream().map(Output::op).toList());
    this.ends = ends;
    this.kept = kept;
  }

  /**
   * {@code made} for the second time.
   *
   * @param before all ops from the ends to it, each behind those that it uses
   */
  Output<?> of(Output<?> made, Collection<GraphOperation> before) {
    for (GraphOperation op : before) {
      boolean end = ends.contains(op);
      if (kept.contains(op) || op.type().equals("Placeholder") || usesAny(op, fed)) {
        fed.add(op);
      }
      if (end || usesAny(op, learned)) {
        learned.add(op);
      }
      if (!end && fed.contains(op) && learned.contains(op) && !TensorFlow.isOpStateful(op.type())) {
        GraphOperation copy = copy(op);
        for (int i = 0; i < op.numOutputs(); i++) {
          copies.put(op.output(i), copy.output(i));
        }
      }
    }
    return copies.getOrDefault(made, made);
  }

  /** What stands for values of the forward pass in the second. */
  Map<Output<?>, Output<?>> late() {
    return late;
  }

  private static boolean usesAny(GraphOperation op, Set<GraphOperation> some) {
    return op.inputs().stream().anyMatch(input -> some.contains(op(input)));
  }

  private GraphOperation copy(GraphOperation op) {
    OpDef definition = Objects.requireNonNull(DEFINITIONS.get().get(op.type()), op.type());
    Emitter.Op copy = e.op(op.type(), op.name());
    int next = 0;
    for (OpDef.ArgDef argument : definition.getInputArgList()) {
      boolean several =
          !argument.getNumberAttr().isEmpty() || !argument.getTypeListAttr().isEmpty();
      if (several) {
        int length = op.inputListLength(argument.getName());
        copy.list(Arrays.stream(op.inputList(next, length)).map(this::input).toList());
        next += length;
      } else {
        copy.in(input(op.input(next++)));
      }
    }
    for (OpDef.AttrDef attribute : definition.getAttrList()) {
      String name = attribute.getName();
      copy.attr(name, op.attributes().getAttrValueProto(name));
    }
    return copy.build();
  }

  private Output<?> input(Output<?> value) {
    Output<?> copy = copies.get(value);
    if (copy != null || !fed.contains(op(value))) {
      return copy == null ? value : copy;
    }
    return late.computeIfAbsent(value, key -> after.op("Identity", "late").in(key).out());
  }
}
