package dev.tfgraphs.graphs.data;

import com.google.common.collect.ImmutableList;
import java.util.ArrayList;
import java.util.List;

/**
 * What a function makes of the inputs of samples, sample after sample, in the function's arrays.
 */
final class MadeInputs {
  private final ImmutableList<TensorSpec> specs;
  private final BatchFunction function;
  private final List<byte[]> rows = new ArrayList<>();

  MadeInputs(List<TensorSpec> specs, BatchFunction function) {
    this.specs = ImmutableList.copyOf(specs);
    this.function = function;
  }

  void add(Batch batch) {
    rows.addAll(function.apply(batch));
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
