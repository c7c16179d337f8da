package dev.tfgraphs.graphs;

import com.google.common.base.Suppliers;
import com.google.common.collect.ImmutableList;
import com.google.common.collect.ImmutableMap;
import com.google.common.collect.ImmutableSet;
import com.google.common.collect.ImmutableSortedMap;
import dev.tfgraphs.ops.BatchNormalization;
import dev.tfgraphs.ops.Model;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.function.Supplier;
import java.util.stream.Stream;
import org.tensorflow.Graph;
import org.tensorflow.GraphOperation;
import org.tensorflow.Output;
import org.tensorflow.op.Ops;
import org.tensorflow.proto.GraphDef;

/**
 * Everything that a trainer runs, in one graph: the model twice, for training and for inference, on
 * the same variables; losses, gradients and updates; metrics. All of it is made before the first
 * run, because a session plans anew whenever ops are added.
 */
final class TrainingGraph {
  /** What TensorFlow's message begins with when a loss is no finite number. */
  static final String INVALID_LOSS = "tfgraphs: invalid loss";

  /**
   * A step over one batch, the loss of this batch, and what has gathered since the last reset.
   *
   * @param loss none if nothing is judged
   */
  record Phase(
      GraphOperation step,
      Optional<Output<?>> loss,
      GraphOperation reset,
      ImmutableSortedMap<String, Output<?>> results,
      ImmutableMap<String, Boolean> rising) {}

  private final Emitter e;
  private final Model model;
  private final Variables variables;
  private final ImmutableList<Slot> inputs;
  private final FrozenPart frozen;
  private final ImmutableList<Head> heads;
  private final ImmutableList<String> lossless;
  private final SampleWeights weights;
  private final ImmutableList<Output<?>> predictions;
  private final Phase training;
  private final Phase evaluation;
  private final Optimizers optimizers;
  private final State state;
  private final GraphOperation finite;
  private final Output<?> magnitude;
  private final boolean trains;
  private Supplier<NormOps> gradientNorms = () -> NormOps.NONE;

  TrainingGraph(Graph graph, Model model, Compile compile, long seed) {
    Lowering lowering =
        Lowering.of(Ops.create(graph), model, seed, () -> Devices.isGpu(compile.device()));
    this.e = lowering.emitter();
    this.model = model;
    this.variables = lowering.variables();
    ImmutableMap<String, Objective> objectives = compile.objectives(model);
    this.heads = Head.of(e, model, objectives);
    this.lossless = lossless(objectives, heads);
    this.inputs = Slot.inputs(e, model);
    this.frozen = FrozenPart.of(model);

    List<Output<?>> values = inputs.stream().<Output<?>>map(Slot::value).toList();
    Lowered inference =
        lowering.emit(Mode.INFERENCE, compile.precision(), values, frozen, ImmutableSet.of());
    this.predictions = inference.fetchableOutputs();
    Output<?> samples = heads.isEmpty() ? values.get(0) : heads.get(0).target().value();
    this.weights = SampleWeights.create(e.under("weights"), samples);
    this.evaluation = evaluation(e.under("evaluation"), inference);

    ImmutableSet<Integer> cuts = compile.recompute().cuts(model);
    Lowered forward = lowering.emit(Mode.TRAINING, compile.precision(), values, frozen, cuts);
    this.trains = variables.all().stream().anyMatch(variable -> variable.weight().trainable());
    this.optimizers = optimizers(e.under("optimizer"), compile);
    this.training = training(e.under("training"), forward);
    this.state = State.of(e.under("state"), List.copyOf(e.resources()), optimizers.scratch());
    this.finite = e.group("finite", checks(e.under("finite")));
    this.magnitude = magnitude(e.under("magnitude"));
  }

  /** The outputs for which there is no loss. */
  private static ImmutableList<String> lossless(
      ImmutableMap<String, Objective> objectives, List<Head> heads) {
    return objectives.keySet().stream()
        .filter(name -> heads.stream().noneMatch(head -> head.name().equals(name)))
        .collect(ImmutableList.toImmutableList());
  }

  /** Of all precisions, float16 alone has too small a range for gradients. */
  private static Optimizers optimizers(Emitter under, Compile compile) {
    return compile.precision() == Precision.MIXED_FLOAT16
        ? new Optimizers(under, compile.optimizer(), Optional.of(new LossScale(under)))
        : new Optimizers(under, compile.optimizer());
  }

  /** Fails when there is nothing to train; such a model can still be judged and predict. */
  void checkTrains(String call) {
    checkJudges(call);
    if (!trains) {
      throw new GraphException(
          call
              + ": expected a weight that trains, received a model whose layers are frozen or have"
              + " none");
    }
  }

  /** Fails when there is no loss; such a model can still predict. */
  void checkJudges(String call) {
    if (heads.isEmpty()) {
      throw new GraphException(call + ": expected a loss, received a trainer without one");
    }
  }

  private Phase evaluation(Emitter under, Lowered lowered) {
    if (heads.isEmpty()) {
      return new Phase(
          under.group("step", List.of()),
          Optional.empty(),
          under.group("reset", List.of()),
          ImmutableSortedMap.of(),
          ImmutableMap.of());
    }
    Judgement judgement = new Judgement(under, heads, lowered, weights);
    return phase(under, judgement, judgement.total(), List.of(), List.of());
  }

