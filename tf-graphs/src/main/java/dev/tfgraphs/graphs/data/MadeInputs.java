package dev.tfgraphs.graphs.data;

import com.google.common.collect.ImmutableList;
import dev.tfgraphs.graphs.GraphException;
import java.util.ArrayList;
import java.util.List;
import java.util.stream.Collectors;

/**
 * What a function makes of the inputs of samples, sample after sample, in the function's arrays.
 */
final class MadeInputs {
  private final ImmutableList<TensorSpec> specs;
  private final BatchFunction function;
  private final int bytes;
  private final List<byte[]> rows = new ArrayList<>();

  MadeInputs(List<TensorSpec> specs, BatchFunction function) {
    this.specs = ImmutableList.copyOf(specs);
    this.function = function;
    this.bytes = this.specs.stream().mapToInt(TensorSpec::bytes).sum();
  }

  /**
   * Takes what the function makes of a batch.
   *
   * @throws GraphException if that is not an array for each sample, of all bytes of its inputs
   */
  void add(Batch batch) {
    List<byte[]> made = function.apply(batch);
    if (made.size() != batch.size()) {
      throw new GraphException(
          "cache: expected a function that makes an array for each of %d samples, received %d"
              .formatted(batch.size(), made.size()));
    }
    for (byte[] row : made) {
      if (row.length != bytes) {
        throw new GraphException(
            "cache: expected a function that makes %d bytes of a sample, for %s, received %d"
                .formatted(bytes, described(), row.length));
      }
    }
    rows.addAll(made);
  }

  private String described() {
    return specs.stream()
        .map(spec -> spec.dtype() + " " + spec.shape())
        .collect(Collectors.joining(" and "));
  }

  /** The inputs, each a part of every array. */
  List<Samples> samples() {
    List<Samples> inputs = new ArrayList<>();
    int from = 0;
    for (TensorSpec spec : specs) {
      inputs.add(Samples.ofRows(spec, rows, from));
      from += spec.bytes();
    }
    return inputs;
  }
}
