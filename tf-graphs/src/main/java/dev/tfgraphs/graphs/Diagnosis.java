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
 * Why a loss is no finite number, as far as can be seen afterwards: by the batch, or by what
 * earlier steps have left in the weights; else what most often helps.
 */
final class Diagnosis {
  /** What keeps weights and outputs from growing without end. */
  private static final String HELP = "a lower learning rate or clipnorm(1) may help";

  private Diagnosis() {}

  /** What a loss is of which TensorFlow says {@code message}. */
  static String received(String message) {
    return message.contains("NaN") ? "NaN" : "infinity";
  }

  /** What has led to it, in words. */
  static String of(
      TrainingGraph graph, Batch batch, Weights weights, Supplier<List<HostTensor>> predictions) {
    return data(graph, batch)
        .or(() -> spoilt(weights))
        .orElseGet(
            () ->
                "inputs, targets and weights are finite"
                    + outputs(graph.heads(), predictions)
                    + "; "
                    + HELP
                    + ", or smaller inputs");
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

  private static Optional<String> data(TrainingGraph graph, Batch batch) {
    ImmutableList<Slot> inputs = graph.inputs();
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

  private static Optional<String> spoilt(Weights weights) {
    List<String> names = weights.notFinite();
    return names.isEmpty()
        ? Optional.empty()
        : Optional.of(
            "weight '%s' was not finite before it, spoilt by a step whose loss was finite and whose"
                    .formatted(names.get(0))
                + " gradients were not; "
                + HELP);
  }
}
