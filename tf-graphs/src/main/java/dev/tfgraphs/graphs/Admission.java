package dev.tfgraphs.graphs;

import com.google.common.collect.ImmutableList;
import dev.tfgraphs.graphs.data.Batch;
import dev.tfgraphs.graphs.data.Dataset;
import dev.tfgraphs.graphs.data.TensorSpec;
import dev.tfgraphs.ops.Model;
import dev.tfgraphs.ops.Shape;
import java.util.Arrays;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import org.tensorflow.Tensor;
import org.tensorflow.ndarray.buffer.DataBuffers;
import org.tensorflow.proto.DataType;
import org.tensorflow.types.TFloat32;

/**
 * Whether data fit a model, asked before anything runs; and what can only be asked of each batch.
 */
final class Admission {
  private final Model model;
  private final ImmutableList<Slot> inputs;
  private final ImmutableList<Head> heads;

  /**
   * Of batches that enter at {@code inputs}.
   *
   * @param heads what is judged; none where there is only predicting
   */
  Admission(Model model, ImmutableList<Slot> inputs, ImmutableList<Head> heads) {
    this.model = model;
    this.inputs = inputs;
    this.heads = heads;
  }

  /**
   * Fails if samples of {@code data} cannot enter the model, or, when {@code learned}, if the
   * losses cannot use their targets.
   */
  void check(String call, Dataset data, boolean learned) {
    if (data.samples() == 0) {
      throw new GraphException(call + ": expected data, received an empty dataset");
    }
    checkInputs(call, inputs, data.inputs());
    if (learned) {
      checkTargets(call, heads.stream().map(Head::targets).toList(), data.targets());
      checkLabels(call, data);
    }
  }

  /**
   * The same of one batch, which enters at {@code slots} and whose ops would not look: a wrong size
   * may end in native code.
   */
  void check(String call, List<Slot> slots, Batch batch, boolean learned) {
    checkNotEmpty(call, batch.size());
    checkInputs(call, slots, specs(batch.inputs()));
    batch.inputs().forEach(tensor -> checkSize(call, batch.size(), tensor.shape()));
    if (learned) {
      batch.targets().forEach(tensor -> checkSize(call, batch.size(), tensor.shape()));
      batch.weights().ifPresent(weights -> checkWeights(call, batch, weights));
      List<Targets> wanted = targetsOf(batch);
      checkTargets(call, wanted, specs(batch.targets()));
      checkLabels(call, batch, wanted);
    }
  }

  /** The same of a batch of float32 in Java's memory, one tensor or more, to predict for. */
  static void check(String call, List<Slot> slots, List<HostTensor> inputs) {
    ImmutableList<TensorSpec> specs =
        inputs.stream()
            .map(input -> new TensorSpec(DataType.DT_FLOAT, sample(input.shape())))
            .collect(ImmutableList.toImmutableList());
    int size = inputs.get(0).shape().size(0);
    checkNotEmpty(call, size);
    checkInputs(call, slots, specs);
    inputs.forEach(input -> checkSize(call, size, Shapes.toTensorFlow(input.shape())));
  }

  private static void checkNotEmpty(String call, int size) {
    if (size == 0) {
      throw new GraphException(call + ": expected a batch with samples, received one without");
    }
  }

  private static void checkSize(String call, int size, org.tensorflow.ndarray.Shape shape) {
    if (shape.numDimensions() == 0 || shape.get(0) != size) {
      throw new GraphException(
          "%s: expected %d samples in every tensor of a batch, received one of shape %s"
              .formatted(call, size, shape));
    }
  }

  /** Weights of another shape would be spread over samples that they are not of. */
  private static void checkWeights(String call, Batch batch, TFloat32 weights) {
    if (weights.shape().numDimensions() != 1 || weights.shape().get(0) != batch.size()) {
      throw new GraphException(
          "%s: expected a weight for each of %d samples, shape [%d], received shape %s"
              .formatted(call, batch.size(), batch.size(), weights.shape()));
    }
    float[] values = new float[batch.size()];
    weights.asRawTensor().data().asFloats().read(values);
    for (int i = 0; i < values.length; i++) {
      if (!(values[i] >= 0) || Float.isInfinite(values[i])) {
        throw new GraphException(
            "%s: expected weights of finite numbers of 0 or more, received %s for sample %d of a"
                    .formatted(call, values[i], i)
                + " batch");
      }
    }
  }

