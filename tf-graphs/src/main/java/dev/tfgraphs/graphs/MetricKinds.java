package dev.tfgraphs.graphs;

import com.google.common.base.Ascii;
import com.google.common.base.CaseFormat;
import com.google.common.collect.ImmutableBiMap;
import com.google.common.collect.ImmutableList;
import com.google.common.collect.ImmutableMap;
import com.google.common.collect.ImmutableSet;
import dev.tfgraphs.graphs.Crossentropy.Binary;
import dev.tfgraphs.graphs.Crossentropy.Categorical;
import dev.tfgraphs.graphs.Crossentropy.SparseCategorical;
import dev.tfgraphs.ops.Config;
import dev.tfgraphs.ops.ConfigValue;
import dev.tfgraphs.ops.Form;
import dev.tfgraphs.ops.Kinds;
import dev.tfgraphs.ops.Settings;
import dev.tfgraphs.ops.Settings.Arguments;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.OptionalInt;
import java.util.function.BiFunction;
import java.util.function.Function;
import org.jspecify.annotations.Nullable;

/** Keras's metrics (keras/src/metrics) but for those that count what was taken for what. */
final class MetricKinds {
  /** Metrics whose names do not follow from their classes. */
  private static final ImmutableMap<String, String> NAMES =
      ImmutableMap.of(
          "AUC",
          "auc",
          "FBetaScore",
          "fbeta_score",
          "KLDivergence",
          "kl_divergence",
          "LogCoshError",
          "logcosh");

  /** What the word alone says, in capitals or not, and no class. */
  private static final ImmutableSet<String> ACCURACY = ImmutableSet.of("accuracy", "acc");

  /** Of what a metric counts in, nothing follows here. */
  private static final Form<String> TYPE =
      Form.of(
          value -> {
            if (value.isNull() || value.text().equals("float32") || value.text().equals("int64")) {
              return "float32";
            }
            throw value.expected("float32");
          },
          type -> type);

  private static final ImmutableBiMap<Metric.R2Score.Aggregation, String> AGGREGATIONS =
      ImmutableBiMap.of(
          Metric.R2Score.Aggregation.UNIFORM_AVERAGE, "uniform_average",
          Metric.R2Score.Aggregation.VARIANCE_WEIGHTED_AVERAGE, "variance_weighted_average");

  private static final Form<Metric.R2Score.Aggregation> AGGREGATION =
      Form.of(
          value ->
              value.isNull()
                  ? Metric.R2Score.Aggregation.NONE
                  : Form.choice(AGGREGATIONS.inverse()).read(value),
          AGGREGATIONS::get);

  private static final Kinds<Metric> OF_NUMBERS = kinds(false);
  private static final Kinds<Metric> OF_CLASSES = kinds(true);

  private MetricKinds() {}

  /** Keras's names of the classes. */
  static ImmutableSet<String> names() {
    return OF_NUMBERS.names();
  }

  /**
   * Metrics beside a loss: as words, as functions or as objects. Histories call a metric as the
   * word does; {@code accuracy} is chosen by what the loss takes.
   *
   * @param classes whether the loss takes class numbers
   */
  static Form<Metric> form(boolean classes) {
    Kinds<Metric> kinds = classes ? OF_CLASSES : OF_NUMBERS;
    return Form.of(value -> read(kinds, value), metric -> write(kinds, metric));
  }

  private static Metric read(Kinds<Metric> kinds, ConfigValue value) {
    if (value.isText()) {
      return word(kinds, value, value.text());
    }
    if (value.map().get("config") instanceof String function) {
      return word(kinds, value.with(function), function);
    }
    Config config = value.object();
    if (config.className().equals("MeanMetricWrapper")) { // what Keras 2 has made of a word
      ConfigValue function = config.get("fn");
      return named(read(kinds, function), config.get("name").text());
    }
    return kinds.of(config);
  }

  private static Metric word(Kinds<Metric> kinds, ConfigValue value, String word) {
    return ACCURACY.contains(Ascii.toLowerCase(word))
        ? named(Metric.accuracy(), word)
        : named(kinds.read(value), word);
  }

  private static Metric named(Metric metric, String name) {
    Metric unnamed = Metrics.unnamed(metric);
    return name.equals(name(className(unnamed, false))) ? unnamed : unnamed.named(name);
  }

