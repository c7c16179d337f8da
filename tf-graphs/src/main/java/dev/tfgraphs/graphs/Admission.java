package dev.tfgraphs.graphs;

import com.google.common.collect.ImmutableList;
import dev.tfgraphs.graphs.data.Batch;
import dev.tfgraphs.graphs.data.Dataset;
import dev.tfgraphs.graphs.data.TensorSpec;
import dev.tfgraphs.ops.Shape;
import java.util.Arrays;
import java.util.Map;
import org.tensorflow.Tensor;
import org.tensorflow.ndarray.buffer.DataBuffers;
import org.tensorflow.ndarray.buffer.FloatDataBuffer;
import org.tensorflow.proto.DataType;
import org.tensorflow.types.TFloat32;

/**
 * Whether data fit a model, asked before anything runs; and what can only be asked of each batch.
 */
final class Admission {
  private final ImmutableList<Slot> inputs;
  private final Slot target;
  private final Targets targets;

  Admission(TrainingGraph graph) {
    this.inputs = graph.inputs();
    this.target = graph.target();
    this.targets = graph.targets();
  }

  /**
   * Fails if samples of {@code data} cannot enter the model, or, when {@code learned}, if the loss
   * cannot use its targets.
   */
  void check(String call, Dataset data, boolean learned) {
    if (data.samples() == 0) {
      throw new GraphException(call + ": expected data, received an empty dataset");
    }
    if (data.inputs().size() != inputs.size()) {
      throw new GraphException(
          call
              + ": expected "
              + inputs.size()
              + " inputs a sample, received "
              + data.inputs().size());
    }
    for (int i = 0; i < inputs.size(); i++) {
      Shape wanted = Shapes.fromTensorFlow(inputs.get(i).value().shape());
      TensorSpec given = data.inputs().get(i);
      if (!Targets.matches(wanted, given.shape().batched())) {
        throw new GraphException(
            call
                + ": expected samples of "
                + inner(wanted)
                + " for input '"
                + inputs.get(i).name()
                + "', received "
                + given.shape());
      }
      inputs.get(i).feed(given.dtype());
    }
    if (learned) {
      checkTargets(call, data);
    }
  }

  private void checkTargets(String call, Dataset data) {
    if (data.targets().size() != 1) {
      throw new GraphException(
          call + ": expected one target a sample, received " + data.targets().size());
    }
    TensorSpec given = data.targets().get(0);
    if (!targets.accepts(given.shape())) {
      throw new GraphException(
          call
              + ": expected targets of "
              + inner(targets.shape())
              + (targets.classes() ? " (class numbers)" : "")
              + " for the loss, received "
              + given.shape());
    }
    if (!target.feeds().containsKey(given.dtype())) {
      throw new GraphException(
          call
              + ": expected targets of type "
              + targets.type()
              + " or DT_UINT8 for the loss, received "
              + given.dtype());
    }
  }

  private static String inner(Shape batch) {
    int[] sizes = batch.toArray();
    return Shape.of(Arrays.copyOfRange(sizes, 1, sizes.length)).toString();
  }

  /**
   * Fails if a class number is outside the classes: TensorFlow would take it for no class at all
   * and train on.
   */
  void checkLabels(Batch batch) {
    if (!targets.classes()) {
      return;
    }
    int classes = targets.output().size(-1);
    Tensor labels = batch.targets().get(0);
    for (long i = 0; i < labels.shape().size(); i++) {
      int label = label(labels, i);
      // a single output of a sigmoid stands for two classes
      if (label < 0 || label >= Math.max(classes, 2)) {
        throw new GraphException(
            "labels: expected class numbers from 0 to "
                + (classes - 1)
                + ", received "
                + label
                + " at place "
                + i
                + " of a batch");
      }
    }
  }

  private static int label(Tensor labels, long i) {
    if (labels.dataType() == DataType.DT_UINT8) {
      return Byte.toUnsignedInt(labels.asRawTensor().data().getByte(i));
    }
    return labels.asRawTensor().data().asInts().getInt(i);
  }

  /** Fails if a weight is for a class that the model does not have. */
  void checkClassWeights(Map<Integer, Double> weights, Dataset data) {
    if (weights.isEmpty()) {
      return;
    }
    if (data.weighted()) {
      throw new GraphException("fit: expected class weights or sample weights, received both");
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

  /** What each sample of a batch counts by its class; the caller closes it. */
  TFloat32 weights(Batch batch, Map<Integer, Double> classWeights) {
    float[] weights = new float[batch.size()];
    Tensor target = batch.targets().get(0);
    int width = Math.toIntExact(target.shape().size() / Math.max(1, weights.length));
    for (int i = 0; i < weights.length; i++) {
      int label = targets.classes() ? label(target, (long) i * width) : hottest(target, i, width);
      weights[i] = classWeights.getOrDefault(label, 1.0).floatValue();
    }
    return TFloat32.tensorOf(
        org.tensorflow.ndarray.Shape.of(weights.length), DataBuffers.of(weights, true, false));
  }

  /** The class of a one-hot row, or of a single yes or no. */
  private static int hottest(Tensor target, int sample, int width) {
    FloatDataBuffer values = target.asRawTensor().data().asFloats();
    long start = (long) sample * width;
    if (width == 1) {
      return Math.round(values.getFloat(start));
    }
    int best = 0;
    for (int i = 1; i < width; i++) {
      if (values.getFloat(start + i) > values.getFloat(start + best)) {
        best = i;
      }
    }
    return best;
  }
}
