package dev.tfgraphs.graphs;

import com.google.common.collect.ImmutableList;
import com.google.common.collect.ImmutableMap;
import dev.tfgraphs.graphs.data.Batch;
import java.nio.file.Path;
import java.util.List;
import java.util.Optional;
import java.util.function.Consumer;
import java.util.function.Supplier;
import java.util.stream.IntStream;
import org.tensorflow.GraphOperation;
import org.tensorflow.Output;
import org.tensorflow.Result;
import org.tensorflow.Session;
import org.tensorflow.Tensor;
import org.tensorflow.types.TFloat32;
import org.tensorflow.types.TInt64;
import org.tensorflow.types.TString;

/** What a trainer has its session do, each a run of ops of its graph. */
final class Runs {
  private final TrainingGraph graph;
  private final Session session;
  private final Admission admission;

  /** The session stays the caller's. */
  Runs(TrainingGraph graph, Session session, Admission admission) {
    this.graph = graph;
    this.session = session;
    this.admission = admission;
  }

  /** The learning rate of the next step. */
  double learningRate() {
    return number("learning rate", graph.optimizers().rate());
  }

  private double number(String call, Output<?> output) {
    try (Result result = run(call, session.runner().fetch(output))) {
      return ((TFloat32) result.get(0)).getFloat();
    }
  }

  /** Sets it, where the optimizer has one of its own. */
  void learningRate(String who, double rate) {
    Optimizers.RateChange change =
        graph
            .optimizers()
            .rateChange()
            .orElseThrow(
                () ->
                    new GraphException(
                        who
                            + ": expected an optimizer with a rate of its own, received one whose"
                            + " rate follows a schedule; drop the one or the other"));
    try (TFloat32 value = TFloat32.scalarOf((float) rate)) {
      run("learning rate", session.runner().feed(change.value(), value).addTarget(change.assign()))
          .close();
    }
  }

  /** How many steps the optimizer has made. */
  long iterations() {
    try (Result result =
        run("iterations", session.runner().fetch(graph.optimizers().iterations()))) {
      return ((TInt64) result.get(0)).getLong();
    }
  }

  /** Fails where the optimizer keeps no averages of weights. */
  void checkAverages(String who) {
    if (graph.optimizers().averages().isEmpty()) {
      throw new GraphException(
          who
              + ": expected an optimizer that keeps averages of weights, received one without;"
              + " ema(0.99) has it keep them");
    }
  }

  /** Exchanges weights and their averages. */
  void swapAverages() {
    run(graph.optimizers().averages().orElseThrow().swap());
  }

  /** Gives the weights the values of their averages, where there are any yet. */
  void takeAverages() {
    graph.optimizers().averages().ifPresent(averages -> run(averages.overwrite()));
  }

  /** Before the first step averages are zeros, of which nothing is made. */
  boolean hasAverages() {
    return graph.optimizers().averages().isPresent() && iterations() > 0;
  }

  /**
   * Fails if weights are no finite numbers, which a finite loss does not exclude: batch
   * normalization makes zeros of a batch whose variance is infinite, and keeps that variance.
   */
  void checkWeights(String call) {
    if (Double.isFinite(number(call, graph.magnitude()))) {
      return;
    }
    try { // squares of finite numbers may be infinite
      run(graph.finite());
    } catch (GraphException failure) {
      throw new GraphException(
          "%s: expected weights that are finite numbers, received others in %s; inputs may be too"
                  .formatted(call, weights().notFinite())
              + " large for float32, or the learning rate too high",
          failure);
    }
  }

  /** A copy of the weights. */
  Weights weights() {
    return weights(session, graph.variables());
  }

  /** A copy of the weights that {@code variables} have. */
  static Weights weights(Session session, ImmutableList<Variable> variables) {
    Session.Runner runner = session.runner();
    variables.forEach(variable -> runner.fetch(variable.value()));
    ImmutableMap.Builder<String, HostTensor> tensors = ImmutableMap.builder();
    try (Result result = run("weights", runner)) {
      for (int i = 0; i < variables.size(); i++) {
        tensors.put(variables.get(i).name(), HostTensor.of(result.get(i)));
      }
    }
    return new Weights(tensors.buildOrThrow());
  }

  /** Sets all weights, whose shapes fit. */
  void assign(Weights weights) {
    assign(session, graph.state(), graph.variables(), weights);
  }

  /** Sets all variables of a graph, whose shapes fit. */
  static void assign(
      Session session, State state, ImmutableList<Variable> variables, Weights weights) {
    try (Owner tensors = new Owner("weights")) {
      Session.Runner runner = session.runner();
      for (Variable variable : variables) {
        TFloat32 value = tensors.own(weights.get(variable.name()).toNative());
        state.set(runner, variable.resource(), value);
      }
      run("weights", runner).close();
    }
  }

  /** Writes all variables into {@code folder}. */
  void save(Path folder) {
    runState(graph.state().save(), folder);
  }

  /** Reads what {@link #save} has written; where that does not fit, nothing changes. */
  void restore(Path folder) {
    runState(graph.state().restore(), folder);
  }

  private void runState(GraphOperation operation, Path folder) {
    try (TString prefix = TString.scalarOf(folder.resolve("state").toString())) {
      run("state", session.runner().feed(graph.state().prefix(), prefix).addTarget(operation))
          .close();
    }
  }

  /** What each output makes in inference of a batch of inputs. */
  ImmutableList<HostTensor> predictions(Batch batch) {
    admission.check("predict", graph.inputs(), batch, false);
    return predictions(graph.inputs(), batch);
  }

