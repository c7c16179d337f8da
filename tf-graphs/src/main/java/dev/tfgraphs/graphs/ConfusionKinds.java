package dev.tfgraphs.graphs;

import com.google.common.base.Ascii;
import com.google.common.base.CaseFormat;
import com.google.common.collect.ImmutableBiMap;
import com.google.common.collect.ImmutableList;
import com.google.common.collect.Maps;
import com.google.common.primitives.Doubles;
import com.google.common.primitives.Ints;
import dev.tfgraphs.graphs.ConfusionMetric.AreaUnderCurve;
import dev.tfgraphs.graphs.ConfusionMetric.Best;
import dev.tfgraphs.graphs.ConfusionMetric.Counts;
import dev.tfgraphs.graphs.ConfusionMetric.Counts.Count;
import dev.tfgraphs.graphs.ConfusionMetric.FBetaScore;
import dev.tfgraphs.graphs.ConfusionMetric.IoU;
import dev.tfgraphs.ops.Form;
import dev.tfgraphs.ops.Settings;
import java.util.EnumSet;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.OptionalInt;
import java.util.function.BiFunction;
import java.util.function.IntFunction;
import org.jspecify.annotations.Nullable;

/**
 * Keras's metrics that count what was taken for what (keras/src/metrics/confusion_metrics.py,
 * f_score_metrics.py, iou_metrics.py).
 */
final class ConfusionKinds {
  private static final Form<Optional<ImmutableList<Double>>> NUMBERS =
      Form.optional(Form.numbers());

  private static final Form<ImmutableList<Integer>> CLASSES = Form.list(Form.INTEGER);

  private static final Form<AreaUnderCurve.Curve> CURVE =
      Form.choice(
          ImmutableBiMap.copyOf(
              Maps.uniqueIndex(EnumSet.allOf(AreaUnderCurve.Curve.class), Enum::name)));

  /** What Keras writes as a tensor, and takes as a list. */
  private static final Form<Optional<ImmutableList<Double>>> WEIGHTS =
      Form.of(
          value ->
              NUMBERS.read(
                  value.value() instanceof Map<?, ?> && isTensor(value.map())
                      ? value.object().get("value")
                      : value),
          NUMBERS::write);

  private static final Form<FBetaScore.Average> AVERAGE =
      Form.of(
          value ->
              value.isNull()
                  ? FBetaScore.Average.NONE
                  : Form.choice(FBetaScore.Average.class).read(value),
          average ->
              average == FBetaScore.Average.NONE
                  ? null
                  : Form.choice(FBetaScore.Average.class).write(average));

  private ConfusionKinds() {}

  private static boolean isTensor(Map<String, @Nullable Object> value) {
    return "__tensor__".equals(value.get("class_name"));
  }

  static String className(ConfusionMetric metric) {
    if (metric instanceof Counts counts) {
      return camel(counts.count());
    }
    if (metric instanceof Best best) {
      return camel(best.rates());
    }
    if (metric instanceof FBetaScore score) {
      return score.name().equals("f1_score") && score.beta() == 1 ? "F1Score" : "FBetaScore";
    }
    return metric instanceof IoU iou ? className(iou) : "AUC";
  }

  private static String camel(Enum<?> constant) {
    return CaseFormat.UPPER_UNDERSCORE.to(CaseFormat.UPPER_CAMEL, constant.name());
  }

  private static String className(IoU iou) {
    if (iou.threshold().isPresent()) {
      return binary(iou) ? "BinaryIoU" : "an IoU of numbers for each class with a threshold";
    }
    boolean all = iou.targetClasses().equals(IoU.all(iou.classes()));
    if (!iou.sparseTarget() && iou.name().startsWith("one_hot")) {
      return all && iou.name().contains("mean") ? "OneHotMeanIoU" : "OneHotIoU";
    }
    return all && iou.name().contains("mean") ? "MeanIoU" : "IoU";
  }

  private static boolean binary(IoU iou) {
    return iou.classes() == 2
        && iou.ignoreClass().isEmpty()
        && iou.sparseTarget()
        && iou.sparsePrediction();
  }

