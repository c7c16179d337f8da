package dev.tfgraphs.graphs;

import com.google.common.collect.ImmutableList;
import com.google.common.collect.ImmutableMap;
import com.google.common.collect.ImmutableSet;
import com.google.common.primitives.Ints;
import dev.tfgraphs.graphs.data.Dataset;
import java.util.Map;
import java.util.Optional;
import java.util.OptionalInt;
import java.util.function.Consumer;

/**
 * How long and with what a model is fitted; the defaults are those of Keras's {@code fit}. A value;
 * each setting returns another one.
 */
public final class FitOptions {
  private final int epochs;
  private OptionalInt batchSize = OptionalInt.empty();
  private Optional<Dataset> validation = Optional.empty();
  private double validationSplit;
  private OptionalInt validationBatchSize = OptionalInt.empty();
  private OptionalInt validationSteps = OptionalInt.empty();
  private int validationFrequency = 1;
  private ImmutableSet<Integer> validationEpochs = ImmutableSet.of();
  private int initialEpoch;
  private OptionalInt stepsPerEpoch = OptionalInt.empty();
  private boolean shuffle = true;
  private ImmutableMap<Integer, Double> classWeights = ImmutableMap.of();
  private int verbose = 1;
  private ImmutableList<Callback> callbacks = ImmutableList.of();
  private Optional<FeatureCache> features = Optional.empty();

  private FitOptions(int epochs) {
    this.epochs = epochs;
  }

  /**
   * {@return options that end after epoch {@code epochs}, counted from 1}
   *
   * @throws GraphException if not positive
   */
  public static FitOptions epochs(int epochs) {
    Checks.positive("fit", "epochs", epochs);
    return new FitOptions(epochs);
  }

  /**
   * {@return these options with so many samples a step where the dataset does not say} By default
   * 32, or as many as go through all samples in {@link #stepsPerEpoch}.
   *
   * @throws GraphException if not positive
   */
  public FitOptions batchSize(int batchSize) {
    Checks.positive("fit", "batch size", batchSize);
    return copy(o -> o.batchSize = OptionalInt.of(batchSize));
  }

  /**
   * {@return these options judging every epoch by {@code validation}}
   *
   * @throws GraphException if there is a validation split
   */
  public FitOptions validation(Dataset validation) {
    return copy(o -> o.validation = Optional.of(validation)).oneValidation();
  }

  /**
   * {@return these options judging every epoch by the last part of the data, which is not trained
   * on}
   *
   * @throws GraphException if not 0 or more and less than 1, or if there are validation data
   */
  public FitOptions validationSplit(double validationSplit) {
    if (!(validationSplit >= 0 && validationSplit < 1)) {
      throw new GraphException(
          "fit: expected a validation split of 0 or more and less than 1, received "
              + validationSplit);
    }
    return copy(o -> o.validationSplit = validationSplit).oneValidation();
  }

  /**
   * {@return these options judging so many samples at once} By default as many as were said for a
   * step, else 32, or as many as go through all samples in {@link #validationSteps}.
   *
   * @throws GraphException if not positive
   */
  public FitOptions validationBatchSize(int batchSize) {
    Checks.positive("fit", "validation batch size", batchSize);
    return copy(o -> o.validationBatchSize = OptionalInt.of(batchSize));
  }

  /**
   * {@return these options judging by the first batches of the validation data; by default by all,
   * which endless data have not}
   *
   * @throws GraphException if not positive
   */
  public FitOptions validationSteps(int steps) {
    Checks.positive("fit", "validation steps", steps);
    return copy(o -> o.validationSteps = OptionalInt.of(steps));
  }

  /**
   * {@return these options judging every {@code epochs}-th epoch only}
   *
   * @throws GraphException if not positive
   */
  public FitOptions validationFrequency(int epochs) {
    Checks.positive("fit", "validation frequency", epochs);
    return copy(o -> o.validationFrequency = epochs);
  }

  /**
   * {@return these options judging these epochs only, counted from 1}
   *
   * @throws GraphException if there are none, or one is not positive
   */
  public FitOptions validationEpochs(int... epochs) {
    Checks.positive("fit", "number of validation epochs", epochs.length);
    for (int epoch : epochs) {
      Checks.positive("fit", "validation epochs", epoch);
    }
    return copy(o -> o.validationEpochs = ImmutableSet.copyOf(Ints.asList(epochs)));
  }

  /**
   * {@return these options going on from epoch {@code initialEpoch}, counted from 0, up to the last
   * of all epochs}
   *
   * @throws GraphException if negative
   */
  public FitOptions initialEpoch(int initialEpoch) {
    if (initialEpoch < 0) {
      throw new GraphException(
          "fit: expected an initial epoch of 0 or more, received " + initialEpoch);
    }
    return copy(o -> o.initialEpoch = initialEpoch);
  }

  /**
   * {@return these options with epochs of so many steps: the next epoch goes on in the data where
   * the one before has ended, and an epoch that comes to their end is shorter} By default an epoch
   * is a pass over the data; endless ones ({@link Dataset#repeat()}) need a number of steps.
   *
   * @throws GraphException if not positive
   */
  public FitOptions stepsPerEpoch(int steps) {
    Checks.positive("fit", "steps per epoch", steps);
    return copy(o -> o.stepsPerEpoch = OptionalInt.of(steps));
  }

