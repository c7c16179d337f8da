package dev.tfgraphs.graphs.data;

import com.google.common.collect.ImmutableList;
import com.google.common.collect.Range;
import dev.tfgraphs.graphs.GraphException;
import dev.tfgraphs.graphs.data.RowOrder.Shuffle;
import java.util.Optional;
import java.util.OptionalInt;
import java.util.OptionalLong;
import org.tensorflow.proto.DataType;

/** A dataset with settings. */
final class Pipeline extends Dataset {

  /** How many batches are made ahead if nothing is said. */
  static final int PREFETCH = 2;

  /** How often a pass goes through the data, and whether there is always another one. */
  private record Rounds(int count, boolean endless) {}

  private record Settings(
      int batchSize,
      int prefetch,
      Optional<Shuffle> shuffle,
      Rounds rounds,
      ImmutableList<Stage> stages) {}

  private static final Settings DEFAULTS =
      new Settings(0, PREFETCH, Optional.empty(), new Rounds(1, false), ImmutableList.of());

  private final Dataset source;
  private final ImmutableList<TensorSpec> inputs;
  private final ImmutableList<TensorSpec> targets;
  private final Settings settings;

  private Pipeline(
      Dataset source,
      ImmutableList<TensorSpec> inputs,
      ImmutableList<TensorSpec> targets,
      Settings settings) {
    this.source = source;
    this.inputs = inputs;
    this.targets = targets;
    this.settings = settings;
  }

  static Pipeline of(Dataset source) {
    return new Pipeline(source, source.inputs(), source.targets(), DEFAULTS);
  }

  @Override
  public ImmutableList<TensorSpec> inputs() {
    return inputs;
  }

  @Override
  public ImmutableList<TensorSpec> targets() {
    return targets;
  }

  @Override
  public Optional<Range<Integer>> targetRange(int index) {
    return asRead(index) ? source.targetRange(index) : Optional.empty();
  }

  @Override
  OptionalLong firstWith(int index, int number) {
    return asRead(index) ? source.firstWith(index, number) : OptionalLong.empty();
  }

  private boolean asRead(int index) {
    return targets.get(index).equals(source.targets().get(index));
  }

  @Override
  public boolean weighted() {
    return source.weighted();
  }

  @Override
  public long samples() {
    if (endless()) {
      return -1;
    }
    return source.samples() < 0 ? -1 : source.samples() * settings.rounds.count;
  }

  @Override
  public boolean endless() {
    return settings.rounds.endless || source.endless();
  }

  @Override
  public OptionalInt batchSize() {
    return settings.batchSize == 0 ? source.batchSize() : OptionalInt.of(settings.batchSize);
  }

  @Override
  public Batches open(int batchSize, boolean shuffle, long seed) {
    return Prefetching.of(read(batchSize, Shuffle.of(shuffle), seed), settings.prefetch);
  }

  @Override
  Batches read(int batchSize, Shuffle shuffle, long seed) {
    Batches batches = source.read(batchSize, settings.shuffle.orElse(shuffle), seed);
    Batches changed =
        settings.stages.isEmpty()
            ? batches
            : Mapping.of(
                batches,
                source.inputs().get(0),
                source.targets().stream().findFirst(),
                settings.stages);
    return Repeating.of(changed, settings.rounds.count);
  }

  @Override
  void checkSplittable() {
    source.checkSplittable();
  }

  @Override
  Dataset range(long from, long to) {
    if (settings.rounds.count > 1) {
      throw new GraphException(
          "dataset: expected one that can be cut in parts, received one that repeats %d times;"
                  .formatted(settings.rounds.count)
              + " repeat the parts");
    }
    return new Pipeline(source.range(from, to), inputs, targets, settings);
  }

  @Override
  boolean isRandom() {
    return source.isRandom() || settings.stages.stream().anyMatch(Stage::isRandom);
  }

  @Override
  Dataset oncePerPass() {
    return with(
        new Settings(
            settings.batchSize,
            settings.prefetch,
            Optional.empty(),
            DEFAULTS.rounds,
            settings.stages));
  }

  @Override
  Dataset over(Dataset samples) {
    return of(samples)
        .with(
            new Settings(
                settings.batchSize,
                settings.prefetch,
                settings.shuffle,
                settings.rounds,
                ImmutableList.of()));
  }

  @Override
  Pipeline pipeline() {
    return this;
  }

  Pipeline mapped(NumberedMapFunction function) {
    Mapping.Inferred known = Mapping.infer(inputs.get(0), function);
    return staged(replaced(inputs, known.made()), targets, Stage.of(function, known.random()));
  }

  Pipeline mixed(Mixing mixing) {
    mixing.check(inputs.get(0), targets());
    TensorSpec mixed = new TensorSpec(DataType.DT_FLOAT, inputs.get(0).shape());
    return staged(replaced(inputs, mixed), targets, mixing);
  }

  Pipeline hot(int classes) {
    OneHot stage = OneHot.of(classes, this);
    return staged(inputs, replaced(targets, stage.made()), stage);
  }

  private static ImmutableList<TensorSpec> replaced(
      ImmutableList<TensorSpec> specs, TensorSpec first) {
    return ImmutableList.<TensorSpec>builder()
        .add(first)
        .addAll(specs.subList(1, specs.size()))
        .build();
  }

  private Pipeline staged(
      ImmutableList<TensorSpec> inputs, ImmutableList<TensorSpec> targets, Stage stage) {
    ImmutableList<Stage> stages =
        ImmutableList.<Stage>builder().addAll(settings.stages).add(stage).build();
    return new Pipeline(
        source,
        inputs,
        targets,
        new Settings(
            settings.batchSize, settings.prefetch, settings.shuffle, settings.rounds, stages));
  }

  Pipeline batched(int size) {
    RowOrder.checkBatchSize(size);
    return with(
        new Settings(size, settings.prefetch, settings.shuffle, settings.rounds, settings.stages));
  }

  Pipeline prefetching(int batches) {
    if (batches < 0) {
      throw new GraphException("prefetch: expected 0 batches or more, received " + batches);
    }
    return with(
        new Settings(
            settings.batchSize, batches, settings.shuffle, settings.rounds, settings.stages));
  }

  Pipeline shuffled(Shuffle shuffle) {
    return with(
        new Settings(
            settings.batchSize,
            settings.prefetch,
            Optional.of(shuffle),
            settings.rounds,
            settings.stages));
  }

  Pipeline repeated() {
    return with(new Rounds(settings.rounds.count, true));
  }

  Pipeline repeated(int count) {
    if (count < 1) {
      throw new GraphException("repeat: expected at least 1 time, received " + count);
    }
    return with(
        new Rounds(Math.multiplyExact(settings.rounds.count, count), settings.rounds.endless));
  }

  private Pipeline with(Rounds rounds) {
    return with(
        new Settings(
            settings.batchSize, settings.prefetch, settings.shuffle, rounds, settings.stages));
  }

  private Pipeline with(Settings changed) {
    return new Pipeline(source, inputs, targets, changed);
  }
}
