package dev.tfgraphs.graphs;

import com.google.common.collect.ImmutableList;
import dev.tfgraphs.graphs.data.Batch;
import dev.tfgraphs.graphs.data.Dataset;
import dev.tfgraphs.ops.Model;
import java.io.IOException;
import java.nio.file.Path;
import java.security.SecureRandom;
import java.util.List;
import java.util.Optional;
import java.util.OptionalInt;
import org.tensorflow.Graph;
import org.tensorflow.Session;
import org.tensorflow.types.TFloat32;

/**
 * A model with numbers: its weights, an optimizer's state, and the graph and session that change
 * them. It owns native memory and must be closed. One thread at a time may use it, and callbacks
 * within its calls; another is refused, but for {@link #stop}.
 */
public final class Trainer implements AutoCloseable {

  /**
   * How many samples {@link #evaluate} and {@link #predict} take at once where the dataset does not
   * say, as in Keras.
   */
  public static final int BATCH_SIZE = 32;

  private final Owner owner = new Owner("trainer");
  private final OneThread oneThread = new OneThread(owner, "trainer");
  private final Model model;
  private final Compile compile;
  private final TrainingGraph graph;
  private final Runs runs;
  private final OptimizerRuns optimizerRuns;
  private final Admission admission;
  private TrainerState state;
  private volatile boolean stopped;

  private Trainer(Model model, Compile compile) {
    this.model = model;
    this.compile = compile;
    long seed = compile.seed().orElseGet(() -> new SecureRandom().nextInt(Integer.MAX_VALUE));
    this.state = new TrainerState(seed, 0, false);
    try {
      Graph tensorFlow = owner.own(new Graph());
      this.graph = new TrainingGraph(tensorFlow, model, compile, seed);
      Session session =
          owner.own(Devices.session(tensorFlow, compile.device(), compile.jitCompile()));
      session.initialize();
      this.admission = new Admission(model, graph.inputs(), graph.heads());
      this.runs = new Runs(graph, session, admission);
      this.optimizerRuns = new OptimizerRuns(graph, session);
    } catch (RuntimeException | Error failure) {
      owner.closeAfter(failure);
      throw failure;
    }
  }

  /**
   * Makes the graphs of {@code model} and gives its weights their first values.
   *
   * @throws GraphException if a loss or a metric does not fit its output, or if a layer cannot be
   *     trained
   */
  public static Trainer of(Model model, Compile compile) {
    return new Trainer(model, compile);
  }

  /**
   * As {@link #of(Model, Compile)}, with weights that there are: to train on what another trainer
   * has trained, such as layers that were frozen there.
   *
   * @throws GraphException also if these are not exactly the model's weights
   */
  public static Trainer of(Model model, Compile compile, Weights weights) {
    weights.checkFit(model);
    Trainer trainer = of(model, compile);
    try {
      trainer.assign(weights);
      return trainer;
    } catch (RuntimeException | Error failure) {
      trainer.owner.closeAfter(failure);
      throw failure;
    }
  }

  /** {@return the model} */
  public Model model() {
    return model;
  }

  /** {@return how it is trained} */
  public Compile compile() {
    return compile;
  }

  /**
   * Trains.
   *
   * @return loss and metrics of each finished epoch
   * @throws GraphException if the data do not fit, which is found before the first step where it
   *     can be, or if a loss is no finite number
   */
  public History fit(Dataset data, FitOptions options) {
    return oneThread.in(
        "fit",
        () -> {
          graph.checkTrains("fit");
          try {
            return new Fit(this, data, options).run();
          } finally {
            stopped = false;
          }
        });
  }

  /**
   * Has a running {@link #fit}, or the next one, return after its current step; what is learned is
   * kept, the epoch does not count as finished. May be called from any thread.
   */
  public void stop() {
    stopped = true;
  }

  boolean isStopped() {
    return stopped;
  }