  /** {@return these options with or without another order in every epoch; by default with} */
  public FitOptions shuffle(boolean shuffle) {
    return copy(o -> o.shuffle = shuffle);
  }

  /**
   * {@return these options with samples that count by their class; 1 for classes that are not
   * named} Samples with weights of their own cannot have these as well.
   *
   * @throws GraphException if a weight is negative or not finite
   */
  public FitOptions classWeights(Map<Integer, Double> classWeights) {
    classWeights.forEach(FitOptions::checkWeight);
    return copy(o -> o.classWeights = ImmutableMap.copyOf(classWeights));
  }

  /**
   * {@return these options printing nothing (0), a bar (1, the default) or lines (2)}
   *
   * @throws GraphException if none of these
   */
  public FitOptions verbose(int verbose) {
    if (verbose < 0 || verbose > 2) {
      throw new GraphException("fit: expected verbose 0, 1 or 2, received " + verbose);
    }
    return copy(o -> o.verbose = verbose);
  }

  /** {@return these options with one more callback, which hears after those before} */
  public FitOptions callback(Callback callback) {
    return copy(
        o ->
            o.callbacks =
                ImmutableList.<Callback>builder().addAll(callbacks).add(callback).build());
  }

  /**
   * {@return these options making what frozen layers make of each sample once, and training and
   * judging by that} What is kept is what comes out of the frozen layers that follow the inputs and
   * of those without weights behind them: of {@code base.freeze()} with global pooling and a head,
   * the pooled features. Numbers are the same but for roundings, since a sample is in another batch
   * when its features are made. Samples may not change from pass to pass, and all features lie in
   * memory.
   */
  public FitOptions features(FeatureCache cache) {
    return copy(o -> o.features = Optional.of(cache));
  }

  private FitOptions copy(Consumer<FitOptions> change) {
    FitOptions copy = new FitOptions(epochs);
    copy.batchSize = batchSize;
    copy.validation = validation;
    copy.validationSplit = validationSplit;
    copy.validationBatchSize = validationBatchSize;
    copy.validationSteps = validationSteps;
    copy.validationFrequency = validationFrequency;
    copy.validationEpochs = validationEpochs;
    copy.initialEpoch = initialEpoch;
    copy.stepsPerEpoch = stepsPerEpoch;
    copy.shuffle = shuffle;
    copy.classWeights = classWeights;
    copy.verbose = verbose;
    copy.callbacks = callbacks;
    copy.features = features;
    change.accept(copy);
    return copy;
  }

  private FitOptions oneValidation() {
    if (validationSplit > 0 && validation.isPresent()) {
      throw new GraphException(
          "fit: expected validation data or a validation split, received both");
    }
    return this;
  }

  /** Fails if it is said how to judge, but not by what. */
  void checkUsed() {
    if (validation.isPresent() || validationSplit > 0) {
      return;
    }
    checkUnset("a validation batch size", validationBatchSize.isEmpty());
    checkUnset("validation steps", validationSteps.isEmpty());
    checkUnset("a validation frequency", validationFrequency == 1);
    checkUnset("validation epochs", validationEpochs.isEmpty());
  }

  private static void checkUnset(String what, boolean unset) {
    if (!unset) {
      throw new GraphException(
          "fit: expected validation data or a validation split beside %s, received neither"
              .formatted(what));
    }
  }

  private static void checkWeight(int label, double weight) {
    if (!(weight >= 0) || Double.isInfinite(weight)) {
      throw new GraphException(
          "fit: expected class weights of 0 or more, received " + weight + " for class " + label);
    }
  }

  int epochs() {
    return epochs;
  }

  /** How the data to train on are read. */
  Feed.Reading training(long seed) {
    return new Feed.Reading(batchSize, stepsPerEpoch, shuffle, seed);
  }

  Optional<FeatureCache> features() {
    return features;
  }

  /** How the data to judge by are read. */
  Feed.Reading judging(long seed) {
    OptionalInt size = validationBatchSize.isPresent() ? validationBatchSize : batchSize;
    return new Feed.Reading(size, validationSteps, false, seed);
  }

  Optional<Dataset> validation() {
    return validation;
  }

  double validationSplit() {
    return validationSplit;
  }

  OptionalInt validationSteps() {
    return validationSteps;
  }

  /** Whether {@code epoch}, counted from 0, is judged. */
  boolean validates(int epoch) {
    return validationEpochs.isEmpty()
        ? (epoch + 1) % validationFrequency == 0
        : validationEpochs.contains(epoch + 1);
  }

  int initialEpoch() {
    return initialEpoch;
  }

  OptionalInt stepsPerEpoch() {
    return stepsPerEpoch;
  }

  ImmutableMap<Integer, Double> classWeights() {
    return classWeights;
  }

  int verbose() {
    return verbose;
  }

  ImmutableList<Callback> callbacks() {
    return callbacks;
  }
}
