package dev.tfgraphs.graphs;

import com.google.common.collect.ImmutableList;
import com.google.common.collect.ImmutableMap;
import com.google.common.collect.Iterables;
import com.google.common.collect.Maps;
import java.util.ArrayList;
import java.util.Collection;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.function.Function;
import java.util.function.UnaryOperator;
import org.tensorflow.GraphOperation;
import org.tensorflow.Output;
import org.tensorflow.proto.DataType;

/**
 * An optimizer in a graph: its state, its update, and what is done around it, in the order of
 * Keras's {@code BaseOptimizer.apply}.
 */
final class Optimizers {
  /** Where a new learning rate is fed, and the op that takes it. */
  record RateChange(Output<?> value, GraphOperation assign) {}

  /** What a weight has to be held to after each step. */
  interface Holds extends Function<Variable, Optional<UnaryOperator<Output<?>>>> {}

  private final Emitter e;
  private final Optimizer optimizer;
  private final UpdateOptions options;
  private final Optional<LossScale> lossScale;
  private final OptimizerState state;
  private final Resource iterations;
  private final Output<?> rate;
  private final Optional<RateChange> rateChange;
  private Optional<Averages> averages = Optional.empty();

  Optimizers(Emitter e, Optimizer optimizer) {
    this(e, optimizer, Optional.empty());
  }

  /** An optimizer that, with {@code lossScale}, steps only where gradients are finite. */
  Optimizers(Emitter e, Optimizer optimizer, Optional<LossScale> lossScale) {
    this.e = e;
    this.optimizer = optimizer;
    this.options = optimizer.options();
    this.lossScale = lossScale;
    this.state = new OptimizerState(e, options.name());
    this.iterations = state.counter("iteration");
    if (optimizer.learningRate() instanceof Schedule.Constant constant) {
      Resource variable = state.scalar("learning_rate", (float) constant.rate());
      this.rate = variable.read();
      this.rateChange = Optional.of(rateChange(e.under("learning_rate"), variable));
    } else {
      this.rate = Schedules.rate(e.under("schedule"), optimizer.learningRate(), iterations.read());
      this.rateChange = Optional.empty();
    }
  }

  private static RateChange rateChange(Emitter e, Resource variable) {
    Output<?> value =
        e.op("Placeholder", "New")
            .attr("dtype", DataType.DT_FLOAT)
            .attr("shape", org.tensorflow.ndarray.Shape.scalar())
            .out();
    return new RateChange(value, variable.assign(e, value));
  }

  /** The learning rate of the step that comes next. */
  Output<?> rate() {
    return rate;
  }

  /** How the learning rate is set; not at all where it follows a schedule. */
  Optional<RateChange> rateChange() {
    return rateChange;
  }

  /** What scales the loss and leaves out steps that overflow, in float16. */
  Optional<LossScale> lossScale() {
    return lossScale;
  }

  /** How many steps were done. */
  Output<?> iterations() {
    return iterations.read();
  }

  /** The moving averages of the weights, where the optimizer keeps them, after {@link #apply}. */
  Optional<Averages> averages() {
    return averages;
  }

  /**
   * All that is remembered from step to step, in the order of Keras's files, after {@link #apply}.
   */
  ImmutableList<OptimizerState.Entry> state() {
    ImmutableList.Builder<OptimizerState.Entry> entries = ImmutableList.builder();
    lossScale.ifPresent(scale -> entries.addAll(scale.entries()));
    return entries.addAll(state.entries()).build();
  }

  /**
   * The variables of the optimizer and those that scale the loss, by Keras's names and in the order
   * of Keras's files, after {@link #apply}.
   */
  ImmutableMap<String, Resource> variables() {
    ImmutableMap.Builder<String, Resource> named = ImmutableMap.builder();
    lossScale.ifPresent(scale -> named.putAll(scale.variables()));
    int prefix = options.name().length() + 1;
    for (OptimizerState.Entry entry : state.entries()) {
      named.put(entry.name().substring(prefix), entry.resource());
    }
    return named.buildOrThrow();
  }

  /** What is not worth saving, after {@link #apply}: zeros do for it. */
  ImmutableList<Resource> scratch() {
    return state.scratch();
  }

  /**
   * What gradients start from, made larger where the loss is scaled; {@link #apply} takes it back.
   */
  Output<?> scaled(Output<?> start) {
    if (lossScale.isPresent()) {
      return e.mul(start, lossScale.get().scale());
    }
    return options.lossScaleFactor().isPresent()
        ? e.mul(start, e.scalar((float) options.lossScaleFactor().getAsDouble()))
        : start;
  }

  /** What was made of scaled gradients, as it is of those of the loss. */
  Output<?> unscaled(Emitter under, Output<?> value) {
    if (lossScale.isPresent()) {
      return under.div(value, lossScale.get().scale());
    }
    return options.lossScaleFactor().isPresent()
        ? under.div(value, under.scalar((float) options.lossScaleFactor().getAsDouble()))
        : value;
  }

  /** One step of all variables, in the model's order, by their gradients. */
  List<GraphOperation> apply(Map<Variable, Output<?>> gradients) {
    return apply(
        gradients,
        variable ->
            variable
                .weight()
                .spec()
                .constraint()
                .map(constraint -> weight -> Constraints.apply(e, constraint, weight)));
  }

