package dev.tfgraphs.ops;

import com.google.common.collect.ImmutableList;
import com.google.common.collect.ImmutableMap;
import com.google.errorprone.annotations.CheckReturnValue;
import java.util.Arrays;
import java.util.HashSet;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.function.BiConsumer;
import java.util.function.BiFunction;
import java.util.function.Function;
import java.util.regex.Pattern;
import org.jspecify.annotations.Nullable;

/**
 * The settings of one class of Keras, each declared once and both read and written by that:
 *
 * <pre>{@code
 * Settings.<Pooling>of("MaxPooling2D", its -> pooling(its.required("pool_size", SIZE, Pooling::poolSize)))
 *     .with("padding", Form.choice(Padding.class), Pooling::padding, Pooling::padding)
 *     .fixed("data_format", "channels_last");
 * }</pre>
 *
 * <p>Reading is strict: what is required must be there, what is not keeps the default of the object
 * that was made, and a key that nobody declared is refused by name. Keys are written in the order
 * in which they were declared.
 *
 * @param <T> what has the settings, an immutable value
 */
@CheckReturnValue
public final class Settings<T> {
  private static final Pattern PLACED = Pattern.compile("(layer|model) '");

  private final String className;
  private final Function<Arguments<T>, T> make;
  private final ImmutableList<Setting<T>> others;
  private final ImmutableMap<String, String> renamed;

  private Settings(
      String className,
      Function<Arguments<T>, T> make,
      ImmutableList<Setting<T>> others,
      ImmutableMap<String, String> renamed) {
    this.className = className;
    this.make = make;
    this.others = others;
    this.renamed = renamed;
  }

  /**
   * {@return the settings of {@code className}, so far those of which the object is made}
   *
   * @param make makes an object of the arguments that it asks for; it is called to write, too, with
   *     those of the object that is written
   */
  public static <T> Settings<T> of(String className, Function<Arguments<T>, T> make) {
    return new Settings<>(className, make, ImmutableList.of(), ImmutableMap.of());
  }

  /**
   * {@return the settings of {@code className}, of which an object without others is {@code made};
   * not for what has an identity, as layers have}
   */
  public static <T> Settings<T> of(String className, T made) {
    return of(className, its -> made);
  }

  /** {@return Keras's name of the class} */
  public String className() {
    return className;
  }

  private Settings<T> and(Setting<T> other) {
    return new Settings<>(
        className,
        make,
        ImmutableList.<Setting<T>>builder().addAll(others).add(other).build(),
        renamed);
  }

  /** {@return these settings and one that always has a value} */
  public <V> Settings<T> with(
      String key, Form<V> form, Function<? super T, V> get, BiFunction<? super T, V, T> set) {
    return and(
        new Setting<>(
            key,
            (made, value) -> set.apply(made, form.read(value)),
            (object, out) -> out.put(key, form.write(get.apply(object)))));
  }

  /** {@return these settings and one that may have no value, which Keras writes as null} */
  public <V> Settings<T> optional(
      String key,
      Form<V> form,
      Function<? super T, Optional<V>> get,
      BiFunction<? super T, V, T> set) {
    Form<Optional<V>> written = Form.optional(form);
    return and(
        new Setting<>(
            key,
            (made, value) -> value.isNull() ? made : set.apply(made, form.read(value)),
            (object, out) -> out.put(key, written.write(get.apply(object)))));
  }

  /** {@return these settings and one that Keras writes only where it has a value} */
  public <V> Settings<T> whereSet(
      String key,
      Form<V> form,
      Function<? super T, Optional<V>> get,
      BiFunction<? super T, V, T> set) {
    return and(
        new Setting<>(
            key,
            (made, value) -> value.isNull() ? made : set.apply(made, form.read(value)),
            (object, out) ->
                get.apply(object).ifPresent(value -> out.put(key, form.write(value)))));
  }

  /** {@return these settings and one that has only this value here, in Keras others, too} */
  public Settings<T> fixed(String key, @Nullable Object value) {
    return and(new Setting<>(key, only(value), (object, out) -> out.put(key, value)));
  }

  /** {@return these settings and one that is never written, and read where it says nothing new} */
  public Settings<T> tolerated(String key, @Nullable Object... values) {
    return and(new Setting<>(key, only(values), (object, out) -> {}));
  }

  private static <T> BiFunction<T, ConfigValue, T> only(@Nullable Object... values) {
    // numbers are equal where Python's are
    List<@Nullable Object> allowed = Arrays.stream(values).map(Settings::comparable).toList();
    return (made, value) -> {
      if (!allowed.contains(comparable(value.value()))) {
        throw value.expected(
            String.join(" or ", Arrays.stream(values).map(ConfigValue::shown).toList()));
      }
      return made;
    };
  }

