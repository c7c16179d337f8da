package dev.tfgraphs.ops;

import com.google.common.collect.ImmutableBiMap;
import com.google.common.collect.ImmutableList;
import com.google.common.primitives.Doubles;
import dev.tfgraphs.ops.Initializer.Distribution;
import dev.tfgraphs.ops.Initializer.Draw;
import dev.tfgraphs.ops.Initializer.Fan;
import dev.tfgraphs.ops.Initializer.Orthogonal;
import dev.tfgraphs.ops.Initializer.RandomNormal;
import dev.tfgraphs.ops.Initializer.RandomUniform;
import dev.tfgraphs.ops.Initializer.TruncatedNormal;
import dev.tfgraphs.ops.Initializer.VarianceScaling;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.OptionalLong;
import java.util.function.Function;

/** Keras's initializers (keras/src/initializers). */
final class Initializers {
  private static final Form<Fan> FAN =
      Form.choice(ImmutableBiMap.of("fan_in", Fan.IN, "fan_out", Fan.OUT, "fan_avg", Fan.AVERAGE));

  private static final Form<Distribution> DISTRIBUTION =
      Form.aliased(Form.choice(Distribution.class), Map.of("normal", "truncated_normal"));

  /** Those whose variance follows from the weight's shape in a way that has a name. */
  private static final ImmutableBiMap<String, Initializer> SCALED =
      ImmutableBiMap.of(
          "GlorotUniform", Initializer.glorotUniform(),
          "GlorotNormal", Initializer.glorotNormal(),
          "HeUniform", Initializer.heUniform(),
          "HeNormal", Initializer.heNormal(),
          "LecunUniform", Initializer.lecunUniform(),
          "LecunNormal", Initializer.lecunNormal());

  static final Kinds<Initializer> KINDS =
      Kinds.of("initializer", "keras.initializers", Initializers::className, settings())
          .alsoCalled(
              Map.ofEntries(
                  Map.entry("zero", "Zeros"),
                  Map.entry("one", "Ones"),
                  Map.entry("normal", "RandomNormal"),
                  Map.entry("uniform", "RandomUniform"),
                  Map.entry("IdentityInitializer", "Identity"),
                  Map.entry("OrthogonalInitializer", "Orthogonal")));

  private Initializers() {}

  private static String className(Initializer initializer) {
    if (initializer instanceof Initializer.Random random) {
      return random.draw() instanceof VarianceScaling scaling
          ? SCALED
              .inverse()
              .getOrDefault(
                  new Initializer.Random(scaling, OptionalLong.empty()), "VarianceScaling")
          : random.draw().getClass().getSimpleName();
    }
    if (initializer.equals(Initializer.zeros())) {
      return "Zeros";
    }
    if (initializer.equals(Initializer.ones())) {
      return "Ones";
    }
    return initializer instanceof Initializer.Identity ? "Identity" : "Constant";
  }

  private static ImmutableList<Settings<Initializer>> settings() {
    ImmutableList.Builder<Settings<Initializer>> all = ImmutableList.builder();
    all.add(still(Settings.of("Zeros", Initializer.zeros())));
    all.add(still(Settings.of("Ones", Initializer.ones())));
    all.add(
        still(
            Settings.of(
                "Constant",
                its ->
                    constant(
                        its.with(
                            "value",
                            Form.numbers(),
                            Initializers::constants,
                            ImmutableList.of(0.0))))));
    all.add(
        still(
            Settings.of("Identity", Initializer.identity(1))
                .whereSet(
                    "gain",
                    Form.NUMBER,
                    made -> Optional.of(gain(made)).filter(gain -> gain != 1),
                    (made, gain) -> Initializer.identity(gain))));
    return all.addAll(random()).build();
  }

  private static Settings<Initializer> still(Settings<Initializer> settings) {
    return settings.tolerated("dtype", "float32");
  }

  private static Initializer constant(List<Double> values) {
    return values.size() == 1
        ? Initializer.constant(values.get(0))
        : Initializer.values(Doubles.toArray(values));
  }

  private static ImmutableList<Double> constants(Initializer made) {
    return made instanceof Initializer.Values values
        ? values.values()
        : ImmutableList.of(((Initializer.Constant) made).value());
  }

  private static double gain(Initializer made) {
    return ((Initializer.Identity) made).gain();
  }

  private static List<Settings<Initializer>> random() {
    ImmutableList.Builder<Settings<Initializer>> all = ImmutableList.builder();
    all.add(
        random(
            "RandomNormal",
            its ->
                Initializer.randomNormal(
                    its.with("mean", Form.NUMBER, drawn(RandomNormal::mean), 0.0),
                    its.with("stddev", Form.NUMBER, drawn(RandomNormal::stddev), 0.05))));
    all.add(
        random(
            "TruncatedNormal",
            its ->
                Initializer.truncatedNormal(
                    its.with("mean", Form.NUMBER, drawn(TruncatedNormal::mean), 0.0),
                    its.with("stddev", Form.NUMBER, drawn(TruncatedNormal::stddev), 0.05))));
    all.add(
        random(
            "RandomUniform",
            its ->
                Initializer.randomUniform(
                    its.with("minval", Form.NUMBER, drawn(RandomUniform::min), -0.05),
                    its.with("maxval", Form.NUMBER, drawn(RandomUniform::max), 0.05))));
    all.add(
        random(
            "Orthogonal",
            its ->
                Initializer.orthogonal(
                    its.with("gain", Form.NUMBER, drawn(Orthogonal::gain), 1.0))));
    all.add(
        scaled(
            "VarianceScaling",
            its ->
                Initializer.varianceScaling(
                    its.with("scale", Form.NUMBER, drawn(VarianceScaling::scale), 1.0),
                    its.with("mode", FAN, drawn(VarianceScaling::fan), Fan.IN),
                    its.with(
                        "distribution",
                        DISTRIBUTION,
                        drawn(VarianceScaling::distribution),
                        Distribution.TRUNCATED_NORMAL))));
    SCALED.forEach((name, initializer) -> all.add(scaled(name, its -> initializer)));
    return all.build();
  }

  private static Settings<Initializer> scaled(
      String className, Function<Settings.Arguments<Initializer>, Initializer> make) {
    return random(className, make).fixed("input_axes", null).fixed("output_axes", null);
  }

  private static Settings<Initializer> random(
      String className, Function<Settings.Arguments<Initializer>, Initializer> make) {
    return still(
        Settings.of(
            className,
            its -> {
              OptionalLong seed =
                  its.with("seed", Form.SEED, Initializers::seed, OptionalLong.empty());
              Initializer made = make.apply(its);
              return seed.isPresent() ? made.seed(seed.getAsLong()) : made;
            }));
  }

  private static OptionalLong seed(Initializer made) {
    return ((Initializer.Random) made).seed();
  }

  /** What is asked of the distribution that an initializer draws from. */
  @SuppressWarnings("unchecked") // the class name says which distribution it is
  private static <D extends Draw, V> Function<Initializer, V> drawn(Function<D, V> get) {
    return made -> get.apply((D) ((Initializer.Random) made).draw());
  }
}
