package dev.tfgraphs.graphs;

import dev.tfgraphs.graphs.UpdateOptions.Average;
import dev.tfgraphs.graphs.UpdateOptions.Clipping;
import dev.tfgraphs.graphs.UpdateOptions.ClippingKind;
import dev.tfgraphs.ops.Config;
import dev.tfgraphs.ops.ConfigValue;
import dev.tfgraphs.ops.Form;
import dev.tfgraphs.ops.Kinds;
import dev.tfgraphs.ops.Settings;
import java.util.List;
import java.util.Optional;
import java.util.OptionalInt;
import java.util.function.BiFunction;
import java.util.function.Function;
import java.util.function.UnaryOperator;
import org.jspecify.annotations.Nullable;

/** Keras's optimizers (keras/src/optimizers) with the settings that all of them have. */
final class OptimizerKinds {
  private static final String CUSTOM = "Custom>";

  /** What Keras writes where no averages are kept. */
  private static final double EMA_MOMENTUM = 0.99;

  static final Kinds<Optimizer> KINDS =
      Kinds.of(
          "optimizer",
          "keras.optimizers",
          OptimizerKinds::className,
          List.of(
              sgd(),
              adam(),
              adamW(),
              rmsprop(),
              adagrad(),
              adadelta(),
              adamax(),
              nadam(),
              ftrl(),
              lion(),
              lamb()));

  private OptimizerKinds() {}

  /**
   * What Keras writes of an optimizer.
   *
   * @throws GraphException if it has what Keras does not
   */
  static @Nullable Object write(Optimizer optimizer) {
    if (!optimizer.options().learningRateFactors().isEmpty()) {
      throw new GraphException(
          "optimizer: learningRateFactor: expected none, since Keras has no such setting, received "
              + optimizer.options().learningRateFactors());
    }
    return KINDS.write(optimizer);
  }

  /** An optimizer as an object, whose class some Keras 2 take for a user's own, or as a word. */
  static Optimizer read(ConfigValue value) {
    if (value.isText()) {
      return KINDS.read(value);
    }
    Config config = value.object();
    return KINDS.of(
        config.className().startsWith(CUSTOM)
            ? Config.of(config.className().substring(CUSTOM.length()), config.settings())
                .at(config.where())
            : config);
  }

  /** Keras's AdamW is an Adam that must have a decay of weights; so is Adam with one. */
  private static String className(Optimizer optimizer) {
    return optimizer instanceof Adam adam && adam.options().weightDecay().isPresent()
        ? "AdamW"
        : optimizer.getClass().getSimpleName();
  }

  private static Settings<SGD> sgd() {
    return optional("SGD", Optimizer.sgd(), Optimizer::sgd, SGD::options)
        .with("momentum", Form.NUMBER, SGD::momentum, SGD::momentum)
        .with("nesterov", Form.FLAG, SGD::nesterov, SGD::nesterov);
  }

  private static Settings<Adam> adam() {
    return moments(optional("Adam", Optimizer.adam(), Optimizer::adam, Adam::options));
  }

  private static Settings<Adam> adamW() {
    Settings<Adam> settings =
        named("AdamW", Optimizer.adamW(), Optimizer::adamW, Adam::options)
            .with(
                "weight_decay",
                Form.NUMBER,
                adam -> decay(adam).orElseThrow(),
                (adam, decay) -> adam.options(adam.options().withWeightDecay(decay)));
    return moments(around(settings, Adam::options));
  }

  private static Settings<Adam> moments(Settings<Adam> settings) {
    return settings
        .with("beta_1", Form.NUMBER, Adam::beta1, Adam::beta1)
        .with("beta_2", Form.NUMBER, Adam::beta2, Adam::beta2)
        .with("epsilon", Form.NUMBER, Adam::epsilon, Adam::epsilon)
        .with("amsgrad", Form.FLAG, Adam::amsgrad, Adam::amsgrad);
  }