  static ImmutableList<Settings<Metric>> settings() {
    ImmutableList.Builder<Settings<Metric>> all = ImmutableList.builder();
    for (Count count : Count.values()) {
      all.add(counts(count));
    }
    for (Best.Pair pair : Best.Pair.values()) {
      all.add(best(pair));
    }
    return all.addAll(List.of(area(), f1Score(), fBetaScore(), binaryIoU()))
        .add(ious(selected("IoU", Metric::iou), true))
        .add(ious(all("MeanIoU", Metric::meanIoU), true))
        .add(ious(selected("OneHotIoU", Metric::oneHotIoU), false))
        .add(ious(all("OneHotMeanIoU", Metric::oneHotMeanIoU), false))
        .build();
  }

  private static Settings<Metric> counts(Count count) {
    Settings<Metric> settings =
        MetricKinds.of(camel(count), its -> Counts.of(count))
            .with(
                "thresholds",
                NUMBERS,
                MetricKinds.get(Counts.class, metric -> given(metric.thresholds())),
                MetricKinds.set(
                    Counts.class, (metric, thresholds) -> metric.thresholds(numbers(thresholds))));
    if (count != Count.PRECISION && count != Count.RECALL) {
      return settings;
    }
    return settings
        .optional(
            "top_k",
            Form.INTEGER,
            MetricKinds.get(Counts.class, metric -> boxed(metric.topK())),
            MetricKinds.set(Counts.class, Counts::topK))
        .optional(
            "class_id",
            Form.INTEGER,
            MetricKinds.get(Counts.class, metric -> boxed(metric.classId())),
            MetricKinds.set(Counts.class, Counts::classId));
  }

  private static Optional<ImmutableList<Double>> given(ImmutableList<Double> numbers) {
    return Optional.of(numbers).filter(some -> !some.isEmpty());
  }

  private static double[] numbers(Optional<ImmutableList<Double>> numbers) {
    return Doubles.toArray(numbers.orElse(ImmutableList.of()));
  }

  private static Optional<Integer> boxed(OptionalInt number) {
    return number.isPresent() ? Optional.of(number.getAsInt()) : Optional.empty();
  }

  private static Settings<Metric> best(Best.Pair pair) {
    String name = pair.name();
    String key = Ascii.toLowerCase(name.substring(name.indexOf("_AT_") + 4));
    return MetricKinds.of(
            camel(pair),
            its ->
                new Best(
                    pair,
                    its.required(key, Form.NUMBER, MetricKinds.get(Best.class, Best::value)),
                    its.with(
                        "num_thresholds",
                        Form.INTEGER,
                        MetricKinds.get(Best.class, Best::numThresholds),
                        200),
                    OptionalInt.empty()))
        .optional(
            "class_id",
            Form.INTEGER,
            MetricKinds.get(Best.class, metric -> boxed(metric.classId())),
            MetricKinds.set(Best.class, Best::classId));
  }

  private static Settings<Metric> area() {
    return MetricKinds.of("AUC", its -> Metric.auc())
        .with(
            "num_thresholds",
            Form.INTEGER,
            MetricKinds.get(AreaUnderCurve.class, AreaUnderCurve::numThresholds),
            MetricKinds.set(AreaUnderCurve.class, AreaUnderCurve::numThresholds))
        .with(
            "curve",
            CURVE,
            MetricKinds.get(AreaUnderCurve.class, AreaUnderCurve::curve),
            MetricKinds.set(AreaUnderCurve.class, AreaUnderCurve::curve))
        .with(
            "summation_method",
            Form.choice(AreaUnderCurve.Summation.class),
            MetricKinds.get(AreaUnderCurve.class, AreaUnderCurve::summation),
            MetricKinds.set(AreaUnderCurve.class, AreaUnderCurve::summation))
        .with(
            "multi_label",
            Form.FLAG,
            MetricKinds.get(AreaUnderCurve.class, AreaUnderCurve::multiLabel),
            MetricKinds.set(AreaUnderCurve.class, AreaUnderCurve::multiLabel))
        .with( // Keras counts labels when it sees some
            "num_labels",
            Form.optional(Form.INTEGER),
            metric -> Optional.empty(),
            (metric, read) -> metric)
        .with(
            "label_weights",
            WEIGHTS,
            MetricKinds.get(AreaUnderCurve.class, metric -> given(metric.labelWeights())),
            MetricKinds.set(
                AreaUnderCurve.class, (metric, weights) -> metric.labelWeights(numbers(weights))))
        .with(
            "from_logits",
            Form.FLAG,
            MetricKinds.get(AreaUnderCurve.class, AreaUnderCurve::fromLogits),
            MetricKinds.set(AreaUnderCurve.class, AreaUnderCurve::fromLogits))
        .whereSet(
            "thresholds",
            Form.list(Form.NUMBER),
            MetricKinds.get(AreaUnderCurve.class, metric -> given(metric.inner())),
            MetricKinds.set(
                AreaUnderCurve.class,
                (metric, thresholds) -> metric.thresholds(Doubles.toArray(thresholds))));
  }

