package dev.tfgraphs.graphs.data;

import com.google.common.collect.ImmutableList;
import com.google.common.collect.Range;
import dev.tfgraphs.graphs.GraphException;
import dev.tfgraphs.graphs.data.RowOrder.Shuffle;
import dev.tfgraphs.ops.Normalization;
import java.util.List;
import java.util.Optional;
import java.util.OptionalInt;
import java.util.OptionalLong;

/**
 * Samples to learn from, to judge by or to predict for. A dataset is a description: an immutable
 * value that holds nothing native. The settings ({@link #map}, {@link #batch} and so on) return
 * another one.
 *
 * <p>{@link #take}, {@link #skip} and {@link #split} speak of the stored order, which no shuffling
 * changes.
 */
public abstract class Dataset {
  /** How many samples are read at once where nobody says it. */
  private static final int CACHED_TOGETHER = 32;

  /** Made by {@code of}, {@link Images}, {@link Cifar10} or a class of one's own. */
  protected Dataset() {}

  /** {@return samples without targets: something to predict for} */
  public static ArrayDataset of(Samples inputs) {
    return of(ImmutableList.of(inputs), ImmutableList.of());
  }

  /**
   * {@return samples of one input and one target}
   *
   * @throws GraphException if these are not equally many
   */
  public static ArrayDataset of(Samples inputs, Samples targets) {
    return of(ImmutableList.of(inputs), ImmutableList.of(targets));
  }

  /**
   * {@return samples of several inputs and targets, in the order of the model's}
   *
   * @throws GraphException if there is no input, or these are not equally many
   */
  public static ArrayDataset of(List<Samples> inputs, List<Samples> targets) {
    return ArrayDataset.checked(inputs, targets);
  }

  /** {@return what each input of a sample is, one for each of the model's} */
  public abstract ImmutableList<TensorSpec> inputs();

  /** {@return what each target of a sample is; none if there is nothing to learn from} */
  public abstract ImmutableList<TensorSpec> targets();

  /**
   * {@return the smallest and largest number of target {@code index}, where these are integers and
   * known without reading files; class numbers outside the classes are found by it before training}
   */
  public Optional<Range<Integer>> targetRange(int index) {
    return Optional.empty();
  }

  /**
   * {@return what is received where {@link #targetRange} is known and not within {@code allowed},
   * in words: {@code numbers from 0 to 3, 3 in sample 17}} Samples are counted from 0 in the stored
   * order.
   */
  public final Optional<String> outside(int index, Range<Integer> allowed) {
    return targetRange(index)
        .filter(range -> !allowed.encloses(range))
        .map(
            range -> {
              int least = range.lowerEndpoint();
              int most = range.upperEndpoint();
              int wrong = allowed.contains(least) ? most : least;
              OptionalLong sample = firstWith(index, wrong);
              return "numbers from %d to %d".formatted(least, most)
                  + (sample.isEmpty()
                      ? ""
                      : ", %d in sample ".formatted(wrong) + sample.getAsLong());
            });
  }

  /** The first sample in whose target {@code index} is {@code number}, where that can be known. */
  OptionalLong firstWith(int index, int number) {
    return OptionalLong.empty();
  }

  /** {@return whether each sample has a weight} */
  public abstract boolean weighted();

  /** {@return how many samples a pass has; -1 if unknown or endless} */
  public abstract long samples();

  /**
   * {@return whether there is always another sample, so that whoever reads has to be told how many
   * steps to take; by default not}
   */
  public boolean endless() {
    return false;
  }

  /** {@return the batch size that {@link #batch} fixed; empty if whoever reads may choose} */
  public OptionalInt batchSize() {
    return OptionalInt.empty();
  }

  /**
   * Makes what produces the batches; the caller closes it.
   *
   * @param batchSize how many samples a batch has; the last one of a pass may have fewer
   * @param shuffle whether each pass has an order of its own, a full permutation of the samples
   * @param seed together with the number of the pass decides the order
   * @throws GraphException if the batch size is less than 1
   */
  public abstract Batches open(int batchSize, boolean shuffle, long seed);

  /**
   * Changes the first input of every batch by TensorFlow's operations, {@code (batch, ...)} to
   * {@code (batch, ...)}, on the CPU and ahead of the training. Several maps apply in the order in
   * which they were given.
   *
   * @throws GraphException if the function fails, or its result is not {@code (batch, ...)}
   */
  public final Dataset map(MapFunction function) {
    return map((tf, input, number) -> function.apply(tf, input));
  }

  /**
   * As {@link #map(MapFunction)}, by a function that is told which batch it changes.
   *
   * @throws GraphException if the function fails, or its result is not {@code (batch, ...)}
   */
  public final Dataset map(NumberedMapFunction function) {
    return pipeline().mapped(function);
  }

