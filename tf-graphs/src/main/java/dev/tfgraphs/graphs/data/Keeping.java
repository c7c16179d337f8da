package dev.tfgraphs.graphs.data;

import com.google.common.primitives.Floats;
import dev.tfgraphs.graphs.GraphException;
import dev.tfgraphs.graphs.data.RowOrder.Shuffle;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.Optional;
import java.util.stream.Stream;
import org.tensorflow.Tensor;
import org.tensorflow.types.TFloat32;

/** Reads a dataset once and keeps what is made of it. */
final class Keeping {
  private final BatchFunction function;
  private final List<Rows> inputs = new ArrayList<>();
  private final List<Rows> targets;
  private final List<Float> weights = new ArrayList<>();
  private final boolean weighted;

  private Keeping(Dataset source, BatchFunction function) {
    this.function = function;
    this.targets = Stream.generate(Rows::new).limit(source.targets().size()).toList();
    this.weighted = source.weighted();
  }

  /** {@return in memory what {@code function} makes of one pass over {@code source}} */
  static ArrayDataset of(Dataset source, int batchSize, BatchFunction function) {
    Keeping keeping = new Keeping(source, function);
    try (Batches batches = source.read(batchSize, Shuffle.NONE, 0)) {
      List<byte[]> first = List.of();
      batches.begin(0);
      for (Optional<Batch> next = batches.next(); next.isPresent(); next = batches.next()) {
        try (Batch batch = next.get()) {
          first = first.isEmpty() ? rows(batch) : first;
          keeping.add(batch);
        }
      }
      checkSame(batches, first);
    }
    return keeping.dataset();
  }

  private static List<byte[]> rows(Batch batch) {
    return batch.inputs().stream().flatMap(input -> Rows.of(input).stream()).toList();
  }

  /** What is random shows in the first batch of the next pass. */
  private static void checkSame(Batches batches, List<byte[]> first) {
    batches.begin(1);
    try (Batch batch = batches.next().orElseThrow()) {
      if (!Arrays.deepEquals(rows(batch).toArray(), first.toArray())) {
        throw new GraphException(
            "kept samples: expected samples that are the same in every pass, received others in"
                + " the second; what changes them at random cannot stand before what is kept");
      }
    }
  }

  private void add(Batch batch) {
    List<Tensor> made = function.apply(batch);
    try {
      while (inputs.size() < made.size()) {
        inputs.add(new Rows());
      }
      for (int i = 0; i < made.size(); i++) {
        inputs.get(i).add(made.get(i));
      }
    } finally {
      made.forEach(Tensor::close);
    }
    for (int i = 0; i < targets.size(); i++) {
      targets.get(i).add(batch.targets().get(i));
    }
    batch.weights().ifPresent(this::addWeights);
  }

  private void addWeights(TFloat32 tensor) {
    float[] values = new float[Math.toIntExact(tensor.size())];
    tensor.asRawTensor().data().asFloats().read(values);
    weights.addAll(Floats.asList(values));
  }

  private ArrayDataset dataset() {
    ArrayDataset kept =
        ArrayDataset.checked(
            inputs.stream().map(Rows::samples).toList(),
            targets.stream().map(Rows::samples).toList());
    return weighted ? kept.weights(Floats.toArray(weights)) : kept;
  }
}
