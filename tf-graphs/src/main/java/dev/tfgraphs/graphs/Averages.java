package dev.tfgraphs.graphs;

import java.util.ArrayList;
import java.util.Collection;
import java.util.List;
import java.util.Map;
import org.tensorflow.GraphOperation;
import org.tensorflow.Output;
import org.tensorflow.proto.DataType;

/** Moving averages of weights, and their exchange. */
final class Averages {
  private static final String SLOT = "average";

  private final Emitter e;
  private final OptimizerState state;
  private final Collection<Variable> variables;
  private final UpdateOptions.Average options;
  private final GraphOperation overwrite;
  private final GraphOperation swap;

  /**
   * Averages of {@code variables}, zeros until the first step.
   *
   * @param steps how many were made, int64
   */
  Averages(
      Emitter e,
      OptimizerState state,
      Collection<Variable> variables,
      UpdateOptions.Average options,
      Output<?> steps) {
    this.e = e;
    this.state = state;
    this.variables = variables;
    this.options = options;
    state.zeros(variables, SLOT);
    Emitter under = e.under("overwrite_with_averages");
    Output<?> begun = e.op("NotEqual").in(steps, e.scalar(0L)).out();
    this.overwrite = Branch.of(under, begun, this::overwriting, no -> List.of());
    this.swap = e.group("swap_with_averages", swapping());
  }

  /** The average of a weight. */
  Resource of(Variable variable) {
    return state.slot(variable, SLOT);
  }

  /** Gives all weights the values of their averages, where there are any yet. */
  GraphOperation overwrite() {
    return overwrite;
  }

  /** Exchanges all weights and their averages. */
  GraphOperation swap() {
    return swap;
  }

  /**
   * Moves the average of each weight towards it once that is updated, while it lies in the cache;
   * at first they are the weights. Where gradients accumulate, averages are there before the first
   * update; after it they are the weights to a rounding of what the two differed by and one of the
   * weight itself, where Keras assigns them.
   *
   * @param all what is done when all weights are updated
   * @param updates how many there have been, int64
   */
  GraphOperation follow(
      Emitter under, Map<Variable, GraphOperation> updated, GraphOperation all, Output<?> updates) {
    Output<?> later = e.cast(e.op("NotEqual").in(updates, e.scalar(0L)).out(), DataType.DT_FLOAT);
    Output<?> momentum = e.mul(later, e.scalar((float) options.momentum()));
    Output<?> rest = e.sub(e.scalar(1f), momentum);
    List<GraphOperation> moves = new ArrayList<>();
    moves.add(all);
    updated.forEach(
        (variable, update) -> moves.add(move(under.after(List.of(update)), variable, rest)));
    GraphOperation moved = under.group("averaged", moves);
    if (options.overwriteFrequency().isEmpty()) {
      return moved;
    }
    Output<?> due = Optimizers.isNth(e, updates, options.overwriteFrequency().getAsInt());
    return Branch.of(under.after(List.of(moved)), due, this::overwriting, no -> List.of());
  }

  /** {@code momentum * average + rest * weight}, in one pass over what the two differ by. */
  private GraphOperation move(Emitter under, Variable variable, Output<?> rest) {
    Resource average = of(variable);
    Output<?> lead = under.sub(average.readAgain(under), variable.resource().readAgain(under));
    return under.op("ResourceApplyGradientDescent").in(average.handle(), rest, lead).build();
  }

  private List<GraphOperation> overwriting(Emitter under) {
    return variables.stream()
        .map(variable -> variable.resource().assign(under, of(variable).readAgain(under)))
        .toList();
  }

  private List<GraphOperation> swapping() {
    List<GraphOperation> assigns = new ArrayList<>();
    for (Variable variable : variables) {
      Output<?> weight = variable.resource().readAgain(e);
      Output<?> average = of(variable).readAgain(e);
      Emitter read = e.after(List.of(weight.op(), average.op()));
      assigns.add(variable.resource().assign(read, average));
      assigns.add(of(variable).assign(read, weight));
    }
    return assigns;
  }
}
