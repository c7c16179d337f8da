package dev.tfgraphs.graphs;

import com.google.common.collect.ImmutableList;
import com.google.common.collect.ImmutableSortedMap;
import dev.tfgraphs.ops.Model;
import dev.tfgraphs.ops.Node;
import dev.tfgraphs.ops.Shape;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import org.tensorflow.Graph;
import org.tensorflow.GraphOperation;
import org.tensorflow.Output;
import org.tensorflow.op.Ops;
import org.tensorflow.proto.DataType;

/**
 * Everything that a trainer runs, in one graph: the model twice, for training and for inference, on
 * the same variables; loss, gradients and updates; metrics. All of it is made before the first run,
 * because a session plans anew whenever ops are added.
 */
final class TrainingGraph {
  /** A step over one batch, and what has gathered since the last reset. */
  record Phase(
      GraphOperation step, GraphOperation reset, ImmutableSortedMap<String, Output<?>> means) {}

  private final Emitter e;
  private final Compile compile;
  private final Targets targets;
  private final Variables variables;
  private final ImmutableList<Slot> inputs;
  private final Slot target;
  private final Slot weights;
  private final Output<?> prediction;
  private final Phase training;
  private final Phase evaluation;
  private final Output<?> learningRate;
  private final ImmutableList<GraphOperation> assignments;
  private final ImmutableList<Output<?>> assigned;
  private final boolean trains;

  TrainingGraph(Graph graph, Model model, Compile compile, long seed) {
    Lowering lowering = Lowering.of(Ops.create(graph), model, seed);
    this.e = lowering.emitter();
    this.compile = compile;
    this.variables = lowering.variables();
    this.targets = Targets.of(compile.loss(), output(model));
    compile.metrics().forEach(metric -> Metrics.check(metric, targets.output()));
    this.inputs = inputs(e, model);
    this.target = target(e.under("target"));

    List<Output<?>> values = inputs.stream().<Output<?>>map(Slot::value).toList();
    Lowered inference = lowering.emit(Mode.INFERENCE, values);
    this.prediction = inference.rawOutputs().get(0);
    this.weights = Slot.weights(e.under("weights"), values.get(0));
    this.evaluation = phase(e.under("evaluation"), inference, List.of(), this::nothing);

    Lowered forward = lowering.emit(Mode.TRAINING, values);
    this.trains = variables.all().stream().anyMatch(variable -> variable.weight().trainable());
    Optimizers optimizers = new Optimizers(e.under("optimizer"), compile.optimizer());
    this.learningRate = optimizers.rate();
    this.training =
        phase(
            e.under("training"),
            forward,
            forward.pass().updates(),
            trains
                ? loss -> optimizers.apply(Gradients.of(e, loss, forward.pass().reads()))
                : this::nothing);
    this.assigned = placeholders();
    this.assignments = assignments();
  }

  private static Shape output(Model model) {
    if (model.outputs().size() != 1) {
      throw new GraphException(
          "trainer: expected a model with one output, received one with " + model.outputs().size());
    }
    return model.output().shape();
  }

  /** Fails when there is nothing to train; such a model can still be judged and predict. */
  void checkTrains(String call) {
    if (!trains) {
      throw new GraphException(
          call
              + ": expected a weight that trains, received a model whose layers are frozen or have"
              + " none");
    }
  }

  private List<GraphOperation> nothing(Output<?> loss) {
    return List.of();
  }

  private static ImmutableList<Slot> inputs(Emitter e, Model model) {
    ImmutableList.Builder<Slot> slots = ImmutableList.builder();
    for (Node input : model.inputs()) {
      slots.add(
          Slot.create(
              e.under("input"), model.nameOf(input.layer()), DataType.DT_FLOAT, input.shape()));
    }
    return slots.build();
  }

  /** Targets enter with or without a last axis of 1; ops see the one form. */
  private Slot target(Emitter under) {
    return Slot.create(under, "batch", targets.type(), org.tensorflow.ndarray.Shape.unknown());
  }

