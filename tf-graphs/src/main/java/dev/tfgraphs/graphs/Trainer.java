package dev.tfgraphs.graphs;

import com.google.common.collect.ImmutableMap;
import dev.tfgraphs.graphs.data.Batch;
import dev.tfgraphs.graphs.data.Batches;
import dev.tfgraphs.graphs.data.Dataset;
import dev.tfgraphs.ops.Model;
import dev.tfgraphs.ops.Shape;
import java.security.SecureRandom;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.function.Consumer;
import org.tensorflow.Graph;
import org.tensorflow.GraphOperation;
import org.tensorflow.Result;
import org.tensorflow.Session;
import org.tensorflow.Tensor;
import org.tensorflow.proto.DataType;
import org.tensorflow.types.TFloat32;

/**
 * A model with numbers: its weights, an optimizer's state, and the graph and session that change
 * them. It owns native memory and must be closed. Not thread-safe, but for {@link #stop}.
 */
public final class Trainer implements AutoCloseable {
  /**
   * How many samples {@link #evaluate} and {@link #predict} take at once where the dataset does not
   * say, as in Keras.
   */
  public static final int BATCH_SIZE = 32;

  private final Owner owner = new Owner("trainer");
  private final Model model;
  private final long seed;
  private final TrainingGraph graph;
  private final Session session;
  private final Admission admission;
  private int passes;
  private volatile boolean stopped;

  private Trainer(Model model, Compile compile) {
    this.model = model;
    this.seed = compile.seed().orElseGet(() -> new SecureRandom().nextInt(Integer.MAX_VALUE));
    try {
      Graph tensorFlow = owner.own(new Graph());
      this.graph = new TrainingGraph(tensorFlow, model, compile, seed);
      this.session = owner.own(Devices.session(tensorFlow, compile.device()));
      session.initialize();
      this.admission = new Admission(model, graph);
    } catch (RuntimeException | Error failure) {
      closeAfter(failure);
      throw failure;
    }
  }

  private void closeAfter(Throwable failure) {
    try {
      owner.close();
    } catch (RuntimeException another) {
      failure.addSuppressed(another);
    }
  }

  /**
   * Makes the graphs of {@code model} and gives its weights their first values.
   *
   * @throws GraphException if the model has several outputs, if the loss or a metric does not fit
   *     the output, or if a layer cannot be trained
   */
  public static Trainer of(Model model, Compile compile) {
    return new Trainer(model, compile);
  }

  /** {@return the model} */
  public Model model() {
    return model;
  }

  /**
   * Trains.
   *
   * @return loss and metrics of each finished epoch
   * @throws GraphException if the data do not fit; this is found before the first step where it can
   *     be
   */
  public History fit(Dataset data, FitOptions options) {
    owner.checkOpen();
    graph.checkTrains("fit");
    try {
      return new Fit(this, data, options).run();
    } finally {
      stopped = false;
    }
  }

  /**
   * Has a running {@link #fit}, or the next one, return after its current step; what is learned is
   * kept. May be called from any thread.
   */
  public void stop() {
    stopped = true;
  }

  boolean isStopped() {
    return stopped;
  }

  /**
   * {@return loss and metrics over {@code data}, by name, in inference mode}
   *
   * @throws GraphException if the data do not fit
   */
  public ImmutableMap<String, Double> evaluate(Dataset data) {
    owner.checkOpen();
    admission.check("evaluate", data, true);
    try (Batches batches = data.open(data.batchSize().orElse(BATCH_SIZE), false, seed)) {
      return evaluate(batches);
    }
  }

  ImmutableMap<String, Double> evaluate(Batches batches) {
    run(graph.evaluation().reset());
    batches.begin(0);
    forEach(
        "evaluate", batches, batch -> step("evaluate", graph.evaluation(), batch, batch.weights()));
    return means(graph.evaluation());
  }

  /** Hands over and closes the batches of a pass that has begun, one or more. */
  private static void forEach(String call, Batches batches, Consumer<Batch> use) {
    Optional<Batch> next = batches.next();
    if (next.isEmpty()) {
      throw new GraphException(call + ": expected data, received a dataset without a batch");
    }
    for (; next.isPresent(); next = batches.next()) {
      try (Batch batch = next.get()) {
        use.accept(batch);
      }
    }
  }

  /**
   * {@return what the model makes of each sample, {@code (samples, ...)}, in inference mode}
   *
   * @throws GraphException if the data do not fit
   */
  public HostTensor predict(Dataset data) {
    owner.checkOpen();
    admission.check("predict", data, false);
    List<HostTensor> parts = new ArrayList<>();
    try (Batches batches = data.open(data.batchSize().orElse(BATCH_SIZE), false, seed)) {
      batches.begin(0);
      forEach("predict", batches, batch -> parts.add(prediction(batch)));
    }
    return joined(parts);
  }

