package dev.tfgraphs.graphs;

import com.google.common.base.Ascii;
import com.google.common.base.CaseFormat;
import com.google.common.collect.ImmutableBiMap;
import com.google.common.collect.ImmutableList;
import com.google.common.collect.ImmutableMap;
import com.google.common.primitives.Ints;
import dev.tfgraphs.graphs.Crossentropy.Binary;
import dev.tfgraphs.graphs.Crossentropy.BinaryFocal;
import dev.tfgraphs.graphs.Crossentropy.Categorical;
import dev.tfgraphs.graphs.Crossentropy.CategoricalFocal;
import dev.tfgraphs.graphs.Crossentropy.CategoricalGeneralized;
import dev.tfgraphs.graphs.Crossentropy.SparseCategorical;
import dev.tfgraphs.graphs.Loss.Circle;
import dev.tfgraphs.graphs.Loss.CosineSimilarity;
import dev.tfgraphs.graphs.Loss.Dice;
import dev.tfgraphs.graphs.Loss.Huber;
import dev.tfgraphs.graphs.Loss.Tversky;
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

/** Keras's losses (keras/src/losses/losses.py); an object has a reduction, too. */
final class LossKinds {
  /** Losses without settings by Keras's classes. */
  static final ImmutableBiMap<String, Loss> PLAIN =
      ImmutableBiMap.<String, Loss>builder()
          .put("MeanSquaredError", Loss.meanSquaredError())
          .put("MeanAbsoluteError", Loss.meanAbsoluteError())
          .put("MeanAbsolutePercentageError", Loss.meanAbsolutePercentageError())
          .put("MeanSquaredLogarithmicError", Loss.meanSquaredLogarithmicError())
          .put("LogCosh", Loss.logCosh())
          .put("KLDivergence", Loss.klDivergence())
          .put("Poisson", Loss.poisson())
          .put("Hinge", Loss.hinge())
          .put("SquaredHinge", Loss.squaredHinge())
          .put("CategoricalHinge", Loss.categoricalHinge())
          .buildOrThrow();

  /** What Keras's words stand for that are no class's name, and may be in capitals. */
  static final ImmutableMap<String, String> WORDS =
      words(
          ImmutableMap.of(
              "bce", "BinaryCrossentropy",
              "kld", "KLDivergence",
              "mae", "MeanAbsoluteError",
              "mse", "MeanSquaredError",
              "mape", "MeanAbsolutePercentageError",
              "msle", "MeanSquaredLogarithmicError"));

  static final Form<OptionalInt> CLASS =
      Form.of(
          value -> value.isNull() ? OptionalInt.empty() : OptionalInt.of(value.integer()),
          number -> number.isPresent() ? (Long) (long) number.getAsInt() : null);

  /** {@code auto} is what Keras 2 writes where none was given; null is none. */
  private static final Form<Reduction> REDUCTION =
      Form.of(
          value ->
              value.isNull()
                  ? Reduction.NONE
                  : Form.aliased(
                          Form.choice(Reduction.class), Map.of("auto", "sum_over_batch_size"))
                      .read(value),
          Form.choice(Reduction.class)::write);

  private static final Form<ImmutableList<Integer>> AXES =
      Form.of(
          value -> value.isNull() ? ImmutableList.of() : Form.AXES.read(value),
          axes -> axes.isEmpty() ? null : Form.list(Form.INTEGER).write(axes));

  static final Kinds<Loss> KINDS =
      Kinds.of("loss", "keras.losses", LossKinds::className, settings()).alsoCalled(WORDS);

  private LossKinds() {}

  private static ImmutableMap<String, String> words(ImmutableMap<String, String> small) {
    ImmutableMap.Builder<String, String> words = ImmutableMap.builder();
    small.forEach((word, name) -> words.put(word, name).put(Ascii.toUpperCase(word), name));
    return words.buildOrThrow();
  }

  static Loss plain(Loss loss) {
    return loss instanceof Loss.Reduced reduced ? plain(reduced.loss()) : loss;
  }

  private static Reduction reduction(Loss loss) {
    return loss instanceof Loss.Reduced reduced
        ? reduced.reduction()
        : Reduction.SUM_OVER_BATCH_SIZE;
  }

  private static Loss reduced(Loss plain, Reduction reduction) {
    return reduction == Reduction.SUM_OVER_BATCH_SIZE ? plain : plain.reduction(reduction);
  }