  private static Settings<Metric> f1Score() {
    return score(MetricKinds.of("F1Score", its -> Metric.f1Score()));
  }

  private static Settings<Metric> fBetaScore() {
    return score(
        MetricKinds.of(
            "FBetaScore",
            its ->
                Metric.fBetaScore(
                    its.with(
                        "beta",
                        Form.NUMBER,
                        MetricKinds.get(FBetaScore.class, FBetaScore::beta),
                        1.0))));
  }

  private static Settings<Metric> score(Settings<Metric> settings) {
    return settings
        .with(
            "average",
            AVERAGE,
            MetricKinds.get(FBetaScore.class, FBetaScore::average),
            MetricKinds.set(FBetaScore.class, FBetaScore::average))
        .optional(
            "threshold",
            Form.NUMBER,
            MetricKinds.get(FBetaScore.class, metric -> Form.boxed(metric.threshold())),
            MetricKinds.set(FBetaScore.class, FBetaScore::threshold));
  }

  private static Settings<Metric> binaryIoU() {
    return MetricKinds.of("BinaryIoU", "int64", its -> Metric.binaryIoU())
        .with(
            "target_class_ids",
            CLASSES,
            MetricKinds.get(IoU.class, IoU::targetClasses),
            MetricKinds.set(
                IoU.class, (metric, targets) -> metric.targetClasses(Ints.toArray(targets))))
        .with(
            "threshold",
            Form.NUMBER,
            MetricKinds.get(IoU.class, metric -> metric.threshold().orElseThrow()),
            MetricKinds.set(IoU.class, IoU::threshold));
  }

  /** Of some of the classes. */
  private static Settings<Metric> selected(String className, BiFunction<Integer, int[], IoU> make) {
    return MetricKinds.of(
        className,
        "int64",
        its -> {
          int classes =
              its.required("num_classes", Form.INTEGER, MetricKinds.get(IoU.class, IoU::classes));
          ImmutableList<Integer> targets =
              its.required(
                  "target_class_ids", CLASSES, MetricKinds.get(IoU.class, IoU::targetClasses));
          return make.apply(classes, Ints.toArray(targets));
        });
  }

  /** Of all classes. */
  private static Settings<Metric> all(String className, IntFunction<IoU> make) {
    return MetricKinds.of(
        className,
        "int64",
        its ->
            make.apply(
                its.required(
                    "num_classes", Form.INTEGER, MetricKinds.get(IoU.class, IoU::classes))));
  }

  private static Settings<Metric> ious(Settings<Metric> settings, boolean anyTarget) {
    Settings<Metric> targets =
        anyTarget
            ? settings.with(
                "sparse_y_true",
                Form.FLAG,
                MetricKinds.get(IoU.class, IoU::sparseTarget),
                MetricKinds.set(IoU.class, IoU::sparseTarget))
            : settings;
    return targets
        .optional(
            "ignore_class",
            Form.INTEGER,
            MetricKinds.get(IoU.class, metric -> boxed(metric.ignoreClass())),
            MetricKinds.set(IoU.class, IoU::ignoreClass))
        .with(
            "sparse_y_pred",
            Form.FLAG,
            MetricKinds.get(IoU.class, IoU::sparsePrediction),
            MetricKinds.set(IoU.class, IoU::sparsePrediction))
        .fixed("axis", -1L);
  }
}
