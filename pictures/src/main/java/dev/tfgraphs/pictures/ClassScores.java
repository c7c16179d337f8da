package dev.tfgraphs.pictures;

import com.google.common.collect.ImmutableList;
import dev.tfgraphs.graphs.HostTensor;
import java.util.List;
import java.util.stream.IntStream;

/** What a network gave each class for samples whose classes are known. */
public final class ClassScores {
  private static final String WHO = "class scores";
  private static final double ROUNDING = 1e-3;

  private final ImmutableList<String> names;
  private final float[] scores;
  private final int[] labels;

  private ClassScores(ImmutableList<String> names, float[] scores, int[] labels) {
    this.names = names;
    this.scores = scores;
    this.labels = labels;
  }

  /**
   * Scores of samples.
   *
   * @param scores {@code (samples, classes)}, probabilities or others; {@code (samples, 1)} is the
   *     probability of the second of two classes
   * @param labels the class of each sample, counted from 0
   * @param names of two classes or more
   * @throws IllegalArgumentException if shapes, labels or names do not fit, or there is no sample
   */
  public static ClassScores of(HostTensor scores, int[] labels, List<String> names) {
    int[] shape = scores.shape().toArray();
    int classes = names.size();
    boolean ofOne = classes == 2 && shape.length == 2 && shape[1] == 1;
    if (classes < 2 || shape.length != 2 || !(ofOne || shape[1] == classes) || shape[0] < 1) {
      throw new IllegalArgumentException(
          WHO
              + ": expected (samples, classes) of 1 sample and 2 classes or more, received %s for %d"
                  .formatted(scores.shape(), classes));
    }
    if (labels.length != shape[0]) {
      throw new IllegalArgumentException(
          WHO
              + ": expected a label for each of %d samples, received %d"
                  .formatted(shape[0], labels.length));
    }
    for (int label : labels) {
      if (label < 0 || label >= classes) {
        throw new IllegalArgumentException(
            WHO + ": expected labels from 0 to %d, received %d".formatted(classes - 1, label));
      }
    }
    float[] values = ofOne ? both(scores.values()) : scores.values();
    return new ClassScores(ImmutableList.copyOf(names), values, labels.clone());
  }

  private static float[] both(float[] second) {
    float[] both = new float[2 * second.length];
    for (int i = 0; i < second.length; i++) {
      both[2 * i] = 1 - second[i];
      both[2 * i + 1] = second[i];
    }
    return both;
  }

  /** {@return the names of the classes} */
  public ImmutableList<String> names() {
    return names;
  }

  /** {@return how many samples there are} */
  public int samples() {
    return labels.length;
  }

  /** {@return whether the scores of each sample are from 0 to 1 and add up to 1} */
  public boolean areProbabilities() {
    for (int i = 0; i < labels.length; i++) {
      double sum = 0;
      for (int label = 0; label < names.size(); label++) {
        double score = score(i, label);
        if (!(score >= 0 && score <= 1 + ROUNDING)) {
          return false;
        }
        sum += score;
      }
      if (Math.abs(sum - 1) > ROUNDING) {
        return false;
      }
    }
    return true;
  }

  /** {@return whether no score is infinite or NaN} */
  public boolean areFinite() {
    return IntStream.range(0, scores.length).allMatch(i -> Float.isFinite(scores[i]));
  }

  private double score(int sample, int label) {
    return scores[sample * names.size() + label];
  }

  private int largest(int sample) {
    int largest = 0;
    for (int label = 1; label < names.size(); label++) {
      largest = score(sample, label) > score(sample, largest) ? label : largest;
    }
    return largest;
  }

  /** {@return what the samples were taken for: the classes with the largest scores} */
  public Confusion confusion() {
    Confusion confusion = new Confusion(names);
    IntStream.range(0, samples()).forEach(i -> confusion.add(labels[i], largest(i)));
    return confusion;
  }

  /**
   * {@return the curve of a class against all others}
   *
   * @throws IllegalArgumentException if no sample is of the class, or all are
   */
  public RocCurve roc(int label) {
    return RocCurve.of(of(label), are(label));
  }

  /**
   * {@return the micro average: the curve of all scores of all classes as if of one}
   *
   * @throws IllegalArgumentException if a score is not finite
   */
  public RocCurve roc() {
    return RocCurve.of(all(), areAll());
  }

  /**
   * {@return the curve of a class against all others}
   *
   * @throws IllegalArgumentException if no sample is of the class
   */
  public PrecisionRecallCurve precisionRecall(int label) {
    return PrecisionRecallCurve.of(of(label), are(label));
  }

  /**
   * {@return the micro average: the curve of all scores of all classes as if of one}
   *
   * @throws IllegalArgumentException if a score is not finite
   */
  public PrecisionRecallCurve precisionRecall() {
    return PrecisionRecallCurve.of(all(), areAll());
  }

  /**
   * {@return whether the largest probabilities are those with which their classes are right}
   *
   * @param bins how many, of equal width
   * @throws IllegalArgumentException if scores are no probabilities, or there is no bin
   */
  public Calibration calibration(int bins) {
    double[] largest =
        IntStream.range(0, samples()).mapToDouble(i -> Math.min(1, score(i, largest(i)))).toArray();
    boolean[] right = new boolean[samples()];
    IntStream.range(0, samples()).forEach(i -> right[i] = largest(i) == labels[i]);
    return Calibration.equalWidth(largest, right, bins);
  }

  /** How many samples are of a class. */
  long count(int label) {
    return IntStream.of(labels).filter(each -> each == label).count();
  }

  private double[] of(int label) {
    return IntStream.range(0, samples()).mapToDouble(i -> score(i, label)).toArray();
  }

  private boolean[] are(int label) {
    boolean[] are = new boolean[samples()];
    IntStream.range(0, samples()).forEach(i -> are[i] = labels[i] == label);
    return are;
  }

  private double[] all() {
    return IntStream.range(0, scores.length).mapToDouble(i -> scores[i]).toArray();
  }

  private boolean[] areAll() {
    boolean[] are = new boolean[scores.length];
    IntStream.range(0, samples()).forEach(i -> are[i * names.size() + labels[i]] = true);
    return are;
  }
}
