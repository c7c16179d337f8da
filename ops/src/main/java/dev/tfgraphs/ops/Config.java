package dev.tfgraphs.ops;

import com.google.errorprone.annotations.CheckReturnValue;
import java.util.ArrayList;
import java.util.Collections;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import org.jspecify.annotations.Nullable;

/**
 * What Keras writes of one object: the name of its class and its settings, as plain values: null,
 * {@code Boolean}, {@code Long}, {@code Double}, {@code String}, lists and maps. It is what {@code
 * get_config()} returns and {@code from_config} takes there; how such values become text is not
 * said here. It remembers where it was found, for errors.
 *
 * <p>{@link Settings} makes configs of objects and objects of configs.
 */
@CheckReturnValue
public final class Config {
  /** How deep values may lie in each other: no model of ours has a tenth. */
  private static final int DEEPEST = 200;

  private final String className;
  private final Map<String, @Nullable Object> settings;
  private final String where;

  /** A config of values that have been looked over already. */
  Config(String className, Map<String, @Nullable Object> settings, String where) {
    this.className = className;
    this.settings = settings;
    this.where = where;
  }

  /**
   * {@return a config of these settings, copied; whole numbers of all sizes become {@code Long}}
   *
   * @throws ModelException if a value is none of the plain ones, or if they lie too deep in each
   *     other
   */
  public static Config of(String className, Map<String, ? extends @Nullable Object> settings) {
    return new Config(className, copy(settings, className, 0), className);
  }

  /**
   * {@return the config of an object as Keras writes one: {@code {"class_name": ..., "config":
   * {...}}}, other keys aside}
   *
   * @param where how errors call it
   * @throws ModelException if there is no {@code class_name} or no {@code config}, or as {@link
   *     #of}
   */
  public static Config ofObject(String where, Map<String, ? extends @Nullable Object> object) {
    Map<String, @Nullable Object> map = copy(object, where, 0);
    if (!(map.get("class_name") instanceof String name)) {
      throw new ModelException(
          where + ": expected an object with a 'class_name', received " + ConfigValue.shown(map));
    }
    ConfigValue settings = new ConfigValue(where, "config", ModelReader.settings(where, name, map));
    return new Config(name, settings.map(), where);
  }

  /** {@return Keras's name of the class, such as {@code HeNormal}} */
  public String className() {
    return className;
  }

  /** {@return the settings in the order in which they were written, unmodifiable} */
  public Map<String, @Nullable Object> settings() {
    return settings;
  }

  /** {@return how errors call the object, such as {@code layer 'conv1' (Conv2D)}} */
  public String where() {
    return where;
  }

  /** {@return this config under another name for errors} */
  public Config at(String place) {
    return new Config(className, settings, place);
  }

  /** This config as errors call a layer or model: by its name, if it has one. */
  Config named(String kind) {
    Optional<String> name = find("name").map(ConfigValue::text);
    return name.isEmpty() ? this : at(kind + " '" + name.get() + "' (" + className + ")");
  }

  /** {@return the setting called {@code key}, if there is one; it may be null} */
  public Optional<ConfigValue> find(String key) {
    return settings.containsKey(key)
        ? Optional.of(new ConfigValue(where, key, settings.get(key)))
        : Optional.empty();
  }

  /**
   * {@return the setting called {@code key}; it may be null}
   *
   * @throws ModelException if there is none
   */
  public ConfigValue get(String key) {
    return find(key)
        .orElseThrow(() -> expected("a setting '" + key + "'", settings.keySet().toString()));
  }

  /** {@return this config with another setting, in its place or at the end} */
  public Config with(String key, @Nullable Object value) {
    Map<String, @Nullable Object> changed = new LinkedHashMap<>(settings);
    changed.put(key, copy(value, where, 1));
    return new Config(className, Collections.unmodifiableMap(changed), where);
  }

  /** {@return this config without some settings} */
  public Config without(String... keys) {
    Map<String, @Nullable Object> changed = new LinkedHashMap<>(settings);
    changed.keySet().removeAll(List.of(keys));
    return new Config(className, Collections.unmodifiableMap(changed), where);
  }

  /**
   * {@return this config as Keras 3 writes an object of its own}
   *
   * @param module where Keras has the class, such as {@code keras.layers}
   */
  public Map<String, @Nullable Object> toObject(String module) {
    Map<String, @Nullable Object> object = new LinkedHashMap<>();
    object.put("module", module);
    object.put("class_name", className);
    object.put("config", settings);
    object.put("registered_name", null);
    return object;
  }

  /** The error of settings that do not fit: where, what was expected, what came. */
  ModelException expected(String expected, String received) {
    return new ModelException(where + ": expected " + expected + ", received " + received);
  }

  private static Map<String, @Nullable Object> copy(Map<?, ?> map, String where, int depth) {
    Map<String, @Nullable Object> copy = new LinkedHashMap<>();
    map.forEach(
        (key, value) -> {
          if (!(key instanceof String name)) {
            throw new ModelException(where + ": expected strings for keys, received " + key);
          }
          copy.put(name, copy(value, where, depth + 1));
        });
    return Collections.unmodifiableMap(copy);
  }

  private static @Nullable Object copy(@Nullable Object value, String where, int depth) {
    if (depth > DEEPEST) {
      throw new ModelException(
          where + ": expected values at most " + DEEPEST + " deep in each other, received more");
    }
    if (value instanceof Map<?, ?> map) {
      return copy(map, where, depth);
    }
    if (value instanceof List<?> list) {
      List<@Nullable Object> copy = new ArrayList<>(list.size());
      list.forEach(element -> copy.add(copy(element, where, depth + 1)));
      return Collections.unmodifiableList(copy);
    }
    return plain(value, where);
  }

  private static @Nullable Object plain(@Nullable Object value, String where) {
    if (value instanceof Integer || value instanceof Short || value instanceof Byte) {
      return ((Number) value).longValue();
    }
    if (value == null
        || value instanceof Boolean
        || value instanceof Long
        || value instanceof Double
        || value instanceof String) {
      return value;
    }
    throw new ModelException(
        where
            + ": expected null, a Boolean, Long, Double, String, List or Map, received a "
            + value.getClass().getName());
  }

  @Override
  public boolean equals(@Nullable Object other) {
    return other instanceof Config config
        && className.equals(config.className)
        && settings.equals(config.settings);
  }

  @Override
  public int hashCode() {
    return 31 * className.hashCode() + settings.hashCode();
  }

  @Override
  public String toString() {
    return className + settings;
  }
}
