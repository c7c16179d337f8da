package dev.tfgraphs.graphs;

import com.google.common.collect.ImmutableList;
import com.google.common.collect.ImmutableMap;
import dev.tfgraphs.graphs.data.Dataset;
import java.util.Map;
import java.util.Optional;

/**
 * How long and with what a model is fitted; the defaults are those of Keras's {@code fit}.
 *
 * @param epochs how many passes over the data are made
 * @param batchSize how many samples a step takes where the dataset does not say; 32 by default
 * @param validation what each epoch is judged by
 * @param validationSplit which last part of the data each epoch is judged by; 0, none, by default
 * @param shuffle whether every epoch has an order of its own; it has by default
 * @param classWeights how much the samples of a class count; 1 for classes that are not named
 * @param verbose 0 prints nothing, 1 a progress bar, 2 one line for each epoch; 1 by default
 * @param callbacks what hears of the progress
 */
public record FitOptions(
    int epochs,
    int batchSize,
    Optional<Dataset> validation,
    double validationSplit,
    boolean shuffle,
    ImmutableMap<Integer, Double> classWeights,
    int verbose,
    ImmutableList<Callback> callbacks) {

  /**
   * Checks the numbers.
   *
   * @throws GraphException if epochs or batch size are not positive, a weight is negative, or there
   *     are two kinds of validation
   */
  public FitOptions {
    if (epochs <= 0 || batchSize <= 0) {
      throw new GraphException(
          "fit: expected positive epochs and batch size, received " + epochs + " and " + batchSize);
    }
    if (!(validationSplit >= 0 && validationSplit < 1)) {
      throw new GraphException(
          "fit: expected a validation split of 0 or more and less than 1, received "
              + validationSplit);
    }
    if (validationSplit > 0 && validation.isPresent()) {
      throw new GraphException(
          "fit: expected validation data or a validation split, received both");
    }
    if (verbose < 0 || verbose > 2) {
      throw new GraphException("fit: expected verbose 0, 1 or 2, received " + verbose);
    }
    classWeights.forEach(
        (label, weight) -> {
          if (!(weight >= 0) || weight.isInfinite()) {
            throw new GraphException(
                "fit: expected class weights of 0 or more, received "
                    + weight
                    + " for class "
                    + label);
          }
        });
  }

  /** {@return options for so many epochs} */
  public static FitOptions epochs(int epochs) {
    return new FitOptions(
        epochs, 32, Optional.empty(), 0, true, ImmutableMap.of(), 1, ImmutableList.of());
  }

  /** {@return these options with another batch size} */
  public FitOptions batchSize(int batchSize) {
    return new FitOptions(
        epochs, batchSize, validation, validationSplit, shuffle, classWeights, verbose, callbacks);
  }

  /** {@return these options judging every epoch by {@code validation}} */
  public FitOptions validation(Dataset validation) {
    return new FitOptions(
        epochs,
        batchSize,
        Optional.of(validation),
        validationSplit,
        shuffle,
        classWeights,
        verbose,
        callbacks);
  }

  /**
   * {@return these options judging every epoch by the last part of the data, which is not trained
   * on}
   */
  public FitOptions validationSplit(double validationSplit) {
    return new FitOptions(
        epochs, batchSize, validation, validationSplit, shuffle, classWeights, verbose, callbacks);
  }

  /** {@return these options with or without another order in every epoch} */
  public FitOptions shuffle(boolean shuffle) {
    return new FitOptions(
        epochs, batchSize, validation, validationSplit, shuffle, classWeights, verbose, callbacks);
  }

  /** {@return these options with samples that count by their class} */
  public FitOptions classWeights(Map<Integer, Double> classWeights) {
    return new FitOptions(
        epochs,
        batchSize,
        validation,
        validationSplit,
        shuffle,
        ImmutableMap.copyOf(classWeights),
        verbose,
        callbacks);
  }

  /** {@return these options printing nothing (0), a bar (1) or lines (2)} */
  public FitOptions verbose(int verbose) {
    return new FitOptions(
        epochs, batchSize, validation, validationSplit, shuffle, classWeights, verbose, callbacks);
  }

  /** {@return these options with one more callback} */
  public FitOptions callback(Callback callback) {
    ImmutableList<Callback> more =
        ImmutableList.<Callback>builder().addAll(callbacks).add(callback).build();
    return new FitOptions(
        epochs, batchSize, validation, validationSplit, shuffle, classWeights, verbose, more);
  }
}
