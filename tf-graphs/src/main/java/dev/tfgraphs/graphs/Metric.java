package dev.tfgraphs.graphs;

import com.google.common.collect.ImmutableList;
import com.google.common.primitives.Ints;
import java.util.OptionalDouble;
import java.util.OptionalInt;

/**
 * What is reported beside the loss, gathered over the batches of an epoch (keras/src/metrics).
 * Unless it says otherwise, a metric is the mean of a number for each sample. Those that Keras
 * names after losses are {@link #of}. Keras's Mean and Sum, which are told values, are {@link
 * #mean} and {@link #sum} of one's own function of targets and outputs; in Keras's {@code compile}
 * they would be told the targets, weighted by the outputs.
 */
public sealed interface Metric
    permits ConfusionMetric,
        Metric.BinaryAccuracy,
        Metric.Named,
        Metric.OfLoss,
        Metric.Own,
        Metric.R2Score,
        Metric.Similarity,
        Metric.TopK,
        PlainMetric {
  /**
   * {@return how often the output is right, {@code accuracy}: as Keras resolves the word, against
   * class numbers, distributions, or yes and no, by what the loss takes}
   */
  static Metric accuracy() {
    return PlainMetric.ACCURACY;
  }

  /**
   * {@return how often a number of the output equals that of the target: Keras's class Accuracy,
   * {@code accuracy} as well}
   */
  static Metric exactAccuracy() {
    return PlainMetric.EXACT_ACCURACY;
  }

  /** {@return how often the output is on the right side of 0.5, {@code binary_accuracy}} */
  static BinaryAccuracy binaryAccuracy() {
    return new BinaryAccuracy(0.5);
  }

  /**
   * {@return how often the likeliest class is that of a distribution, {@code categorical_accuracy}}
   */
  static Metric categoricalAccuracy() {
    return PlainMetric.CATEGORICAL_ACCURACY;
  }

  /**
   * {@return how often the likeliest class is that of a class number, {@code
   * sparse_categorical_accuracy}}
   */
  static Metric sparseCategoricalAccuracy() {
    return PlainMetric.SPARSE_CATEGORICAL_ACCURACY;
  }

  /**
   * {@return how often the right class is among the {@code k} likeliest, {@code
   * top_k_categorical_accuracy} or its sparse form; Keras's default is 5}
   */
  static TopK topK(int k) {
    return new TopK(k);
  }

  /**
   * {@return the mean of a loss over the samples, under the name of Keras's metric, such as {@code
   * mean_absolute_error}}
   */
  static OfLoss of(Loss loss) {
    return new OfLoss(loss);
  }

  /**
   * {@return the mean of one's own function over the samples}
   *
   * @throws GraphException if the name has other signs than letters, digits, '_', '.' and '-'
   */
  static Own mean(String name, LossFunction function) {
    return new Own(name, function, Own.Gathering.MEAN);
  }

  /**
   * {@return the sum of one's own function over all samples and their places, each times its
   * sample's weight}
   *
   * @throws GraphException if the name has other signs than letters, digits, '_', '.' and '-'
   */
  static Own sum(String name, LossFunction function) {
    return new Own(name, function, Own.Gathering.SUM);
  }

  /** {@return the root of the mean squared error of everything, {@code root_mean_squared_error}} */
  static Metric rootMeanSquaredError() {
    return PlainMetric.ROOT_MEAN_SQUARED_ERROR;
  }

  /** {@return the cosine between targets and outputs, {@code cosine_similarity}} */
  static Similarity cosineSimilarity() {
    return new Similarity(Similarity.Kind.COSINE, -1);
  }

  /** {@return how well outputs follow targets along a line, {@code pearson_correlation}} */
  static Similarity pearsonCorrelation() {
    return new Similarity(Similarity.Kind.PEARSON, -1);
  }

  /** {@return how well outputs agree with targets, {@code concordance_correlation}} */
  static Similarity concordanceCorrelation() {
    return new Similarity(Similarity.Kind.CONCORDANCE, -1);
  }

  /** {@return the part of the targets' variance that the outputs explain, {@code r2_score}} */
  static R2Score r2Score() {
    return new R2Score(R2Score.Aggregation.UNIFORM_AVERAGE, 0);
  }

  /** {@return how many of what is found are right, {@code precision}} */
  static ConfusionMetric.Counts precision() {
    return ConfusionMetric.Counts.of(ConfusionMetric.Counts.Count.PRECISION);
  }

  /** {@return how many of what is right are found, {@code recall}} */
  static ConfusionMetric.Counts recall() {
    return ConfusionMetric.Counts.of(ConfusionMetric.Counts.Count.RECALL);
  }

  /** {@return the number of right alarms, {@code true_positives}} */
  static ConfusionMetric.Counts truePositives() {
    return ConfusionMetric.Counts.of(ConfusionMetric.Counts.Count.TRUE_POSITIVES);
  }

  /** {@return the number of false alarms, {@code false_positives}} */
  static ConfusionMetric.Counts falsePositives() {
    return ConfusionMetric.Counts.of(ConfusionMetric.Counts.Count.FALSE_POSITIVES);
  }

  /** {@return the number of rightly quiet places, {@code true_negatives}} */
  static ConfusionMetric.Counts trueNegatives() {
    return ConfusionMetric.Counts.of(ConfusionMetric.Counts.Count.TRUE_NEGATIVES);
  }

  /** {@return the number of misses, {@code false_negatives}} */
  static ConfusionMetric.Counts falseNegatives() {
    return ConfusionMetric.Counts.of(ConfusionMetric.Counts.Count.FALSE_NEGATIVES);
  }

  /** {@return the area under the ROC curve at 200 thresholds, {@code auc}} */
  static ConfusionMetric.AreaUnderCurve auc() {
    return new ConfusionMetric.AreaUnderCurve(
        200,
        ConfusionMetric.AreaUnderCurve.Curve.ROC,
        ConfusionMetric.AreaUnderCurve.Summation.INTERPOLATION,
        ImmutableList.of(),
        false,
        ImmutableList.of(),
        false);
  }

  /** {@return the best recall where the specificity is at least so high} */
  static ConfusionMetric.Best sensitivityAtSpecificity(double specificity) {
    return new ConfusionMetric.Best(
        ConfusionMetric.Best.Pair.SENSITIVITY_AT_SPECIFICITY,
        specificity,
        200,
        OptionalInt.empty());
  }

  /** {@return the best specificity where the recall is at least so high} */
  static ConfusionMetric.Best specificityAtSensitivity(double sensitivity) {
    return new ConfusionMetric.Best(
        ConfusionMetric.Best.Pair.SPECIFICITY_AT_SENSITIVITY,
        sensitivity,
        200,
        OptionalInt.empty());
  }

  /** {@return the best precision where the recall is at least so high} */
  static ConfusionMetric.Best precisionAtRecall(double recall) {
    return new ConfusionMetric.Best(
        ConfusionMetric.Best.Pair.PRECISION_AT_RECALL, recall, 200, OptionalInt.empty());
  }

  /** {@return the best recall where the precision is at least so high} */
  static ConfusionMetric.Best recallAtPrecision(double precision) {
    return new ConfusionMetric.Best(
        ConfusionMetric.Best.Pair.RECALL_AT_PRECISION, precision, 200, OptionalInt.empty());
  }

  /** {@return the harmonic mean of precision and recall for each class, {@code f1_score}} */
  static ConfusionMetric.FBetaScore f1Score() {
    return new ConfusionMetric.FBetaScore(
        "f1_score", ConfusionMetric.FBetaScore.Average.NONE, 1, OptionalDouble.empty());
  }

  /** {@return the F score in which recall counts beta times as much, {@code fbeta_score}} */
  static ConfusionMetric.FBetaScore fBetaScore(double beta) {
    return new ConfusionMetric.FBetaScore(
        "fbeta_score", ConfusionMetric.FBetaScore.Average.NONE, beta, OptionalDouble.empty());
  }

  /** {@return intersection over union of some of the classes, {@code io_u}} */
  static ConfusionMetric.IoU iou(int classes, int... targetClasses) {
    return new ConfusionMetric.IoU(
        "io_u", classes, ImmutableList.copyOf(Ints.asList(targetClasses)));
  }

  /** {@return intersection over union of all classes, {@code mean_io_u}} */
  static ConfusionMetric.IoU meanIoU(int classes) {
    return new ConfusionMetric.IoU("mean_io_u", classes, ConfusionMetric.IoU.all(classes));
  }

  /** {@return intersection over union of no and yes, told apart at 0.5, {@code binary_io_u}} */
  static ConfusionMetric.IoU binaryIoU() {
    return new ConfusionMetric.IoU("binary_io_u", 2, ConfusionMetric.IoU.all(2)).threshold(0.5);
  }

  /** {@return intersection over union of some of the classes, {@code one_hot_io_u}} */
  static ConfusionMetric.IoU oneHotIoU(int classes, int... targetClasses) {
    return new ConfusionMetric.IoU(
            "one_hot_io_u", classes, ImmutableList.copyOf(Ints.asList(targetClasses)))
        .sparseTarget(false)
        .sparsePrediction(false);
  }

  /** {@return intersection over union of all classes, {@code one_hot_mean_io_u}} */
  static ConfusionMetric.IoU oneHotMeanIoU(int classes) {
    return new ConfusionMetric.IoU("one_hot_mean_io_u", classes, ConfusionMetric.IoU.all(classes))
        .sparseTarget(false)
        .sparsePrediction(false);
  }

  /**
   * {@return this metric under another name in histories}
   *
   * @throws GraphException if the name has other signs than letters, digits, '_', '.' and '-'
   */
  default Metric named(String name) {
    return new Named(this, name);
  }

  /** How often outputs are on the right side of a threshold, which itself is below. */
  record BinaryAccuracy(double threshold) implements Metric {
    /**
     * Checks the threshold.
     *
     * @throws GraphException if it is not finite
     */
    public BinaryAccuracy {
      Checks.finite("binary accuracy: threshold", threshold);
    }

    /** {@return this metric with another threshold; by default 0.5} */
    public BinaryAccuracy threshold(double threshold) {
      return new BinaryAccuracy(threshold);
    }
  }

  /**
   * How often the right class is among the likeliest; classes that tie with the last place count.
   */
  record TopK(int k) implements Metric {
    /**
     * Checks k.
     *
     * @throws GraphException if it is not positive
     */
    public TopK {
      if (k <= 0) {
        throw new GraphException("top-k: expected a positive k, received " + k);
      }
    }
  }

  /** The mean of a loss. */
  record OfLoss(Loss loss) implements Metric {
    /**
     * Checks the loss.
     *
     * @throws GraphException if it has a reduction of its own, or is minus a similarity
     */
    public OfLoss {
      if (loss instanceof Loss.CosineSimilarity) {
        throw new GraphException(
            "metric: expected Metric.cosineSimilarity(), received the loss, which has the other"
                + " sign");
      }
      if (loss instanceof Loss.Reduced reduced) {
        throw new GraphException(
            "metric: expected a loss without a reduction, received one reduced by "
                + reduced.reduction());
      }
    }
  }

  /**
   * The mean or the sum of one's own function, whose target is what the loss takes: shaped as the
   * output, or class numbers as float {@code (batch, ...)}.
   */
  record Own(String name, LossFunction function, Gathering gathering) implements Metric {
    /** What becomes of the values of all batches. */
    public enum Gathering {
      /** The mean over samples, whose own values are averaged first. */
      MEAN,
      /** The sum of all. */
      SUM
    }

    /**
     * Checks the name.
     *
     * @throws GraphException if it has other signs than letters, digits, '_', '.' and '-'
     */
    public Own {
      Checks.name("metric", name);
    }
  }

  /** How alike targets and outputs are, along an axis that is not the batch's. */
  record Similarity(Kind kind, int axis) implements Metric {
    /** What of them is compared. */
    public enum Kind {
      /** Their directions. */
      COSINE,
      /** Their distances from their own means, in their own units (keras: pearson_correlation). */
      PEARSON,
      /** Their values, means and variances (keras: concordance_correlation). */
      CONCORDANCE
    }

    /** {@return this metric along another axis, negative from the end; by default the last} */
    public Similarity axis(int axis) {
      return new Similarity(kind, axis);
    }
  }

  /**
   * {@code 1 - sum (t - y)^2 / sum (t - mean(t))^2} for each column of outputs {@code (batch,
   * columns)}; with a positive {@code regressors} adjusted for as many (keras: R2Score).
   */
  record R2Score(Aggregation aggregation, int regressors) implements Metric {
    /** How the scores of the columns become one. */
    public enum Aggregation {
      /** They do not. */
      NONE,
      /** By their mean. */
      UNIFORM_AVERAGE,
      /** By their mean, weighted by the variance of their targets. */
      VARIANCE_WEIGHTED_AVERAGE
    }

    /**
     * Checks the number of regressors.
     *
     * @throws GraphException if it is negative
     */
    public R2Score {
      if (regressors < 0) {
        throw new GraphException(
            "R2 score: expected no negative number of regressors, received " + regressors);
      }
    }

    /** {@return this metric aggregated another way; by default the uniform average} */
    public R2Score aggregation(Aggregation aggregation) {
      return new R2Score(aggregation, regressors);
    }

    /** {@return this metric adjusted for so many regressors; by default 0, not adjusted} */
    public R2Score regressors(int regressors) {
      return new R2Score(aggregation, regressors);
    }
  }

  /** A metric under a name of its own. */
  record Named(Metric metric, String name) implements Metric {
    /**
     * Checks the name.
     *
     * @throws GraphException if it has other signs than letters, digits, '_', '.' and '-'
     */
    public Named {
      Checks.name("metric", name);
    }

    /** {@return the metric under another name still} */
    @Override
    public Metric named(String name) {
      return new Named(metric, name);
    }
  }
}
