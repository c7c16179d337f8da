package dev.tfgraphs.graphs.data;

import com.google.common.collect.ImmutableSet;
import com.google.common.collect.Streams;
import dev.tfgraphs.graphs.GraphException;
import dev.tfgraphs.ops.Shape;
import java.util.ArrayList;
import java.util.Iterator;
import java.util.List;
import java.util.Optional;
import java.util.function.Supplier;
import org.tensorflow.Graph;
import org.tensorflow.GraphOperation;
import org.tensorflow.Operand;
import org.tensorflow.Output;
import org.tensorflow.Session;
import org.tensorflow.Tensor;
import org.tensorflow.op.Ops;
import org.tensorflow.proto.DataType;
import org.tensorflow.types.TInt64;

/**
 * Changes the first input of other batches, and perhaps the first target, in a graph of its own.
 */
final class Mapping implements Batches {

  /** TensorFlow's ops that draw another number in every run. */
  private static final ImmutableSet<String> DRAWING =
      ImmutableSet.of(
          "RandomUniform",
          "RandomUniformInt",
          "RandomStandardNormal",
          "TruncatedNormal",
          "ParameterizedTruncatedNormal",
          "RandomShuffle",
          "RandomGamma",
          "RandomPoissonV2",
          "Multinomial");

  private final Batches source;
  private final CpuGraph graph;
  private final Operand<TInt64> number;
  private final Stage.Sample given;
  private final Stage.Sample changed;
  private long next;

  private Mapping(
      Batches source,
      CpuGraph graph,
      Operand<TInt64> number,
      Stage.Sample given,
      Stage.Sample changed) {
    this.source = source;
    this.graph = graph;
    this.number = number;
    this.given = given;
    this.changed = changed;
  }

  /** {@return {@code source} changed by {@code stages}; from now on the owner of {@code source}} */
  static Batches of(
      Batches source, TensorSpec input, Optional<TensorSpec> target, List<Stage> stages) {
    return of(source, input, target, stages, CpuGraph::new);
  }

  static Mapping of(
      Batches source,
      TensorSpec input,
      Optional<TensorSpec> target,
      List<Stage> stages,
      Supplier<CpuGraph> graphs) {
    try {
      return of(source, input, target, stages, graphs.get());
    } catch (RuntimeException | Error e) {
      source.close();
      throw e;
    }
  }

  private static Mapping of(
      Batches source,
      TensorSpec input,
      Optional<TensorSpec> target,
      List<Stage> stages,
      CpuGraph graph) {
    try {
      Operand<TInt64> number = number(graph);
      Operand<?> labels = target.<Operand<?>>map(spec -> placeholder(graph, spec)).orElse(null);
      Stage.Sample given = new Stage.Sample(placeholder(graph, input), labels);
      Stage.Sample changed = given;
      for (Stage stage : stages) {
        changed = stage.apply(graph.tf(), changed, number);
      }
      // what is fed cannot be fetched, and some functions return what they are given
      Stage.Sample fetched =
          new Stage.Sample(graph.tf().identity(changed.input()), changed.target());
      return new Mapping(source, graph, number, given, fetched);
    } catch (RuntimeException | Error e) {
      graph.close();
      throw e;
    }
  }

  /** What a function makes of a sample, and whether it makes another of it in every pass. */
  record Inferred(TensorSpec made, boolean random) {}

  /** {@return what is known of {@code function}; found in a graph that is gone afterwards} */
  static Inferred infer(TensorSpec spec, NumberedMapFunction function) {
    try (CpuGraph graph = new CpuGraph()) {
      Operand<?> batch = placeholder(graph, spec); // the first, as errors name it
      Operand<TInt64> number = number(graph);
      Output<?> output = apply(graph, spec, batch, number, function);
      org.tensorflow.ndarray.Shape shape = output.shape();
      if (shape.isUnknown() || shape.numDimensions() == 0 || shape.get(0) != Shape.UNKNOWN) {
        throw new GraphException(
            "map: expected a function from a batch %s to a batch (None, ...), received the result %s"
                .formatted(
                    spec.shape().batched(), shape.isUnknown() ? "of unknown shape" : sizes(shape)));
      }
      TensorSpec made = new TensorSpec(output.dataType(), sizes(shape.tail()));
      return new Inferred(made, isRandom(graph.tf(), (GraphOperation) number.op()));
    }
  }

