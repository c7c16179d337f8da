package dev.tfgraphs.graphs.data;

import com.google.common.collect.ImmutableList;
import com.google.common.collect.Range;
import dev.tfgraphs.graphs.GraphException;
import java.util.Optional;
import java.util.OptionalInt;
import org.tensorflow.proto.DataType;

/** A dataset with settings. */
final class Pipeline extends Dataset {

  /** How many batches are made ahead if nothing is said. */
  static final int PREFETCH = 2;

  private enum Order {
    AS_ASKED,
    SHUFFLED,
    STORED
  }

  private record Settings(int batchSize, int prefetch, Order order, ImmutableList<Stage> stages) {}

  private static final Settings DEFAULTS =
      new Settings(0, PREFETCH, Order.AS_ASKED, ImmutableList.of());

  private final Dataset source;
  private final ImmutableList<TensorSpec> inputs;
  private final Settings settings;

  private Pipeline(Dataset source, ImmutableList<TensorSpec> inputs, Settings settings) {
    this.source = source;
    this.inputs = inputs;
    this.settings = settings;
  }

  static Pipeline of(Dataset source) {
    return new Pipeline(source, source.inputs(), DEFAULTS);
  }

  @Override
  public ImmutableList<TensorSpec> inputs() {
    return inputs;
  }

  @Override
  public ImmutableList<TensorSpec> targets() {
    return source.targets();
  }

  @Override
  public Optional<Range<Integer>> targetRange(int index) {
    return source.targetRange(index);
  }

  @Override
  public boolean weighted() {
    return source.weighted();
  }

  @Override
  public long samples() {
    return source.samples();
  }

  @Override
  public OptionalInt batchSize() {
    return settings.batchSize == 0 ? source.batchSize() : OptionalInt.of(settings.batchSize);
  }

  @Override
  public Batches open(int batchSize, boolean shuffle, long seed) {
    return Prefetching.of(read(batchSize, shuffle, seed), settings.prefetch);
  }

  @Override
  Batches read(int batchSize, boolean shuffle, long seed) {
    boolean shuffled =
        switch (settings.order) {
          case AS_ASKED -> shuffle;
          case SHUFFLED -> true;
          case STORED -> false;
        };
    Batches batches = source.read(batchSize, shuffled, seed);
    return settings.stages.isEmpty()
        ? batches
        : Mapping.of(
            batches,
            source.inputs().get(0),
            source.targets().stream().findFirst(),
            settings.stages);
  }

  @Override
  void checkSplittable() {
    source.checkSplittable();
  }

  @Override
  Dataset range(long from, long to) {
    return new Pipeline(source.range(from, to), inputs, settings);
  }

  @Override
  Pipeline pipeline() {
    return this;
  }

  Pipeline mapped(NumberedMapFunction function) {
    return with(Mapping.infer(inputs.get(0), function), Stage.of(function));
  }

  Pipeline mixed(Mixing mixing) {
    mixing.check(inputs.get(0), targets());
    return with(new TensorSpec(DataType.DT_FLOAT, inputs.get(0).shape()), mixing);
  }

  private Pipeline with(TensorSpec first, Stage stage) {
    ImmutableList<TensorSpec> changed =
        ImmutableList.<TensorSpec>builder()
            .add(first)
            .addAll(inputs.subList(1, inputs.size()))
            .build();
    ImmutableList<Stage> stages =
        ImmutableList.<Stage>builder().addAll(settings.stages).add(stage).build();
    return new Pipeline(
        source,
        changed,
        new Settings(settings.batchSize, settings.prefetch, settings.order, stages));
  }

  Pipeline batched(int size) {
    RowOrder.checkBatchSize(size);
    return with(new Settings(size, settings.prefetch, settings.order, settings.stages));
  }

  Pipeline prefetching(int batches) {
    if (batches < 0) {
      throw new GraphException("prefetch: expected 0 batches or more, received " + batches);
    }
    return with(new Settings(settings.batchSize, batches, settings.order, settings.stages));
  }

  Pipeline shuffled(boolean enabled) {
    Order order = enabled ? Order.SHUFFLED : Order.STORED;
    return with(new Settings(settings.batchSize, settings.prefetch, order, settings.stages));
  }

  private Pipeline with(Settings changed) {
    return new Pipeline(source, inputs, changed);
  }
}