  private HostTensor prediction(Batch batch) {
    admission.check("predict", batch, false);
    try (Result result = run("predict", fed(batch).fetch(graph.prediction()))) {
      return HostTensor.of(result.get(0));
    }
  }

  private static HostTensor joined(List<HostTensor> parts) {
    int samples = parts.stream().mapToInt(part -> part.shape().size(0)).sum();
    Shape shape = parts.get(0).shape().with(0, samples);
    float[] values = new float[Math.toIntExact(shape.elements())];
    int filled = 0;
    for (HostTensor part : parts) {
      System.arraycopy(part.values(), 0, values, filled, part.values().length);
      filled += part.values().length;
    }
    return new HostTensor(shape, values);
  }

  /**
   * Makes one step; the caller closes the batch.
   *
   * @return loss and metrics of this batch alone, before the step
   * @throws GraphException if the batch does not fit
   */
  public ImmutableMap<String, Double> trainOnBatch(Batch batch) {
    owner.checkOpen();
    graph.checkTrains("trainOnBatch");
    run(graph.training().reset());
    step("trainOnBatch", graph.training(), batch, batch.weights());
    return means(graph.training());
  }

  /** {@return the learning rate of the next step} */
  public double learningRate() {
    owner.checkOpen();
    try (Result result = session.runner().fetch(graph.learningRate()).run()) {
      return ((TFloat32) result.get(0)).getFloat();
    }
  }

  /** {@return a copy of the weights} */
  public Weights weights() {
    owner.checkOpen();
    Session.Runner runner = session.runner();
    graph.variables().forEach(variable -> runner.fetch(variable.value()));
    ImmutableMap.Builder<String, HostTensor> tensors = ImmutableMap.builder();
    try (Result result = runner.run()) {
      for (int i = 0; i < graph.variables().size(); i++) {
        tensors.put(graph.variables().get(i).name(), HostTensor.of(result.get(i)));
      }
    }
    return new Weights(tensors.buildOrThrow());
  }

  /**
   * Gives the model other weights; the optimizer's state stays.
   *
   * @throws GraphException if these are not exactly the model's weights; then none is changed
   */
  public void assign(Weights weights) {
    owner.checkOpen();
    weights.checkFit(model);
    try (Owner tensors = new Owner("weights")) {
      Session.Runner runner = session.runner();
      for (int i = 0; i < graph.variables().size(); i++) {
        HostTensor value = weights.get(graph.variables().get(i).name());
        runner.feed(graph.assigned().get(i), tensors.own(value.toNative()));
        runner.addTarget(graph.assigning().get(i));
      }
      runner.run().close();
    }
  }

  /** Frees the graph, the session and all weights; more than once does nothing. */
  @Override
  public void close() {
    owner.close();
  }

  /** The number of the next pass over training data: no two have one order. */
  int nextPass() {
    return passes++;
  }

  long seed() {
    return seed;
  }

  TrainingGraph graph() {
    return graph;
  }

  Admission admission() {
    return admission;
  }

  /** Runs an op that takes no data. */
  void run(GraphOperation operation) {
    run("trainer", session.runner().addTarget(operation)).close();
  }

  /** Runs one step over a batch. */
  void step(String call, TrainingGraph.Phase phase, Batch batch, Optional<TFloat32> weights) {
    admission.check(call, batch, true);
    Session.Runner runner = fed(batch);
    Tensor target = batch.targets().get(0);
    runner.feed(graph.target().feed(target.dataType()), target);
    weights.ifPresent(tensor -> runner.feed(graph.weights().feed(DataType.DT_FLOAT), tensor));
    run(call, runner.addTarget(phase.step())).close();
  }

  private static Result run(String call, Session.Runner runner) {
    try {
      return runner.run();
    } catch (RuntimeException failure) { // TensorFlow's exceptions have no common class
      String message = String.valueOf(failure.getMessage());
      throw new GraphException(
          call + ": TensorFlow failed: " + message.lines().findFirst().orElse(""), failure);
    }
  }

  private Session.Runner fed(Batch batch) {
    Session.Runner runner = session.runner();
    for (int i = 0; i < graph.inputs().size(); i++) {
      Tensor input = batch.inputs().get(i);
      runner.feed(graph.inputs().get(i).feed(input.dataType()), input);
    }
    return runner;
  }

  /** What has gathered since the last reset, by name. */
  ImmutableMap<String, Double> means(TrainingGraph.Phase phase) {
    Session.Runner runner = session.runner();
    phase.means().values().forEach(runner::fetch);
    ImmutableMap.Builder<String, Double> means = ImmutableMap.builder();
    try (Result result = runner.run()) {
      int i = 0;
      for (String name : phase.means().keySet()) {
        means.put(name, (double) ((TFloat32) result.get(i++)).getFloat());
      }
    }
    return means.buildOrThrow();
  }
}