  private static @Nullable Object comparable(@Nullable Object value) {
    return value instanceof Number number ? (Object) number.doubleValue() : value;
  }

  /** {@return these settings, of which {@code key} was called {@code former} in Keras 2} */
  public Settings<T> formerly(String former, String key) {
    return new Settings<>(
        className,
        make,
        others,
        ImmutableMap.<String, String>builder().putAll(renamed).put(former, key).buildOrThrow());
  }

  /** {@return what Keras's {@code get_config()} returns for such an object} */
  public Config config(T object) {
    Map<String, @Nullable Object> out = new LinkedHashMap<>();
    T unused = make.apply(new Written<>(object, out));
    others.forEach(setting -> setting.write.accept(object, out));
    return Config.of(className, out);
  }

  /**
   * {@return the object of which {@code config} has the settings}
   *
   * @throws ModelException if one is missing, unknown, of another form, or not possible
   */
  public T read(Config config) {
    Config current = current(config);
    Read<T> arguments = new Read<>(current);
    try {
      T made = make.apply(arguments);
      Set<String> known = new HashSet<>(arguments.asked);
      for (Setting<T> setting : others) {
        known.add(setting.key);
        Optional<ConfigValue> value = current.find(setting.key);
        if (value.isPresent()) {
          made = setting.read.apply(made, value.get());
        }
      }
      requireKnown(current, known);
      return made;
    } catch (RuntimeException e) { // whatever kind of error the object itself has
      throw placed(e, current);
    }
  }

  /** An error of the object itself, which does not know where it was to be made. */
  static ModelException placed(RuntimeException e, Config config) {
    String message = String.valueOf(e.getMessage());
    if (e instanceof ModelException placed
        && (message.startsWith(config.where()) || PLACED.matcher(message).lookingAt())) {
      return placed;
    }
    String itself = "layer " + config.className() + ": ";
    String rest = message.startsWith(itself) ? message.substring(itself.length()) : message;
    return new ModelException(config.where() + ": " + rest, e);
  }

  private Config current(Config config) {
    Config current = config;
    for (Map.Entry<String, String> entry : renamed.entrySet()) {
      Optional<ConfigValue> former = current.find(entry.getKey());
      if (former.isPresent()) {
        current = current.without(entry.getKey());
        current =
            current.find(entry.getValue()).isPresent()
                ? current
                : current.with(entry.getValue(), former.get().value());
      }
    }
    return current;
  }

  private static void requireKnown(Config config, Set<String> known) {
    for (String key : config.settings().keySet()) {
      if (!known.contains(key)) {
        throw config.expected(
            "only settings that this library has",
            "'" + key + "' = " + ConfigValue.shown(config.settings().get(key)));
      }
    }
  }

  /**
   * What an object is made of, asked for by key: of a config that is read, or of an object that is
   * written.
   *
   * @param <T> what is made
   */
  public abstract static sealed class Arguments<T> {
    private Arguments() {}

    /**
     * {@return an argument without which no object is made}
     *
     * @throws ModelException if it is missing or of another form
     */
    public final <V> V required(String key, Form<V> form, Function<? super T, V> get) {
      return take(key, form, get, null);
    }

    /**
     * {@return an argument, {@code otherwise} where it is missing}
     *
     * @throws ModelException if it is of another form
     */
    public final <V> V with(String key, Form<V> form, Function<? super T, V> get, V otherwise) {
      return take(key, form, get, otherwise);
    }

    abstract <V> V take(
        String key, Form<V> form, Function<? super T, V> get, @Nullable V otherwise);
  }

  private static final class Read<T> extends Arguments<T> {
    private final Config config;
    private final Set<String> asked = new HashSet<>();

    Read(Config config) {
      this.config = config;
    }

    @Override
    <V> V take(String key, Form<V> form, Function<? super T, V> get, @Nullable V otherwise) {
      asked.add(key);
      return otherwise != null && config.find(key).isEmpty()
          ? otherwise
          : form.read(config.get(key));
    }
  }

  private static final class Written<T> extends Arguments<T> {
    private final T object;
    private final Map<String, @Nullable Object> out;

    Written(T object, Map<String, @Nullable Object> out) {
      this.object = object;
      this.out = out;
    }

    @Override
    <V> V take(String key, Form<V> form, Function<? super T, V> get, @Nullable V otherwise) {
      V value = get.apply(object);
      out.put(key, form.write(value));
      return value;
    }
  }

  private record Setting<T>(
      String key,
      BiFunction<T, ConfigValue, T> read,
      BiConsumer<T, Map<String, @Nullable Object>> write) {}
}