  /**
   * {@return loss and metrics over {@code data}, in inference mode} Batches are as large as the
   * data say, or of {@link #BATCH_SIZE}. What a callback throws is thrown on.
   *
   * @throws GraphException if the data do not fit or are endless
   */
  public Scores evaluate(Dataset data, Callback... callbacks) {
    return evaluate(data, OptionalInt.empty(), List.of(callbacks));
  }

  /**
   * {@return loss and metrics over the first {@code steps} batches of {@code data}} Where nothing
   * says how large these are, they are as large as goes through all samples, as in Keras.
   *
   * @throws GraphException if the data do not fit, or if steps are not positive
   */
  public Scores evaluate(Dataset data, int steps, Callback... callbacks) {
    Feed.checkSteps("evaluate", steps);
    return evaluate(data, OptionalInt.of(steps), List.of(callbacks));
  }

  private Scores evaluate(Dataset data, OptionalInt steps, List<Callback> callbacks) {
    return oneThread.in(
        "evaluate", () -> new Inference(this, runs).evaluate(data, steps, callbacks));
  }

  /** Judges by an epoch of {@code feed}, whose batches enter at {@code slots}. */
  Scores evaluate(Feed feed, List<Slot> slots, List<Callback> callbacks) {
    return new Inference(this, runs).evaluate(feed, slots, callbacks);
  }

  /**
   * {@return what the model makes of each sample, {@code (samples, ...)}, in inference mode}
   * Batches are as large as the data say, or of {@link #BATCH_SIZE}; results have the order in
   * which the data are read, which is another than the stored one where they shuffle themselves.
   * What a callback throws is thrown on.
   *
   * @throws GraphException if the data do not fit, if the model has several outputs, or if results
   *     of batches differ in their sizes
   */
  public HostTensor predict(Dataset data, Callback... callbacks) {
    checkOneOutput();
    return predictAll(data, callbacks).get(0);
  }

  /**
   * {@return what the model makes of each sample of the first {@code steps} batches} Where nothing
   * says how large these are, they are as large as goes through all samples, as in Keras.
   *
   * @throws GraphException if the data do not fit, if steps are not positive, or if the model has
   *     several outputs
   */
  public HostTensor predict(Dataset data, int steps, Callback... callbacks) {
    checkOneOutput();
    return predictAll(data, steps, callbacks).get(0);
  }

  private void checkOneOutput() {
    if (model.outputs().size() != 1) {
      throw new GraphException(
          "predict: expected a model with one output, received one with "
              + model.outputs().size()
              + "; predictAll gives them all");
    }
  }

  /**
   * {@return what each output of the model makes of each sample, {@code (samples, ...)}, in
   * inference mode and in the order of the outputs}
   *
   * @throws GraphException if the data do not fit or are endless, or if results of batches differ
   *     in their sizes
   */
  public ImmutableList<HostTensor> predictAll(Dataset data, Callback... callbacks) {
    return predictAll(data, OptionalInt.empty(), List.of(callbacks));
  }

  /**
   * As {@link #predict(Dataset, int, Callback...)}, for all outputs.
   *
   * @throws GraphException if the data do not fit, or if steps are not positive
   */
  public ImmutableList<HostTensor> predictAll(Dataset data, int steps, Callback... callbacks) {
    Feed.checkSteps("predict", steps);
    return predictAll(data, OptionalInt.of(steps), List.of(callbacks));
  }

  private ImmutableList<HostTensor> predictAll(
      Dataset data, OptionalInt steps, List<Callback> callbacks) {
    return oneThread.in("predict", () -> new Inference(this, runs).predict(data, steps, callbacks));
  }

  /**
   * Makes one step, for a loop of one's own; the caller closes the batch. Metrics go on gathering
   * until {@link #resetMetrics}.
   *
   * @return the loss of this batch, before the step
   * @throws GraphException if the batch does not fit, or if the loss is no finite number; then
   *     nothing has changed
   */
  public double step(Batch batch) {
    return oneThread.in(
        "step",
        () -> {
          graph.checkTrains("step");
          return train("step", graph.inputs(), batch, batch.weights());
        });
  }

