package dev.tfgraphs.ops;

import com.google.common.base.Ascii;
import com.google.common.collect.ImmutableMap;
import com.google.common.collect.ImmutableSet;
import com.google.errorprone.annotations.CheckReturnValue;
import java.util.Collection;
import java.util.Map;
import java.util.function.Function;
import org.jspecify.annotations.Nullable;

/**
 * All classes of one family, such as the initializers, with their {@link Settings}; as a {@link
 * Form}, an object of any of them.
 *
 * @param <T> what all of them are here
 */
@CheckReturnValue
public final class Kinds<T> implements Form<T> {
  private final String family;
  private final String module;
  private final Function<? super T, String> className;
  private final ImmutableMap<String, Settings<? extends T>> settings;
  private final ImmutableMap<String, String> aliases;

  private Kinds(
      String family,
      String module,
      Function<? super T, String> className,
      ImmutableMap<String, Settings<? extends T>> settings,
      ImmutableMap<String, String> aliases) {
    this.family = family;
    this.module = module;
    this.className = className;
    this.settings = settings;
    this.aliases = aliases;
  }

  /**
   * {@return a family of classes, each known by its name}
   *
   * @param family how errors call one of them, such as {@code initializer}
   * @param module where Keras has them, such as {@code keras.initializers}
   * @param className Keras's class of an object
   * @param settings those of each class
   */
  public static <T> Kinds<T> of(
      String family,
      String module,
      Function<? super T, String> className,
      Collection<? extends Settings<? extends T>> settings) {
    ImmutableMap.Builder<String, Settings<? extends T>> byName = ImmutableMap.builder();
    settings.forEach(one -> byName.put(one.className(), one));
    return new Kinds<>(family, module, className, byName.buildOrThrow(), ImmutableMap.of());
  }

  /** {@return Keras's names of the classes} */
  public ImmutableSet<String> names() {
    return settings.keySet();
  }

  /** {@return this family, in which other names stand for classes, too} */
  public Kinds<T> alsoCalled(Map<String, String> names) {
    return new Kinds<>(
        family,
        module,
        className,
        settings,
        ImmutableMap.<String, String>builder().putAll(aliases).putAll(names).buildOrThrow());
  }

  /**
   * {@return what Keras's {@code get_config()} returns for {@code object}, and its class}
   *
   * @throws ModelException if Keras has no such class
   */
  @SuppressWarnings("unchecked") // the class name says which settings an object has
  public Config config(T object) {
    String name = className.apply(object);
    Settings<T> found = (Settings<T>) settings.get(name);
    if (found == null) {
      throw new ModelException(
          family + ": expected one that Keras has a class of, received " + name);
    }
    return found.config(object);
  }

  /**
   * {@return the object that {@code config} describes}
   *
   * @throws ModelException if there is no such class here, or as {@link Settings#read}
   */
  public T of(Config config) {
    String name = aliases.getOrDefault(config.className(), config.className());
    Settings<? extends T> found = settings.get(name);
    if (found == null) {
      throw config.expected(
          "a class of " + family + " that this library has",
          "'" + config.className() + "'; there are " + String.join(", ", names()));
    }
    return found.read(config);
  }

  /** An object of the family, or the name of one with all defaults, such as {@code he_normal}. */
  @Override
  public T read(ConfigValue value) {
    if (!value.isText()) {
      return of(value.object());
    }
    String word = value.text();
    String named =
        settings.keySet().stream()
            .filter(
                name -> Names.snakeCase(name).equals(word) || Ascii.toLowerCase(name).equals(word))
            .findFirst()
            .orElse(word);
    return of(value.with(named).object());
  }

  @Override
  public @Nullable Object write(T value) {
    return config(value).toObject(module);
  }
}
