package dev.tfgraphs.graphs;

import com.google.common.collect.ImmutableMap;
import java.util.Collection;
import java.util.List;
import org.tensorflow.GraphOperation;
import org.tensorflow.Output;
import org.tensorflow.proto.DataType;

/**
 * The update of each kind of optimizer. TensorFlow's fused kernels serve where they are Keras's
 * formula; what all weights share is computed once a step.
 */
final class UpdateRules {
  /** The scalars of Adam and its kin. */
  private record Moments(
      Output<?> beta1, Output<?> beta2, Output<?> power1, Output<?> power2, Output<?> epsilon) {}

  private final Emitter e;
  private final OptimizerState state;
  private final Collection<Variable> variables;
  private final Rates rates;
  private final Output<?> updates;

  private UpdateRules(
      Emitter e,
      OptimizerState state,
      Collection<Variable> variables,
      Rates rates,
      Output<?> updates) {
    this.e = e;
    this.state = state;
    this.variables = variables;
    this.rates = rates;
    this.updates = updates;
  }

  /**
   * The rule of {@code optimizer}, with its slots added to {@code state}.
   *
   * @param updates how many there have been, int64
   */
  static UpdateRule of(
      Emitter e,
      Optimizer optimizer,
      OptimizerState state,
      Collection<Variable> variables,
      Rates rates,
      Output<?> updates) {
    return new UpdateRules(e, state, variables, rates, updates).of(optimizer);
  }

  private UpdateRule of(Optimizer optimizer) {
    if (optimizer instanceof SGD sgd) {
      return sgd(sgd);
    }
    if (optimizer instanceof Adam adam) {
      return adam(adam);
    }
    if (optimizer instanceof RMSprop rmsProp) {
      return rmsProp(rmsProp);
    }
    if (optimizer instanceof Adagrad adagrad) {
      return adagrad(adagrad);
    }
    if (optimizer instanceof Adadelta adadelta) {
      return adadelta(adadelta);
    }
    if (optimizer instanceof Adamax adamax) {
      return adamax(adamax);
    }
    if (optimizer instanceof Nadam nadam) {
      return nadam(nadam);
    }
    if (optimizer instanceof Ftrl ftrl) {
      return ftrl(ftrl);
    }
    return optimizer instanceof Lion lion ? lion(lion) : lamb((Lamb) optimizer);
  }

  private UpdateRule sgd(SGD sgd) {
    if (sgd.momentum() == 0) {
      return (under, variable, gradient) ->
          under
              .op("ResourceApplyGradientDescent")
              .in(variable.handle(), rates.of(variable), gradient)
              .build();
    }
    state.zeros(variables, "momentum");
    Output<?> momentum = scalar(sgd.momentum());
    return (under, variable, gradient) ->
        under
            .op("ResourceApplyKerasMomentum")
            .in(
                variable.handle(),
                slot(variable, "momentum"),
                rates.of(variable),
                gradient,
                momentum)
            .attr("use_nesterov", sgd.nesterov())
            .build();
  }

  private UpdateRule adam(Adam adam) {
    Moments moments = moments(adam.beta1(), adam.beta2(), adam.epsilon());
    if (!adam.amsgrad()) {
      return (under, variable, gradient) ->
          adam(under, moments, rates.of(variable), variable, gradient);
    }
    state.zeros(variables, "velocity_hat");
    return (under, variable, gradient) ->
        under
            .op("ResourceApplyAdamWithAmsgrad")
            .in(variable.handle(), slot(variable, "momentum"), slot(variable, "velocity"))
            .in(slot(variable, "velocity_hat"), moments.power1, moments.power2, rates.of(variable))
            .in(moments.beta1, moments.beta2, moments.epsilon, gradient)
            .build();
  }

  private Moments moments(double beta1, double beta2, double epsilon) {
    state.zeros(variables, "momentum", "velocity");
    Output<?> one = scalar(beta1);
    Output<?> two = scalar(beta2);
    Output<?> t = step(1);
    return new Moments(one, two, pow(one, t), pow(two, t), scalar(epsilon));
  }

  private GraphOperation adam(
      Emitter under, Moments moments, Output<?> rate, Variable variable, Output<?> gradient) {
    return under
        .op("ResourceApplyAdam")
        .in(variable.handle(), slot(variable, "momentum"), slot(variable, "velocity"))
        .in(moments.power1, moments.power2, rate)
        .in(moments.beta1, moments.beta2, moments.epsilon, gradient)
        .build();
  }

