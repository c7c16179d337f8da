package dev.tfgraphs.graphs;

import com.google.common.collect.ImmutableList;
import dev.tfgraphs.graphs.data.Batch;
import dev.tfgraphs.ops.Model;
import dev.tfgraphs.ops.Node;
import dev.tfgraphs.ops.Shape;
import java.util.ArrayList;
import java.util.List;
import org.tensorflow.Session;
import org.tensorflow.Tensor;

/** What a predictor has its session do. Any number of threads may run at once. */
final class PredictorRuns {
  private final Model model;
  private final FrozenGraph graph;
  private final Session session;

  /** Runs of the graph of {@code model}; graph and session stay the caller's. */
  PredictorRuns(Model model, FrozenGraph graph, Session session) {
    this.model = model;
    this.graph = graph;
    this.session = session;
  }

  /** Fails if a call does not fit the model. */
  void check(PredictorCall call) {
    call.check(graph.inputs(), graph.outputs().size());
  }

  /**
   * Runs calls that are alike, one or more, as one batch; each has then its results or a failure of
   * its own.
   *
   * @throws GraphException if all have failed, which they do not know
   */
  void run(List<PredictorCall> calls) {
    int samples = calls.stream().mapToInt(PredictorCall::samples).sum();
    try (Batch batch = batch(calls, samples)) {
      Runs.predict(
          session,
          graph.inputs(),
          graph.outputs(),
          batch,
          outputs -> {
            if (calls.size() > 1) {
              outputs.forEach(output -> checkRows(output, samples));
            }
            int from = 0;
            for (PredictorCall call : calls) {
              call.take(model, outputs, from, calls.size() == 1);
              from += call.samples();
            }
          });
    }
  }

  private static Batch batch(List<PredictorCall> calls, int samples) {
    int inputs = calls.get(0).inputs().size();
    List<Tensor> tensors = new ArrayList<>();
    try {
      for (int i = 0; i < inputs; i++) {
        int input = i;
        List<HostTensor> parts = calls.stream().map(call -> call.inputs().get(input)).toList();
        tensors.add(HostTensor.toNative(parts, samples));
      }
      return Batch.of(tensors, ImmutableList.of());
    } catch (RuntimeException | Error failure) {
      tensors.forEach(Tensor::close);
      throw failure;
    }
  }

  /** Fails if an output of {@code model} cannot be given back to several callers. */
  static void checkSplits(Model model) {
    for (Node output : model.outputs()) {
      Shape shape = output.shape();
      if (shape.rank() == 0 || shape.size(0) != Shape.UNKNOWN) {
        throw new GraphException(
            "batching: expected outputs (None, ...) with a row for each sample, so that each caller"
                + " gets its own, received %s for what '%s' makes; predict without batching"
                    .formatted(shape, model.nameOf(output.layer())));
      }
    }
  }

  private static void checkRows(Tensor output, int samples) {
    if (output.shape().numDimensions() == 0 || output.shape().get(0) != samples) {
      throw new GraphException(
          "predict: expected results of %d samples to give back to those who gave them, received"
                  .formatted(samples)
              + " shape "
              + output.shape()
              + "; predict without batching");
    }
  }

  /**
   * Runs a batch of zeros.
   *
   * @throws GraphException if sizes of inputs other than the batch are unknown, if such a batch is
   *     too large, or if anything keeps results from being copied
   */
  void warmUp(int samples) {
    HostTensor[] zeros =
        model.inputs().stream()
            .map(input -> zeros(model.nameOf(input.layer()), input.shape().with(0, samples)))
            .toArray(HostTensor[]::new);
    PredictorCall call = PredictorCall.warmUp(zeros);
    run(List.of(call));
    var unused = call.results();
  }

  private static HostTensor zeros(String name, Shape shape) {
    if (!shape.isKnown()) {
      throw new GraphException(
          "warmUp: expected inputs of known sizes, received %s for input '%s'; predict for zeros of"
                  .formatted(shape, name)
              + " the sizes that there will be instead");
    }
    if (shape.elements() > Integer.MAX_VALUE) {
      throw new GraphException(
          "warmUp: expected batches of at most %d numbers for each input, received %d samples for"
                  .formatted(Integer.MAX_VALUE, shape.size(0))
              + " input '%s', %s; warm up for fewer samples".formatted(name, shape));
    }
    return new HostTensor(shape, new float[Math.toIntExact(shape.elements())]);
  }
}
