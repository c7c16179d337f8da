package dev.tfgraphs.graphs;

import com.google.gson.JsonElement;
import com.google.gson.JsonObject;

/** The optimizer that a Keras config describes, made as a user makes it. */
final class KerasOptimizer {
  private final JsonObject config;
  private final Schedule rate;

  private KerasOptimizer(JsonObject config) {
    this.config = config;
    JsonElement given = config.get("learning_rate");
    this.rate =
        given.isJsonObject()
            ? SchedulesTest.schedule(given.getAsJsonObject())
            : Schedule.constant(given.getAsDouble());
  }

  /** Of a row with {@code class_name}, {@code config} and the names {@code excluded} from decay. */
  static Optimizer of(JsonObject row) {
    KerasOptimizer keras = new KerasOptimizer(row.getAsJsonObject("config"));
    Optimizer optimizer = keras.around(keras.rule(row.get("class_name").getAsString()));
    String[] excluded =
        row.getAsJsonArray("excluded").asList().stream()
            .map(JsonElement::getAsString)
            .toArray(String[]::new);
    return excluded.length == 0 ? optimizer : optimizer.excludeFromWeightDecay(excluded);
  }

  private Optimizer rule(String className) {
    return switch (className) {
      case "SGD" -> Optimizer.sgd(rate).momentum(number("momentum")).nesterov(flag("nesterov"));
      case "Adam" -> adam(Optimizer.adam(rate));
      case "AdamW" -> adam(Optimizer.adamW(rate));
      case "RMSprop" ->
          Optimizer.rmsprop(rate)
              .rho(number("rho"))
              .momentum(number("momentum"))
              .epsilon(number("epsilon"))
              .centered(flag("centered"));
      case "Adagrad" ->
          Optimizer.adagrad(rate)
              .initialAccumulatorValue(number("initial_accumulator_value"))
              .epsilon(number("epsilon"));
      case "Adadelta" -> Optimizer.adadelta(rate).rho(number("rho")).epsilon(number("epsilon"));
      case "Adamax" ->
          Optimizer.adamax(rate)
              .beta1(number("beta_1"))
              .beta2(number("beta_2"))
              .epsilon(number("epsilon"));
      case "Nadam" ->
          Optimizer.nadam(rate)
              .beta1(number("beta_1"))
              .beta2(number("beta_2"))
              .epsilon(number("epsilon"));
      case "Ftrl" -> ftrl();
      case "Lion" -> Optimizer.lion(rate).beta1(number("beta_1")).beta2(number("beta_2"));
      case "Lamb" ->
          Optimizer.lamb(rate)
              .beta1(number("beta_1"))
              .beta2(number("beta_2"))
              .epsilon(number("epsilon"));
      default -> throw new IllegalArgumentException("no such optimizer here: " + className);
    };
  }

  private Adam adam(Adam adam) {
    return adam.beta1(number("beta_1"))
        .beta2(number("beta_2"))
        .epsilon(number("epsilon"))
        .amsgrad(flag("amsgrad"));
  }

  private Ftrl ftrl() {
    return Optimizer.ftrl(rate)
        .learningRatePower(number("learning_rate_power"))
        .initialAccumulatorValue(number("initial_accumulator_value"))
        .l1RegularizationStrength(number("l1_regularization_strength"))
        .l2RegularizationStrength(number("l2_regularization_strength"))
        .l2ShrinkageRegularizationStrength(number("l2_shrinkage_regularization_strength"))
        .beta(number("beta"));
  }

  private Optimizer around(Optimizer rule) {
    Optimizer optimizer = rule;
    if (has("weight_decay")) {
      optimizer = optimizer.weightDecay(number("weight_decay"));
    }
    if (has("clipnorm")) {
      optimizer = optimizer.clipnorm(number("clipnorm"));
    }
    if (has("clipvalue")) {
      optimizer = optimizer.clipvalue(number("clipvalue"));
    }
    if (has("global_clipnorm")) {
      optimizer = optimizer.globalClipnorm(number("global_clipnorm"));
    }
    if (has("loss_scale_factor")) {
      optimizer = optimizer.lossScaleFactor(number("loss_scale_factor"));
    }
    if (has("gradient_accumulation_steps")) {
      optimizer =
          optimizer.gradientAccumulationSteps(config.get("gradient_accumulation_steps").getAsInt());
    }
    if (flag("use_ema")) {
      optimizer =
          has("ema_overwrite_frequency")
              ? optimizer.ema(
                  number("ema_momentum"), config.get("ema_overwrite_frequency").getAsInt())
              : optimizer.ema(number("ema_momentum"));
    }
    return optimizer;
  }

  private boolean has(String key) {
    return !config.get(key).isJsonNull();
  }

  private double number(String key) {
    return config.get(key).getAsDouble();
  }

  private boolean flag(String key) {
    return config.get(key).getAsBoolean();
  }
}
