package dev.tfgraphs.graphs;

import java.util.OptionalInt;

/**
 * How gradients change weights; formulas, defaults and order of steps are Keras 3's
 * (keras/src/optimizers). Settings of a kind's own come first, those of all kinds last: {@code
 * Optimizer.adam(0.003).amsgrad(true).clipnorm(1).ema(0.99)}. Of Keras 3.15's optimizers Adafactor,
 * Muon, ScheduleFreeAdamW and MultiOptimizer are left out; LossScaleOptimizer is part of {@link
 * Precision#MIXED_FLOAT16}.
 */
public sealed interface Optimizer
    permits SGD, Adam, RMSprop, Adagrad, Adadelta, Adamax, Nadam, Ftrl, Lion, Lamb {
  /** {@return stochastic gradient descent at Keras's rate, 0.01} */
  static SGD sgd() {
    return sgd(0.01);
  }

  /** {@return stochastic gradient descent at a rate that can be set while training} */
  static SGD sgd(double learningRate) {
    return sgd(Schedule.constant(learningRate));
  }

  /** {@return stochastic gradient descent at a rate that follows a schedule} */
  static SGD sgd(Schedule learningRate) {
    return new SGD(learningRate, 0, false, UpdateOptions.none("sgd"));
  }

  /** {@return Adam at Keras's rate, 0.001} */
  static Adam adam() {
    return adam(0.001);
  }

  /** {@return Adam at a rate that can be set while training} */
  static Adam adam(double learningRate) {
    return adam(Schedule.constant(learningRate));
  }

  /** {@return Adam at a rate that follows a schedule} */
  static Adam adam(Schedule learningRate) {
    return new Adam(learningRate, 0.9, 0.999, 1e-7, false, UpdateOptions.none("adam"));
  }

  /** {@return Adam with a decay of weights of 0.004, at Keras's rate, 0.001} */
  static Adam adamW() {
    return adamW(0.001);
  }

  /** {@return Adam with a decay of weights of 0.004, at a rate that can be set while training} */
  static Adam adamW(double learningRate) {
    return adamW(Schedule.constant(learningRate));
  }

  /** {@return Adam with a decay of weights of 0.004, at a rate that follows a schedule} */
  static Adam adamW(Schedule learningRate) {
    return adam(learningRate).options(UpdateOptions.none("adam_w").withWeightDecay(0.004));
  }

  /** {@return RMSprop at Keras's rate, 0.001} */
  static RMSprop rmsprop() {
    return rmsprop(0.001);
  }

  /** {@return RMSprop at a rate that can be set while training} */
  static RMSprop rmsprop(double learningRate) {
    return rmsprop(Schedule.constant(learningRate));
  }

  /** {@return RMSprop at a rate that follows a schedule} */
  static RMSprop rmsprop(Schedule learningRate) {
    return new RMSprop(learningRate, 0.9, 0, 1e-7, false, UpdateOptions.none("rm_sprop"));
  }

  /** {@return Adagrad at Keras's rate, 0.001} */
  static Adagrad adagrad() {
    return adagrad(0.001);
  }

  /** {@return Adagrad at a rate that can be set while training} */
  static Adagrad adagrad(double learningRate) {
    return adagrad(Schedule.constant(learningRate));
  }

  /** {@return Adagrad at a rate that follows a schedule} */
  static Adagrad adagrad(Schedule learningRate) {
    return new Adagrad(learningRate, 0.1, 1e-7, UpdateOptions.none("adagrad"));
  }

  /** {@return Adadelta at Keras's rate, 0.001} */
  static Adadelta adadelta() {
    return adadelta(0.001);
  }

  /** {@return Adadelta at a rate that can be set while training} */
  static Adadelta adadelta(double learningRate) {
    return adadelta(Schedule.constant(learningRate));
  }

  /** {@return Adadelta at a rate that follows a schedule} */
  static Adadelta adadelta(Schedule learningRate) {
    return new Adadelta(learningRate, 0.95, 1e-7, UpdateOptions.none("adadelta"));
  }

  /** {@return Adamax at Keras's rate, 0.001} */
  static Adamax adamax() {
    return adamax(0.001);
  }

  /** {@return Adamax at a rate that can be set while training} */
  static Adamax adamax(double learningRate) {
    return adamax(Schedule.constant(learningRate));
  }

  /** {@return Adamax at a rate that follows a schedule} */
  static Adamax adamax(Schedule learningRate) {
    return new Adamax(learningRate, 0.9, 0.999, 1e-7, UpdateOptions.none("adamax"));
  }

  /** {@return Nadam at Keras's rate, 0.001} */
  static Nadam nadam() {
    return nadam(0.001);
  }

  /** {@return Nadam at a rate that can be set while training} */
  static Nadam nadam(double learningRate) {
    return nadam(Schedule.constant(learningRate));
  }

  /** {@return Nadam at a rate that follows a schedule} */
  static Nadam nadam(Schedule learningRate) {
    return new Nadam(learningRate, 0.9, 0.999, 1e-7, UpdateOptions.none("nadam"));
  }

  /** {@return FTRL at Keras's rate, 0.001} */
  static Ftrl ftrl() {
    return ftrl(0.001);
  }

  /** {@return FTRL at a rate that can be set while training} */
  static Ftrl ftrl(double learningRate) {
    return ftrl(Schedule.constant(learningRate));
  }

  /** {@return FTRL at a rate that follows a schedule} */
  static Ftrl ftrl(Schedule learningRate) {
    return new Ftrl(learningRate, -0.5, 0.1, 0, 0, 0, 0, UpdateOptions.none("ftrl"));
  }

  /** {@return Lion at Keras's rate, 0.001} */
  static Lion lion() {
    return lion(0.001);
  }

  /** {@return Lion at a rate that can be set while training} */
  static Lion lion(double learningRate) {
    return lion(Schedule.constant(learningRate));
  }

  /** {@return Lion at a rate that follows a schedule} */
  static Lion lion(Schedule learningRate) {
    return new Lion(learningRate, 0.9, 0.99, UpdateOptions.none("lion"));
  }

  /** {@return LAMB at Keras's rate, 0.001} */
  static Lamb lamb() {
    return lamb(0.001);
  }

  /** {@return LAMB at a rate that can be set while training} */
  static Lamb lamb(double learningRate) {
    return lamb(Schedule.constant(learningRate));
  }

  /** {@return LAMB at a rate that follows a schedule} */
  static Lamb lamb(Schedule learningRate) {
    return new Lamb(learningRate, 0.9, 0.999, 1e-7, UpdateOptions.none("lamb"));
  }

  /** {@return the rate of each step} */
  Schedule learningRate();

  /** {@return what is done around the update} */
  UpdateOptions options();

  /** {@return this optimizer doing something else around the update} */
  Optimizer options(UpdateOptions options);

  /**
   * {@return this optimizer, before each update taking {@code decay} times the rate of every weight
   * away from it, biases included}
   */
  default Optimizer weightDecay(double decay) {
    return options(options().withWeightDecay(decay));
  }

  /**
   * {@return this optimizer without weight decay where one of these regular expressions is found in
   * the name of the weight, {@code conv1_conv/bias}}
   */
  default Optimizer excludeFromWeightDecay(String... expressions) {
    return options(options().excludingFromWeightDecay(expressions));
  }

  /**
   * {@return this optimizer with the gradient of each weight scaled down to a norm of {@code
   * limit}}
   *
   * @throws GraphException if gradients are clipped in another way, here and below
   */
  default Optimizer clipnorm(double limit) {
    return options(options().clipped(UpdateOptions.ClippingKind.NORM, limit));
  }

  /** {@return this optimizer with each element of gradients held in -{@code limit} to limit} */
  default Optimizer clipvalue(double limit) {
    return options(options().clipped(UpdateOptions.ClippingKind.VALUE, limit));
  }

  /** {@return this optimizer with all gradients scaled down to a common norm of {@code limit}} */
  default Optimizer globalClipnorm(double limit) {
    return options(options().clipped(UpdateOptions.ClippingKind.GLOBAL_NORM, limit));
  }

  /**
   * {@return this optimizer keeping a moving average of the weights, which replaces them at the end
   * of {@code fit}; Keras's momentum is 0.99}
   */
  default Optimizer ema(double momentum) {
    return options(options().averaged(momentum, OptionalInt.empty()));
  }

  /** {@return the same, with the average also replacing the weights every so many updates} */
  default Optimizer ema(double momentum, int overwriteFrequency) {
    return options(options().averaged(momentum, OptionalInt.of(overwriteFrequency)));
  }

  /**
   * {@return this optimizer multiplying the loss by {@code factor} and dividing gradients by it}
   */
  default Optimizer lossScaleFactor(double factor) {
    return options(options().scaled(factor));
  }

  /**
   * {@return this optimizer updating once in {@code steps} batches, by the mean of their gradients;
   * schedules go on counting batches}
   */
  default Optimizer gradientAccumulationSteps(int steps) {
    return options(options().accumulated(steps));
  }

  /**
   * {@return this optimizer with the rate times {@code factor} for weights in whose names a regular
   * expression is found, {@code ^conv[1-4]_}; the first that is found counts} Pretrained layers are
   * often trained by less than the head that is new. Names are those of weights, {@code
   * conv1_conv/kernel}, and expressions as those of {@link #excludeFromWeightDecay}, not the
   * patterns of {@code Model.freeze}. Keras has no such setting.
   *
   * @throws GraphException if the factor is not positive or the expression none; and, from a
   *     trainer, if it is found in the name of no weight that trains
   */
  default Optimizer learningRateFactor(String expression, double factor) {
    return options(options().multiplied(expression, factor));
  }
}
