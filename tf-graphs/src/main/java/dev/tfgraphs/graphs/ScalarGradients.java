package dev.tfgraphs.graphs;

import dev.tfgraphs.ops.Model;
import dev.tfgraphs.ops.Node;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import org.tensorflow.Graph;
import org.tensorflow.Output;
import org.tensorflow.Session;
import org.tensorflow.op.Ops;

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
    weights.checkFit(model);
    checkInputs(model, inputs);
    try (Owner owner = new Owner(CALL)) {
      Graph graph = owner.own(new Graph());
      Lowering lowering = Lowering.of(Ops.create(graph), model, 0);
      Emitter e = lowering.emitter();
      List<Slot> slots = Slot.inputs(e, model);
      List<Output<?>> fed = slots.stream().<Output<?>>map(Slot::value).toList();
      Lowered lowered = lowering.emit(Mode.INFERENCE, fed);
      Output<?> value = scalar.of(e, lowered);
      Map<Variable, Output<?>> reads = lowered.pass().reads();
      Map<Variable, Output<?>> gradients =
          Gradients.of(e, value, e.scalar(1f), reads, lowered.pass().byName(), List.of());
      NormOps norms = NormOps.of(e.under("norms"), model, gradients, norm -> norm);
      Session.Runner runner = owner.own(Devices.session(graph, Device.CPU)).runner();
      for (int i = 0; i < inputs.length; i++) {
        runner.feed(fed.get(i), owner.own(inputs[i].toNative()));
      }
      // what is read is fed, so that no variable needs a value
      reads.forEach(
          (variable, read) ->
              runner.feed(read, owner.own(weights.get(variable.name()).toNative())));
      return Runs.run(CALL, () -> norms.fetched(runner));
    }
  }

  private static void checkInputs(Model model, HostTensor... inputs) {
    List<Node> nodes = model.inputs();
    if (inputs.length != nodes.size()) {
      throw new GraphException(
          "%s: expected %d inputs, received %d".formatted(CALL, nodes.size(), inputs.length));
    }
    for (int i = 0; i < inputs.length; i++) {
      if (!Targets.matches(nodes.get(i).shape(), inputs[i].shape())) {
        throw new GraphException(
            "%s: expected %s for input '%s', received %s"
                .formatted(
                    CALL,
                    nodes.get(i).shape(),
                    model.nameOf(nodes.get(i).layer()),
                    inputs[i].shape()));
      }
    }
  }
}
