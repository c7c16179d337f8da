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
final class Caching {
  /** The error where samples change. */
  static final String RANDOM =
      "cache: expected samples that are the same in every pass, received others in the next; what"
          + " changes them at random cannot stand before what is kept";

  private final Optional<MadeInputs> made;
  private final List<Rows> inputs = new ArrayList<>();
  private final List<Rows> targets;
  private final List<Float> weights = new ArrayList<>();
  private final boolean weighted;

  private Caching(Dataset source, Optional<MadeInputs> made) {
    this.made = made;
    this.targets = Stream.generate(Rows::new).limit(source.targets().size()).toList();
    this.weighted = source.weighted();
  }

  /** {@return one pass over {@code source}, or with inputs that are made of it, in memory} */
  static ArrayDataset of(Dataset source, int batchSize, Optional<MadeInputs> made) {
    Caching caching = new Caching(source, made);
    try (Batches batches = source.read(batchSize, Shuffle.NONE, 0)) {
      List<byte[]> first = List.of();
      batches.begin(0);
      for (Optional<Batch> next = batches.next(); next.isPresent(); next = batches.next()) {
        try (Batch batch = next.get()) {
          first = first.isEmpty() ? rows(batch) : first;
          caching.add(batch);
        }
      }
      checkSame(batches, first);
    }
    return caching.dataset();
  }

  private static List<byte[]> rows(Batch batch) {
    return batch.inputs().stream().flatMap(input -> Rows.of(input).stream()).toList();
  }

  /** What is random shows in the first batch of the next pass. */
  private static void checkSame(Batches batches, List<byte[]> first) {
    batches.begin(1);
    try (Batch batch = batches.next().orElseThrow()) {
      if (!Arrays.deepEquals(rows(batch).toArray(), first.toArray())) {
        throw new GraphException(RANDOM);
      }
    }
  }

  private void add(Batch batch) {
    if (made.isPresent()) {
      made.get().add(batch);
    } else {
      addInputs(batch.inputs());
    }
    for (int i = 0; i < targets.size(); i++) {
      targets.get(i).add(batch.targets().get(i));
    }
    batch.weights().ifPresent(this::addWeights);
  }

  private void addInputs(List<Tensor> tensors) {
    while (inputs.size() < tensors.size()) {
      inputs.add(new Rows());
    }
    for (int i = 0; i < tensors.size(); i++) {
      inputs.get(i).add(tensors.get(i));
    }
  }

  private void addWeights(TFloat32 tensor) {
    float[] values = new float[Math.toIntExact(tensor.size())];
    tensor.asRawTensor().data().asFloats().read(values);
    weights.addAll(Floats.asList(values));
  }

  private ArrayDataset dataset() {
    ArrayDataset kept =
        ArrayDataset.checked(
            made.map(MadeInputs::samples)
                .orElseGet(() -> inputs.stream().map(Rows::samples).toList()),
            targets.stream().map(Rows::samples).toList());
    return weighted ? kept.weights(Floats.toArray(weights)) : kept;
  }
}
