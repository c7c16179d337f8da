package dev.tfgraphs.graphs.data;

import com.google.common.collect.ImmutableSet;
import com.google.common.collect.Range;
import dev.tfgraphs.graphs.GraphException;
import dev.tfgraphs.ops.Shape;
import java.util.Arrays;
import java.util.List;
import java.util.Objects;
import java.util.Optional;
import org.tensorflow.Operand;
import org.tensorflow.op.Ops;
import org.tensorflow.op.core.Squeeze;
import org.tensorflow.proto.DataType;
import org.tensorflow.types.TInt64;

/** Makes class numbers into distributions (keras/src/utils/numerical_utils.py, to_categorical). */
record OneHot(int classes, Shape labels) implements Stage {

  private static final ImmutableSet<DataType> INTEGERS =
      ImmutableSet.of(DataType.DT_UINT8, DataType.DT_INT32, DataType.DT_INT64);

  /** The same for the first target of {@code data}, which is looked at. */
  static OneHot of(int classes, Dataset data) {
    if (classes < 1) {
      throw new GraphException("oneHot: expected at least 1 class, received " + classes);
    }
    List<TensorSpec> targets = data.targets();
    if (targets.isEmpty() || !INTEGERS.contains(targets.get(0).dtype())) {
      throw new GraphException(
          "oneHot: expected targets of integers, received "
              + (targets.isEmpty() ? "none" : targets.get(0).dtype()));
    }
    Optional<String> outside = data.outside(0, Range.closed(0, classes - 1));
    if (outside.isPresent()) {
      throw new GraphException(
          "oneHot: expected class numbers from 0 to %d, received %s"
              .formatted(classes - 1, outside.get()));
    }
    return new OneHot(classes, targets.get(0).shape());
  }

  /** Whether the last axis has one place, which goes. */
  private boolean column() {
    return labels.rank() > 0 && labels.size(-1) == 1;
  }

  /** What becomes of a target. */
  TensorSpec made() {
    int kept = labels.rank() - (column() ? 1 : 0);
    int[] sizes = Arrays.copyOf(labels.toArray(), kept + 1);
    sizes[kept] = classes;
    return new TensorSpec(DataType.DT_FLOAT, Shape.of(sizes));
  }

  @Override
  public Sample apply(Ops tf, Sample batch, Operand<TInt64> number) {
    Operand<TInt64> given = tf.dtypes.cast(Objects.requireNonNull(batch.target()), TInt64.class);
    Operand<TInt64> classOf =
        column() ? tf.squeeze(given, Squeeze.axis(List.of((long) labels.rank()))) : given;
    // the one-hot op takes a number that is none of the classes for no class; this fails
    Operand<TInt64> known =
        tf.gather(
            tf.range(tf.constant(0L), tf.constant((long) classes), tf.constant(1L)),
            classOf,
            tf.constant(0));
    return new Sample(
        batch.input(), tf.oneHot(known, tf.constant(classes), tf.constant(1f), tf.constant(0f)));
  }
}