  private static Settings<RMSprop> rmsprop() {
    return optional("RMSprop", Optimizer.rmsprop(), Optimizer::rmsprop, RMSprop::options)
        .with("rho", Form.NUMBER, RMSprop::rho, RMSprop::rho)
        .with("momentum", Form.NUMBER, RMSprop::momentum, RMSprop::momentum)
        .with("epsilon", Form.NUMBER, RMSprop::epsilon, RMSprop::epsilon)
        .with("centered", Form.FLAG, RMSprop::centered, RMSprop::centered);
  }

  private static Settings<Adagrad> adagrad() {
    return optional("Adagrad", Optimizer.adagrad(), Optimizer::adagrad, Adagrad::options)
        .with(
            "initial_accumulator_value",
            Form.NUMBER,
            Adagrad::initialAccumulatorValue,
            Adagrad::initialAccumulatorValue)
        .with("epsilon", Form.NUMBER, Adagrad::epsilon, Adagrad::epsilon);
  }

  private static Settings<Adadelta> adadelta() {
    return optional("Adadelta", Optimizer.adadelta(), Optimizer::adadelta, Adadelta::options)
        .with("rho", Form.NUMBER, Adadelta::rho, Adadelta::rho)
        .with("epsilon", Form.NUMBER, Adadelta::epsilon, Adadelta::epsilon);
  }

  private static Settings<Adamax> adamax() {
    return optional("Adamax", Optimizer.adamax(), Optimizer::adamax, Adamax::options)
        .with("beta_1", Form.NUMBER, Adamax::beta1, Adamax::beta1)
        .with("beta_2", Form.NUMBER, Adamax::beta2, Adamax::beta2)
        .with("epsilon", Form.NUMBER, Adamax::epsilon, Adamax::epsilon);
  }

  private static Settings<Nadam> nadam() {
    return optional("Nadam", Optimizer.nadam(), Optimizer::nadam, Nadam::options)
        .with("beta_1", Form.NUMBER, Nadam::beta1, Nadam::beta1)
        .with("beta_2", Form.NUMBER, Nadam::beta2, Nadam::beta2)
        .with("epsilon", Form.NUMBER, Nadam::epsilon, Nadam::epsilon);
  }

  private static Settings<Ftrl> ftrl() {
    return optional("Ftrl", Optimizer.ftrl(), Optimizer::ftrl, Ftrl::options)
        .with("learning_rate_power", Form.NUMBER, Ftrl::learningRatePower, Ftrl::learningRatePower)
        .with(
            "initial_accumulator_value",
            Form.NUMBER,
            Ftrl::initialAccumulatorValue,
            Ftrl::initialAccumulatorValue)
        .with(
            "l1_regularization_strength",
            Form.NUMBER,
            Ftrl::l1RegularizationStrength,
            Ftrl::l1RegularizationStrength)
        .with(
            "l2_regularization_strength",
            Form.NUMBER,
            Ftrl::l2RegularizationStrength,
            Ftrl::l2RegularizationStrength)
        .with(
            "l2_shrinkage_regularization_strength",
            Form.NUMBER,
            Ftrl::l2ShrinkageRegularizationStrength,
            Ftrl::l2ShrinkageRegularizationStrength)
        .with("beta", Form.NUMBER, Ftrl::beta, Ftrl::beta);
  }

  private static Settings<Lion> lion() {
    return optional("Lion", Optimizer.lion(), Optimizer::lion, Lion::options)
        .with("beta_1", Form.NUMBER, Lion::beta1, Lion::beta1)
        .with("beta_2", Form.NUMBER, Lion::beta2, Lion::beta2);
  }

  private static Settings<Lamb> lamb() {
    return optional("Lamb", Optimizer.lamb(), Optimizer::lamb, Lamb::options)
        .with("beta_1", Form.NUMBER, Lamb::beta1, Lamb::beta1)
        .with("beta_2", Form.NUMBER, Lamb::beta2, Lamb::beta2)
        .with("epsilon", Form.NUMBER, Lamb::epsilon, Lamb::epsilon);
  }

  /** Name and rate. */
  private static <O extends Optimizer> Settings<O> named(
      String className, O first, Function<Schedule, O> make, BiFunction<O, UpdateOptions, O> with) {
    return Settings.of(
        className,
        its -> {
          String name =
              its.with("name", Form.TEXT, made -> made.options().name(), first.options().name());
          O made =
              make.apply(
                  its.with(
                      "learning_rate",
                      ScheduleKinds.RATE,
                      Optimizer::learningRate,
                      first.learningRate()));
          return with.apply(made, made.options().withName(name));
        });
  }