  private static ImmutableList<TensorSpec> specs(List<Tensor> tensors) {
    return tensors.stream()
        .map(tensor -> new TensorSpec(tensor.dataType(), sample(shape(tensor))))
        .collect(ImmutableList.toImmutableList());
  }

  private static Shape shape(Tensor tensor) {
    return Shapes.fromTensorFlow(tensor.shape());
  }

  private static Shape sample(Shape shape) {
    if (shape.rank() == 0) {
      throw new GraphException("batch: expected tensors (batch, ...), received " + shape);
    }
    return inner(shape);
  }

  private static void checkInputs(String call, List<Slot> slots, List<TensorSpec> given) {
    if (given.size() != slots.size()) {
      throw new GraphException(
          "%s: expected %s a sample, received %d"
              .formatted(
                  call, slots.size() == 1 ? "one input" : slots.size() + " inputs", given.size()));
    }
    for (int i = 0; i < slots.size(); i++) {
      Slot input = slots.get(i);
      Shape wanted = Shapes.fromTensorFlow(input.value().shape());
      if (!Targets.matches(wanted, given.get(i).shape().batched())) {
        throw new GraphException(
            "%s: expected samples of %s for input '%s', received %s"
                .formatted(call, inner(wanted), input.name(), given.get(i).shape()));
      }
      if (!input.feeds().containsKey(given.get(i).dtype())) {
        throw new GraphException(
            "%s: expected samples of type %s for input '%s', received %s"
                .formatted(call, input.types(), input.name(), given.get(i).dtype()));
      }
    }
  }

  /**
   * What the losses want for this batch, where the images' sizes decide: as many pixels in another
   * arrangement would do.
   */
  private List<Targets> targetsOf(Batch batch) {
    if (hasKnownTargets()) {
      return heads.stream().map(Head::targets).toList();
    }
    List<Shape> shapes =
        batch.inputs().stream().map(tensor -> Shapes.fromTensorFlow(tensor.shape())).toList();
    List<Shape> outputs = model.inferAll(shapes);
    return heads.stream().map(head -> head.targets().of(outputs.get(head.index()))).toList();
  }

  /** Whether the targets of a sample are of one shape, whatever the sizes of inputs. */
  boolean hasKnownTargets() {
    return heads.stream().allMatch(head -> head.targets().output().with(0, 1).isKnown());
  }

  private void checkTargets(String call, List<Targets> wanted, List<TensorSpec> given) {
    if (given.size() != heads.size()) {
      throw new GraphException(
          "%s: expected %s a sample, received %d"
              .formatted(
                  call,
                  heads.size() == 1 ? "one target" : heads.size() + " targets",
                  given.size()));
    }
    for (int i = 0; i < heads.size(); i++) {
      checkTarget(call, heads.get(i), wanted.get(i), given.get(i));
    }
  }

  private void checkTarget(String call, Head head, Targets wanted, TensorSpec given) {
    String loss = heads.size() == 1 ? "the loss" : "the loss of '" + head.name() + "'";
    if (!wanted.accepts(given.shape())) {
      throw new GraphException(
          "%s: expected targets of %s%s for %s, received %s%s"
              .formatted(
                  call,
                  inner(wanted.shape()),
                  wanted.classes() ? " (class numbers)" : "",
                  loss,
                  given.shape(),
                  wanted.mend(head.loss(), given)));
    }
    if (!head.target().feeds().containsKey(given.dtype())) {
      throw new GraphException(
          "%s: expected targets of type %s for %s, received %s%s"
              .formatted(
                  call,
                  head.target().types(),
                  loss,
                  given.dtype(),
                  wanted.classes() ? wanted.mend(head.loss(), given) : ""));
    }
  }

  private static Shape inner(Shape batch) {
    int[] sizes = batch.toArray();
    return Shape.of(Arrays.copyOfRange(sizes, 1, sizes.length));
  }

  /**
   * Fails if a class number is outside the classes, which TensorFlow would take for no class at
   * all, or if yes is another integer than 1, such as the 255 of a mask; either would train on.
   */
  private static void checkLabels(String call, Batch batch, List<Targets> wanted) {
    for (int head = 0; head < wanted.size(); head++) {
      Targets targets = wanted.get(head);
      Tensor target = batch.targets().get(head);
      if (targets.limited() && target.dataType() != DataType.DT_FLOAT) {
        checkLabels(call, targets, target);
      }
    }
  }