  static String className(Loss loss) {
    Loss plain = plain(loss);
    String name = PLAIN.inverse().get(plain);
    if (name != null) {
      return name;
    }
    if (plain instanceof CategoricalGeneralized) {
      return "CategoricalGeneralizedCrossEntropy";
    }
    String simple = plain.getClass().getSimpleName();
    return plain instanceof Crossentropy ? simple + "Crossentropy" : simple;
  }

  private static ImmutableList<Settings<Loss>> settings() {
    ImmutableList.Builder<Settings<Loss>> all = ImmutableList.builder();
    PLAIN.forEach((name, loss) -> all.add(of(name, its -> loss)));
    return all.addAll(List.of(sparse(), categorical(), binary(), binaryFocal(), categoricalFocal()))
        .add(
            of(
                "CategoricalGeneralizedCrossEntropy",
                its ->
                    Loss.categoricalGeneralizedCrossEntropy(
                        its.required(
                            "q",
                            Form.NUMBER,
                            get(CategoricalGeneralized.class, CategoricalGeneralized::q)))))
        .addAll(
            List.of(huber(), cosine(), dice(), tversky(), of("CTC", its -> Loss.ctc()), circle()))
        .build();
  }

  /** A class with the name and reduction that all have. */
  private static Settings<Loss> of(String className, Function<Arguments<Loss>, Loss> make) {
    return Settings.<Loss>of(
            className,
            its -> {
              // the name says nothing: histories name losses after outputs
              Optional<String> unused =
                  its.with(
                      "name",
                      Form.optional(Form.TEXT),
                      loss -> Optional.of(name(className)),
                      Optional.empty());
              Reduction reduction =
                  its.with(
                      "reduction", REDUCTION, LossKinds::reduction, Reduction.SUM_OVER_BATCH_SIZE);
              return reduced(make.apply(its), reduction);
            })
        .tolerated("dtype", "float32", null)
        .tolerated("fn", name(className), function(className));
  }

  /** Keras's name of an object of a class. */
  private static String name(String className) {
    return className.equals("Huber") ? "huber_loss" : function(className);
  }

  /** Keras's name of the function that a class applies. */
  static String function(String className) {
    return switch (className) {
      case "KLDivergence" -> "kl_divergence";
      case "CTC" -> "ctc";
      default -> CaseFormat.UPPER_CAMEL.to(CaseFormat.LOWER_UNDERSCORE, className);
    };
  }

  /** What is asked of the loss of a class, whatever its reduction. */
  private static <L extends Loss, V> Function<Loss, V> get(Class<L> kind, Function<L, V> get) {
    return loss -> get.apply(kind.cast(plain(loss)));
  }

  private static <L extends Loss, V> BiFunction<Loss, V, Loss> set(
      Class<L> kind, BiFunction<L, V, Loss> set) {
    return (loss, value) -> reduced(set.apply(kind.cast(plain(loss)), value), reduction(loss));
  }

  private static <L extends Loss> Settings<Loss> logits(
      Class<L> kind,
      Settings<Loss> settings,
      Function<L, Boolean> get,
      BiFunction<L, Boolean, Loss> set) {
    return settings.with("from_logits", Form.FLAG, get(kind, get), set(kind, set));
  }

  private static <L extends Loss> Settings<Loss> number(
      Class<L> kind,
      Settings<Loss> settings,
      String key,
      Function<L, Double> get,
      BiFunction<L, Double, Loss> set) {
    return settings.with(key, Form.NUMBER, get(kind, get), set(kind, set));
  }

  private static <L extends Loss> Settings<Loss> smoothed(
      Class<L> kind,
      Settings<Loss> settings,
      Function<L, Double> get,
      BiFunction<L, Double, Loss> set) {
    return number(kind, settings, "label_smoothing", get, set).fixed("axis", -1L);
  }

  private static Settings<Loss> sparse() {
    return logits(
            SparseCategorical.class,
            of("SparseCategoricalCrossentropy", its -> Loss.sparseCategoricalCrossentropy()),
            SparseCategorical::fromLogits,
            SparseCategorical::fromLogits)
        .with(
            "ignore_class",
            CLASS,
            get(SparseCategorical.class, SparseCategorical::ignoreClass),
            set(
                SparseCategorical.class,
                (loss, ignored) ->
                    ignored.isPresent() ? loss.ignoreClass(ignored.getAsInt()) : loss))
        .tolerated("axis", -1);
  }

