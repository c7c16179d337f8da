package dev.tfgraphs.graphs;

import com.google.common.collect.ImmutableList;
import com.google.common.primitives.Doubles;
import com.google.common.primitives.Ints;
import java.util.Collections;
import java.util.OptionalDouble;
import java.util.OptionalInt;
import java.util.stream.IntStream;

/**
 * Metrics that count what was taken for what, over all batches of an epoch
 * (keras/src/metrics/confusion_metrics.py, f_score_metrics.py, iou_metrics.py). All but the
 * intersections over unions take targets of 0 and 1 shaped as the output.
 */
public sealed interface ConfusionMetric extends Metric {
  /**
   * Counts at thresholds, which are themselves below; a number for each of them if there are
   * several.
   *
   * @param thresholds 0.5 if there are none
   * @param topK how many outputs of a sample may be found at most
   * @param classId the one class to look at
   */
  record Counts(
      Count count, ImmutableList<Double> thresholds, OptionalInt topK, OptionalInt classId)
      implements ConfusionMetric {
    /** What is reported. */
    public enum Count {
      /** What is found and right, of what is found. */
      PRECISION,
      /** What is found and right, of what is right. */
      RECALL,
      /** What is found and right. */
      TRUE_POSITIVES,
      /** What is found and wrong. */
      FALSE_POSITIVES,
      /** What is rightly not found. */
      TRUE_NEGATIVES,
      /** What is not found but right. */
      FALSE_NEGATIVES
    }

    /**
     * Checks thresholds and k.
     *
     * @throws GraphException if a threshold is not in 0 to 1 or k is not positive
     */
    public Counts {
      checkUnit("thresholds", Doubles.toArray(thresholds));
      if (topK.isPresent() && topK.getAsInt() <= 0) {
        throw new GraphException("top-k: expected a positive k, received " + topK.getAsInt());
      }
    }

    static Counts of(Count count) {
      return new Counts(count, ImmutableList.of(), OptionalInt.empty(), OptionalInt.empty());
    }

    /** {@return this metric at other thresholds, from 0 to 1; by default 0.5} */
    public Counts thresholds(double... thresholds) {
      return new Counts(count, ImmutableList.copyOf(Doubles.asList(thresholds)), topK, classId);
    }

    /** {@return this metric, which finds the {@code k} likeliest classes of each sample} */
    public Counts topK(int k) {
      return new Counts(count, thresholds, OptionalInt.of(k), classId);
    }

    /** {@return this metric of one class} */
    public Counts classId(int classId) {
      return new Counts(count, thresholds, topK, OptionalInt.of(classId));
    }
  }