  /**
   * Nothing is updated unless the loss is a finite number: gradients start from a 1 that waits for
   * the check, and everything else that a step changes waits too. In float16 the gradients decide,
   * and averages do not move by what has overflowed.
   */
  private Phase training(Emitter under, Lowered lowered) {
    if (heads.isEmpty() || !trains) {
      return evaluation(under, lowered);
    }
    Judgement judgement = new Judgement(under, heads, lowered, weights);
    Output<?> total = judgement.total();
    Optional<LossScale> scale = optimizers.lossScale();
    Output<?> finite = scale.isPresent() ? scale.get().borne(under, total) : total;
    Output<?> checked = under.op("CheckNumerics").in(finite).attr("message", INVALID_LOSS).out();
    List<GraphOperation> valid = List.of((GraphOperation) checked.op());
    Output<?> one = under.after(valid).op("Identity").in(under.scalar(1f)).out();
    Output<?> start =
        Arithmetic.rank(total) == 0
            ? one
            : under.op("BroadcastTo").in(one, under.shape(total)).out();
    List<GraphOperation> updates = new ArrayList<>(lowered.pass().counts(valid));
    updates.addAll(moves(under, lowered.pass(), total, valid));
    Map<Variable, Output<?>> gradients =
        Gradients.of(e, total, optimizers.scaled(start), lowered.pass(), lossless);
    Emitter norms = under.under("norms");
    gradientNorms =
        Suppliers.memoize(
            () -> NormOps.of(norms, model, gradients, norm -> optimizers.unscaled(norms, norm)));
    updates.addAll(optimizers.apply(gradients));
    return phase(under, judgement, scale.isPresent() ? total : checked, valid, updates);
  }

  private List<GraphOperation> moves(
      Emitter under, Pass pass, Output<?> total, List<GraphOperation> valid) {
    if (optimizers.lossScale().isEmpty()) {
      return pass.moves(valid);
    }
    List<Output<?>> finite = new ArrayList<>(pass.trackedValues());
    finite.add(total);
    Branch.Body moves =
        yes -> {
          List<GraphOperation> controls = new ArrayList<>(valid);
          controls.add(yes.op("NoOp").build());
          return pass.moves(controls);
        };
    return List.of(optimizers.lossScale().get().whereFinite(under.under("moves"), finite, moves));
  }

  private static Phase phase(
      Emitter under,
      Judgement judgement,
      Output<?> loss,
      List<GraphOperation> valid,
      List<GraphOperation> updates) {
    Output<?> mean = Arithmetic.rank(loss) == 0 ? loss : under.reduceAll("Mean", loss);
    Judgement.Gathering gathering = judgement.gather(mean, valid);
    List<GraphOperation> step = new ArrayList<>(updates);
    step.addAll(gathering.updates());
    return new Phase(
        under.group("step", step),
        Optional.of(mean),
        under.group("reset", gathering.resets()),
        ImmutableSortedMap.copyOf(gathering.results()),
        ImmutableMap.copyOf(gathering.rising()));
  }

  private List<GraphOperation> checks(Emitter under) {
    return moved()
        .map(
            variable ->
                under
                    .op("CheckNumerics")
                    .in(variable.resource().read())
                    .attr("message", variable.name())
                    .build())
        .toList();
  }

  private Output<?> magnitude(Emitter under) {
    List<Output<?>> parts =
        moved()
            .<Output<?>>map(variable -> under.op("L2Loss").in(variable.resource().read()).out())
            .toList();
    return parts.isEmpty() ? under.scalar(0f) : under.op("AddN").list(parts).out();
  }

  /** What a step moves by itself. What users' layers track may start from infinity. */
  Stream<Variable> moved() {
    return variables.all().stream()
        .filter(
            variable ->
                variable.weight().trainable()
                    || variable.weight().layer() instanceof BatchNormalization);
  }

  ImmutableList<Variable> variables() {
    return variables.all();
  }

  /** Fails if weights that train or moving statistics are no finite numbers. */
  GraphOperation finite() {
    return finite;
  }

  ImmutableList<Slot> inputs() {
    return inputs;
  }

  /** What needs to be made of a sample but once; its slots may be fed in place of the inputs. */
  FrozenPart frozen() {
    return frozen;
  }

  /**
   * Half the sum of the squares of what {@link #finite} checks, and several times faster: where it
   * is a finite number, they all are.
   */
  Output<?> magnitude() {
    return magnitude;
  }

  /** The outputs that have a loss, in the order of the model and of the targets of a batch. */
  ImmutableList<Head> heads() {
    return heads;
  }

  SampleWeights weights() {
    return weights;
  }

  /**
   * The norms of the gradients of the loss in training; none where nothing trains. They alone are
   * made when they are first asked for, since most trainings never do.
   */
  NormOps gradientNorms() {
    return gradientNorms.get();
  }

  /** The outputs of the model in inference. */
  ImmutableList<Output<?>> predictions() {
    return predictions;
  }

  Phase training() {
    return training;
  }

  Phase evaluation() {
    return evaluation;
  }

  Optimizers optimizers() {
    return optimizers;
  }

  /** All ops, as TensorFlow writes them. */
  GraphDef toGraphDef() {
    return e.graph().toGraphDef();
  }

  /** Whether what is called {@code name} gets better as it rises; empty if nobody says so. */
  Optional<Boolean> rises(String name) {
    return Optional.ofNullable(training.rising().get(name));
  }

  /** What saves and restores all variables. */
  State state() {
    return state;
  }
}