  private static Settings<Loss> categorical() {
    Settings<Loss> settings = of("CategoricalCrossentropy", its -> Loss.categoricalCrossentropy());
    return smoothed(
        Categorical.class,
        logits(Categorical.class, settings, Categorical::fromLogits, Categorical::fromLogits),
        Categorical::labelSmoothing,
        Categorical::labelSmoothing);
  }

  private static Settings<Loss> binary() {
    Settings<Loss> settings = of("BinaryCrossentropy", its -> Loss.binaryCrossentropy());
    return smoothed(
        Binary.class,
        logits(Binary.class, settings, Binary::fromLogits, Binary::fromLogits),
        Binary::labelSmoothing,
        Binary::labelSmoothing);
  }

  private static Settings<Loss> binaryFocal() {
    Settings<Loss> settings = of("BinaryFocalCrossentropy", its -> Loss.binaryFocalCrossentropy());
    settings =
        logits(BinaryFocal.class, settings, BinaryFocal::fromLogits, BinaryFocal::fromLogits);
    settings =
        smoothed(
                BinaryFocal.class,
                settings,
                BinaryFocal::labelSmoothing,
                BinaryFocal::labelSmoothing)
            .with(
                "apply_class_balancing",
                Form.FLAG,
                get(BinaryFocal.class, BinaryFocal::classBalancing),
                set(BinaryFocal.class, BinaryFocal::classBalancing));
    settings = number(BinaryFocal.class, settings, "alpha", BinaryFocal::alpha, BinaryFocal::alpha);
    return number(BinaryFocal.class, settings, "gamma", BinaryFocal::gamma, BinaryFocal::gamma);
  }

  private static Settings<Loss> categoricalFocal() {
    Settings<Loss> settings =
        of("CategoricalFocalCrossentropy", its -> Loss.categoricalFocalCrossentropy());
    settings =
        smoothed(
            CategoricalFocal.class,
            logits(
                CategoricalFocal.class,
                settings,
                CategoricalFocal::fromLogits,
                CategoricalFocal::fromLogits),
            CategoricalFocal::labelSmoothing,
            CategoricalFocal::labelSmoothing);
    settings =
        number(
            CategoricalFocal.class,
            settings,
            "alpha",
            CategoricalFocal::alpha,
            CategoricalFocal::alpha);
    return number(
        CategoricalFocal.class,
        settings,
        "gamma",
        CategoricalFocal::gamma,
        CategoricalFocal::gamma);
  }

  /** Keras takes a delta and does not write it; here it is written where it is not Keras's own. */
  private static Settings<Loss> huber() {
    return of("Huber", its -> Loss.huber())
        .whereSet(
            "delta",
            Form.NUMBER,
            get(Huber.class, loss -> Optional.of(loss.delta()).filter(delta -> delta != 1)),
            set(Huber.class, Huber::delta));
  }

  /** The same holds for this axis. */
  private static Settings<Loss> cosine() {
    return of("CosineSimilarity", its -> Loss.cosineSimilarity())
        .whereSet(
            "axis",
            Form.INTEGER,
            get(
                CosineSimilarity.class,
                loss -> Optional.of(loss.axis()).filter(axis -> axis != -1)),
            set(CosineSimilarity.class, CosineSimilarity::axis));
  }

  private static Settings<Loss> circle() {
    Settings<Loss> settings = of("Circle", its -> Loss.circle());
    settings = number(Circle.class, settings, "gamma", Circle::gamma, Circle::gamma);
    settings = number(Circle.class, settings, "margin", Circle::margin, Circle::margin);
    return settings.with(
        "remove_diagonal",
        Form.FLAG,
        get(Circle.class, Circle::removeDiagonal),
        set(Circle.class, Circle::removeDiagonal));
  }

  private static Settings<Loss> dice() {
    return of("Dice", its -> Loss.dice())
        .with(
            "axis",
            AXES,
            get(Dice.class, Dice::axes),
            set(Dice.class, (loss, axes) -> loss.axis(Ints.toArray(axes))));
  }

  private static Settings<Loss> tversky() {
    Settings<Loss> settings = of("Tversky", its -> Loss.tversky());
    settings = number(Tversky.class, settings, "alpha", Tversky::alpha, Tversky::alpha);
    settings = number(Tversky.class, settings, "beta", Tversky::beta, Tversky::beta);
    return settings.with(
        "axis",
        AXES,
        get(Tversky.class, Tversky::axes),
        set(Tversky.class, (loss, axes) -> loss.axis(Ints.toArray(axes))));
  }
}
