package dev.tfgraphs.graphs;

import com.google.common.collect.ImmutableList;
import dev.tfgraphs.graphs.data.Batch;
import java.util.List;
import java.util.Optional;
import java.util.OptionalInt;
import java.util.function.Supplier;
import java.util.stream.IntStream;
import java.util.stream.Stream;
import org.tensorflow.Tensor;
import org.tensorflow.proto.DataType;

/**
 * Why a loss is no finite number, as far as can be seen afterwards: by the batch, or by weights
 * that were no finite numbers before the step; else what most often helps.
 */
final class Diagnosis {
  private Diagnosis() {}

  /** What a loss is of which TensorFlow says {@code message}. */
  static String received(String message) {
    return message.contains("NaN") ? "NaN" : "infinity";
  }

  /** What has led to it, in words. */
  static String of(
      TrainingGraph graph,
      List<Slot> slots,
      Batch batch,
      Weights weights,
      Supplier<List<HostTensor>> predictions) {
    return data(graph, slots, batch)
        .or(() -> spoilt(graph, weights))
        .orElseGet(
            () ->
                "inputs, targets and weights are finite"
                    + others(weights)
                    + outputs(graph.heads(), predictions)
                    + "; a lower learning rate or clipnorm(1) may help, or smaller inputs");
  }

  /** Which of several outputs it is, where that shows in inference too. */
  private static String outputs(List<Head> heads, Supplier<List<HostTensor>> predictions) {
    if (heads.size() == 1) {
      return "";
    }
    List<HostTensor> made = predictions.get();
    List<String> names =
        heads.stream()
            .filter(head -> !made.get(head.index()).isFinite())
            .map(head -> "'" + head.name() + "'")
            .toList();
    return names.isEmpty() ? "" : ", but not what is made of them in " + String.join(", ", names);
  }

  private static Optional<String> data(TrainingGraph graph, List<Slot> inputs, Batch batch) {
    ImmutableList<Head> heads = graph.heads();
    return Stream.concat(
            IntStream.range(0, inputs.size())
                .mapToObj(
                    i -> found("input '" + inputs.get(i).name() + "'", batch.inputs().get(i))),
            IntStream.range(0, heads.size())
                .mapToObj(
                    i ->
                        found(
                            "the target of output '" + heads.get(i).name() + "'",
                            batch.targets().get(i))))
        .flatMap(Optional::stream)
        .findFirst();
  }

  private static Optional<String> found(String where, Tensor tensor) {
    if (tensor.dataType() != DataType.DT_FLOAT) {
      return Optional.empty();
    }
    float[] values = HostTensor.of(tensor).values();
    OptionalInt wrong =
        IntStream.range(0, values.length).filter(i -> !Float.isFinite(values[i])).findFirst();
    return wrong.isEmpty()
        ? Optional.empty()
        : Optional.of(
            "%s has %s %s"
                .formatted(
                    where,
                    Float.isNaN(values[wrong.getAsInt()]) ? "NaN" : "infinity",
                    Admission.placed(tensor, wrong.getAsInt())));
  }

  /** A weight that steps move; no learning rate and no clipping makes it finite again. */
  private static Optional<String> spoilt(TrainingGraph graph, Weights weights) {
    List<String> names = weights.notFinite();
    return graph
        .moved()
        .map(Variable::name)
        .filter(names::contains)
        .findFirst()
        .map(
            name ->
                "weight '%s' was not finite before it; a gradient may be so where the loss is finite,"
                        .formatted(name)
                    + " as that of a square root at 0");
  }

  /** Weights that no step moves may be meant to be so. */
  private static String others(Weights weights) {
    List<String> names = weights.notFinite();
    return names.isEmpty() ? "" : " but for '" + names.get(0) + "'";
  }
}