  /** The kernel wants a momentum even where there is none; then it is scratch. */
  private UpdateRule rmsProp(RMSprop rmsProp) {
    boolean momentum = rmsProp.momentum() > 0;
    state.zeros(variables, "velocity");
    if (momentum) {
      state.zeros(variables, "momentum");
    }
    if (rmsProp.centered()) {
      state.zeros(variables, "average_gradient");
    }
    Output<?> rho = scalar(rmsProp.rho());
    Output<?> factor = scalar(rmsProp.momentum());
    Output<?> epsilon = scalar(rmsProp.epsilon());
    return (under, variable, gradient) -> {
      Output<?> speed = momentum ? slot(variable, "momentum") : state.scratch(variable).handle();
      Emitter.Op op =
          under
              .op(rmsProp.centered() ? "ResourceApplyCenteredRMSProp" : "ResourceApplyRMSProp")
              .in(variable.handle());
      if (rmsProp.centered()) {
        op.in(slot(variable, "average_gradient"));
      }
      return op.in(
              slot(variable, "velocity"), speed, rates.of(variable), rho, factor, epsilon, gradient)
          .build();
    };
  }

  /** The kernel has epsilon outside of the root. */
  private UpdateRule adagrad(Adagrad adagrad) {
    String name = "accumulator";
    state.slots(variables, ImmutableMap.of(name, (float) adagrad.initialAccumulatorValue()));
    Output<?> epsilon = scalar(adagrad.epsilon());
    return (under, variable, gradient) -> {
      Resource accumulator = state.slot(variable, name);
      GraphOperation added = accumulator.increase(under, square(under, gradient));
      Output<?> sum = accumulator.readAgain(under.after(List.of(added)));
      Output<?> root = sqrt(under, under.add(sum, epsilon));
      return decrease(under, variable, under.div(under.mul(rates.of(variable), gradient), root));
    };
  }

  private UpdateRule adadelta(Adadelta adadelta) {
    state.zeros(variables, "accumulated_grad", "accumulated_delta_var");
    Output<?> rho = scalar(adadelta.rho());
    Output<?> epsilon = scalar(adadelta.epsilon());
    return (under, variable, gradient) ->
        under
            .op("ResourceApplyAdadelta")
            .in(variable.handle(), slot(variable, "accumulated_grad"))
            .in(slot(variable, "accumulated_delta_var"), rates.of(variable), rho, epsilon, gradient)
            .build();
  }

  private UpdateRule adamax(Adamax adamax) {
    state.zeros(variables, "momentum", "norm");
    Output<?> beta1 = scalar(adamax.beta1());
    Output<?> beta2 = scalar(adamax.beta2());
    Output<?> power = pow(beta1, step(1));
    Output<?> epsilon = scalar(adamax.epsilon());
    return (under, variable, gradient) ->
        under
            .op("ResourceApplyAdaMax")
            .in(variable.handle(), slot(variable, "momentum"), slot(variable, "norm"))
            .in(power, rates.of(variable), beta1, beta2, epsilon, gradient)
            .build();
  }

  private UpdateRule nadam(Nadam nadam) {
    Moments moments = moments(nadam.beta1(), nadam.beta2(), nadam.epsilon());
    Resource product = state.scalar("variable", 1);
    Output<?> rate = rates.common();
    Output<?> one = e.scalar(1f);
    Output<?> now = nesterov(1);
    Output<?> next = e.mul(moments.beta1, nesterov(2));
    Output<?> reached = e.mul(e.mul(product.read(), moments.beta1), now);
    Output<?> ofMean = e.div(e.mul(next, rate), e.sub(one, e.mul(reached, next)));
    Output<?> ofGradient =
        e.div(e.mul(e.sub(one, e.mul(moments.beta1, now)), rate), e.sub(one, reached));
    Output<?> correction = e.sub(one, moments.power2);
    return new UpdateRule() {
      @Override
      public List<GraphOperation> once(Emitter under) {
        return List.of(product.assign(under, reached));
      }

      @Override
      public GraphOperation update(Emitter under, Variable variable, Output<?> gradient) {
        Emitter moved = moved(under, moments, variable, gradient);
        Output<?> mean = moved.mul(ofMean, read(moved, variable, "momentum"));
        Output<?> step = moved.add(mean, moved.mul(ofGradient, gradient));
        Output<?> square = moved.div(read(moved, variable, "velocity"), correction);
        Output<?> root = moved.add(sqrt(moved, square), moments.epsilon);
        return decrease(moved, variable, rates.scaled(moved, variable, moved.div(step, root)));
      }
    };
  }

  /** {@code 1 - 0.96^t / 2}, {@code steps} after the last update. */
  private Output<?> nesterov(long steps) {
    return e.sub(e.scalar(1f), e.mul(e.scalar(0.5f), pow(e.scalar(0.96f), step(steps))));
  }