  private Output<?> shaped(Emitter under, Output<?> output) {
    if (targets.shape().with(0, 1).isKnown()) {
      return under.reshape(target.value(), under.vector(targets.shape().toArray()));
    }
    Output<?> sizes = under.shape(output);
    return under.reshape(
        target.value(),
        targets.classes()
            ? under
                .op("StridedSlice")
                .in(sizes, under.vector(0), under.vector(-1), under.vector(1))
                .out()
            : sizes);
  }

  /** What a step does with the loss besides gathering it. */
  private interface Updates {
    List<GraphOperation> of(Output<?> loss);
  }

  private Phase phase(Emitter under, Lowered lowered, List<GraphOperation> also, Updates updates) {
    Output<?> output = lowered.rawOutputs().get(0);
    Output<?> wanted = shaped(under, output);
    Losses losses = new Losses(under.under("loss"));
    Output<?> loss =
        losses.mean(
            compile.loss(), output, lowered.pass().logitsOf(output), wanted, weights.value());
    Optional<Output<?>> penalties = losses.penalties(lowered.pass().reads());
    Output<?> total = penalties.isPresent() ? under.add(loss, penalties.get()) : loss;
    List<GraphOperation> step = new ArrayList<>(also);
    step.addAll(updates.of(total));

    Map<String, Meter> meters = new LinkedHashMap<>();
    Meter mean = Meter.create(under, "loss");
    meters.put("loss", mean);
    Output<?> samples = under.cast(Windows.size(under, output, 0), DataType.DT_FLOAT);
    step.add(mean.gather(under, under.mul(total, samples), samples));
    Metrics metrics = new Metrics(under.under("metrics"));
    for (Metric metric : compile.metrics()) {
      String name = Metrics.name(metric, targets);
      Meter meter = Meter.create(under, name);
      if (meters.put(name, meter) != null) {
        throw new GraphException("metrics: expected each once, received two called '" + name + "'");
      }
      step.add(meter.gatherAll(under, metrics.values(metric, targets, output, wanted)));
    }
    return new Phase(under.group("step", step), reset(under, meters), means(under, meters));
  }

  private static GraphOperation reset(Emitter under, Map<String, Meter> meters) {
    return under.group("reset", meters.values().stream().map(meter -> meter.reset(under)).toList());
  }

  private static ImmutableSortedMap<String, Output<?>> means(
      Emitter under, Map<String, Meter> meters) {
    ImmutableSortedMap.Builder<String, Output<?>> means = ImmutableSortedMap.naturalOrder();
    meters.forEach((name, meter) -> means.put(name, meter.mean(under)));
    return means.build();
  }

  private ImmutableList<Output<?>> placeholders() {
    return variables.all().stream()
        .<Output<?>>map(
            variable ->
                e.op("Placeholder", variable.name() + "/New")
                    .attr("dtype", DataType.DT_FLOAT)
                    .attr("shape", Shapes.toTensorFlow(variable.weight().spec().shape()))
                    .out())
        .collect(ImmutableList.toImmutableList());
  }

  private ImmutableList<GraphOperation> assignments() {
    ImmutableList.Builder<GraphOperation> operations = ImmutableList.builder();
    for (int i = 0; i < assigned.size(); i++) {
      operations.add(variables.all().get(i).resource().assign(e, assigned.get(i)));
    }
    return operations.build();
  }

  Targets targets() {
    return targets;
  }

  ImmutableList<Variable> variables() {
    return variables.all();
  }

  ImmutableList<Slot> inputs() {
    return inputs;
  }

  Slot target() {
    return target;
  }

  Slot weights() {
    return weights;
  }

  Output<?> prediction() {
    return prediction;
  }

  Phase training() {
    return training;
  }

  Phase evaluation() {
    return evaluation;
  }

  Output<?> learningRate() {
    return learningRate;
  }

  /** Where new values of the variables are fed, in their order. */
  ImmutableList<Output<?>> assigned() {
    return assigned;
  }

  /** The ops that give the variables what is fed, in their order. */
  ImmutableList<GraphOperation> assigning() {
    return assignments;
  }
}
