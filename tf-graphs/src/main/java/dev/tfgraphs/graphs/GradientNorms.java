package dev.tfgraphs.graphs;

import com.google.common.collect.ImmutableMap;
import dev.tfgraphs.graphs.data.Batch;
import dev.tfgraphs.ops.Model;
import dev.tfgraphs.ops.Node;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import org.tensorflow.Graph;
import org.tensorflow.Output;
import org.tensorflow.Result;
import org.tensorflow.Session;
import org.tensorflow.op.Ops;
import org.tensorflow.types.TFloat32;

/**
 * How strong gradients arrive at weights: the Euclidean norm of each weight's gradient, by its name
 * and in the order of the model. All come from one backward pass, and only norms leave TensorFlow.
 * Vanishing gradients show as norms that fall from the last layers to the first.
 */
public final class GradientNorms {
  private GradientNorms() {}

  /**
   * {@return the norms with respect to the loss of a batch, in training mode, without clipping;
   * nothing is changed, and the caller closes the batch}
   *
   * @throws GraphException if the batch does not fit, or if nothing trains
   */
  public static ImmutableMap<String, Double> ofLoss(Trainer trainer, Batch batch) {
    return trainer.gradientNorms(batch);
  }

  /**
   * {@return the norms with respect to the mean of what the model makes of some samples, in
   * inference mode; of several outputs, the sum of their means}
   *
   * @param weights exactly those of the model
   * @param inputs {@code (batch, ...)}, one for each input of the model
   * @throws GraphException if weights or inputs do not fit, or if a weight that trains is not
   *     reached
   */
  public static ImmutableMap<String, Double> ofOutputs(
      Model model, Weights weights, HostTensor... inputs) {
    weights.checkFit(model);
    checkInputs(model, inputs);
    try (Owner owner = new Owner("gradient norms")) {
      Graph graph = owner.own(new Graph());
      Lowering lowering = Lowering.of(Ops.create(graph), model, 0);
      Emitter e = lowering.emitter();
      List<Slot> slots = Slot.inputs(e, model);
      List<Output<?>> fed = slots.stream().<Output<?>>map(Slot::value).toList();
      Lowered lowered = lowering.emit(Mode.INFERENCE, fed);
      Map<Variable, Output<?>> reads = lowered.pass().reads();
      Map<Variable, Output<?>> norms =
          of(
              e.under("norms"),
              Gradients.of(
                  e, mean(e, lowered), e.scalar(1f), reads, lowered.pass().byName(), List.of()));
      Session session = owner.own(Devices.session(graph, Device.CPU));
      Session.Runner runner = session.runner();
      for (int i = 0; i < inputs.length; i++) {
        runner.feed(fed.get(i), owner.own(inputs[i].toNative()));
      }
      // what is read is fed, so that no variable needs a value
      reads.forEach(
          (variable, read) ->
              runner.feed(read, owner.own(weights.get(variable.name()).toNative())));
      return fetched(runner, norms);
    }
  }

  private static void checkInputs(Model model, HostTensor... inputs) {
    List<Node> nodes = model.inputs();
    if (inputs.length != nodes.size()) {
      throw new GraphException(
          "gradient norms: expected %d inputs, received %d".formatted(nodes.size(), inputs.length));
    }
    for (int i = 0; i < inputs.length; i++) {
      if (!Targets.matches(nodes.get(i).shape(), inputs[i].shape())) {
        throw new GraphException(
            "gradient norms: expected %s for input '%s', received %s"
                .formatted(
                    nodes.get(i).shape(), model.nameOf(nodes.get(i).layer()), inputs[i].shape()));
      }
    }
  }

  private static Output<?> mean(Emitter e, Lowered lowered) {
    List<Output<?>> means = new ArrayList<>();
    lowered.rawOutputs().forEach(output -> means.add(e.reduceAll("Mean", output)));
    return means.size() == 1 ? means.get(0) : e.op("AddN").list(means).out();
  }

  /** The ops of the norms of gradients. */
  static Map<Variable, Output<?>> of(Emitter e, Map<Variable, Output<?>> gradients) {
    Map<Variable, Output<?>> norms = new LinkedHashMap<>();
    gradients.forEach((variable, gradient) -> norms.put(variable, norm(e, gradient)));
    return norms;
  }

  /** Squares of the smallest and largest numbers are none in float32, those of their parts are. */
  private static Output<?> norm(Emitter e, Output<?> gradient) {
    Output<?> largest = e.reduceAll("Max", e.op("Abs").in(gradient).out());
    Output<?> half = e.op("L2Loss").in(e.op("DivNoNan").in(gradient, largest).out()).out();
    return e.mul(largest, e.op("Sqrt").in(e.mul(e.scalar(2f), half)).out());
  }

  /** Runs norms. */
  static ImmutableMap<String, Double> fetched(
      Session.Runner runner, Map<Variable, Output<?>> norms) {
    norms.values().forEach(runner::fetch);
    ImmutableMap.Builder<String, Double> named = ImmutableMap.builder();
    try (Result result = Runs.run("gradient norms", runner)) {
      int i = 0;
      for (Variable variable : norms.keySet()) {
        named.put(variable.name(), (double) ((TFloat32) result.get(i++)).getFloat());
      }
    }
    return named.buildOrThrow();
  }
}