  /** All that a kind has which need not decay. */
  private static <O extends Optimizer> Settings<O> optional(
      String className, O first, Function<Schedule, O> make, BiFunction<O, UpdateOptions, O> with) {
    return around(
        named(className, first, make, with)
            .optional(
                "weight_decay",
                Form.NUMBER,
                OptimizerKinds::decay,
                (made, decay) -> with.apply(made, made.options().withWeightDecay(decay))),
        with);
  }

  private static Optional<Double> decay(Optimizer optimizer) {
    UpdateOptions options = optimizer.options();
    if (!options.excludedFromWeightDecay().isEmpty()) {
      throw new GraphException(
          "optimizer: excludeFromWeightDecay: expected none, since Keras's configs do not hold it,"
              + " received "
              + options.excludedFromWeightDecay());
    }
    return Form.boxed(options.weightDecay());
  }

  /** What all kinds do around the update, and what Keras 2 writes of them. */
  private static <O extends Optimizer> Settings<O> around(
      Settings<O> settings, BiFunction<O, UpdateOptions, O> with) {
    return averaged(clipped(settings, with), with)
        .optional(
            "loss_scale_factor",
            Form.NUMBER,
            made -> Form.boxed(made.options().lossScaleFactor()),
            (made, factor) -> with.apply(made, made.options().scaled(factor)))
        .optional(
            "gradient_accumulation_steps",
            Form.INTEGER,
            made ->
                Optional.of(made.options().gradientAccumulationSteps()).filter(steps -> steps != 1),
            (made, steps) -> with.apply(made, made.options().accumulated(steps)))
        .formerly("lr", "learning_rate")
        .tolerated("decay", 0, null)
        .tolerated("is_legacy_optimizer", true, false)
        .tolerated("jit_compile", true, false);
  }

  private static <O extends Optimizer> Settings<O> clipped(
      Settings<O> settings, BiFunction<O, UpdateOptions, O> with) {
    Settings<O> clipped = settings;
    for (ClippingKind kind :
        List.of(ClippingKind.NORM, ClippingKind.GLOBAL_NORM, ClippingKind.VALUE)) {
      clipped =
          clipped.optional(
              kind.keras(),
              Form.NUMBER,
              made ->
                  made.options()
                      .clipping()
                      .filter(clipping -> clipping.kind() == kind)
                      .map(Clipping::limit),
              (made, limit) -> with.apply(made, made.options().clipped(kind, limit)));
    }
    return clipped;
  }

  /** Momentum and frequency say nothing where no averages are kept. */
  private static <O extends Optimizer> Settings<O> averaged(
      Settings<O> settings, BiFunction<O, UpdateOptions, O> with) {
    return settings
        .with(
            "use_ema",
            Form.FLAG,
            made -> made.options().average().isPresent(),
            (made, kept) ->
                kept
                    ? with.apply(made, made.options().averaged(EMA_MOMENTUM, OptionalInt.empty()))
                    : made)
        .with(
            "ema_momentum",
            Form.NUMBER,
            made -> made.options().average().map(Average::momentum).orElse(EMA_MOMENTUM),
            (made, momentum) ->
                average(made, with, one -> new Average(momentum, one.overwriteFrequency())))
        .optional(
            "ema_overwrite_frequency",
            Form.INTEGER,
            made ->
                made.options()
                    .average()
                    .flatMap(average -> average.overwriteFrequency().stream().boxed().findFirst()),
            (made, steps) ->
                average(made, with, one -> new Average(one.momentum(), OptionalInt.of(steps))));
  }

  private static <O extends Optimizer> O average(
      O made, BiFunction<O, UpdateOptions, O> with, UnaryOperator<Average> change) {
    return made.options()
        .average()
        .map(change)
        .map(
            average ->
                with.apply(
                    made,
                    made.options().averaged(average.momentum(), average.overwriteFrequency())))
        .orElse(made);
  }
}