  /**
   * An area under a curve of two rates, as a sum over thresholds (keras: AUC).
   *
   * @param inner thresholds between 0 and 1; evenly spaced if there are none
   * @param labelWeights how much each label counts; alike if there are none
   */
  record AreaUnderCurve(
      int numThresholds,
      Curve curve,
      Summation summation,
      ImmutableList<Double> inner,
      boolean multiLabel,
      ImmutableList<Double> labelWeights,
      boolean fromLogits)
      implements ConfusionMetric {
    /** The curve. */
    public enum Curve {
      /** Recall over the rate of false alarms. */
      ROC,
      /** Precision over recall. */
      PR,
      /** Gain of precision over gain of recall. */
      PRGAIN
    }

    /** The height between two thresholds. */
    public enum Summation {
      /** Their mean; for {@link Curve#PR} between the counts (Davis and Goadrich, 2006). */
      INTERPOLATION,
      /** The lower. */
      MINORING,
      /** The higher. */
      MAJORING
    }

    /**
     * Checks thresholds and weights.
     *
     * @throws GraphException if there are fewer than two thresholds or one is not in 0 to 1, or if
     *     a weight is negative or not finite
     */
    public AreaUnderCurve {
      if (numThresholds < 2) {
        throw new GraphException("auc: expected at least 2 thresholds, received " + numThresholds);
      }
      checkUnit("thresholds", Doubles.toArray(inner));
      labelWeights.forEach(weight -> Checks.notNegative("auc: label weight", weight));
    }

    /** {@return this metric at so many thresholds, evenly spaced; by default 200} */
    public AreaUnderCurve numThresholds(int numThresholds) {
      return new AreaUnderCurve(
          numThresholds,
          curve,
          summation,
          ImmutableList.of(),
          multiLabel,
          labelWeights,
          fromLogits);
    }

    /** {@return this metric at thresholds of one's own, beside 0 and 1} */
    public AreaUnderCurve thresholds(double... thresholds) {
      ImmutableList<Double> sorted = ImmutableList.sortedCopyOf(Doubles.asList(thresholds));
      return new AreaUnderCurve(
          sorted.size() + 2, curve, summation, sorted, multiLabel, labelWeights, fromLogits);
    }

    /** {@return this metric of another curve; by default ROC} */
    public AreaUnderCurve curve(Curve curve) {
      return new AreaUnderCurve(
          numThresholds, curve, summation, inner, multiLabel, labelWeights, fromLogits);
    }

    /** {@return this metric summed another way; by default interpolated} */
    public AreaUnderCurve summation(Summation summation) {
      return new AreaUnderCurve(
          numThresholds, curve, summation, inner, multiLabel, labelWeights, fromLogits);
    }

    /** {@return the mean of a curve for each label instead of one curve; by default not} */
    public AreaUnderCurve multiLabel(boolean multiLabel) {
      return new AreaUnderCurve(
          numThresholds, curve, summation, inner, multiLabel, labelWeights, fromLogits);
    }

    /** {@return this metric with weighted labels} */
    public AreaUnderCurve labelWeights(double... weights) {
      return new AreaUnderCurve(
          numThresholds,
          curve,
          summation,
          inner,
          multiLabel,
          ImmutableList.copyOf(Doubles.asList(weights)),
          fromLogits);
    }

    /** {@return this metric of the sigmoid of outputs, or of outputs} */
    public AreaUnderCurve fromLogits(boolean fromLogits) {
      return new AreaUnderCurve(
          numThresholds, curve, summation, inner, multiLabel, labelWeights, fromLogits);
    }
  }

  /**
   * The best of one rate at the thresholds where another is high enough; 0 if nowhere.
   *
   * @param value what is high enough
   * @param classId the one class to look at
   */
  record Best(Pair rates, double value, int numThresholds, OptionalInt classId)
      implements ConfusionMetric {
    /** The two rates. */
    public enum Pair {
      /** Recall where the specificity is high enough. */
      SENSITIVITY_AT_SPECIFICITY,
      /** Specificity where recall is high enough. */
      SPECIFICITY_AT_SENSITIVITY,
      /** Precision where recall is high enough. */
      PRECISION_AT_RECALL,
      /** Recall where precision is high enough. */
      RECALL_AT_PRECISION
    }

    /**
     * Checks the value and the number of thresholds.
     *
     * @throws GraphException if the value is not in 0 to 1 or there is no threshold
     */
    public Best {
      checkUnit("a rate", value);
      if (numThresholds < 1) {
        throw new GraphException(
            "metric: expected at least 1 threshold, received " + numThresholds);
      }
    }

    /** {@return this metric at so many thresholds, evenly spaced; by default 200} */
    public Best numThresholds(int numThresholds) {
      return new Best(rates, value, numThresholds, classId);
    }

    /** {@return this metric of one class} */
    public Best classId(int classId) {
      return new Best(rates, value, numThresholds, OptionalInt.of(classId));
    }
  }

