package dev.tfgraphs.graphs;

import com.google.common.collect.ImmutableList;
import com.google.common.collect.ImmutableMap;
import java.util.Optional;
import java.util.OptionalDouble;
import java.util.OptionalInt;
import java.util.regex.Pattern;
import java.util.regex.PatternSyntaxException;

/**
 * What an optimizer does around its update, in this order: gradients are unscaled, accumulated and
 * clipped, weights decay, are updated and averaged (keras/src/optimizers/base_optimizer.py). Set
 * through {@link Optimizer}.
 *
 * @param name of the optimizer, with which the names of its variables begin
 * @param weightDecay how much of a weight goes away in a step, times the rate
 * @param excludedFromWeightDecay regular expressions; weights in whose names one is found stay
 * @param clipping how large gradients may be
 * @param average the moving average of the weights
 * @param lossScaleFactor what the loss is multiplied by and its gradients are divided by
 * @param gradientAccumulationSteps the gradients of how many batches make one update; 1 by default
 * @param learningRateFactors what the rate is multiplied by for weights in whose names a regular
 *     expression is found; the first that is found counts
 */
public record UpdateOptions(
    String name,
    OptionalDouble weightDecay,
    ImmutableList<String> excludedFromWeightDecay,
    Optional<Clipping> clipping,
    Optional<Average> average,
    OptionalDouble lossScaleFactor,
    int gradientAccumulationSteps,
    ImmutableMap<String, Double> learningRateFactors) {

  /** How gradients are held small. */
  public enum ClippingKind {
    /** The norm of each weight's gradient is at most the limit. */
    NORM("clipnorm", "clipnorm"),
    /** Each element is at most the limit in absolute value. */
    VALUE("clipvalue", "clipvalue"),
    /** The norm of all gradients together is at most the limit. */
    GLOBAL_NORM("globalClipnorm", "global_clipnorm");

    private final String option;
    private final String keras;

    ClippingKind(String option, String keras) {
      this.option = option;
      this.keras = keras;
    }

    /** Keras's name of the option. */
    String keras() {
      return keras;
    }
  }

  /** A limit for gradients. */
  public record Clipping(ClippingKind kind, double limit) {
    /**
     * Checks the limit.
     *
     * @throws GraphException if it is not positive
     */
    public Clipping {
      Checks.positive("optimizer: " + kind.option, limit);
    }
  }

  /**
   * A moving average of the weights, {@code momentum * average + (1 - momentum) * weight}, which
   * replaces them at the end of {@code fit}.
   *
   * @param momentum 0 to 1
   * @param overwriteFrequency after how many updates it also replaces them meanwhile
   */
  public record Average(double momentum, OptionalInt overwriteFrequency) {
    /**
     * Checks the settings.
     *
     * @throws GraphException if the momentum is not in 0 to 1 or the frequency not positive
     */
    public Average {
      Checks.fraction("optimizer: ema: momentum", momentum);
      overwriteFrequency.ifPresent(
          steps -> Checks.positive("optimizer: ema", "overwrite frequency", steps));
    }
  }

  /**
   * Checks the settings.
   *
   * @throws GraphException if the name has other signs than letters, digits, '_', '.' and '-', if a
   *     number is out of its range, or if an expression is none
   */
  public UpdateOptions {
    Checks.name("optimizer", name);
    weightDecay.ifPresent(decay -> Checks.notNegative("optimizer: weightDecay", decay));
    lossScaleFactor.ifPresent(factor -> Checks.positive("optimizer: lossScaleFactor", factor));
    Checks.positive("optimizer", "gradientAccumulationSteps", gradientAccumulationSteps);
    excludedFromWeightDecay.forEach(
        expression -> checkExpression("excludeFromWeightDecay", expression));
    learningRateFactors.forEach(
        (expression, factor) -> {
          checkExpression("learningRateFactor", expression);
          Checks.positive("optimizer: learningRateFactor", factor);
        });
  }

  /** Nothing around the update of the optimizer called {@code name}. */
  static UpdateOptions none(String name) {
    return new UpdateOptions(
        name,
        OptionalDouble.empty(),
        ImmutableList.of(),
        Optional.empty(),
        Optional.empty(),
        OptionalDouble.empty(),
        1,
        ImmutableMap.of());
  }

  private static void checkExpression(String option, String expression) {
    try {
      Pattern.compile(expression);
    } catch (PatternSyntaxException failure) {
      throw new GraphException(
          "optimizer: " + option + ": expected a regular expression, received '" + expression + "'",
          failure);
    }
  }

  /** Whether the weight called {@code name} loses something in each step. */
  boolean decays(String name) {
    return weightDecay.isPresent()
        && excludedFromWeightDecay.stream()
            .noneMatch(expression -> Pattern.compile(expression).matcher(name).find());
  }

  UpdateOptions withName(String other) {
    return new UpdateOptions(
        other,
        weightDecay,
        excludedFromWeightDecay,
        clipping,
        average,
        lossScaleFactor,
        gradientAccumulationSteps,
        learningRateFactors);
  }

  UpdateOptions withWeightDecay(double decay) {
    return new UpdateOptions(
        name,
        OptionalDouble.of(decay),
        excludedFromWeightDecay,
        clipping,
        average,
        lossScaleFactor,
        gradientAccumulationSteps,
        learningRateFactors);
  }

  UpdateOptions excludingFromWeightDecay(String... expressions) {
    return new UpdateOptions(
        name,
        weightDecay,
        ImmutableList.copyOf(expressions),
        clipping,
        average,
        lossScaleFactor,
        gradientAccumulationSteps,
        learningRateFactors);
  }

  UpdateOptions clipped(ClippingKind kind, double limit) {
    clipping
        .filter(other -> other.kind() != kind)
        .ifPresent(
            other -> {
              throw new GraphException(
                  "optimizer: expected one kind of clipping, received %s and %s"
                      .formatted(other.kind().option, kind.option));
            });
    return new UpdateOptions(
        name,
        weightDecay,
        excludedFromWeightDecay,
        Optional.of(new Clipping(kind, limit)),
        average,
        lossScaleFactor,
        gradientAccumulationSteps,
        learningRateFactors);
  }

  UpdateOptions averaged(double momentum, OptionalInt overwriteFrequency) {
    return new UpdateOptions(
        name,
        weightDecay,
        excludedFromWeightDecay,
        clipping,
        Optional.of(new Average(momentum, overwriteFrequency)),
        lossScaleFactor,
        gradientAccumulationSteps,
        learningRateFactors);
  }

  UpdateOptions scaled(double factor) {
    return new UpdateOptions(
        name,
        weightDecay,
        excludedFromWeightDecay,
        clipping,
        average,
        OptionalDouble.of(factor),
        gradientAccumulationSteps,
        learningRateFactors);
  }

  UpdateOptions accumulated(int steps) {
    return new UpdateOptions(
        name,
        weightDecay,
        excludedFromWeightDecay,
        clipping,
        average,
        lossScaleFactor,
        steps,
        learningRateFactors);
  }

  UpdateOptions multiplied(String expression, double factor) {
    return new UpdateOptions(
        name,
        weightDecay,
        excludedFromWeightDecay,
        clipping,
        average,
        lossScaleFactor,
        gradientAccumulationSteps,
        ImmutableMap.<String, Double>builder()
            .putAll(learningRateFactors)
            .put(expression, factor)
            .buildKeepingLast());
  }
}