  /**
   * Makes class numbers, integers in the first target, into distributions: {@code ()} or {@code
   * (1)} becomes float32 {@code (classes)}, and {@code (height, width)} becomes {@code (height,
   * width, classes)}. Keras's {@code to_categorical}, and {@code label_mode="categorical"} of its
   * folders of images.
   *
   * @throws GraphException if there are no such targets, or if one is known to be outside the
   *     classes; where that is not known, reading a batch fails
   */
  public final Dataset oneHot(int classes) {
    return pipeline().hot(classes);
  }

  /**
   * Blends each image of a batch, and its first target, with another of the batch: Keras's {@code
   * MixUp}. The weight of the first is a number of the image's own, drawn from Beta(alpha, alpha);
   * Keras's alpha is 0.2. Targets of float32 {@code (classes)} are needed, such as {@link #oneHot}
   * makes; images become float32. To be said of data that train, not of those that judge.
   *
   * @param seed with the number of the batch, counted over all passes, it decides what is drawn
   * @throws GraphException if alpha is not above 0, or samples are no images with such targets
   */
  public final Dataset mixUp(double alpha, long seed) {
    return pipeline().mixed(Mixing.mixUp(alpha, seed));
  }

  /**
   * Pastes a rectangle of another image of the batch into each image and blends the first target by
   * the areas: Keras's {@code CutMix}. The rectangle covers a part drawn from Beta(alpha, alpha),
   * and each batch draws its alpha from 0 to {@code factor}; Keras's factor is 1. Targets of
   * float32 {@code (classes)} are needed, such as {@link #oneHot} makes; images become float32. To
   * be said of data that train, not of those that judge.
   *
   * @param seed with the number of the batch, counted over all passes, it decides what is drawn
   * @throws GraphException if the factor is not from 0 to 1, or samples are no images with such
   *     targets
   */
  public final Dataset cutMix(double factor, long seed) {
    return cutMix(0, factor, seed);
  }

  /**
   * As {@link #cutMix(double, long)}, with an alpha from {@code lower} to {@code upper}.
   *
   * @throws GraphException if the bounds do not lie from 0 to 1, the lower first, or samples are no
   *     images with such targets
   */
  public final Dataset cutMix(double lower, double upper, long seed) {
    return pipeline().mixed(Mixing.cutMix(lower, upper, seed));
  }

  /**
   * Learns the mean and the variance of the first input, over all samples and all axes but those of
   * the layer: {@code train.adapt(normalization())}.
   *
   * @return the layer, whose weights start from what was learned
   * @throws GraphException if the length of this dataset is unknown, or samples cannot be made
   * @throws dev.tfgraphs.ops.ModelException if the layer has given numbers or does not fit the
   *     samples, or these are not finite
   */
  public final Normalization adapt(Normalization layer) {
    known("adapt");
    return Moments.adapt(layer, this);
  }

  /**
   * Fixes how many samples a batch has.
   *
   * @throws GraphException if less than 1
   */
  public final Dataset batch(int size) {
    return pipeline().batched(size);
  }

  /**
   * Sets how many batches are made ahead by a thread of their own; 2 if never set, 0 for no thread.
   *
   * @throws GraphException if negative
   */
  public final Dataset prefetch(int batches) {
    return pipeline().prefetching(batches);
  }

  /**
   * Shuffles each pass or none, whatever whoever reads asks for. If never set, training shuffles,
   * judging and predicting do not.
   */
  public final Dataset shuffle(boolean enabled) {
    return pipeline().shuffled(Shuffle.of(enabled));
  }

  /**
   * Leaves each batch the samples that it has in the stored order, and shuffles these in every
   * pass, whatever whoever reads asks for: {@code fit(shuffle="batch")} of Keras. Training fails on
   * data that are neither arrays nor image files.
   */
  public final Dataset shuffleWithinBatches() {
    return pipeline().shuffled(Shuffle.WITHIN_BATCHES);
  }

  /**
   * Has no end: after a pass comes the next at once, in an order of its own where it is shuffled.
   * To train on it takes {@code stepsPerEpoch}, to judge by it {@code validationSteps}; epochs go
   * on in the data where the one before has ended. The last batch of a pass may still be smaller.
   * The batches of {@link #open} end with each pass, and there is always another to begin.
   */
  public final Dataset repeat() {
    return pipeline().repeated();
  }

  /**
   * Makes one pass of so many, each in an order of its own where they are shuffled. The last batch
   * of each may still be smaller. To be said after a dataset is cut in parts.
   *
   * @throws GraphException if less than 1
   */
  public final Dataset repeat(int count) {
    return pipeline().repeated(count);
  }