  /**
   * {@code (1 + beta^2) p r / (beta^2 p + r)} of precision p and recall r, of outputs {@code
   * (batch, classes)}.
   *
   * @param name Keras's name
   * @param threshold what an output is found above; without one, the largest of a sample is found
   */
  record FBetaScore(String name, Average average, double beta, OptionalDouble threshold)
      implements ConfusionMetric {
    /** How the scores of classes become one. */
    public enum Average {
      /** They do not. */
      NONE,
      /** There is one, of the counts of all classes. */
      MICRO,
      /** By their mean. */
      MACRO,
      /** By their mean, weighted by how often a class is right. */
      WEIGHTED
    }

    /**
     * Checks beta and the threshold.
     *
     * @throws GraphException if beta is not positive or the threshold not above 0 and at most 1
     */
    public FBetaScore {
      if (!(beta > 0)) {
        throw new GraphException("F-beta score: expected a positive beta, received " + beta);
      }
      if (threshold.isPresent() && !(threshold.getAsDouble() > 0 && threshold.getAsDouble() <= 1)) {
        throw new GraphException(
            "F-beta score: expected a threshold above 0 and at most 1, received "
                + threshold.getAsDouble());
      }
    }

    /** {@return this metric averaged another way; by default not} */
    public FBetaScore average(Average average) {
      return new FBetaScore(name, average, beta, threshold);
    }

    /** {@return this metric, which finds what is above {@code threshold}} */
    public FBetaScore threshold(double threshold) {
      return new FBetaScore(name, average, beta, OptionalDouble.of(threshold));
    }
  }

  /**
   * Intersection over union, averaged over the target classes that occur.
   *
   * @param name Keras's name
   * @param sparseTarget whether targets are class numbers, not a number for each class
   * @param sparsePrediction whether outputs are class numbers, not a number for each class
   * @param threshold from where on an output is class 1 of two
   */
  record IoU(
      String name,
      int classes,
      ImmutableList<Integer> targetClasses,
      OptionalInt ignoreClass,
      boolean sparseTarget,
      boolean sparsePrediction,
      OptionalDouble threshold)
      implements ConfusionMetric {
    /**
     * Checks target classes and threshold.
     *
     * @throws GraphException if there is no target class, one is not among the classes, or the
     *     threshold is not finite
     */
    public IoU {
      if (targetClasses.isEmpty()
          || Collections.min(targetClasses) < 0
          || Collections.max(targetClasses) >= classes) {
        throw new GraphException(
            "%s: expected target classes from 0 to %d, received %s"
                .formatted(name, classes - 1, targetClasses));
      }
      threshold.ifPresent(value -> Checks.finite(name + ": threshold", value));
    }

    IoU(String name, int classes, ImmutableList<Integer> targetClasses) {
      this(name, classes, targetClasses, OptionalInt.empty(), true, true, OptionalDouble.empty());
    }

    static ImmutableList<Integer> all(int classes) {
      return IntStream.range(0, classes).boxed().collect(ImmutableList.toImmutableList());
    }

    /** {@return this metric without what is labelled so} */
    public IoU ignoreClass(int ignoreClass) {
      return new IoU(
          name,
          classes,
          targetClasses,
          OptionalInt.of(ignoreClass),
          sparseTarget,
          sparsePrediction,
          threshold);
    }

    /** {@return this metric of targets that are class numbers, as by default, or not} */
    public IoU sparseTarget(boolean sparseTarget) {
      return new IoU(
          name, classes, targetClasses, ignoreClass, sparseTarget, sparsePrediction, threshold);
    }

    /** {@return this metric of outputs that are class numbers, as by default, or not} */
    public IoU sparsePrediction(boolean sparsePrediction) {
      return new IoU(
          name, classes, targetClasses, ignoreClass, sparseTarget, sparsePrediction, threshold);
    }

    /** {@return this metric with outputs taken for class 1 from {@code threshold} on} */
    public IoU threshold(double threshold) {
      return new IoU(
          name,
          classes,
          targetClasses,
          ignoreClass,
          sparseTarget,
          sparsePrediction,
          OptionalDouble.of(threshold));
    }

    /** {@return this metric of other target classes} */
    public IoU targetClasses(int... targetClasses) {
      return new IoU(
          name,
          classes,
          ImmutableList.copyOf(Ints.asList(targetClasses)),
          ignoreClass,
          sparseTarget,
          sparsePrediction,
          threshold);
    }
  }

  private static void checkUnit(String what, double... values) {
    for (double value : values) {
      if (!(value >= 0 && value <= 1)) {
        throw new GraphException(
            "metric: expected %s from 0 to 1, received %s".formatted(what, value));
      }
    }
  }
}