  private static @Nullable Object write(Kinds<Metric> kinds, Metric metric) {
    if (Metrics.unnamed(metric) != PlainMetric.ACCURACY) {
      return kinds.write(metric);
    }
    String name = metric instanceof Metric.Named named ? named.name() : "accuracy";
    if (!ACCURACY.contains(Ascii.toLowerCase(name))) {
      throw new GraphException(
          "metric: expected Metric.accuracy() to be called one of %s, since Keras knows it by the"
                  .formatted(ACCURACY)
              + " word alone, received '"
              + name
              + "'; such as Metric.categoricalAccuracy() may have any name");
    }
    return name;
  }

  private static Kinds<Metric> kinds(boolean classes) {
    return Kinds.<Metric>of(
            "metric",
            "keras.metrics",
            metric -> className(Metrics.unnamed(metric), classes),
            ImmutableList.<Settings<Metric>>builder()
                .addAll(settings())
                .addAll(ConfusionKinds.settings())
                .build())
        .alsoCalled(LossKinds.WORDS)
        .alsoCalled(Map.of("f_beta_score", "FBetaScore"));
  }

  private static String className(Metric metric, boolean classes) {
    if (metric instanceof PlainMetric plain) {
      return CaseFormat.LOWER_UNDERSCORE.to(CaseFormat.UPPER_CAMEL, plain.keras());
    }
    if (metric instanceof Metric.TopK) {
      return classes ? "SparseTopKCategoricalAccuracy" : "TopKCategoricalAccuracy";
    }
    if (metric instanceof Metric.OfLoss of) {
      String name = LossKinds.className(of.loss());
      return name.equals("LogCosh") ? "LogCoshError" : name;
    }
    if (metric instanceof Metric.Similarity similarity) {
      return switch (similarity.kind()) {
        case COSINE -> "CosineSimilarity";
        case PEARSON -> "PearsonCorrelation";
        case CONCORDANCE -> "ConcordanceCorrelation";
      };
    }
    return metric instanceof ConfusionMetric confusion
        ? ConfusionKinds.className(confusion)
        : metric.getClass().getSimpleName();
  }

  /** Keras's name of an object of a class. */
  private static String name(String className) {
    return NAMES.getOrDefault(
        className, CaseFormat.UPPER_CAMEL.to(CaseFormat.LOWER_UNDERSCORE, className));
  }

  /** A class with the name that all have. */
  static Settings<Metric> of(String className, Function<Arguments<Metric>, Metric> make) {
    return of(className, "float32", make);
  }

  /** A class of another type than float32, by Keras's defaults. */
  static Settings<Metric> of(
      String className, String type, Function<Arguments<Metric>, Metric> make) {
    String usual = name(className);
    return Settings.<Metric>of(
            className,
            its -> {
              String name =
                  its.with(
                      "name",
                      Form.TEXT,
                      metric -> metric instanceof Metric.Named named ? named.name() : usual,
                      usual);
              Metric made = make.apply(its);
              return name.equals(usual) ? made : made.named(name);
            })
        .with("dtype", TYPE, metric -> type, (metric, read) -> metric);
  }

  /** What is asked of the metric of a class, whatever its name. */
  static <M extends Metric, V> Function<Metric, V> get(Class<M> kind, Function<M, V> get) {
    return metric -> get.apply(kind.cast(Metrics.unnamed(metric)));
  }

  static <M extends Metric, V> BiFunction<Metric, V, Metric> set(
      Class<M> kind, BiFunction<M, V, Metric> set) {
    return (metric, value) -> {
      Metric changed = set.apply(kind.cast(Metrics.unnamed(metric)), value);
      return metric instanceof Metric.Named named ? changed.named(named.name()) : changed;
    };
  }

