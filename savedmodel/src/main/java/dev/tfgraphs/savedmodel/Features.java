package dev.tfgraphs.savedmodel;

import com.google.common.collect.ImmutableList;
import com.google.common.collect.Range;
import dev.tfgraphs.graphs.data.Batch;
import dev.tfgraphs.graphs.data.Batches;
import dev.tfgraphs.graphs.data.Dataset;
import dev.tfgraphs.graphs.data.TensorSpec;
import dev.tfgraphs.ops.Shape;
import java.util.Arrays;
import java.util.Optional;
import java.util.OptionalInt;
import org.tensorflow.Tensor;

/** What a loaded model makes of the first input of other data. */
final class Features extends Dataset {
  private final LoadedModel model;
  private final Dataset data;
  private final ImmutableList<TensorSpec> inputs;

  private Features(LoadedModel model, Dataset data, ImmutableList<TensorSpec> inputs) {
    this.model = model;
    this.data = data;
    this.inputs = inputs;
  }

  static Dataset of(LoadedModel model, Signature signature, Dataset data) {
    SignatureTensor wanted = signature.inputs().get(0);
    TensorSpec given = data.inputs().get(0);
    if (wanted.dtype() != given.dtype()) {
      throw new ModelFileException(
          "input '%s': expected %s, received data of %s; cast them in map(...)"
              .formatted(wanted.name(), wanted.dtype(), given.dtype()));
    }
    wanted.checkSamples(given.shape());
    SignatureTensor made = signature.outputs().get(0);
    if (made.shape().isEmpty() || made.shape().get().rank() < 1) {
      throw new ModelFileException(
          "output '%s': expected one with its sizes, received %s"
              .formatted(
                  made.name(), made.shape().map(Shape::toString).orElse("an unknown shape")));
    }
    int[] sizes = made.shape().get().toArray();
    TensorSpec first =
        new TensorSpec(made.dtype(), Shape.of(Arrays.copyOfRange(sizes, 1, sizes.length)));
    return new Features(
        model,
        data,
        ImmutableList.<TensorSpec>builder()
            .add(first)
            .addAll(data.inputs().subList(1, data.inputs().size()))
            .build());
  }

  @Override
  public ImmutableList<TensorSpec> inputs() {
    return inputs;
  }

  @Override
  public ImmutableList<TensorSpec> targets() {
    return data.targets();
  }

  @Override
  public Optional<Range<Integer>> targetRange(int index) {
    return data.targetRange(index);
  }

  @Override
  public boolean weighted() {
    return data.weighted();
  }

  @Override
  public long samples() {
    return data.samples();
  }

  @Override
  public boolean endless() {
    return data.endless();
  }

  @Override
  public OptionalInt batchSize() {
    return data.batchSize();
  }

  @Override
  public Batches open(int batchSize, boolean shuffle, long seed) {
    return new FeatureBatches(model, data.open(batchSize, shuffle, seed));
  }

  private record FeatureBatches(LoadedModel model, Batches source) implements Batches {
    @Override
    public void begin(int epoch) {
      source.begin(epoch);
    }

    @Override
    public Optional<Batch> next() {
      return source.next().map(this::made);
    }

    /** Takes the batch over, whatever happens. */
    private Batch made(Batch batch) {
      try {
        Tensor output = model.output(batch.inputs().get(0));
        if (output.shape().numDimensions() > 0 && output.shape().get(0) == batch.size()) {
          return batch.with(output);
        }
        output.close();
        throw new ModelFileException(
            "predict: expected a result of %d samples, as many as came in, received one of %s"
                .formatted(batch.size(), output.shape()));
      } catch (RuntimeException e) {
        batch.close();
        throw e;
      }
    }

    @Override
    public long steps() {
      return source.steps();
    }

    @Override
    public void close() {
      source.close();
    }
  }
}