  /** At a rate of 0, Adam's kernel moves the two means alone; what follows reads them. */
  private Emitter moved(Emitter under, Moments moments, Variable variable, Output<?> gradient) {
    return under.after(List.of(adam(under, moments, e.scalar(0f), variable, gradient)));
  }

  private UpdateRule ftrl(Ftrl ftrl) {
    float first = (float) ftrl.initialAccumulatorValue();
    state.slots(variables, ImmutableMap.of("accumulator", first, "linear", 0f));
    Output<?> l1 = scalar(ftrl.l1RegularizationStrength());
    Output<?> beta = scalar(ftrl.beta());
    Output<?> l2 = scalar(ftrl.l2RegularizationStrength());
    Output<?> shrinkage = scalar(ftrl.l2ShrinkageRegularizationStrength());
    Output<?> power = scalar(ftrl.learningRatePower());
    return (under, variable, gradient) -> {
      Output<?> rate = rates.of(variable);
      Output<?> all = under.add(l2, under.div(beta, under.mul(e.scalar(2f), rate)));
      return under
          .op("ResourceApplyFtrlV2")
          .in(variable.handle(), slot(variable, "accumulator"), slot(variable, "linear"))
          .in(gradient, rate, l1, all, shrinkage, power)
          .build();
    };
  }

  private UpdateRule lion(Lion lion) {
    state.zeros(variables, "momentum");
    Output<?> beta1 = scalar(lion.beta1());
    Output<?> rest1 = e.sub(e.scalar(1f), beta1);
    Output<?> beta2 = scalar(lion.beta2());
    Output<?> rest2 = e.sub(e.scalar(1f), beta2);
    return (under, variable, gradient) -> {
      Resource slot = state.slot(variable, "momentum");
      Output<?> mean = slot.readAgain(under);
      Output<?> step = under.add(under.mul(mean, beta1), under.mul(gradient, rest1));
      Output<?> sign = under.op("Sign").in(step).out();
      GraphOperation stepped = decrease(under, variable, under.mul(rates.of(variable), sign));
      Output<?> moved = under.add(under.mul(mean, beta2), under.mul(gradient, rest2));
      return slot.assign(under.after(List.of(stepped)), moved);
    };
  }

  private UpdateRule lamb(Lamb lamb) {
    Moments moments = moments(lamb.beta1(), lamb.beta2(), lamb.epsilon());
    Output<?> correction1 = e.sub(e.scalar(1f), moments.power1);
    Output<?> correction2 = e.sub(e.scalar(1f), moments.power2);
    return (under, variable, gradient) -> {
      Emitter moved = moved(under, moments, variable, gradient);
      Output<?> square = moved.div(read(moved, variable, "velocity"), correction2);
      Output<?> root = moved.add(sqrt(moved, square), moments.epsilon);
      Output<?> step = moved.div(moved.div(read(moved, variable, "momentum"), correction1), root);
      Output<?> ratio = ratio(moved, variable.resource().readAgain(moved), step);
      return decrease(moved, variable, moved.mul(moved.mul(ratio, rates.of(variable)), step));
    };
  }

  /** The norm of {@code weight} over that of {@code step}, 1 where either is 0. */
  private Output<?> ratio(Emitter under, Output<?> weight, Output<?> step) {
    Output<?> zero = e.scalar(0f);
    Output<?> weights = under.op("L2Loss").in(weight).out();
    Output<?> steps = under.op("L2Loss").in(step).out();
    Output<?> both =
        under
            .op("LogicalAnd")
            .in(under.op("Greater").in(weights, zero).out())
            .in(under.op("Greater").in(steps, zero).out())
            .out();
    Output<?> ratio = sqrt(under, under.div(weights, steps));
    return under.op("SelectV2").in(both, ratio, e.scalar(1f)).out();
  }

  private Output<?> slot(Variable variable, String name) {
    return state.slot(variable, name).handle();
  }

  private Output<?> read(Emitter under, Variable variable, String slot) {
    return state.slot(variable, slot).readAgain(under);
  }

  /** The number of the update that is {@code ahead} of the last, float32. */
  private Output<?> step(long ahead) {
    return e.cast(e.add(updates, e.scalar(ahead)), DataType.DT_FLOAT);
  }

  private Output<?> pow(Output<?> base, Output<?> exponent) {
    return e.op("Pow").in(base, exponent).out();
  }

  private Output<?> scalar(double value) {
    return e.scalar((float) value);
  }

  private static Output<?> square(Emitter under, Output<?> x) {
    return under.op("Square").in(x).out();
  }

  private static Output<?> sqrt(Emitter under, Output<?> x) {
    return under.op("Sqrt").in(x).out();
  }

  private static GraphOperation decrease(Emitter under, Variable variable, Output<?> by) {
    return variable.resource().decrease(under, by);
  }
}