  /** The same of all samples, where the dataset knows their numbers. */
  private void checkLabels(String call, Dataset data) {
    for (int head = 0; head < heads.size(); head++) {
      Targets targets = heads.get(head).targets();
      Optional<String> outside = data.outside(head, targets.range());
      if (outside.isPresent()) {
        throw new GraphException(
            "%s: expected %s, received %s".formatted(call, targets.numbers(), outside.get()));
      }
    }
  }

  private static void checkLabels(String call, Targets targets, Tensor target) {
    int[] labels = labels(target);
    for (int i = 0; i < labels.length; i++) {
      if (!targets.allows(labels[i])) {
        throw new GraphException(
            "%s: expected %s, received %d %s"
                .formatted(call, targets.numbers(), labels[i], placed(target, i)));
      }
    }
    if (targets.kind() == Targets.Kind.SEQUENCES) {
      LabelRows.check(call, target, labels, targets.output().size(1));
    }
  }

  /** Where number {@code i} of a batch is: {@code in sample 3 of a batch}. */
  static String placed(Tensor tensor, int i) {
    int each = Math.toIntExact(tensor.shape().size() / tensor.shape().get(0));
    return each == 1
        ? "in sample %d of a batch".formatted(i)
        : "at place %d of sample %d of a batch".formatted(i % each, i / each);
  }

  /** All class numbers at once: a view for each would cost more than the step. */
  private static int[] labels(Tensor tensor) {
    int[] labels = new int[Math.toIntExact(tensor.shape().size())];
    if (tensor.dataType() == DataType.DT_INT32) {
      tensor.asRawTensor().data().asInts().read(labels);
      return labels;
    }
    byte[] bytes = new byte[labels.length];
    tensor.asRawTensor().data().read(bytes);
    Arrays.setAll(labels, i -> Byte.toUnsignedInt(bytes[i]));
    return labels;
  }

  private static double number(Tensor tensor, long i) {
    return switch (tensor.dataType()) {
      case DT_UINT8 -> Byte.toUnsignedInt(tensor.asRawTensor().data().getByte(i));
      case DT_INT32 -> tensor.asRawTensor().data().asInts().getInt(i);
      default -> tensor.asRawTensor().data().asFloats().getFloat(i);
    };
  }

  /** Fails if a weight is for a class that the model does not have. */
  void checkClassWeights(Map<Integer, Double> weights, Dataset data) {
    if (weights.isEmpty()) {
      return;
    }
    checkOneKindOfWeight(data.weighted());
    if (heads.size() != 1) {
      throw new GraphException(
          "fit: expected class weights for a model with one loss, received one with "
              + heads.size());
    }
    Targets targets = heads.get(0).targets();
    if (targets.output().rank() != 2) {
      throw new GraphException(
          "fit: expected class weights for an output of one class a sample, received an output of "
              + inner(targets.output()));
    }
    int classes = Math.max(2, targets.output().size(-1));
    for (int label : weights.keySet()) {
      if (label < 0 || label >= classes) {
        throw new GraphException(
            "fit: expected class weights for classes 0 to "
                + (classes - 1)
                + ", received one for class "
                + label);
      }
    }
  }

  private static void checkOneKindOfWeight(boolean weighted) {
    if (weighted) {
      throw new GraphException("fit: expected class weights or sample weights, received both");
    }
  }

  /**
   * What each sample of a batch counts by its class; the caller closes it.
   *
   * @throws GraphException if the batch has weights of its own
   */
  TFloat32 weights(Batch batch, Map<Integer, Double> classWeights) {
    checkOneKindOfWeight(batch.weights().isPresent());
    float[] weights = new float[batch.size()];
    Tensor target = batch.targets().get(0);
    int width = Math.toIntExact(target.shape().size() / Math.max(1, weights.length));
    for (int i = 0; i < weights.length; i++) {
      weights[i] = classWeights.getOrDefault(label(target, i, width), 1.0).floatValue();
    }
    return TFloat32.tensorOf(
        org.tensorflow.ndarray.Shape.of(weights.length), DataBuffers.of(weights, true, false));
  }

  /** The class of a sample: its number, its yes or no (0.5 is no), or its row's hottest place. */
  private int label(Tensor target, int sample, int width) {
    long start = (long) sample * width;
    if (heads.get(0).targets().classes() || width == 1) {
      return (int) Math.rint(number(target, start));
    }
    int best = 0;
    for (int i = 1; i < width; i++) {
      if (number(target, start + i) > number(target, start + best)) {
        best = i;
      }
    }
    return best;
  }
}
