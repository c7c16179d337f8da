package dev.tfgraphs.graphs;

import dev.tfgraphs.ops.Model;
import dev.tfgraphs.ops.Node;
import java.util.ArrayList;
import java.util.EnumMap;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import org.tensorflow.Graph;
import org.tensorflow.GraphOperation;
import org.tensorflow.Operand;
import org.tensorflow.Operation;
import org.tensorflow.Output;
import org.tensorflow.Result;
import org.tensorflow.Session;
import org.tensorflow.op.Ops;
import org.tensorflow.proto.DataType;

/** A model lowered into a graph of its own, for one mode or both, and run on arrays. */
final class Workbench implements AutoCloseable {
  private final Owner owner = new Owner("workbench");
  private final Emitter e;
  private final List<Output<?>> inputs = new ArrayList<>();
  private final Map<Mode, Lowered> lowered = new EnumMap<>(Mode.class);
  private final List<Variable> variables;
  private final List<Output<?>> fed = new ArrayList<>();
  private final List<GraphOperation> assigned = new ArrayList<>();
  private final Session session;

  Workbench(Model model, Mode... modes) {
    this(model, Precision.FLOAT32, modes);
  }

  Workbench(Model model, Precision precision, Mode... modes) {
    Graph graph = owner.own(new Graph());
    Lowering lowering = Lowering.of(Ops.create(graph), model, 1);
    this.e = lowering.emitter();
    this.variables = lowering.variables().all();
    for (Node input : model.inputs()) {
      inputs.add(placeholder(Shapes.toTensorFlow(input.shape())));
    }
    // what is fed cannot be fetched, and some layers return what they are given
    List<Output<?>> entered =
        inputs.stream().<Output<?>>map(input -> e.op("Identity").in(input).out()).toList();
    try {
      for (Mode mode : modes) {
        lowered.put(mode, lowering.emit(mode, precision, entered));
      }
    } catch (RuntimeException failure) {
      owner.close();
      throw failure;
    }
    for (Variable variable : variables) {
      Output<?> value = placeholder(Shapes.toTensorFlow(variable.weight().spec().shape()));
      fed.add(value);
      assigned.add(variable.resource().assign(e, value));
    }
    this.session = owner.own(new Session(graph));
    session.initialize();
  }

  private Output<?> placeholder(org.tensorflow.ndarray.Shape shape) {
    return e.op("Placeholder").attr("dtype", DataType.DT_FLOAT).attr("shape", shape).out();
  }

  Emitter emitter() {
    return e;
  }

  List<Output<?>> inputs() {
    return inputs;
  }

  Lowered lowered(Mode mode) {
    return Objects.requireNonNull(lowered.get(mode));
  }

  /** Gives variables that were added since their first values. */
  void initialize() {
    session.initialize();
  }

  /** Gives the weights, in the model's order, other values. */
  void assign(List<HostTensor> values) {
    for (int i = 0; i < variables.size(); i++) {
      try (var tensor = values.get(i).toNative()) {
        session.runner().feed(fed.get(i), tensor).addTarget(assigned.get(i)).run().close();
      }
    }
  }

  /** The outputs in a mode; training also moves averages and counts random states up. */
  List<HostTensor> run(Mode mode, List<HostTensor> given) {
    Lowered of = lowered(mode);
    return run(of.rawOutputs(), of.updates(), inputs, given);
  }

  List<HostTensor> weights() {
    return run(variables.stream().map(Variable::value).toList(), List.of(), List.of(), List.of());
  }

  /** Fetches {@code wanted}, one after the other, with {@code given} fed to {@code places}. */
  List<HostTensor> run(
      List<? extends Operand<?>> wanted,
      List<? extends Operation> targets,
      List<? extends Operand<?>> places,
      List<HostTensor> given) {
    try (Owner tensors = new Owner("tensors")) {
      Session.Runner runner = session.runner();
      wanted.forEach(runner::fetch);
      targets.forEach(runner::addTarget);
      for (int i = 0; i < given.size(); i++) {
        runner.feed(places.get(i).asOutput(), tensors.own(given.get(i).toNative()));
      }
      List<HostTensor> values = new ArrayList<>();
      try (Result result = runner.run()) {
        result.forEach(entry -> values.add(HostTensor.of(entry.getValue())));
      }
      return values;
    }
  }

  @Override
  public void close() {
    owner.close();
  }
}
