package dev.tfgraphs.graphs.data;

import dev.tfgraphs.graphs.GraphException;
import dev.tfgraphs.ops.Shape;
import java.util.List;
import java.util.Optional;
import java.util.function.Supplier;
import org.tensorflow.Operand;
import org.tensorflow.Output;
import org.tensorflow.Tensor;

/** Changes the first input of other batches in a graph of its own. */
final class Mapping implements Batches {

  private final Batches source;
  private final CpuGraph graph;
  private final Operand<?> input;
  private final Operand<?> output;

  private Mapping(Batches source, CpuGraph graph, Operand<?> input, Operand<?> output) {
    this.source = source;
    this.graph = graph;
    this.input = input;
    this.output = output;
  }

  /** {@return {@code source} changed by {@code maps}; from now on the owner of {@code source}} */
  static Batches of(Batches source, TensorSpec spec, List<MapFunction> maps) {
    return of(source, spec, maps, CpuGraph::new);
  }

  static Mapping of(
      Batches source, TensorSpec spec, List<MapFunction> maps, Supplier<CpuGraph> graphs) {
    try {
      return of(source, spec, maps, graphs.get());
    } catch (RuntimeException | Error e) {
      source.close();
      throw e;
    }
  }

  private static Mapping of(
      Batches source, TensorSpec spec, List<MapFunction> maps, CpuGraph graph) {
    try {
      Operand<?> input = placeholder(graph, spec);
      Operand<?> output = input;
      for (MapFunction map : maps) {
        output = map.apply(graph.tf(), output);
      }
      return new Mapping(source, graph, input, output);
    } catch (RuntimeException | Error e) {
      graph.close();
      throw e;
    }
  }

  /** {@return what {@code function} makes of a sample; found in a graph that is gone afterwards} */
  static TensorSpec infer(TensorSpec spec, MapFunction function) {
    try (CpuGraph graph = new CpuGraph()) {
      Output<?> output = apply(graph, spec, function);
      org.tensorflow.ndarray.Shape shape = output.shape();
      if (shape.isUnknown() || shape.numDimensions() == 0 || shape.get(0) != Shape.UNKNOWN) {
        throw new GraphException(
            "map: expected a function from a batch %s to a batch (None, ...), received the result %s"
                .formatted(spec.shape().batched(), words(shape)));
      }
      return new TensorSpec(output.dataType(), words(shape.tail()));
    }
  }

  private static Output<?> apply(CpuGraph graph, TensorSpec spec, MapFunction function) {
    try {
      return function.apply(graph.tf(), placeholder(graph, spec)).asOutput();
    } catch (RuntimeException e) {
      throw new GraphException(
          "map: the function fails on a batch %s of %s: %s"
              .formatted(spec.shape().batched(), spec.dtype(), NativeMessage.of(e)),
          e);
    }
  }

  private static Operand<?> placeholder(CpuGraph graph, TensorSpec spec) {
    return graph.placeholder(spec.dtype(), spec.batch(Shape.UNKNOWN));
  }

  private static Shape words(org.tensorflow.ndarray.Shape shape) {
    int[] sizes = new int[Math.max(0, shape.numDimensions())];
    for (int axis = 0; axis < sizes.length; axis++) {
      sizes[axis] = Math.toIntExact(shape.get(axis));
    }
    return Shape.of(sizes);
  }

  @Override
  public void begin(int epoch) {
    source.begin(epoch);
  }

  @Override
  public Optional<Batch> next() {
    return source.next().map(this::changed);
  }

  /** Takes the batch over, whatever happens. */
  private Batch changed(Batch batch) {
    Tensor before = batch.inputs().get(0);
    Tensor after;
    try {
      after = run(before);
    } catch (RuntimeException e) {
      batch.close();
      throw new GraphException("map: the function fails: " + NativeMessage.of(e), e);
    }
    if (after.shape().numDimensions() == 0 || after.shape().get(0) != batch.size()) {
      GraphException failure =
          new GraphException(
              "map: expected a result of %d samples, as many as came in, received one of shape %s"
                  .formatted(batch.size(), words(after.shape())));
      after.close();
      batch.close();
      throw failure;
    }
    before.close();
    return batch.withFirstInput(after);
  }

  /** The result's tensor outlives the result, whose only other content is this tensor. */
  @SuppressWarnings("resource")
  private Tensor run(Tensor before) {
    return graph.session().runner().feed(input, before).fetch(output).run().get(0);
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