  /** {@return loss and metrics over the steps since the last {@link #resetMetrics}} */
  public Scores metrics() {
    return oneThread.in("metrics", () -> runs.scores(graph.training()));
  }

  /** Has {@link #metrics} begin anew. */
  public void resetMetrics() {
    oneThread.change("resetMetrics", () -> runs.run(graph.training().reset()));
  }

  /**
   * Makes one step; the caller closes the batch. As in Keras the metrics begin anew, those that
   * {@link #step} has gathered too: a loop has use for one of the two.
   *
   * @return loss and metrics of this batch alone, before the step
   * @throws GraphException if the batch does not fit, or if the loss is no finite number; then
   *     nothing has changed but that the metrics begin anew
   */
  public Scores trainOnBatch(Batch batch) {
    return oneThread.in(
        "trainOnBatch",
        () -> {
          graph.checkTrains("trainOnBatch");
          runs.run(graph.training().reset());
          train("trainOnBatch", graph.inputs(), batch, batch.weights());
          return runs.scores(graph.training());
        });
  }

  /**
   * {@return loss and metrics of this batch alone, in inference mode; the caller closes it}
   *
   * @throws GraphException if the batch does not fit
   */
  public Scores testOnBatch(Batch batch) {
    return oneThread.in(
        "testOnBatch",
        () -> {
          graph.checkJudges("testOnBatch");
          runs.run(graph.evaluation().reset());
          runs.step("testOnBatch", graph.evaluation(), graph.inputs(), batch, batch.weights());
          return runs.scores(graph.evaluation());
        });
  }

  /**
   * {@return what the model makes of each sample of this batch, in inference mode; the caller
   * closes it}
   *
   * @throws GraphException if the batch does not fit, or if the model has several outputs
   */
  public HostTensor predictOnBatch(Batch batch) {
    return oneThread.in(
        "predictOnBatch",
        () -> {
          checkOneOutput();
          return runs.predictions(batch).get(0);
        });
  }

  /** The norms of the gradients of a batch's loss, by weight. */
  GradientNorms gradientNorms(Batch batch) {
    return oneThread.in(
        "gradient norms",
        () -> {
          graph.checkTrains("gradient norms");
          return runs.gradientNorms("gradient norms", graph.inputs(), batch, batch.weights());
        });
  }

  /** {@return the learning rate of the next step} */
  public double learningRate() {
    return oneThread.in("learningRate", runs::learningRate);
  }

  /**
   * Sets the learning rate of the steps to come.
   *
   * @throws GraphException if the rate is negative or not finite, or if the optimizer was given a
   *     schedule
   */
  public void learningRate(double rate) {
    learningRate("learning rate", rate);
  }

  /** Sets it for a callback or a caller. */
  void learningRate(String who, double rate) {
    oneThread.change(
        "learningRate",
        () -> {
          Checks.notNegative(who, rate);
          runs.learningRate(who, rate);
        });
  }

  /** Fails where the optimizer keeps no averages of weights. */
  void checkAverages(String who) {
    runs.checkAverages(who);
  }

  /** Has weights and their averages change places, or change back. */
  void showAverages(boolean shown) {
    if (shown != state.averagesShown() && runs.hasAverages()) {
      runs.swapAverages();
      state = state.averagesShown(shown);
    }
  }

  /** Gives the weights the values of their averages, where the optimizer keeps any. */
  void takeAverages() {
    showAverages(false);
    runs.takeAverages();
  }

  /** Fails if weights are no finite numbers. */
  void checkWeights(String call) {
    runs.checkWeights(call);
  }

  /** How many steps the optimizer has made. */
  long iterations() {
    return runs.iterations();
  }

