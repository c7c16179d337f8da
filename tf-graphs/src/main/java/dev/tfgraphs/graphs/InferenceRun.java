package dev.tfgraphs.graphs;

import dev.tfgraphs.ops.Model;
import dev.tfgraphs.ops.Node;
import java.util.List;
import java.util.Map;
import org.tensorflow.Graph;
import org.tensorflow.Output;
import org.tensorflow.Session;
import org.tensorflow.op.Ops;

/**
 * A model in inference on one batch, in a graph of its own to which ops can be added before it is
 * run. What it reads is fed, so that no variable needs a value.
 */
final class InferenceRun implements AutoCloseable {
  private final Owner owner;
  private final Weights weights;
  private final HostTensor[] inputs;
  private final Graph graph;
  private final Emitter e;
  private final List<Output<?>> fed;
  private final Lowered lowered;

  /**
   * Makes the graph.
   *
   * @param call how errors call what is computed
   * @param weights exactly those of the model
   * @param inputs {@code (batch, ...)}, one for each input of the model
   * @throws GraphException if weights or inputs do not fit
   */
  InferenceRun(String call, Model model, Weights weights, HostTensor... inputs) {
    weights.checkFit(model);
    checkInputs(call, model, inputs);
    this.owner = new Owner(call);
    this.weights = weights;
    this.inputs = inputs;
    try {
      this.graph = owner.own(new Graph());
      Lowering lowering = Lowering.of(Ops.create(graph), model, 0);
      this.e = lowering.emitter();
      this.fed = Slot.inputs(e, model).stream().<Output<?>>map(Slot::value).toList();
      this.lowered = lowering.emit(Mode.INFERENCE, fed);
    } catch (RuntimeException | Error failure) {
      owner.closeAfter(failure);
      throw failure;
    }
  }

  private static void checkInputs(String call, Model model, HostTensor... inputs) {
    List<Node> nodes = model.inputs();
    if (inputs.length != nodes.size()) {
      throw new GraphException(
          "%s: expected %d inputs, received %d".formatted(call, nodes.size(), inputs.length));
    }
    for (int i = 0; i < inputs.length; i++) {
      if (!Targets.matches(nodes.get(i).shape(), inputs[i].shape())) {
        throw new GraphException(
            "%s: expected %s for input '%s', received %s"
                .formatted(
                    call,
                    nodes.get(i).shape(),
                    model.nameOf(nodes.get(i).layer()),
                    inputs[i].shape()));
      }
    }
  }

  Emitter emitter() {
    return e;
  }

  Lowered lowered() {
    return lowered;
  }

  /** Each weight that is read, and its value. */
  Map<Variable, Output<?>> reads() {
    return lowered.pass().reads();
  }

  /** Runs on the batch what is then fetched, on the CPU, once all ops are in the graph. */
  Session.Runner runner() {
    Session session = owner.own(Devices.session(graph, Device.CPU));
    Session.Runner runner = session.runner();
    for (int i = 0; i < inputs.length; i++) {
      runner.feed(fed.get(i), owner.own(inputs[i].toNative()));
    }
    reads()
        .forEach(
            (variable, read) ->
                runner.feed(read, owner.own(weights.get(variable.name()).toNative())));
    return runner;
  }

  @Override
  public void close() {
    owner.close();
  }
}
