package dev.tfgraphs.graphs;

import dev.tfgraphs.ops.ActivationFunction;
import dev.tfgraphs.ops.Shape;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.Optional;
import org.tensorflow.Output;

/** What a pass knows of values that their ops do not tell. */
final class Notes {
  private final Map<Output<?>, Shape> shapes = new HashMap<>();
  private final Map<Output<?>, String> learned = new HashMap<>();
  private final Map<Output<?>, Pass.Logits> logits = new HashMap<>();
  private final Map<Output<?>, Pass.Biased> biased = new HashMap<>();

  void shape(Output<?> value, Shape shape) {
    shapes.put(value, shape);
  }

  /** What a layer passes on as it came keeps its shape: a random crop in inference. */
  void inferred(Output<?> result, Shape shape) {
    shapes.putIfAbsent(result, shape);
  }

  /** What layers infer; a user's own layer may make ops that say less of their shape. */
  Shape shapeOf(Output<?> value) {
    Shape inferred = shapes.get(value);
    return inferred == null ? Shapes.fromTensorFlow(value.shape()) : inferred;
  }

  void learned(Output<?> value, String layer) {
    learned.put(value, layer);
  }

  /** Remembers that {@code result} depends on the weights that one of {@code inputs} does. */
  void learnedAs(List<Output<?>> inputs, Output<?> result) {
    inputs.stream()
        .map(learned::get)
        .filter(Objects::nonNull)
        .findFirst()
        .ifPresent(source -> learned.put(result, source));
  }

  /** The layer with weights that train on which {@code output} depends, if there is one. */
  Optional<String> learnedBy(Output<?> output) {
    return Optional.ofNullable(learned.get(output));
  }

  void logits(ActivationFunction function, Output<?> value, Output<?> result) {
    logits.put(result, new Pass.Logits(function, value));
  }

  /** What a softmax or sigmoid made {@code output} of. */
  Optional<Pass.Logits> logitsOf(Output<?> output) {
    return Optional.ofNullable(logits.get(output));
  }

  void biased(Output<?> value, Output<?> bias, Output<?> result) {
    biased.put(result, new Pass.Biased(value, bias));
  }

  /** What {@code output} is the sum of, if it is one with a bias. */
  Optional<Pass.Biased> biasedOf(Output<?> output) {
    return Optional.ofNullable(biased.get(output));
  }

  /** Has {@code value} stand for {@code result}, though made in another way. */
  void alike(Output<?> result, Output<?> value) {
    Optional.ofNullable(shapes.get(result)).ifPresent(shape -> shapes.put(value, shape));
    learnedBy(result).ifPresent(source -> learned.put(value, source));
  }

  /** Has {@code value} be the same as {@code result} to all who ask. */
  void same(Output<?> result, Output<?> value) {
    alike(result, value);
    logitsOf(result).ifPresent(made -> logits.put(value, made));
    biasedOf(result).ifPresent(sum -> biased.put(value, sum));
  }
}
