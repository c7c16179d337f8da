package dev.tfgraphs.ops;

import com.google.common.collect.ImmutableList;
import com.google.common.collect.ImmutableMap;
import com.google.errorprone.annotations.CheckReturnValue;
import java.util.List;
import java.util.Map;
import org.jspecify.annotations.Nullable;

/** A value of a {@link Config} and its place there, so that an error can say both. */
@CheckReturnValue
public final class ConfigValue {
  private static final int SHOWN = 80;

  private final String where;
  private final String key;
  private final @Nullable Object value;

  ConfigValue(String where, String key, @Nullable Object value) {
    this.where = where;
    this.key = key;
    this.value = value;
  }

  /**
   * {@return the plain value: null, a {@code Boolean}, {@code Long}, {@code Double}, {@code
   * String}, {@code List} or {@code Map}}
   */
  public @Nullable Object value() {
    return value;
  }

  /** {@return another plain value in this place} */
  public ConfigValue with(@Nullable Object other) {
    return new ConfigValue(where, key, other);
  }

  /** {@return whether this is null, Keras's {@code None}} */
  public boolean isNull() {
    return value == null;
  }

  /** {@return whether this is a list} */
  public boolean isList() {
    return value instanceof List;
  }

  /** {@return whether this is a number, whole or not} */
  public boolean isNumber() {
    return value instanceof Long || value instanceof Double;
  }

  /** {@return whether this is a string} */
  public boolean isText() {
    return value instanceof String;
  }

  /**
   * {@return the error of a value that is none of what can be read here}
   *
   * @param what what it should have been, such as {@code a positive number}
   */
  public ModelException expected(String what) {
    return new ModelException(
        where + ": expected '" + key + "' to be " + what + ", received " + shown(value));
  }

  /**
   * {@return the whole number here}
   *
   * @throws ModelException if it is none, or none of 32 bits
   */
  public int integer() {
    if (value instanceof Long number && number.intValue() == number) {
      return number.intValue();
    }
    throw expected("a whole number of 32 bits");
  }

  /**
   * {@return the whole number here}
   *
   * @throws ModelException if it is none
   */
  public long longInteger() {
    if (value instanceof Long number) {
      return number;
    }
    throw expected("a whole number");
  }

  /**
   * {@return the number here, whole or not}
   *
   * @throws ModelException if it is none
   */
  public double number() {
    if (value instanceof Long || value instanceof Double) {
      return ((Number) value).doubleValue();
    }
    throw expected("a number");
  }

  /**
   * {@return whether this is true}
   *
   * @throws ModelException if it is neither true nor false
   */
  public boolean flag() {
    if (value instanceof Boolean flag) {
      return flag;
    }
    throw expected("true or false");
  }

  /**
   * {@return the string here}
   *
   * @throws ModelException if it is none
   */
  public String text() {
    if (value instanceof String text) {
      return text;
    }
    throw expected("a string");
  }

  /**
   * {@return the elements of the list here}
   *
   * @throws ModelException if it is none
   */
  public ImmutableList<ConfigValue> list() {
    if (!(value instanceof List<?> list)) {
      throw expected("a list");
    }
    ImmutableList.Builder<ConfigValue> elements = ImmutableList.builder();
    for (int i = 0; i < list.size(); i++) {
      elements.add(new ConfigValue(where, key + "[" + i + "]", list.get(i)));
    }
    return elements.build();
  }

  /**
   * {@return the elements of a list of {@code size}}
   *
   * @throws ModelException if it is none
   */
  public ImmutableList<ConfigValue> list(int size) {
    if (!(value instanceof List<?> list) || list.size() != size) {
      throw expected("a list of " + size);
    }
    return list();
  }

  /**
   * {@return the object here, written by Keras with {@code class_name} and {@code config}, or by
   * its name alone}
   *
   * @throws ModelException if it is none
   */
  public Config object() {
    if (value instanceof String name) {
      return new Config(name, Map.of(), where(name));
    }
    String name = entry("class_name").text();
    Object settings = ModelReader.settings(where(name), name, map());
    return new Config(name, new ConfigValue(where, key + ".config", settings).map(), where(name));
  }

  /**
   * {@return the values here by their keys}
   *
   * @throws ModelException if this is no map
   */
  @SuppressWarnings("unchecked") // a config's maps have strings for keys
  public Map<String, @Nullable Object> map() {
    if (value instanceof Map) {
      return (Map<String, @Nullable Object>) value;
    }
    throw expected("an object");
  }

  /**
   * {@return the values here by their keys, each with its place}
   *
   * @throws ModelException if this is no map
   */
  public ImmutableMap<String, ConfigValue> entries() {
    ImmutableMap.Builder<String, ConfigValue> entries = ImmutableMap.builder();
    map().forEach((name, one) -> entries.put(name, new ConfigValue(where, key + "." + name, one)));
    return entries.buildOrThrow();
  }

  /**
   * {@return the value of {@code name} here}
   *
   * @throws ModelException if this is no map, or if there is none
   */
  public ConfigValue entry(String name) {
    if (!map().containsKey(name)) {
      throw expected("an object with a '" + name + "'");
    }
    return new ConfigValue(where, key + "." + name, map().get(name));
  }

  private String where(String className) {
    return where + ", " + key + " (" + className + ")";
  }

  /** A value in words that fit on a line. */
  static String shown(@Nullable Object value) {
    String text = value instanceof String ? "\"" + value + "\"" : String.valueOf(value);
    return text.length() <= SHOWN ? text : text.substring(0, SHOWN) + "...";
  }

  @Override
  public String toString() {
    return where + ": '" + key + "' = " + shown(value);
  }
}
