package dev.tfgraphs.graphs.data;

import com.google.common.collect.ImmutableList;
import dev.tfgraphs.graphs.GraphException;
import java.util.List;
import java.util.Optional;
import org.jspecify.annotations.Nullable;
import org.tensorflow.Tensor;
import org.tensorflow.types.TFloat32;

/** Some samples of a dataset, one tensor for each input and target; owns these tensors. */
public final class Batch implements AutoCloseable {

  private final ImmutableList<Tensor> inputs;
  private final ImmutableList<Tensor> targets;
  private final @Nullable TFloat32 weights;
  private boolean closed;

  private Batch(List<Tensor> inputs, List<Tensor> targets, @Nullable TFloat32 weights) {
    this.inputs = ImmutableList.copyOf(inputs);
    this.targets = ImmutableList.copyOf(targets);
    this.weights = weights;
  }

  /** {@return a batch that owns the given tensors, each {@code (batch, ...)}} */
  public static Batch of(List<Tensor> inputs, List<Tensor> targets) {
    return checked(new Batch(inputs, targets, null));
  }

  /** {@return a batch of weighted samples that owns the given tensors; the weights are (batch)} */
  public static Batch of(List<Tensor> inputs, List<Tensor> targets, TFloat32 weights) {
    return checked(new Batch(inputs, targets, weights));
  }

  private static Batch checked(Batch batch) {
    if (batch.inputs.isEmpty()) {
      batch.close();
      throw new GraphException("batch: expected at least one input, received none");
    }
    return batch;
  }

  /** {@return the inputs, each {@code (batch, ...)}} */
  public List<Tensor> inputs() {
    checkOpen();
    return inputs;
  }

  /** {@return the targets, each {@code (batch, ...)}; none if there is nothing to learn from} */
  public List<Tensor> targets() {
    checkOpen();
    return targets;
  }

  /** {@return what each sample counts, {@code (batch)}} */
  public Optional<TFloat32> weights() {
    checkOpen();
    return Optional.ofNullable(weights);
  }

  /** {@return how many samples this is} */
  public int size() {
    checkOpen();
    return Math.toIntExact(inputs.get(0).shape().get(0));
  }

  /** Frees the tensors; more than once does nothing. */
  @Override
  public void close() {
    if (!closed) {
      closed = true;
      inputs.forEach(Tensor::close);
      targets.forEach(Tensor::close);
      if (weights != null) {
        weights.close();
      }
    }
  }

  /**
   * {@return this batch with another first input, which it owns} What it replaces is freed, the
   * other tensors move, and this batch is no longer to be used or closed.
   */
  public Batch with(Tensor input) {
    checkOpen();
    return with(input, null);
  }

  /**
   * This batch with another first input and, unless null, another first target; what they replace
   * is freed, the other tensors move, and this batch is not to be closed.
   */
  Batch with(Tensor input, @Nullable Tensor target) {
    return new Batch(
        replaced(inputs, input), target == null ? targets : replaced(targets, target), weights);
  }

  private static ImmutableList<Tensor> replaced(ImmutableList<Tensor> tensors, Tensor first) {
    tensors.get(0).close();
    return ImmutableList.<Tensor>builder()
        .add(first)
        .addAll(tensors.subList(1, tensors.size()))
        .build();
  }

  private void checkOpen() {
    if (closed) {
      throw new GraphException("batch: already closed");
    }
  }
}