  /** {@return a copy of the weights} */
  public Weights weights() {
    return oneThread.in("weights", runs::weights);
  }

  /**
   * Gives the model other weights; the optimizer's state stays.
   *
   * @throws GraphException if these are not exactly the model's weights; then none is changed
   */
  public void assign(Weights weights) {
    oneThread.change(
        "assign",
        () -> {
          weights.checkFit(model);
          runs.assign(weights);
        });
  }

  /**
   * {@return a copy of the optimizer's variables, by Keras's names and in the order of its files}
   */
  public OptimizerWeights optimizerWeights() {
    return oneThread.in("optimizerWeights", optimizerRuns::weights);
  }

  /**
   * Gives the optimizer other variables, so that training goes on where another has stopped; the
   * model's weights stay.
   *
   * @throws GraphException if these are not exactly the optimizer's; then none is changed
   */
  public void assign(OptimizerWeights weights) {
    oneThread.change("assign", () -> optimizerRuns.assign(weights));
  }

  /**
   * Frees the graph, the session and all weights; more than once does nothing.
   *
   * @throws GraphException if a thread is in a call of this trainer, be it this one in a callback:
   *     {@link #stop} ends a fit, which is to be waited for
   */
  @Override
  public void close() {
    oneThread.close();
  }

  /**
   * Writes everything that further training depends on: weights, the optimizer's state, random
   * states and the order of the data. The folder holds a TensorFlow checkpoint; it is there whole
   * or not at all. Saved in a fit, it goes on with the next pass over the data.
   *
   * @param folder where it goes; must not exist
   * @throws IOException if it cannot be written, or if something is there
   */
  public void save(Path folder) throws IOException {
    oneThread.change("save", () -> Snapshots.write(folder, this::saveInto));
  }

  /** Writes the state into an existing folder. */
  void saveInto(Path folder) throws IOException {
    runs.save(folder);
    state.write(folder, graph.state().variables());
  }

  /**
   * Takes the state that {@link #save} has written, of a trainer made by the same program.
   *
   * @throws IOException if it cannot be read
   * @throws GraphException if it is that of another model or optimizer, or damaged; then nothing
   *     has changed
   */
  public void restore(Path folder) throws IOException {
    oneThread.change("restore", () -> restoreFrom(folder));
  }

  /** Fails if the state in {@code folder} is that of other variables. */
  void checkState(Path folder) throws IOException {
    TrainerState.check(folder, graph.state().variables());
  }

  private void restoreFrom(Path folder) throws IOException {
    TrainerState.checkThere(folder);
    TrainerState restored = TrainerState.read(folder, graph.state().variables());
    try {
      runs.restore(folder);
    } catch (GraphException failure) {
      throw new GraphException(
          "restore: expected a state that can be read, received %s: %s"
              .formatted(folder, failure.getMessage()),
          failure);
    }
    state = restored;
  }

  /** The number of the next pass over training data: no two have one order. */
  int nextPass() {
    return state.passes();
  }

  void nextPass(int pass) {
    state = state.passes(pass);
  }

  long seed() {
    return state.seed();
  }

  TrainingGraph graph() {
    return graph;
  }

  Admission admission() {
    return admission;
  }

  /** Trains by a batch, which enters at {@code slots}; its loss. */
  double train(String call, List<Slot> slots, Batch batch, Optional<TFloat32> weights) {
    showAverages(false); // no step starts from averages, whatever has ended in a failure
    return runs.step(call, graph.training(), slots, batch, weights);
  }

  /** The norms of the gradients of the loss of a batch, which enters at {@code slots}. */
  GradientNorms gradientNorms(
      String call, List<Slot> slots, Batch batch, Optional<TFloat32> weights) {
    return runs.gradientNorms(call, slots, batch, weights);
  }

  /** What the frozen part makes of a batch, for each of its slots. */
  ImmutableList<HostTensor> features(Batch batch) {
    return runs.features(batch);
  }
}
