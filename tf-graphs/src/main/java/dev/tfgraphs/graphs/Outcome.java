package dev.tfgraphs.graphs;

import java.util.Optional;
import org.tensorflow.Output;

/**
 * What a loss and metrics look at: what came out for a batch, and what was wanted.
 *
 * @param prediction the output
 * @param logits what it was a softmax or sigmoid of
 * @param target in the type and shape of {@code targets}
 * @param weights {@code (batch)}, or with axes of the output behind it
 * @param given the weights if the batch has any, and otherwise a single 1
 */
record Outcome(
    Targets targets,
    Output<?> prediction,
    Optional<Pass.Logits> logits,
    Output<?> target,
    Optional<Output<?>> weights,
    Optional<Output<?>> given) {

  /** An outcome that surely has weights, or surely has none. */
  Outcome(
      Targets targets,
      Output<?> prediction,
      Optional<Pass.Logits> logits,
      Output<?> target,
      Optional<Output<?>> weights) {
    this(targets, prediction, logits, target, weights, weights);
  }

  /** This outcome, every sample of which counts alike. */
  Outcome unweighted() {
    return new Outcome(targets, prediction, logits, target, Optional.empty());
  }

  /**
   * The weights with as many axes as {@code values}: a weight of a sample is the weight of all its
   * places.
   *
   * @throws GraphException if there are more axes of weights than of values
   */
  Optional<Output<?>> weightsOn(Emitter e, Output<?> values) {
    return weights.map(given -> spread(e, given, Arithmetic.rank(values)));
  }

  private static Output<?> spread(Emitter e, Output<?> weights, int rank) {
    int given = Arithmetic.rank(weights);
    if (given == rank + 1 && rank > 0 && weights.shape().get(rank) == 1) {
      return e.op("Squeeze").in(weights).attr("squeeze_dims", new long[] {rank}).out();
    }
    if (given > rank) {
      throw new GraphException(
          "sample weights: expected at most %d axes, as the values to weight have, received %s"
              .formatted(rank, weights.shape()));
    }
    Output<?> wide = weights;
    for (int axis = given; axis < rank; axis++) {
      wide = e.op("ExpandDims").in(wide, e.scalar(-1)).out();
    }
    return wide;
  }
}