  /** One step that holds weights to what they are constrained to. */
  List<GraphOperation> apply(Map<Variable, Output<?>> gradients, Holds constraints) {
    Collection<Variable> variables = gradients.keySet();
    averages =
        options
            .average()
            .map(average -> new Averages(e, state, variables, average, iterations.read()));
    if (options.gradientAccumulationSteps() > 1) {
      state.zeros(variables, "gradient_accumulator");
    }
    Output<?> updates = updates();
    Rates rates = new Rates(e.under("rates"), rate, options.learningRateFactors(), variables);
    UpdateRule rule = UpdateRules.of(e, optimizer, state, variables, rates, updates);
    Step step = new Step(rule, rates, updates, constraints);
    return List.of(
        lossScale.isPresent()
            ? lossScale.get().apply(gradients, step::run)
            : step.run(e, unscaled(gradients)));
  }

  /** How many updates there have been. */
  private Output<?> updates() {
    long steps = options.gradientAccumulationSteps();
    return steps == 1
        ? iterations.read()
        : e.op("FloorDiv").in(iterations.read(), e.scalar(steps)).out();
  }

  private Map<Variable, Output<?>> unscaled(Map<Variable, Output<?>> gradients) {
    return Gradients.map(gradients, gradient -> unscaled(e, gradient));
  }

  /** Whether the one that comes after {@code count} is an {@code n}-th. */
  static Output<?> isNth(Emitter e, Output<?> count, long n) {
    Output<?> next = e.add(count, e.scalar(1L));
    Output<?> over = e.op("FloorMod").in(next, e.scalar(n)).out();
    return e.op("Equal").in(over, e.scalar(0L)).out();
  }

  /** All weights are updated, and each. */
  private record Updated(GraphOperation all, ImmutableMap<Variable, GraphOperation> each) {}

  /** What is done with gradients that are finite and unscaled. */
  private final class Step {
    private final UpdateRule rule;
    private final Rates rates;
    private final Output<?> updates;
    private final Holds constraints;

    Step(UpdateRule rule, Rates rates, Output<?> updates, Holds constraints) {
      this.rule = rule;
      this.rates = rates;
      this.updates = updates;
      this.constraints = constraints;
    }

    GraphOperation run(Emitter under, Map<Variable, Output<?>> gradients) {
      Updated updated =
          options.gradientAccumulationSteps() > 1
              ? accumulate(under, gradients)
              : update(under, gradients);
      GraphOperation done =
          averages
              .map(kept -> kept.follow(under, updated.each, updated.all, updates))
              .orElse(updated.all);
      List<GraphOperation> held = constrain(under.after(List.of(done)), gradients.keySet());
      Emitter last = under.after(held.isEmpty() ? List.of(done) : held);
      return iterations.increase(last, e.scalar(1L));
    }

    /** Updates by the mean of gradients where enough have come, else adds to their sum. */
    private Updated accumulate(Emitter under, Map<Variable, Output<?>> gradients) {
      int steps = options.gradientAccumulationSteps();
      GraphOperation either =
          Branch.of(
              under,
              isNth(e, iterations.read(), steps),
              yes -> updateByMean(yes, gradients, steps),
              no -> {
                List<GraphOperation> added = new ArrayList<>();
                gradients.forEach(
                    (variable, gradient) -> added.add(sum(variable).increase(no, gradient)));
                return added;
              });
      return new Updated(either, Maps.toMap(gradients.keySet(), variable -> either));
    }

    private List<GraphOperation> updateByMean(
        Emitter under, Map<Variable, Output<?>> gradients, int steps) {
      Output<?> count = e.scalar((float) steps);
      Map<Variable, Output<?>> means = new LinkedHashMap<>();
      gradients.forEach(
          (variable, gradient) ->
              means.put(
                  variable, under.div(under.add(gradient, sum(variable).readAgain(under)), count)));
      List<GraphOperation> done = new ArrayList<>();
      done.add(update(under, means).all);
      means.forEach(
          (variable, mean) ->
              done.add(sum(variable).assign(under, under.op("ZerosLike").in(mean).out())));
      return done;
    }

    private Resource sum(Variable variable) {
      return state.slot(variable, "gradient_accumulator");
    }

    private Updated update(Emitter under, Map<Variable, Output<?>> gradients) {
      Map<Variable, Output<?>> clipped =
          options
              .clipping()
              .map(clipping -> Clipping.of(under, clipping, gradients))
              .orElse(gradients);
      List<GraphOperation> once = new ArrayList<>();
      Map<Variable, GraphOperation> each = new LinkedHashMap<>();
      Output<?> decay = e.mul(e.scalar((float) options.weightDecay().orElse(0)), rate);
      clipped.values().stream()
          .findFirst()
          .ifPresent(gradient -> once.addAll(rule.once(after(gradient))));
      clipped.forEach(
          (variable, gradient) ->
              each.put(
                  variable,
                  rule.update(decayed(after(gradient), variable, decay), variable, gradient)));
      return new Updated(
          under.group("updated", Iterables.concat(once, each.values())), ImmutableMap.copyOf(each));
    }

    /** Nothing changes before there are gradients, which wait for all that must hold. */
    private Emitter after(Output<?> gradient) {
      return e.after(List.of(gradient.op()));
    }

    /** What follows finds a weight from which {@code decay} of it is taken. */
    private Emitter decayed(Emitter under, Variable variable, Output<?> decay) {
      if (!options.decays(variable.name())) {
        return under;
      }
      Resource resource = variable.resource();
      Output<?> loss = under.mul(resource.readAgain(under), rates.scaled(under, variable, decay));
      return under.after(List.of(resource.decrease(under, loss)));
    }

    private List<GraphOperation> constrain(Emitter under, Collection<Variable> variables) {
      List<GraphOperation> held = new ArrayList<>();
      for (Variable variable : variables) {
        constraints
            .apply(variable)
            .ifPresent(
                constraint -> {
                  Output<?> value = constraint.apply(variable.resource().readAgain(under));
                  held.add(variable.resource().assign(under, value));
                });
      }
      return held;
    }
  }
}
