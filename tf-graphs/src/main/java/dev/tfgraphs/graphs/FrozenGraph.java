package dev.tfgraphs.graphs;

import com.google.common.collect.ImmutableList;
import com.google.common.collect.ImmutableMap;
import dev.tfgraphs.graphs.rewriting.Folding;
import dev.tfgraphs.graphs.rewriting.Pruning;
import dev.tfgraphs.ops.Model;
import java.util.List;
import java.util.stream.Stream;
import org.tensorflow.Graph;
import org.tensorflow.Output;
import org.tensorflow.op.Ops;
import org.tensorflow.proto.GraphDef;

/**
 * A model for inference alone: its weights are constants, and batch normalization behind a
 * convolution is a part of it, so that TensorFlow runs both and the activation behind as one op.
 *
 * @param graph owned by whoever asked for it
 * @param inputs where batches enter
 * @param outputs the model's, float32
 */
record FrozenGraph(Graph graph, ImmutableList<Slot> inputs, ImmutableList<Output<?>> outputs)
    implements AutoCloseable {

  /**
   * The graph of a model.
   *
   * @param weights exactly those of the model
   */
  static FrozenGraph of(Model model, Weights weights, Precision precision) {
    try (Graph whole = new Graph()) {
      Lowering lowering = Lowering.of(Ops.create(whole), model, 0);
      ImmutableList<Slot> inputs = Slot.inputs(lowering.emitter(), model);
      List<Output<?>> values = inputs.stream().<Output<?>>map(Slot::value).toList();
      Lowered lowered = lowering.emit(Mode.INFERENCE, precision, values);
      ImmutableList<Output<?>> outputs = lowered.fetchableOutputs();
      List<String> names =
          Stream.concat(outputs.stream(), values.stream()).map(o -> o.op().name()).toList();
      return of(folded(whole, lowered, weights, names), inputs, outputs);
    }
  }

  private static GraphException tooLarge(String problem) {
    return new GraphException("predictor: " + problem + "; a trainer predicts with more");
  }

  private static GraphDef folded(
      Graph whole, Lowered lowered, Weights weights, List<String> names) {
    ImmutableMap<String, HostTensor> values = Folding.values(lowered.variables(), weights);
    return Pruning.keep(Folding.fold(whole.toGraphDef(), values, FrozenGraph::tooLarge), names);
  }

  private static FrozenGraph of(GraphDef definition, List<Slot> inputs, List<Output<?>> outputs) {
    Graph graph = new Graph();
    try {
      graph.importGraphDef(definition);
      return new FrozenGraph(
          graph,
          inputs.stream().map(slot -> slot.in(graph)).collect(ImmutableList.toImmutableList()),
          outputs.stream()
              .<Output<?>>map(output -> Slot.same(output, graph))
              .collect(ImmutableList.toImmutableList()));
    } catch (RuntimeException | Error failure) {
      graph.close();
      throw failure;
    }
  }

  @Override
  public void close() {
    graph.close();
  }
}