  private ImmutableList<HostTensor> predictions(List<Slot> slots, Batch batch) {
    return predictions(session, slots, graph.predictions(), batch);
  }

  /** What a graph makes of a batch that was admitted and enters at {@code slots}. */
  static ImmutableList<HostTensor> predictions(
      Session session, List<Slot> slots, List<Output<?>> outputs, Batch batch) {
    ImmutableList.Builder<HostTensor> copies = ImmutableList.builder();
    predict(
        session,
        slots,
        outputs,
        batch,
        values -> values.forEach(value -> copies.add(HostTensor.of(value))));
    return copies.build();
  }

  /** Hands over what a graph makes of such a batch, for each output, and closes it. */
  static void predict(
      Session session,
      List<Slot> slots,
      List<Output<?>> outputs,
      Batch batch,
      Consumer<ImmutableList<Tensor>> use) {
    Session.Runner runner = fed(session, slots, batch);
    List<Output<?>> distinct = outputs.stream().distinct().toList();
    distinct.forEach(runner::fetch);
    try (Result result = run("predict", runner)) {
      use.accept(
          outputs.stream()
              .map(output -> result.get(distinct.indexOf(output)))
              .collect(ImmutableList.toImmutableList()));
    }
  }

  /** What the frozen part makes of a batch of inputs, for each of its slots. */
  ImmutableList<HostTensor> features(Batch batch) {
    admission.check("fit: features", graph.inputs(), batch, false);
    Session.Runner runner = fed(session, graph.inputs(), batch);
    ImmutableList<Slot> slots = graph.frozen().slots();
    slots.forEach(slot -> runner.fetch(slot.value()));
    try (Result result = run("fit: features", runner)) {
      return IntStream.range(0, slots.size())
          .mapToObj(i -> HostTensor.of(result.get(i)))
          .collect(ImmutableList.toImmutableList());
    }
  }

  /** Runs an op that takes no data. */
  void run(GraphOperation operation) {
    run("trainer", session.runner().addTarget(operation)).close();
  }

  /** Runs one step over a batch, which enters at {@code slots}; its loss. */
  double step(
      String call,
      TrainingGraph.Phase phase,
      List<Slot> slots,
      Batch batch,
      Optional<TFloat32> weights) {
    admission.check(call, slots, batch, true);
    Session.Runner runner = fed(session, slots, batch);
    feedTargets(runner, batch, weights);
    phase.loss().ifPresent(runner::fetch);
    try (Result result = runner.addTarget(phase.step()).run()) {
      return ((TFloat32) result.get(0)).getFloat();
    } catch (RuntimeException failure) { // TensorFlow's exceptions have no common class
      throw failed(call, failure, slots, batch);
    }
  }

  /** What is thrown where what needs the loss of a batch has failed. */
  private GraphException failed(
      String call, RuntimeException failure, List<Slot> slots, Batch batch) {
    return String.valueOf(failure.getMessage()).contains(TrainingGraph.INVALID_LOSS)
        ? InvalidLoss.of(
            call,
            failure,
            () -> Diagnosis.of(graph, slots, batch, weights(), () -> predictions(slots, batch)))
        : failed(call, failure);
  }

  /** The norms of the gradients of a batch's loss; the batch enters at {@code slots}. */
  GradientNorms gradientNorms(
      String call, List<Slot> slots, Batch batch, Optional<TFloat32> weights) {
    admission.check(call, slots, batch, true);
    Session.Runner runner = fed(session, slots, batch);
    feedTargets(runner, batch, weights);
    try {
      return graph.gradientNorms().fetched(runner);
    } catch (RuntimeException failure) { // TensorFlow's exceptions have no common class
      throw failed(call, failure, slots, batch);
    }
  }

  private void feedTargets(Session.Runner runner, Batch batch, Optional<TFloat32> weights) {
    for (int i = 0; i < graph.heads().size(); i++) {
      Tensor target = batch.targets().get(i);
      runner.feed(graph.heads().get(i).target().feed(target.dataType()), target);
    }
    weights.ifPresent(tensor -> runner.feed(graph.weights().feed(), tensor));
  }

  /** Runs what {@code runner} asks for; the caller closes the result. */
  static Result run(String call, Session.Runner runner) {
    return run(call, runner::run);
  }

  /** Does what runs a session. */
  static <T> T run(String call, Supplier<T> running) {
    try {
      return running.get();
    } catch (RuntimeException failure) {
      throw failed(call, failure);
    }
  }

  private static GraphException failed(String call, RuntimeException failure) {
    String message = String.valueOf(failure.getMessage());
    return new GraphException(
        call + ": TensorFlow failed: " + message.lines().findFirst().orElse(""), failure);
  }

  private static Session.Runner fed(Session session, List<Slot> slots, Batch batch) {
    Session.Runner runner = session.runner();
    for (int i = 0; i < slots.size(); i++) {
      Tensor input = batch.inputs().get(i);
      runner.feed(slots.get(i).feed(input.dataType()), input);
    }
    return runner;
  }

  /** What has gathered since the last reset. */
  Scores scores(TrainingGraph.Phase phase) {
    Session.Runner runner = session.runner();
    phase.results().values().forEach(runner::fetch);
    ImmutableMap.Builder<String, Double> scores = ImmutableMap.builder();
    try (Result result = run("metrics", runner)) {
      int i = 0;
      for (String name : phase.results().keySet()) {
        scores.put(name, (double) ((TFloat32) result.get(i++)).getFloat());
      }
    }
    return new Scores(scores.buildOrThrow());
  }
}
