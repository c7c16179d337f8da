package dev.tfgraphs.graphs;

import com.google.common.base.Ascii;
import dev.tfgraphs.graphs.Gauge.Direction;
import java.util.List;
import java.util.Optional;
import org.tensorflow.GraphOperation;
import org.tensorflow.Output;

/** Metrics as ops, each with its state (keras/src/metrics). */
final class Metrics {
  private Metrics() {}

  /**
   * The metric of outcomes, under its name in {@code under}.
   *
   * @param valid what must have been found before anything is gathered
   * @throws GraphException if it cannot be asked of such outcomes
   */
  static Gauge create(Emitter under, List<GraphOperation> valid, Metric metric, Outcome outcome) {
    String name = name(metric, outcome.targets());
    checkTargets(unnamed(metric), name, outcome.targets());
    Emitter e = under.under(name);
    Gauge.Builder gauge = new Gauge.Builder(e, valid);
    return gauge.build(name, direction(metric), result(e, gauge, unnamed(metric), name, outcome));
  }

  private static void checkTargets(Metric metric, String name, Targets targets) {
    if (metric instanceof Metric.OfLoss of) {
      targets.needThoseOf(name, of.loss());
    } else if (!(metric instanceof Metric.Own)) {
      targets.needCommon(name);
    }
  }

  private static Output<?> result(
      Emitter e, Gauge.Builder gauge, Metric metric, String name, Outcome outcome) {
    if (metric instanceof ConfusionMetric.FBetaScore score) {
      return new Overlaps(e, gauge, name, outcome).score(score);
    }
    if (metric instanceof ConfusionMetric.IoU iou) {
      return new Overlaps(e, gauge, name, outcome).iou(iou);
    }
    if (metric instanceof ConfusionMetric confusion) {
      return new Confusions(e, gauge, name, outcome).result(confusion);
    }
    if (metric instanceof Metric.R2Score score) {
      return new R2Scores(e, gauge, name, outcome).result(score);
    }
    return new MeanMetrics(e, gauge, name, outcome).result(metric);
  }

  /** The metric itself. */
  static Metric unnamed(Metric metric) {
    return metric instanceof Metric.Named named ? named.metric() : metric;
  }

  /** The metric's name in a history: Keras's, unless it has one of its own. */
  static String name(Metric metric, Targets targets) {
    if (metric instanceof Metric.Named named) {
      return named.name();
    }
    if (metric instanceof PlainMetric plain) {
      return plain.keras();
    }
    if (metric instanceof Metric.BinaryAccuracy) {
      return "binary_accuracy";
    }
    if (metric instanceof Metric.TopK) {
      return targets.classes() ? "sparse_top_k_categorical_accuracy" : "top_k_categorical_accuracy";
    }
    if (metric instanceof Metric.OfLoss of) {
      return name(of.loss());
    }
    if (metric instanceof Metric.Own own) {
      return own.name();
    }
    if (metric instanceof Metric.Similarity similarity) {
      return similarity.kind() == Metric.Similarity.Kind.COSINE
          ? "cosine_similarity"
          : Ascii.toLowerCase(similarity.kind().name()) + "_correlation";
    }
    return metric instanceof ConfusionMetric confusion ? name(confusion) : "r2_score";
  }

  private static String name(ConfusionMetric metric) {
    if (metric instanceof ConfusionMetric.Counts counts) {
      return Ascii.toLowerCase(counts.count().name());
    }
    if (metric instanceof ConfusionMetric.Best best) {
      return Ascii.toLowerCase(best.rates().name());
    }
    if (metric instanceof ConfusionMetric.FBetaScore score) {
      return score.name();
    }
    return metric instanceof ConfusionMetric.IoU iou ? iou.name() : "auc";
  }

  /** The name of the metric that is the mean of {@code loss}. */
  static String name(Loss loss) {
    if (loss instanceof PlainLoss plain) {
      return plain.keras();
    }
    if (loss instanceof Crossentropy crossentropy) {
      return name(crossentropy);
    }
    if (loss instanceof Loss.Own own) {
      return own.name();
    }
    return LossKinds.function(LossKinds.className(loss));
  }

  private static String name(Crossentropy loss) {
    if (loss instanceof Crossentropy.SparseCategorical) {
      return "sparse_categorical_crossentropy";
    }
    if (loss instanceof Crossentropy.Categorical) {
      return "categorical_crossentropy";
    }
    if (loss instanceof Crossentropy.Binary) {
      return "binary_crossentropy";
    }
    if (loss instanceof Crossentropy.BinaryFocal) {
      return "binary_focal_crossentropy";
    }
    return loss instanceof Crossentropy.CategoricalFocal
        ? "categorical_focal_crossentropy"
        : "categorical_generalized_cross_entropy";
  }

  /** Where the metric is better; of counts and functions of one's own nobody knows. */
  static Optional<Direction> direction(Metric metric) {
    Metric plain = unnamed(metric);
    if (plain instanceof Metric.OfLoss of) {
      return of.loss() instanceof Loss.Own ? Optional.empty() : Optional.of(Direction.DOWN);
    }
    if (plain instanceof Metric.Own) {
      return Optional.empty();
    }
    if (plain instanceof ConfusionMetric.Counts counts) {
      return switch (counts.count()) {
        case PRECISION, RECALL -> Optional.of(Direction.UP);
        default -> Optional.empty();
      };
    }
    return Optional.of(
        plain == PlainMetric.ROOT_MEAN_SQUARED_ERROR ? Direction.DOWN : Direction.UP);
  }
}
