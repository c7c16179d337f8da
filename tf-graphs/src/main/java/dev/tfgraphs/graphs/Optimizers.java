package dev.tfgraphs.graphs;

import dev.tfgraphs.ops.Shape;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import org.tensorflow.GraphOperation;
import org.tensorflow.Output;
import org.tensorflow.proto.DataType;

/**
 * An optimizer's state and its updates, on TensorFlow's fused kernels where these are Keras's
 * formulas.
 */
final class Optimizers {
  /** Where a new learning rate is fed, and the op that takes it. */
  record RateChange(Output<?> value, GraphOperation assign) {}

  private final Emitter e;
  private final Optimizer optimizer;
  private final Resource iterations;
  private final Output<?> rate;
  private final Optional<RateChange> rateChange;

  Optimizers(Emitter e, Optimizer optimizer) {
    this.e = e;
    this.optimizer = optimizer;
    Emitter init = e.under("iterations").initializing();
    this.iterations = Resource.create(e, "iterations", Shape.of(), init.scalar(0L));
    if (optimizer.learningRate() instanceof Schedule.Constant constant) {
      Emitter first = e.under("learning_rate").initializing();
      Resource variable =
          Resource.create(e, "learning_rate", Shape.of(), first.scalar((float) constant.rate()));
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

  /** How many steps were done. */
  Output<?> iterations() {
    return iterations.read();
  }

  /** The updates of all variables by their gradients, and after them the count of steps. */
  List<GraphOperation> apply(Map<Variable, Output<?>> gradients) {
    List<GraphOperation> updates = new ArrayList<>();
    if (optimizer instanceof Optimizer.Adam adam) {
      adam(adam, gradients, updates);
    } else {
      gradients.forEach(
          (variable, gradient) -> updates.add(sgd((Optimizer.Sgd) optimizer, variable, gradient)));
    }
    updates.addAll(Constraints.hold(e.after(updates), gradients.keySet()));
    updates.add(iterations.increase(e.after(updates), e.scalar(1L)));
    return updates;
  }

  private GraphOperation sgd(Optimizer.Sgd sgd, Variable variable, Output<?> gradient) {
    if (sgd.momentum() == 0) {
      return e.op("ResourceApplyGradientDescent").in(variable.handle(), rate, gradient).build();
    }
    return e.op("ResourceApplyKerasMomentum")
        .in(
            variable.handle(),
            slot(variable, "momentum").handle(),
            rate,
            gradient,
            e.scalar((float) sgd.momentum()))
        .attr("use_nesterov", sgd.nesterov())
        .build();
  }

  private void adam(
      Optimizer.Adam adam, Map<Variable, Output<?>> gradients, List<GraphOperation> updates) {
    Output<?> t = e.cast(e.add(iterations.read(), e.scalar(1L)), DataType.DT_FLOAT);
    Output<?> beta1 = e.scalar((float) adam.beta1());
    Output<?> beta2 = e.scalar((float) adam.beta2());
    Output<?> power1 = e.op("Pow").in(beta1, t).out();
    Output<?> power2 = e.op("Pow").in(beta2, t).out();
    Output<?> epsilon = e.scalar((float) adam.epsilon());
    gradients.forEach(
        (variable, gradient) ->
            updates.add(
                e.op("ResourceApplyAdam")
                    .in(
                        variable.handle(),
                        slot(variable, "momentum").handle(),
                        slot(variable, "velocity").handle(),
                        power1,
                        power2,
                        rate,
                        beta1,
                        beta2,
                        epsilon,
                        gradient)
                    .build()));
  }

  private Resource slot(Variable variable, String name) {
    return Resource.zeros(e, variable.name() + "/" + name, variable.weight().spec().shape());
  }
}
