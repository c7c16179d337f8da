package dev.tfgraphs.graphs;

import com.google.common.collect.Maps;
import java.util.ArrayList;
import java.util.Collection;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.function.UnaryOperator;
import org.tensorflow.GraphOperation;
import org.tensorflow.Operand;
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
   * @param pass that made what the loss judges
   * @param lossless the outputs without a loss, to which weights may lead that nothing else reaches
   */
  static Map<Variable, Output<?>> of(
      Emitter e, Output<?> loss, Output<?> start, Pass pass, List<String> lossless) {
    Map<Variable, Output<?>> reads =
        Maps.filterKeys(pass.reads(), variable -> variable.weight().trainable());
    check(loss, reads.values(), pass);
    Map<Output<?>, Output<?>> gradients;
    try {
      gradients = Backward.of(e, loss, start, reads.values(), pass.cuts());
    } catch (RuntimeException failure) { // TensorFlow's exceptions have no common class
      throw new GraphException(
          "gradients: TensorFlow cannot derive the loss: " + failure.getMessage(), failure);
    }
    List<Variable> unreached =
        reads.keySet().stream().filter(v -> !gradients.containsKey(reads.get(v))).toList();
    if (!unreached.isEmpty()) {
      throw unreached(unreached, lossless);
    }
    Map<Variable, Output<?>> result = new LinkedHashMap<>();
    reads.forEach((variable, read) -> result.put(variable, gradients.get(read)));
    return result;
  }

  private static void check(Output<?> loss, Collection<Output<?>> reads, Pass pass) {
    List<Output<?>> from = new ArrayList<>(reads);
    pass.cuts().forEach(cut -> from.add(cut.kept()));
    WrongGradients.check(loss, from, pass.byName());
    pass.cuts().forEach(cut -> WrongGradients.check(cut.made(), from, pass.byName()));
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

  /** The op that makes {@code value}. */
  static GraphOperation op(Operand<?> value) {
    return (GraphOperation) value.asOutput().op();
  }

  /** Each gradient changed, in the same order. */
  static Map<Variable, Output<?>> map(
      Map<Variable, Output<?>> gradients, UnaryOperator<Output<?>> change) {
    Map<Variable, Output<?>> changed = new LinkedHashMap<>();
    gradients.forEach((variable, gradient) -> changed.put(variable, change.apply(gradient)));
    return changed;
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
  static boolean exists(Output<?> gradient) {
    try {
      return !gradient.op().name().isEmpty();
    } catch (IllegalStateException missing) {
      return false;
    }
  }
}
