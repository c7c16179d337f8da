package dev.tfgraphs.graphs;

import com.google.common.collect.ImmutableMap;
import java.util.Collection;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.regex.Pattern;
import org.tensorflow.Output;

/** The learning rate of each weight: that of the optimizer, times the factor of its part. */
final class Rates {
  private final Emitter e;
  private final Output<?> rate;
  private final ImmutableMap<String, Double> factors;
  private final Map<Double, Output<?>> made = new HashMap<>();

  /**
   * Rates by the first expression that is found in the name of a weight.
   *
   * @throws GraphException if one decides for none of {@code variables}
   */
  Rates(
      Emitter e,
      Output<?> rate,
      ImmutableMap<String, Double> factors,
      Collection<Variable> variables) {
    this.e = e;
    this.rate = rate;
    this.factors = factors;
    factors.keySet().forEach(expression -> check(expression, variables));
  }

  private void check(String expression, Collection<Variable> variables) {
    List<Variable> found =
        variables.stream().filter(variable -> isIn(expression, variable)).toList();
    if (found.isEmpty()) {
      throw new GraphException(
          "optimizer: learningRateFactor: expected an expression that is found in the name of a"
              + " weight that trains, received '%s', but there are %s"
                  .formatted(expression, variables.stream().limit(8).map(Variable::name).toList()));
    }
    if (found.stream().noneMatch(variable -> first(variable).equals(Optional.of(expression)))) {
      throw new GraphException(
          "optimizer: learningRateFactor: expected an expression that decides for a weight,"
              + " received"
              + " '%s' after others that are found in the names of all of its weights, such as '%s'"
                  .formatted(expression, first(found.get(0)).orElseThrow()));
    }
  }

  /** The expression that decides. */
  private Optional<String> first(Variable variable) {
    return factors.keySet().stream().filter(each -> isIn(each, variable)).findFirst();
  }

  private static boolean isIn(String expression, Variable variable) {
    return Pattern.compile(expression).matcher(variable.name()).find();
  }

  /** The rate of a weight. */
  Output<?> of(Variable variable) {
    double factor = factor(variable);
    return factor == 1
        ? rate
        : made.computeIfAbsent(factor, key -> e.mul(rate, e.scalar(key.floatValue())));
  }

  /** What was made with the rate of the optimizer, as it is with that of a weight. */
  Output<?> scaled(Emitter under, Variable variable, Output<?> value) {
    double factor = factor(variable);
    return factor == 1 ? value : under.mul(value, e.scalar((float) factor));
  }

  private double factor(Variable variable) {
    return first(variable).map(factors::get).orElse(1.0);
  }

  /** The rate of the optimizer. */
  Output<?> common() {
    return rate;
  }
}