  private static ImmutableList<Settings<Metric>> settings() {
    ImmutableList.Builder<Settings<Metric>> all = ImmutableList.builder();
    LossKinds.PLAIN.forEach(
        (name, loss) ->
            all.add(of(name.equals("LogCosh") ? "LogCoshError" : name, its -> Metric.of(loss))));
    for (PlainMetric plain : PlainMetric.values()) {
      if (plain != PlainMetric.ACCURACY) {
        all.add(of(className(plain, false), its -> plain));
      }
    }
    all.add(
        of("BinaryAccuracy", its -> Metric.binaryAccuracy())
            .with(
                "threshold",
                Form.NUMBER,
                get(Metric.BinaryAccuracy.class, Metric.BinaryAccuracy::threshold),
                set(Metric.BinaryAccuracy.class, Metric.BinaryAccuracy::threshold)));
    for (boolean classes : new boolean[] {false, true}) {
      all.add(
          of(
              className(Metric.topK(1), classes),
              its ->
                  Metric.topK(
                      its.with("k", Form.INTEGER, get(Metric.TopK.class, Metric.TopK::k), 5))));
    }
    return all.addAll(List.of(binary(), categorical(), sparse(), r2Score()))
        .add(
            of("CosineSimilarity", its -> Metric.cosineSimilarity())
                .whereSet( // Keras takes it and does not write it
                    "axis",
                    Form.INTEGER,
                    get(
                        Metric.Similarity.class,
                        metric -> Optional.of(metric.axis()).filter(axis -> axis != -1)),
                    set(Metric.Similarity.class, Metric.Similarity::axis)))
        .add(correlation("PearsonCorrelation", Metric.pearsonCorrelation()))
        .add(correlation("ConcordanceCorrelation", Metric.concordanceCorrelation()))
        .build();
  }

  private static Settings<Metric> correlation(String className, Metric metric) {
    return of(className, its -> metric)
        .with(
            "axis",
            Form.INTEGER,
            get(Metric.Similarity.class, Metric.Similarity::axis),
            set(Metric.Similarity.class, Metric.Similarity::axis));
  }

  private static Settings<Metric> r2Score() {
    return of("R2Score", its -> Metric.r2Score())
        .with(
            "class_aggregation",
            AGGREGATION,
            get(Metric.R2Score.class, Metric.R2Score::aggregation),
            set(Metric.R2Score.class, Metric.R2Score::aggregation))
        .with(
            "num_regressors",
            Form.INTEGER,
            get(Metric.R2Score.class, Metric.R2Score::regressors),
            set(Metric.R2Score.class, Metric.R2Score::regressors));
  }

  private static <L extends Loss, V> Function<Metric, V> ofLoss(Class<L> kind, Function<L, V> get) {
    return get(Metric.OfLoss.class, metric -> get.apply(kind.cast(metric.loss())));
  }

  private static Settings<Metric> binary() {
    return of(
        "BinaryCrossentropy",
        its ->
            Metric.of(
                Loss.binaryCrossentropy()
                    .fromLogits(
                        its.with(
                            "from_logits",
                            Form.FLAG,
                            ofLoss(Binary.class, Binary::fromLogits),
                            false))
                    .labelSmoothing(
                        its.with(
                            "label_smoothing",
                            Form.NUMBER,
                            ofLoss(Binary.class, Binary::labelSmoothing),
                            0.0))));
  }

  private static Settings<Metric> categorical() {
    return of(
            "CategoricalCrossentropy",
            its ->
                Metric.of(
                    Loss.categoricalCrossentropy()
                        .fromLogits(
                            its.with(
                                "from_logits",
                                Form.FLAG,
                                ofLoss(Categorical.class, Categorical::fromLogits),
                                false))
                        .labelSmoothing(
                            its.with(
                                "label_smoothing",
                                Form.NUMBER,
                                ofLoss(Categorical.class, Categorical::labelSmoothing),
                                0.0))))
        .fixed("axis", -1L);
  }

  private static Settings<Metric> sparse() {
    return of(
            "SparseCategoricalCrossentropy",
            its -> {
              boolean logits =
                  its.with(
                      "from_logits",
                      Form.FLAG,
                      ofLoss(SparseCategorical.class, SparseCategorical::fromLogits),
                      false);
              OptionalInt ignored =
                  its.with(
                      "ignore_class",
                      LossKinds.CLASS,
                      ofLoss(SparseCategorical.class, SparseCategorical::ignoreClass),
                      OptionalInt.empty());
              return Metric.of(new SparseCategorical(logits, ignored));
            })
        .fixed("axis", -1L);
  }
}
