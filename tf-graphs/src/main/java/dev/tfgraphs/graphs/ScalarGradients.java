package dev.tfgraphs.graphs;

import dev.tfgraphs.ops.Model;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import org.tensorflow.Output;
import org.tensorflow.Session;

/** Norms of the gradients of a scalar that is made of a model in inference mode. */
final class ScalarGradients {
  private static final String CALL = "gradient norms";

  /** A scalar as an op of the model's graph. */
  private interface Scalar {
    Output<?> of(Emitter e, Lowered lowered);
  }

  private ScalarGradients() {}

  /** With respect to the sum of the means of all outputs. */
  static GradientNorms ofMeans(Model model, Weights weights, HostTensor... inputs) {
    return norms(model, weights, ScalarGradients::means, inputs);
  }

  /** With respect to a scalar of the user's own. */
  static GradientNorms of(
      Model model, Weights weights, ScalarFunction function, HostTensor... inputs) {
    return norms(model, weights, (e, lowered) -> own(e, lowered, function), inputs);
  }

  private static Output<?> means(Emitter e, Lowered lowered) {
    List<Output<?>> means = new ArrayList<>();
    lowered.rawOutputs().forEach(output -> means.add(e.reduceAll("Mean", output)));
    return means.size() == 1 ? means.get(0) : e.op("AddN").list(means).out();
  }

  private static Output<?> own(Emitter e, Lowered lowered, ScalarFunction function) {
    Output<?> value = OwnFunction.checked(e, CALL, function.apply(e.tf(), lowered).asOutput());
    if (Arithmetic.rank(value) != 0) {
      throw new GraphException(
          "%s: expected a scalar, received values %s"
              .formatted(CALL, Shapes.fromTensorFlow(value.shape())));
    }
    return value;
  }

  private static GradientNorms norms(
      Model model, Weights weights, Scalar scalar, HostTensor... inputs) {
    try (InferenceRun run = new InferenceRun(CALL, model, weights, inputs)) {
      Emitter e = run.emitter();
      Output<?> value = scalar.of(e, run.lowered());
      Map<Variable, Output<?>> gradients =
          Gradients.of(e, value, e.scalar(1f), run.lowered().pass(), List.of());
      NormOps norms = NormOps.of(e.under("norms"), model, gradients, norm -> norm);
      Session.Runner runner = run.runner();
      return Runs.run(CALL, () -> norms.fetched(runner));
    }
  }
}