  /**
   * {@return this dataset out of memory: all samples of one pass, as they were decoded and mapped,
   * in the stored order} Settings (batch size, shuffling, repeating) stay. TensorFlow's {@code
   * Dataset.cache}.
   *
   * @throws GraphException if the data are endless or change from pass to pass, as those of random
   *     layers do; what else changes is seen by the first batch of a second pass
   */
  public final Dataset cache() {
    return cache(OptionalInt.empty(), Optional.empty());
  }

  /**
   * {@return as {@link #cache()}, what {@code function} makes of the batches in place of their
   * inputs}
   *
   * @param batchSize how many samples {@code function} gets at once where the dataset does not say
   * @param inputs what {@code function} makes of a sample
   * @throws GraphException as {@link #cache()}, or if {@code function} makes another number of
   *     arrays than the batch has samples, or of bytes than {@code inputs} take
   */
  public final Dataset cache(int batchSize, List<TensorSpec> inputs, BatchFunction function) {
    return cache(OptionalInt.of(batchSize), Optional.of(new MadeInputs(inputs, function)));
  }

  private Dataset cache(OptionalInt batchSize, Optional<MadeInputs> made) {
    Dataset once = oncePerPass();
    if (once.endless()) {
      throw new GraphException("cache: expected data that end, received endless ones");
    }
    if (isRandom()) {
      throw new GraphException(Caching.RANDOM);
    }
    int size = batchSize().orElse(batchSize.orElse(CACHED_TOGETHER));
    return over(Caching.of(once, size, made));
  }

  /** Whether what changes the samples makes others of them in every pass. */
  boolean isRandom() {
    return false;
  }

  /** This dataset, going through its samples once a pass, in an order that whoever reads says. */
  Dataset oncePerPass() {
    return this;
  }

  /** This dataset's settings for other samples, which are already what its stages would make. */
  Dataset over(Dataset samples) {
    return samples;
  }

  /**
   * {@return the first samples; all if there are not as many}
   *
   * @throws GraphException if less than 1, or this dataset cannot be cut
   */
  public final Dataset take(long count) {
    if (count < 1) {
      throw new GraphException("take: expected at least 1 sample, received " + count);
    }
    return range(0, Math.min(count, known("take")));
  }

  /**
   * {@return the samples after the first {@code count}}
   *
   * @throws GraphException if negative or nothing is left, or this dataset cannot be cut
   */
  public final Dataset skip(long count) {
    long samples = known("skip");
    if (count < 0 || count >= samples) {
      throw new GraphException(
          "skip: expected 0 or more and less than all " + samples + " samples, received " + count);
    }
    return range(count, samples);
  }

  /**
   * Cuts off the last part for validation, as Keras does with arrays: the first {@code
   * floor(samples * (1 - validationSplit))} samples stay for training.
   *
   * @throws GraphException if the fraction is not between 0 and 1, a part would be empty, or this
   *     dataset cannot be cut
   */
  public final Split split(double validationSplit) {
    checkFraction(validationSplit);
    checkSplittable();
    long samples = known("split");
    long training = (long) Math.floor(samples * (1 - validationSplit));
    checkParts(training, samples, validationSplit);
    return new Split(range(0, training), range(training, samples));
  }

  static void checkFraction(double validationSplit) {
    if (!(validationSplit > 0 && validationSplit < 1)) {
      throw new GraphException(
          "split: expected a validation split between 0 and 1, received " + validationSplit);
    }
  }

  static void checkParts(long training, long samples, double validationSplit) {
    if (training < 1 || training >= samples) {
      throw new GraphException(
          "split: expected a sample or more in each part, received a validation split of "
              + validationSplit
              + " and "
              + samples
              + (samples == 1 ? " sample" : " samples"));
    }
  }

  private long known(String what) {
    if (endless()) {
      throw new GraphException(
          what + ": expected a dataset that ends, received an endless one; repeat it afterwards");
    }
    if (samples() < 0) {
      throw new GraphException(what + ": expected a dataset of known length");
    }
    return samples();
  }

  /** Throws if the stored order is such that cutting off its end is a mistake. */
  void checkSplittable() {}

  /** The samples {@code from} (inclusive) to {@code to} (exclusive) of the stored order. */
  Dataset range(long from, long to) {
    throw new GraphException(
        "dataset: expected one that can be cut in parts, received a " + getClass().getSimpleName());
  }

  /** As {@link #open}, but without a thread that makes batches ahead. */
  Batches read(int batchSize, Shuffle shuffle, long seed) {
    if (shuffle == Shuffle.WITHIN_BATCHES) {
      throw new GraphException(
          "shuffleWithinBatches: expected arrays or image files, received a "
              + getClass().getSimpleName());
    }
    return open(batchSize, shuffle == Shuffle.ALL, seed);
  }

  Pipeline pipeline() {
    return Pipeline.of(this);
  }
}