  /** What depends on the number of the batch, or on a state of TensorFlow's. */
  private static boolean isRandom(Ops tf, GraphOperation number) {
    if (number.numConsumers() > 0) {
      return true;
    }
    Iterator<GraphOperation> operations = ((Graph) tf.scope().env()).operations();
    return Streams.stream(operations).map(GraphOperation::type).anyMatch(DRAWING::contains);
  }

  private static Output<?> apply(
      CpuGraph graph,
      TensorSpec spec,
      Operand<?> batch,
      Operand<TInt64> number,
      NumberedMapFunction function) {
    try {
      return function.apply(graph.tf(), batch, number).asOutput();
    } catch (RuntimeException e) {
      throw new GraphException(
          "map: the function fails on a batch %s of %s: %s"
              .formatted(spec.shape().batched(), spec.dtype(), NativeMessage.of(e)),
          e);
    }
  }

  @SuppressWarnings("unchecked") // of the type asked for
  private static Operand<TInt64> number(CpuGraph graph) {
    return (Operand<TInt64>)
        graph.placeholder(DataType.DT_INT64, org.tensorflow.ndarray.Shape.scalar());
  }

  private static Operand<?> placeholder(CpuGraph graph, TensorSpec spec) {
    return graph.placeholder(spec.dtype(), spec.batch(Shape.UNKNOWN));
  }

  private static Shape sizes(org.tensorflow.ndarray.Shape shape) {
    int[] sizes = new int[shape.numDimensions()];
    for (int axis = 0; axis < sizes.length; axis++) {
      sizes[axis] = Math.toIntExact(shape.get(axis));
    }
    return Shape.of(sizes);
  }

  /** Batches are counted on from pass to pass; where passes have no known end, they lie apart. */
  @Override
  public void begin(int epoch) {
    source.begin(epoch);
    next = source.steps() >= 0 ? epoch * source.steps() : (long) epoch << Integer.SIZE;
  }

  @Override
  public Optional<Batch> next() {
    return source.next().map(this::changed);
  }

  /** Takes the batch over, whatever happens. */
  private Batch changed(Batch batch) {
    List<Tensor> after;
    try {
      after = run(batch);
    } catch (RuntimeException e) {
      batch.close();
      throw new GraphException("map: the function fails: " + NativeMessage.of(e), e);
    }
    Tensor input = after.get(0);
    if (input.shape().numDimensions() == 0 || input.shape().get(0) != batch.size()) {
      GraphException failure =
          new GraphException(
              "map: expected a result of %d samples, as many as came in, received one of shape %s"
                  .formatted(batch.size(), sizes(input.shape())));
      after.forEach(Tensor::close);
      batch.close();
      throw failure;
    }
    return batch.with(input, after.size() > 1 ? after.get(1) : null);
  }

  /** The results' tensors outlive the result, which has no other content. */
  @SuppressWarnings("resource")
  private List<Tensor> run(Batch batch) {
    try (TInt64 place = TInt64.scalarOf(next++)) {
      Session.Runner runner =
          graph.session().runner().feed(number, place).feed(given.input(), batch.inputs().get(0));
      runner.fetch(changed.input());
      if (given.target() != null && changed.target() != given.target()) {
        runner.feed(given.target(), batch.targets().get(0)).fetch(changed.target());
      }
      List<Tensor> results = new ArrayList<>();
      runner.run().forEach(entry -> results.add(entry.getValue()));
      return results;
    }
  }

  @Override
  public long steps() {
    return source.steps();
  }

  @Override
  public void close() {
    try {
      graph.close();
    } finally {
      source.close();
    }
  }
}
