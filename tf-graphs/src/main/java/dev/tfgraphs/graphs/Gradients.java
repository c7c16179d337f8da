package dev.tfgraphs.graphs;

import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.function.UnaryOperator;
import org.tensorflow.Output;

/**
 * Gradients of a loss with respect to the weights that train, each known to exist before anything
 * runs.
 */
final class Gradients {
  private Gradients() {}

  /**
   * The gradients of {@code loss}.
   *
   * @param start what is multiplied back through the loss, a scalar: 1, once all that must hold
   *     before an update is known to hold
   * @param layers what layers make, by their names
   * @param lossless the outputs without a loss, to which weights may lead that nothing else reaches
   */
  static Map<Variable, Output<?>> of(
      Emitter e,
      Output<?> loss,
      Output<?> start,
      Map<Variable, Output<?>> reads,
      Map<String, Output<?>> layers,
      List<String> lossless) {
    List<Variable> variables =
        reads.keySet().stream().filter(variable -> variable.weight().trainable()).toList();
    WrongGradients.check(loss, variables.stream().map(reads::get).toList(), layers);
    Output<?>[] gradients;
    try {
      gradients = derive(e, loss, start, variables, reads);
    } catch (RuntimeException failure) { // TensorFlow's exceptions have no common class
      List<Variable> apart =
          variables.stream().filter(v -> isApart(e, loss, start, v, reads)).toList();
      if (!apart.isEmpty()) {
        throw unreached(apart, lossless);
      }
      throw new GraphException(
          "gradients: TensorFlow cannot derive the loss: " + failure.getMessage(), failure);
    }
    return checked(variables, gradients, lossless);
  }

  /**
   * The gradient of {@code score} with respect to {@code value}, what a layer makes; empty if the
   * score does not depend on it.
   *
   * @param layers what layers make, by their names
   */
  static Optional<Output<?>> of(
      Emitter e, Output<?> score, Output<?> value, Map<String, Output<?>> layers) {
    WrongGradients.check(score, List.of(value), layers);
    try {
      Output<?>[] gradients =
          e.graph()
              .addGradients(
                  null,
                  new Output<?>[] {score},
                  new Output<?>[] {value},
                  new Output<?>[] {e.scalar(1f)});
      return gradients.length == 1 && exists(gradients[0])
          ? Optional.of(gradients[0])
          : Optional.empty();
    } catch (RuntimeException failure) { // TensorFlow's exceptions have no common class
      if (String.valueOf(failure.getMessage()).contains("unreachable")) {
        return Optional.empty();
      }
      throw new GraphException(
          "gradients: TensorFlow cannot derive the score: " + failure.getMessage(), failure);
    }
  }

  private static Output<?>[] derive(
      Emitter e,
      Output<?> loss,
      Output<?> start,
      List<Variable> variables,
      Map<Variable, Output<?>> reads) {
    Output<?>[] values = variables.stream().map(reads::get).toArray(Output<?>[]::new);
    return e.graph().addGradients(null, new Output<?>[] {loss}, values, new Output<?>[] {start});
  }

  /** Whether a weight does not lie before the loss; asked only when that is why all failed. */
  private static boolean isApart(
      Emitter e,
      Output<?> loss,
      Output<?> start,
      Variable variable,
      Map<Variable, Output<?>> reads) {
    try {
      return derive(e, loss, start, List.of(variable), reads).length == 0;
    } catch (RuntimeException failure) {
      return String.valueOf(failure.getMessage()).contains("unreachable");
    }
  }

  /** Each gradient changed, in the same order. */
  static Map<Variable, Output<?>> map(
      Map<Variable, Output<?>> gradients, UnaryOperator<Output<?>> change) {
    Map<Variable, Output<?>> changed = new LinkedHashMap<>();
    gradients.forEach((variable, gradient) -> changed.put(variable, change.apply(gradient)));
    return changed;
  }

  private static Map<Variable, Output<?>> checked(
      List<Variable> variables, Output<?>[] gradients, List<String> lossless) {
    Map<Variable, Output<?>> result = new LinkedHashMap<>();
    List<Variable> blocked = new ArrayList<>();
    for (int i = 0; i < gradients.length; i++) {
      if (exists(gradients[i])) {
        result.put(variables.get(i), gradients[i]);
      } else {
        blocked.add(variables.get(i));
      }
    }
    if (!blocked.isEmpty()) {
      throw unreached(blocked, lossless);
    }
    return result;
  }

  private static GraphException unreached(List<Variable> variables, List<String> lossless) {
    return new GraphException(
        "gradients: expected a way from the loss to every weight that trains, received none to "
            + String.join(", ", variables.stream().map(Variable::name).toList())
            + (lossless.isEmpty()
                ? "; freeze their layers if that is meant"
                : "; outputs without a loss: %s; give one with loss(\"%s\", ...), or freeze these"
                        .formatted(String.join(", ", lossless), lossless.get(0))
                    + " layers if that is meant"));
  }

  /**
   * A weight that no gradient reaches comes back as an op without a native one, which nothing else
   * may touch.
   */
  private static boolean exists(Output<?> gradient) {
    try {
      return !gradient.op().name().isEmpty();
    } catch (IllegalStateException missing) {
      return false;
    }
  }
}
